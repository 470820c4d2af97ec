using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Lifetime;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Many plans as one compilation, and what the analyzer says of each.</summary>
internal static class GeneratedMethods
{
    private static readonly SyntaxTree Common = Parse(Prelude.Text + MethodText.Declarations);

    private static readonly int UsingLines = Prelude.Usings.Count(static c => c == '\n');

    /// <summary>What the analyzer says of each plan.</summary>
    public static async Task<IReadOnlyList<IReadOnlyCollection<Remark>>> AnalyseAsync(IReadOnlyList<Plan> plans, CancellationToken cancellation)
    {
        var texts = Write(plans);
        var trees = texts.ConvertAll(static t => Parse(Prelude.Usings + t.Text));
        ILookup<SyntaxTree?, Diagnostic> byTree = (await DiagnoseAsync(trees, cancellation)).ToLookup(static d => d.Location.SourceTree);
        Assert.Empty(byTree[null]);
        return [.. trees.Select((tree, i) => (IReadOnlyCollection<Remark>)[.. byTree[tree].Where(static d => d.Id != RuleIds.GiftBuysNothing).Select(d => RemarkOf(d, texts[i].Owners))])];
    }

    /// <summary>All that the analyzer reports of the plans.</summary>
    public static Task<ImmutableArray<Diagnostic>> DiagnoseAsync(IReadOnlyList<Plan> plans, CancellationToken cancellation) =>
        DiagnoseAsync(Write(plans).ConvertAll(static t => Parse(Prelude.Usings + t.Text)), cancellation);

    private static List<(string Text, IReadOnlyList<int> Owners)> Write(IReadOnlyList<Plan> plans) =>
        [.. plans.Select(static (plan, i) => MethodText.Write(plan, "Generated" + i.ToString(CultureInfo.InvariantCulture)))];

    private static Task<ImmutableArray<Diagnostic>> DiagnoseAsync(List<SyntaxTree> trees, CancellationToken cancellation)
    {
        var compilation = CSharpCompilation.Create("Generated", [Common, .. trees], TestReferences.Net10, TestCompilation.Options);
        Diagnostic[] errors = [.. compilation.GetDiagnostics(cancellation).Where(static d => d.Severity == DiagnosticSeverity.Error)];
        Assert.True(errors.Length == 0, errors.Length == 0 ? "" : $"{errors[0]}\n{errors[0].Location.SourceTree}");

        CompilationWithAnalyzers analysis = compilation.WithAnalyzers([new HandOffAnalyzer()], (AnalyzerOptions?)null);
        return analysis.GetAnalyzerDiagnosticsAsync(cancellation);
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, TestCompilation.ParseOptions);

    private static Remark RemarkOf(Diagnostic diagnostic, IReadOnlyList<int> owners)
    {
        int index = int.Parse(diagnostic.Properties.GetValueOrDefault("handOff") ?? "-1", CultureInfo.InvariantCulture);
        Location handOff = index < 0 ? diagnostic.Location : diagnostic.AdditionalLocations[index];
        return new Remark(diagnostic.Id, StatementAt(handOff, owners), StatementAt(diagnostic.Location, owners));
    }

    private static int StatementAt(Location location, IReadOnlyList<int> owners) =>
        owners[location.GetLineSpan().StartLinePosition.Line - UsingLines];
}
