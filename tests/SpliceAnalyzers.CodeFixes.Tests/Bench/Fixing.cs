using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Bench;

/// <summary>Applies a fix as an editor does, and all fixes as dotnet format does.</summary>
internal sealed class Fixing(DiagnosticAnalyzer analyzer, CodeFixProvider? fix = null)
{
    private readonly CodeFixProvider provider = fix ?? new UseWriteFix([analyzer]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the analyzer reports, in the order of the source.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnosticsAsync(Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync(Cancellation))!;
        ImmutableArray<Diagnostic> all = await compilation.WithAnalyzers([analyzer], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(Cancellation);
        return [.. all.Where(diagnostic => provider.FixableDiagnosticIds.Contains(diagnostic.Id)).OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan)];
    }

    /// <summary>The fixes offered for one diagnostic.</summary>
    public async Task<IReadOnlyList<CodeAction>> OffersAsync(Solution solution, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        Document document = solution.GetDocument(diagnostic.Location.SourceTree)!;
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), Cancellation));
        return actions;
    }

    /// <summary>Applies the fix of that title to the first diagnostic that has one.</summary>
    public async Task<Solution?> FixFirstAsync(Solution solution, string title)
    {
        foreach (Project project in solution.Projects)
        {
            foreach (Diagnostic diagnostic in await DiagnosticsAsync(project))
            {
                if ((await OffersAsync(solution, diagnostic)).FirstOrDefault(action => action.Title == title) is { } offer)
                    return await ApplyAsync(offer);
            }
        }

        return null;
    }

    /// <summary>Fixes all diagnostics of the scope around the first file.</summary>
    public async Task<Solution> FixAllAsync(Solution solution, string? key, FixAllScope scope)
    {
        Document document = solution.Projects.First().Documents.First();
        var found = new Dictionary<ProjectId, IReadOnlyList<Diagnostic>>();
        foreach (Project project in solution.Projects)
            found.Add(project.Id, await DiagnosticsAsync(project));
        IEnumerable<string> ids = found.Values.SelectMany(diagnostics => diagnostics).Select(diagnostic => diagnostic.Id).Distinct().Intersect(provider.FixableDiagnosticIds);
        var context = new FixAllContext(document, provider, scope, key!, ids, new KnownDiagnostics(found), Cancellation);
        CodeAction action = (await provider.GetFixAllProvider()!.GetFixAsync(context))!;
        return await ApplyAsync(action);
    }

    public static async Task<Solution> ApplyAsync(CodeAction action)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(Cancellation);
        return Assert.Single(operations.OfType<ApplyChangesOperation>()).ChangedSolution;
    }

    private sealed class KnownDiagnostics(IReadOnlyDictionary<ProjectId, IReadOnlyList<Diagnostic>> found) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(found[project.Id]);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult(found[document.Project.Id].Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
