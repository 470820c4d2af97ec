using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Rewriting;
using SpliceAnalyzers.CodeFixes.Verification;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>
/// Fixes every hand-off of a document, a project or a solution in one change of the solution: declarations stand in other documents
/// than calls, and two calls may need the same one.
/// </summary>
internal sealed class FixAllHandOffs : FixAllProvider
{
    private readonly Verifier verifier;
    private readonly Func<string?, Replacement> replacementOf;

    /// <param name="verifier">Decides which rewrites are clean.</param>
    /// <param name="replacementOf">The replacement that a key stands for. A caller whose first diagnostic had no fix gives no key.</param>
    public FixAllHandOffs(Verifier verifier, Func<string?, Replacement> replacementOf)
    {
        this.verifier = verifier;
        this.replacementOf = replacementOf;
    }

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        Replacement replacement = replacementOf(fixAllContext.CodeActionEquivalenceKey);
        string title = UseWriteFix.TitleOf(replacement);
        return Task.FromResult<CodeAction?>(CodeAction.Create(
            title,
            token => FixAsync(fixAllContext.WithCancellationToken(token), replacement),
            equivalenceKey: title));
    }

    private async Task<Solution> FixAsync(FixAllContext context, Replacement replacement)
    {
        Solution solution = context.Solution;
        IReadOnlyList<HandOffDiagnostics> found = await FindAsync(context).ConfigureAwait(false);
        while (found.Count > 0 && await LargestCleanAsync(solution, [], found, replacement, context.CancellationToken).ConfigureAwait(false) is { } rewrite)
        {
            found = await UncoveredAsync(rewrite, found, context).ConfigureAwait(false);
            solution = rewrite.After;
        }

        return solution;
    }

    /// <summary>Hand-offs that meet at one place have one diagnostic, which named one that is fixed now: the others come to light.</summary>
    private async Task<IReadOnlyList<HandOffDiagnostics>> UncoveredAsync(Rewrite rewrite, IReadOnlyList<HandOffDiagnostics> solved, FixAllContext context)
    {
        IEnumerable<Diagnostic> hazards = await verifier.NewlyNamedAsync(rewrite, solved.SelectMany(each => each.Documents), context.CancellationToken).ConfigureAwait(false);
        var found = new List<HandOffDiagnostics>();
        foreach (IGrouping<Project?, Diagnostic> inProject in hazards.Where(hazard => context.DiagnosticIds.Contains(hazard.Id)).GroupBy(hazard => rewrite.After.GetDocument(hazard.Location.SourceTree)?.Project))
        {
            if (inProject.Key is { } project)
                found.AddRange(await HandOffDiagnostics.FindAsync(project, inProject, context.CancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    /// <summary>All of the group if that is clean; otherwise what can be had of its halves, one after the other.</summary>
    private async Task<Rewrite?> LargestCleanAsync(
        Solution solution, IReadOnlyList<HandOffDiagnostics> accepted, IReadOnlyList<HandOffDiagnostics> group, Replacement replacement, CancellationToken cancellationToken)
    {
        HandOffDiagnostics[] together = [.. accepted, .. group];
        Rewrite? rewrite = await Rewrite.ApplyAsync(solution, together.Select(each => each.HandOff), replacement, cancellationToken).ConfigureAwait(false);
        if (rewrite is null || await verifier.IsCleanAsync(rewrite, together.SelectMany(each => each.Documents), cancellationToken).ConfigureAwait(false))
            return rewrite;
        if (group.Count <= 1)
            return null;

        int half = group.Count / 2;
        Rewrite? first = await LargestCleanAsync(solution, accepted, [.. group.Take(half)], replacement, cancellationToken).ConfigureAwait(false);
        HandOffDiagnostics[] kept = [.. accepted, .. group.Take(half).Where(each => first?.HandOffs.Contains(each.HandOff) == true)];
        return await LargestCleanAsync(solution, kept, [.. group.Skip(half)], replacement, cancellationToken).ConfigureAwait(false) ?? first;
    }

    /// <summary>The hand-offs of the scope. A file that several projects share is fixed once.</summary>
    private static async Task<IReadOnlyList<HandOffDiagnostics>> FindAsync(FixAllContext context)
    {
        IEnumerable<Project> projects = context.Scope == FixAllScope.Solution
            ? context.Solution.Projects.Where(project => project.Language == context.Project.Language)
            : [context.Project];
        var found = new List<HandOffDiagnostics>();
        foreach (Project project in projects)
        {
            IEnumerable<Diagnostic> diagnostics = context.Scope == FixAllScope.Document
                ? await context.GetDocumentDiagnosticsAsync(context.Document!).ConfigureAwait(false)
                : await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            found.AddRange(await HandOffDiagnostics.FindAsync(project, diagnostics, context.CancellationToken).ConfigureAwait(false));
        }

        return found
            .GroupBy(each => (SolutionEdits.FirstLinked(each.HandOff.Document), each.HandOff.Syntax.Span))
            .Select(same => same.First())
            .ToArray();
    }
}
