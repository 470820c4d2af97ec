using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Bench;

/// <summary>Before and after, for rewriting alone: every hand-off is reported.</summary>
internal static class Verify
{
    public static Task WritevAsync(string before, string after) => FixAsync(FixTitles.UseWritev, before, after);

    public static Task WriteAsync(string before, string after) => FixAsync(FixTitles.UseWrite, before, after);

    public static Task WritevProgramAsync(string before, string after) => FixAsync(FixTitles.UseWritev, before, after, OutputKind.ConsoleApplication);

    public static Task WriteProgramAsync(string before, string after) => FixAsync(FixTitles.UseWrite, before, after, OutputKind.ConsoleApplication);

    /// <summary>Fixes the first hand-off and leaves the others.</summary>
    public static async Task FixAsync(string title, string before, string after, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        Solution solution = Sources.Solution(kind, [("A.cs", before)]);
        await Sources.AssertCompilesAsync(solution);
        Solution? changed = await new Fixing(new EveryHandOff()).FixFirstAsync(solution, title);
        Assert.True(changed is not null, $"'{title}' is not offered.");
        Assert.Equal(after, await Sources.TextAsync(changed, "A.cs"), ignoreLineEndingDifferences: false);
        await Sources.AssertCompilesAsync(changed);
    }

    public static async Task NotOfferedAsync(string title, string source)
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("A.cs", source)]);
        await Sources.AssertCompilesAsync(solution);
        var fixing = new Fixing(new EveryHandOff());
        Assert.NotEmpty(await fixing.DiagnosticsAsync(solution.Projects.Single()));
        Assert.Null(await fixing.FixFirstAsync(solution, title));
    }

    /// <summary>Fixes everything in the scope around the first file, in files that are each given before and after.</summary>
    public static Task FixAllAsync(string? title, FixAllScope scope, params (string Path, string Before, string After)[] files) =>
        FixAllAsync(title, scope, [files]);

    public static async Task FixAllAsync(string? title, FixAllScope scope, (string Path, string Before, string After)[][] projects)
    {
        Solution solution = Sources.Solution(
            OutputKind.DynamicallyLinkedLibrary,
            [.. projects.Select(files => files.Select(file => (file.Path, file.Before)).ToArray())]);
        await Sources.AssertCompilesAsync(solution);
        Solution changed = await new Fixing(new EveryHandOff()).FixAllAsync(solution, title, scope);
        foreach ((string path, _, string after) in projects.SelectMany(files => files))
            Assert.Equal(after, await Sources.TextAsync(changed, path));
        await Sources.AssertCompilesAsync(changed);
    }
}
