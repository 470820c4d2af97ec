using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>Before and after, with the real analyzer: what is fixed is not reported again, compiles, and brings no warning.</summary>
internal sealed class ContractFix(DiagnosticAnalyzer analyzer, CodeFixProvider provider, string title)
{
    private readonly Fixing fixing = new(analyzer, provider);

    /// <summary>Fixes one diagnostic after the other until none is left that has a fix.</summary>
    public async Task VerifyAsync(string before, string after, bool isProgram = false)
    {
        Solution solution = Sources.Solution(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, [("A.cs", before)]);
        await Sources.AssertCompilesAsync(solution);
        int warnings = await WarningsAsync(solution);
        Solution? changed = await fixing.FixFirstAsync(solution, title);
        Assert.True(changed is not null, $"'{title}' is not offered.");
        for (Solution? next = changed; next is not null; next = await fixing.FixFirstAsync(next, title))
            changed = next;
        Assert.Equal(after, await Sources.TextAsync(changed, "A.cs"));
        await AssertFixedAsync(changed, warnings);
    }

    public async Task NotOfferedAsync(string source)
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("A.cs", source)]);
        await Sources.AssertCompilesAsync(solution);
        Assert.NotEmpty(await fixing.DiagnosticsAsync(solution.Projects.Single()));
        Assert.Null(await fixing.FixFirstAsync(solution, title));
    }

    /// <summary>Fixes everything in each of the scopes; a document's scope is the first file's.</summary>
    public async Task VerifyAllAsync(params (string Path, string Before, string After)[] files)
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [.. files.Select(file => (file.Path, file.Before))]);
        await Sources.AssertCompilesAsync(solution);
        int warnings = await WarningsAsync(solution);
        foreach (string? key in new[] { title, null })
        {
            foreach (FixAllScope scope in new[] { FixAllScope.Project, FixAllScope.Solution })
            {
                Solution changed = await fixing.FixAllAsync(solution, key, scope);
                foreach ((string path, _, string after) in files)
                    Assert.Equal(after, await Sources.TextAsync(changed, path));
                await AssertFixedAsync(changed, warnings);
            }
        }

        Solution first = await fixing.FixAllAsync(solution, title, FixAllScope.Document);
        await Sources.AssertCompilesAsync(first);
        IReadOnlyList<Diagnostic> left = await fixing.DiagnosticsAsync(first.Projects.Single());
        Assert.DoesNotContain(left, diagnostic => diagnostic.Location.SourceTree!.FilePath == files[0].Path);
    }

    private async Task AssertFixedAsync(Solution changed, int warnings)
    {
        await Sources.AssertCompilesAsync(changed);
        Assert.True(await WarningsAsync(changed) <= warnings);
        foreach (Project project in changed.Projects)
            Assert.Empty(await fixing.DiagnosticsAsync(project));
    }

    private static async Task<int> WarningsAsync(Solution solution)
    {
        var all = new List<Diagnostic>();
        foreach (Project project in solution.Projects)
            all.AddRange((await project.GetCompilationAsync(TestContext.Current.CancellationToken))!.GetDiagnostics(TestContext.Current.CancellationToken));
        return all.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
    }
}
