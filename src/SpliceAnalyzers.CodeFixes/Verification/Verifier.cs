using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Rewriting;

namespace SpliceAnalyzers.CodeFixes.Verification;

/// <summary>A fix is offered only if what it makes compiles, is free of the hazard, and has no new one.</summary>
internal sealed class Verifier
{
    private readonly HazardAnalysis analysis;

    public Verifier(ImmutableArray<DiagnosticAnalyzer> analyzers) => analysis = new HazardAnalysis(analyzers);

    /// <param name="rewrite">What was changed.</param>
    /// <param name="places">The documents that the diagnostics are in.</param>
    /// <param name="cancellationToken">Stops the verification.</param>
    public async Task<bool> IsCleanAsync(Rewrite rewrite, IEnumerable<DocumentId> places, CancellationToken cancellationToken)
    {
        foreach (DocumentId id in rewrite.Documents)
        {
            if (await CompilerErrors.AreNewAsync(rewrite.Before.GetDocument(id)!, rewrite.After.GetDocument(id)!, cancellationToken).ConfigureAwait(false))
                return false;
        }

        DocumentId[] documents = rewrite.Documents.Union(places).ToArray();
        Hazard[] before = await HazardsAsync(rewrite.Before, documents, ImmutableDictionary<string, PositionMap>.Empty, cancellationToken).ConfigureAwait(false);
        Hazard[] after = await HazardsAsync(rewrite.After, documents, await MapsAsync(rewrite, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        HashSet<(string, int)> replaced = [.. rewrite.HandOffs.Select(Place)];
        return after.All(hazard => before.Any(hazard.IsKnownAs) && (hazard.HandOff is not { } handOff || !replaced.Contains(handOff)));
    }

    private static (string, int) Place(HandOff handOff) => (handOff.Syntax.SyntaxTree.FilePath, handOff.Position);

    private async Task<Hazard[]> HazardsAsync(
        Solution solution, IEnumerable<DocumentId> documents, IReadOnlyDictionary<string, PositionMap> maps, CancellationToken cancellationToken)
    {
        IEnumerable<Diagnostic> found = await analysis.FindAsync(documents.Select(id => solution.GetDocument(id)!), cancellationToken).ConfigureAwait(false);
        return found.Select(diagnostic => Hazard.Of(diagnostic, maps)).ToArray();
    }

    private static async Task<IReadOnlyDictionary<string, PositionMap>> MapsAsync(Rewrite rewrite, CancellationToken cancellationToken)
    {
        var maps = new Dictionary<string, PositionMap>();
        foreach (DocumentId id in rewrite.Documents)
        {
            Document before = rewrite.Before.GetDocument(id)!;
            SourceText old = await before.GetTextAsync(cancellationToken).ConfigureAwait(false);
            SourceText now = await rewrite.After.GetDocument(id)!.GetTextAsync(cancellationToken).ConfigureAwait(false);
            maps[before.FilePath ?? before.Name] = new PositionMap(old, now);
        }

        return maps;
    }
}
