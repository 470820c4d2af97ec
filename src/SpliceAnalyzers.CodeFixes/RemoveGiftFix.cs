using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.Contracts;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Rewriting;
using SpliceAnalyzers.CodeFixes.Verification;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Takes SPLICE_F_GIFT out of a hand-off. For a broken promise only where nothing else is wrong with the hand-off.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveGiftFix))]
public sealed class RemoveGiftFix : SourceFix
{
    private readonly Verifier verifier;

    public RemoveGiftFix()
        : this([new HandOffAnalyzer()])
    {
    }

    /// <param name="analyzers">They look at the fixed code; a fix that leaves a hazard there is not offered.</param>
    internal RemoveGiftFix(IEnumerable<DiagnosticAnalyzer> analyzers) => verifier = new Verifier(analyzers.ToImmutableArray());

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.GiftBuysNothing, RuleIds.GiftedBufferModified);

    internal override string Title => FixTitles.RemoveGift;

    internal override async Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken)
    {
        Location place = HandOffPlace.Of(diagnostic) ?? diagnostic.Location;
        Document? at = place.SourceTree == diagnostic.Location.SourceTree ? document : document.Project.Solution.GetDocument(place.SourceTree);
        return at is null ? null : await FlagCorrection.ForAsync(at, place, static _ => NativeSignatures.Gift, cancellationToken).ConfigureAwait(false);
    }

    internal override async Task<bool> IsCleanAsync(Solution before, Solution after, IReadOnlyList<(Document Document, Diagnostic Diagnostic)> solved, CancellationToken cancellationToken)
    {
        var broken = new List<HandOff>();
        foreach ((Document document, Diagnostic diagnostic) in solved.Where(each => each.Diagnostic.Id == RuleIds.GiftedBufferModified))
        {
            if (await HandOffPlace.FindAsync(document.Project, diagnostic, cancellationToken).ConfigureAwait(false) is not { } handOff)
                return false;
            broken.Add(handOff);
        }

        DocumentId[] changed = [.. after.GetChanges(before).GetProjectChanges().SelectMany(project => project.GetChangedDocuments())];
        return await verifier.IsCleanAsync(new Rewrite(before, after, broken, changed), solved.Select(each => each.Document.Id), cancellationToken).ConfigureAwait(false);
    }
}
