using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>The pages say what the analyzers do: ids, titles, severities, links, and their own examples.</summary>
public class DocumentationTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. from type in typeof(RuleIds).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract
           select (DiagnosticAnalyzer)Activator.CreateInstance(type)!
    ];

    private static readonly DiagnosticDescriptor[] Descriptors =
    [
        .. Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal)
    ];

    public static TheoryData<string> Ids => [.. Descriptors.Select(rule => rule.Id)];

    public static TheoryData<string> Indexes => ["README.md", "docs/rules/README.md", "nuget/README.md"];

    [Fact]
    public void Every_page_belongs_to_a_rule() => Assert.Equal(Descriptors.Select(rule => rule.Id), RulePage.Ids);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_has_its_rules_title_and_severity(string id)
    {
        DiagnosticDescriptor rule = Rule(id);

        Assert.StartsWith($"# {id}: {rule.Title}\n", RulePage.Text(id), StringComparison.Ordinal);
        Assert.Contains($"\n| Id | {id} |\n", RulePage.Text(id), StringComparison.Ordinal);
        Assert.Contains($"\n| Default severity | {rule.DefaultSeverity} |\n", RulePage.Text(id), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_keeps_to_the_template(string id)
    {
        string[] expected =
        [
            "Cause", "Why it corrupts", "Bad", "Good", "How to fix", "When it does not warn", "When to suppress it", "Options",
        ];

        Assert.Equal(expected, Regex.Matches(RulePage.Text(id), "^## (.+)$", RegexOptions.Multiline).Select(heading => heading.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_links_to_its_page(string id) =>
        Assert.Equal($"{Repository.Url}/blob/main/docs/rules/{id}.md", Rule(id).HelpLinkUri);

    [Theory]
    [MemberData(nameof(Indexes))]
    public void An_index_lists_every_rule_and_no_other(string path)
    {
        string index = Read(path);

        Assert.Equal(
            Descriptors.Select(rule => (rule.Id, rule.DefaultSeverity.ToString(), rule.Title.ToString())),
            Regex.Matches(index, @"^\| \[?(SPL\d{4})\b[^|]* \| (\w+) \| (.+) \|$", RegexOptions.Multiline)
                .Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_bad_example_gives_the_rule_and_no_other(string id) =>
        Assert.Equal(RulePage.ReportedOfBad(id), (await Analyse(RulePage.Example(id, "Bad"))).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_good_example_gives_none(string id) => Assert.Empty(await Analyse(RulePage.Example(id, "Good")));

    internal static DiagnosticDescriptor Rule(string id) => Descriptors.Single(rule => rule.Id == id);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    /// <summary>A page about options shows a configuration: it is read for code that the options concern.</summary>
    private static Task<string[]> Analyse((string Language, string Code) example) =>
        example.Language == "ini" ? Analyse("static class Program { /* InteropServices.DllImport, vmsplice */ }", new ConfiguredOptions(example.Code)) : Analyse(example.Code, null);

    private static async Task<string[]> Analyse(string source, AnalyzerConfigOptionsProvider? configuration) =>
        [.. (await Diagnose(source, configuration)).Select(diagnostic => diagnostic.Id)];

    internal static Task<ImmutableArray<Diagnostic>> Diagnose(string source, AnalyzerConfigOptionsProvider? configuration = null)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions, cancellationToken: TestContext.Current.CancellationToken)],
            TestReferences.Net10,
            TestCompilation.Options);
        Assert.NotEmpty(source);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error));

        CompilationWithAnalyzers withAnalyzers = compilation.WithAnalyzers(Analyzers, configuration is null ? null : new AnalyzerOptions([], configuration));
        return withAnalyzers.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same .editorconfig text for every file.</summary>
    internal sealed class ConfiguredOptions(string text) : AnalyzerConfigOptionsProvider
    {
        private readonly FileOptions options = new(AnalyzerConfigSet.Create(new[] { AnalyzerConfig.Parse("root = true\n" + text, "/.editorconfig") }).GetOptionsForSourcePath("/Example.cs").AnalyzerOptions);

        public override AnalyzerConfigOptions GlobalOptions => options;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => options;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => options;
    }

    private sealed class FileOptions(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
