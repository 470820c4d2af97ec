using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>The declarations that the documentation shows: they compile, nothing is said of them, and they are what the fixes make of wrong ones.</summary>
public partial class DeclarationsPageTests
{
    private static readonly string Page = Regex.Match(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "declarations.md")).ReplaceLineEndings("\n"), "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    [Fact]
    public async Task Nothing_is_said_of_them()
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Page.cs", Page)]);
        await Sources.AssertCompilesAsync(solution);
        Compilation compilation = (await solution.Projects.Single().GetCompilationAsync(TestContext.Current.CancellationToken))!;
        var analysis = compilation.WithAnalyzers([new DeclarationAnalyzer(), new CallAnalyzer(), new HandOffAnalyzer()], options: (AnalyzerOptions?)null);
        Assert.Empty(await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_function_that_is_checked_is_there() =>
        Assert.Equal(
            NativeSignatures.All.Where(row => row.IsChecked).Select(row => row.Name).Order(StringComparer.Ordinal),
            Declaration().Matches(Page).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Their_parameters_are_called_as_in_the_table() =>
        Assert.All(Declaration().Matches(Page), match => Assert.Equal(
            NativeSignatures.Find(match.Groups["name"].Value)!.Parameters.Select(parameter => parameter.Name),
            match.Groups["parameters"].Value.Split(", ").Select(parameter => parameter.Split(' ')[^1])));

    [Fact]
    public async Task The_fixes_make_them_of_wrong_ones()
    {
        string wrong = Page
            .Replace("extern nint ", "extern int ").Replace("extern int pipe", "extern long pipe").Replace("extern int fcntl", "extern short fcntl")
            .Replace("nuint ", "uint ").Replace("long* ", "int* ").Replace("long offset", "int offset").Replace("int fd,", "nint fd,").Replace("int fd_in", "long fd_in")
            .Replace("uint flags", "ulong flags").Replace(", SetLastError = true)]\n    public static extern int vmsplice", ")]\n    public static extern int vmsplice")
            .Replace(", SetLastError = true)]\n    public static extern int tee", ")]\n    public static extern int tee");
        Assert.NotEqual(Page, wrong);

        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Page.cs", wrong)]);
        await Sources.AssertCompilesAsync(solution);
        foreach ((CodeFixProvider fix, string title) in new (CodeFixProvider, string)[] { (new CorrectSignatureFix(), FixTitles.CorrectSignature), (new SetLastErrorFix(), FixTitles.SetLastError) })
            solution = await new Fixing(new DeclarationAnalyzer(), fix).FixAllAsync(solution, title, FixAllScope.Solution);
        Assert.Equal(Page, await Sources.TextAsync(solution, "Page.cs"));
    }

    [GeneratedRegex(@"public static extern \w+ (?<name>\w+)\((?<parameters>.*)\);")]
    private static partial Regex Declaration();
}
