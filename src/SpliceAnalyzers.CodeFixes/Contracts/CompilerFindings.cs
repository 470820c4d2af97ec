using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Whether a change brings errors or warnings of the compiler with it.</summary>
internal static class CompilerFindings
{
    /// <summary>A partial method without its other half: the generator of LibraryImport may not have run on the copy.</summary>
    private const string NoImplementation = "CS8795";

    public static async Task<bool> AreNewAsync(Solution before, Solution after, IEnumerable<DocumentId> documents, CancellationToken cancellationToken)
    {
        foreach (DocumentId id in documents)
        {
            Dictionary<string, int> old = await CountAsync(before.GetDocument(id)!, cancellationToken).ConfigureAwait(false);
            Dictionary<string, int> now = await CountAsync(after.GetDocument(id)!, cancellationToken).ConfigureAwait(false);
            if (now.Any(finding => !old.TryGetValue(finding.Key, out int count) || count < finding.Value))
                return true;
        }

        return false;
    }

    private static async Task<Dictionary<string, int>> CountAsync(Document document, CancellationToken cancellationToken)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<Diagnostic> diagnostics = model is null ? Enumerable.Empty<Diagnostic>() : model.GetDiagnostics(cancellationToken: cancellationToken);
        return diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed && diagnostic.Id != NoImplementation)
            .GroupBy(diagnostic => diagnostic.Id)
            .ToDictionary(findings => findings.Key, findings => findings.Count());
    }
}
