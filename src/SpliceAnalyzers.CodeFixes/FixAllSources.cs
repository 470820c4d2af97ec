using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>
/// Solves every diagnostic of a document, a project or a solution in one change. It does not ask for a key: a tool that takes the key
/// from the first diagnostic would stop at one that cannot be fixed.
/// </summary>
internal sealed class FixAllSources : FixAllProvider
{
    private readonly SourceFix fix;

    public FixAllSources(SourceFix fix) => this.fix = fix;

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext) => Task.FromResult<CodeAction?>(CodeAction.Create(
        fix.Title,
        token => FixAsync(fixAllContext.WithCancellationToken(token)),
        equivalenceKey: fix.Title));

    private async Task<Solution> FixAsync(FixAllContext context)
    {
        IReadOnlyList<(Document, Diagnostic)> found = await FindAsync(context).ConfigureAwait(false);
        List<(Document, Diagnostic)> accepted = await LargestAsync(context.Solution, [], found, context.CancellationToken).ConfigureAwait(false);
        return await fix.ApplyAsync(context.Solution, accepted, context.CancellationToken).ConfigureAwait(false) ?? context.Solution;
    }

    /// <summary>All of the group if they can be solved together; otherwise what can be had of its halves, one after the other.</summary>
    private async Task<List<(Document, Diagnostic)>> LargestAsync(
        Solution solution, IReadOnlyList<(Document, Diagnostic)> accepted, IReadOnlyList<(Document, Diagnostic)> group, CancellationToken cancellationToken)
    {
        List<(Document, Diagnostic)> together = [.. accepted, .. group];
        if (group.Count > 0 && await fix.ApplyAsync(solution, together, cancellationToken).ConfigureAwait(false) is not null)
            return together;
        if (group.Count <= 1)
            return [.. accepted];
        int half = group.Count / 2;
        List<(Document, Diagnostic)> first = await LargestAsync(solution, accepted, [.. group.Take(half)], cancellationToken).ConfigureAwait(false);
        return await LargestAsync(solution, first, [.. group.Skip(half)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The diagnostics of the scope. A file that several projects share is fixed once.</summary>
    private static async Task<IReadOnlyList<(Document, Diagnostic)>> FindAsync(FixAllContext context)
    {
        IEnumerable<Project> projects = context.Scope == FixAllScope.Solution
            ? context.Solution.Projects.Where(project => project.Language == context.Project.Language)
            : [context.Project];
        var found = new List<(Document Document, Diagnostic Diagnostic)>();
        foreach (Project project in projects)
        {
            IEnumerable<Diagnostic> diagnostics = context.Scope == FixAllScope.Document
                ? await context.GetDocumentDiagnosticsAsync(context.Document!).ConfigureAwait(false)
                : await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            found.AddRange(diagnostics.Select(diagnostic => (DocumentOf(project, diagnostic)!, diagnostic)).Where(pair => pair.Item1 is not null));
        }

        return [.. found
            .GroupBy(pair => (SolutionEdits.FirstLinked(pair.Document), pair.Diagnostic.Location.SourceSpan, pair.Diagnostic.Id))
            .Select(same => same.First())];
    }

    /// <summary>A location that came from another process has a path but no tree of this solution.</summary>
    private static Document? DocumentOf(Project project, Diagnostic diagnostic)
    {
        Document? document = project.Solution.GetDocument(diagnostic.Location.SourceTree)
            ?? project.Documents.FirstOrDefault(candidate => candidate.FilePath == diagnostic.Location.GetLineSpan().Path);
        return document is SourceGeneratedDocument ? null : document;
    }
}
