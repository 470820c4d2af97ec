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

        (Hazard[] before, (Hazard Hazard, Diagnostic Diagnostic)[] after) = await CompareAsync(rewrite, places, cancellationToken).ConfigureAwait(false);
        HashSet<(string, int)> replaced = [.. rewrite.HandOffs.Select(Place)];
        return after.All(pair => before.Any(pair.Hazard.IsKnownAs) && (pair.Hazard.HandOff is not { } handOff || !replaced.Contains(handOff)));
    }

    /// <summary>What the rewritten code is told of hand-offs that the same places were not told of before.</summary>
    public async Task<IEnumerable<Diagnostic>> NewlyNamedAsync(Rewrite rewrite, IEnumerable<DocumentId> places, CancellationToken cancellationToken)
    {
        (Hazard[] before, (Hazard Hazard, Diagnostic Diagnostic)[] after) = await CompareAsync(rewrite, places, cancellationToken).ConfigureAwait(false);
        return after.Where(pair => !before.Contains(pair.Hazard)).Select(pair => pair.Diagnostic);
    }

    private async Task<(Hazard[] Before, (Hazard, Diagnostic)[] After)> CompareAsync(Rewrite rewrite, IEnumerable<DocumentId> places, CancellationToken cancellationToken)
    {
        DocumentId[] documents = rewrite.Documents.Union(places).ToArray();
        IReadOnlyDictionary<string, PositionMap> maps = await MapsAsync(rewrite, cancellationToken).ConfigureAwait(false);
        IEnumerable<Diagnostic> before = await analysis.FindAsync(documents.Select(id => rewrite.Before.GetDocument(id)!), cancellationToken).ConfigureAwait(false);
        IEnumerable<Diagnostic> after = await analysis.FindAsync(documents.Select(id => rewrite.After.GetDocument(id)!), cancellationToken).ConfigureAwait(false);
        return (
            [.. before.Select(diagnostic => Hazard.Of(diagnostic, ImmutableDictionary<string, PositionMap>.Empty))],
            [.. after.Select(diagnostic => (Hazard.Of(diagnostic, maps), diagnostic))]);
    }

    private static (string, int) Place(HandOff handOff) => (handOff.Syntax.SyntaxTree.FilePath, handOff.Position);

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
