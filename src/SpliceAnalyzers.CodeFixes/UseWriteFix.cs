using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Rewriting;
using SpliceAnalyzers.CodeFixes.Verification;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Replaces a vmsplice by a call that copies: writev or write.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseWriteFix))]
public class UseWriteFix : CodeFixProvider
{
    private readonly Verifier verifier;
    private readonly OfferCache offers = new();

    public UseWriteFix()
        : this([new HandOffAnalyzer()])
    {
    }

    /// <param name="analyzers">They look at the fixed code; a fix that leaves a hazard there is not offered.</param>
    internal UseWriteFix(IEnumerable<DiagnosticAnalyzer> analyzers) => verifier = new Verifier(analyzers.ToImmutableArray());

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(
        RuleIds.ModifiedInFlight,
        RuleIds.GiftedBufferModified,
        RuleIds.ReleasedInFlight,
        RuleIds.LifetimeEndsInFlight,
        RuleIds.CallersBufferInFlight,
        RuleIds.RecycledByPipeSize,
        RuleIds.PreferWrite);

    public sealed override FixAllProvider GetFixAllProvider() => new FixAllHandOffs(verifier, ReplacementOf);

    /// <summary>writev is registered first: a tool that fixes everything takes the first fix, and writev fits every call.</summary>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (HandOffDiagnostics found in await HandOffDiagnostics.FindAsync(context.Document.Project, context.Diagnostics, context.CancellationToken).ConfigureAwait(false))
        {
            foreach (Replacement replacement in new[] { Replacement.Writev, Replacement.Write })
            {
                if (!await offers.IsOfferedAsync(found.HandOff, replacement, token => IsCleanAsync(found, replacement, token), context.CancellationToken).ConfigureAwait(false))
                    continue;

                string title = TitleOf(replacement);
                CodeAction action = CodeAction.Create(title, token => FixAsync(found.HandOff, replacement, token), equivalenceKey: title);
                context.RegisterCodeFix(action, found.Diagnostics.ToImmutableArray());
            }
        }
    }

    internal static string TitleOf(Replacement replacement) => replacement switch
    {
        Replacement.Write => FixTitles.UseWrite,
        Replacement.Readv => FixTitles.UseReadv,
        _ => FixTitles.UseWritev,
    };

    /// <summary>Without a key, the fix that fits most.</summary>
    private static Replacement ReplacementOf(string? key) => key == FixTitles.UseWrite ? Replacement.Write : Replacement.Writev;

    private static async Task<Solution> FixAsync(HandOff handOff, Replacement replacement, CancellationToken cancellationToken)
    {
        Solution solution = handOff.Document.Project.Solution;
        Rewrite? rewrite = await Rewrite.ApplyAsync(solution, [handOff], replacement, cancellationToken).ConfigureAwait(false);
        return rewrite?.After ?? solution;
    }

    private async Task<bool> IsCleanAsync(HandOffDiagnostics found, Replacement replacement, CancellationToken cancellationToken)
    {
        Solution solution = found.HandOff.Document.Project.Solution;
        Rewrite? rewrite = await Rewrite.ApplyAsync(solution, [found.HandOff], replacement, cancellationToken).ConfigureAwait(false);
        return rewrite is not null && await verifier.IsCleanAsync(rewrite, found.Documents, cancellationToken).ConfigureAwait(false);
    }
}
