using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>The bad examples of the documentation, and the sample that corrupts, can be fixed.</summary>
public partial class ExampleTests
{
    public static TheoryData<string, string> Pages() => new(
        from page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "SPL*.md").Order()
        where BadExample().Match(File.ReadAllText(page)).Value.Contains("vmsplice(", System.StringComparison.Ordinal)
        from title in new[] { FixTitles.UseWritev, FixTitles.UseWrite }
        select (Path.GetFileName(page), title));

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_bad_example_can_be_fixed(string page, string title)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules", page));
        return FixAsync(title, [("Bad.cs", BadExample().Match(text).Groups["code"].Value)]);
    }

    [Theory]
    [InlineData(FixTitles.UseWritev)]
    [InlineData(FixTitles.UseWrite)]
    public Task The_sample_that_corrupts_can_be_fixed(string title)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "CorruptedPipe"), "*.cs").Order();
        return FixAsync(title, [.. files.Select(file => (Path.GetFileName(file), File.ReadAllText(file)))]);
    }

    [GeneratedRegex("^## Bad$.*?```csharp\n(?<code>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BadExample();

    private static async Task FixAsync(string title, (string Path, string Text)[] files)
    {
        Solution solution = Sources.Solution(OutputKind.ConsoleApplication, files);
        solution = files.Length > 1 ? solution : solution.WithProjectCompilationOptions(solution.ProjectIds[0], SpliceAnalyzers.Tests.Verification.TestCompilation.Options);
        await Sources.AssertCompilesAsync(solution);
        Solution changed = await new Fixing(new EveryHandOff()).FixAllAsync(solution, title, FixAllScope.Solution);
        await Sources.AssertCompilesAsync(changed);
        foreach (Document document in changed.Projects.Single().Documents)
            Assert.DoesNotContain("vmsplice(", (await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString(), System.StringComparison.Ordinal);
    }
}
