using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Rewriting;
using SpliceAnalyzers.CodeFixes.Verification;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Replaces a vmsplice on a read end by the call that says what it does: readv.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseReadvFix))]
public sealed class UseReadvFix : CodeFixProvider
{
    private readonly Verifier verifier;

    public UseReadvFix()
        : this([new HandOffAnalyzer()])
    {
    }

    /// <param name="analyzers">They look at the fixed code; a fix that leaves a hazard there is not offered.</param>
    internal UseReadvFix(IEnumerable<DiagnosticAnalyzer> analyzers) => verifier = new Verifier(analyzers.ToImmutableArray());

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.PreferReadv);

    public override FixAllProvider GetFixAllProvider() => new FixAllHandOffs(verifier, static _ => Replacement.Readv);

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Solution solution = context.Document.Project.Solution;
        foreach (HandOffDiagnostics found in await HandOffDiagnostics.FindAsync(context.Document.Project, context.Diagnostics, context.CancellationToken).ConfigureAwait(false))
        {
            Rewrite? rewrite = await Rewrite.ApplyAsync(solution, [found.HandOff], Replacement.Readv, context.CancellationToken).ConfigureAwait(false);
            if (rewrite is null || !await verifier.IsCleanAsync(rewrite, found.Documents, context.CancellationToken).ConfigureAwait(false))
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(FixTitles.UseReadv, token => FixAsync(found.HandOff, token), equivalenceKey: FixTitles.UseReadv),
                found.Diagnostics.ToImmutableArray());
        }
    }

    private static async Task<Solution> FixAsync(HandOff handOff, CancellationToken cancellationToken)
    {
        Solution solution = handOff.Document.Project.Solution;
        Rewrite? rewrite = await Rewrite.ApplyAsync(solution, [handOff], Replacement.Readv, cancellationToken).ConfigureAwait(false);
        return rewrite?.After ?? solution;
    }
}
