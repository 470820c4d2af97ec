using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>A hand-off and everything that was reported of it.</summary>
internal sealed record HandOffDiagnostics(HandOff HandOff, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The documents that the diagnostics are in.</summary>
    public IEnumerable<DocumentId> Documents =>
        Diagnostics.Select(diagnostic => HandOff.Document.Project.Solution.GetDocument(diagnostic.Location.SourceTree)?.Id).OfType<DocumentId>();

    /// <summary>The hand-offs behind the diagnostics, each once, in the order of the source.</summary>
    public static async Task<IReadOnlyList<HandOffDiagnostics>> FindAsync(Project project, IEnumerable<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(DocumentId, TextSpan), (HandOff HandOff, List<Diagnostic> Diagnostics)>();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (await HandOffPlace.FindAsync(project, diagnostic, cancellationToken).ConfigureAwait(false) is not { } handOff)
                continue;
            (DocumentId, TextSpan) place = (SolutionEdits.FirstLinked(handOff.Document), handOff.Syntax.Span);
            if (!found.TryGetValue(place, out (HandOff HandOff, List<Diagnostic> Diagnostics) known))
                found.Add(place, known = (handOff, []));
            known.Diagnostics.Add(diagnostic);
        }

        return found.Values
            .Select(pair => new HandOffDiagnostics(pair.HandOff, pair.Diagnostics))
            .OrderBy(each => each.HandOff.Document.FilePath, System.StringComparer.Ordinal)
            .ThenBy(each => each.HandOff.Position)
            .ToArray();
    }
}
