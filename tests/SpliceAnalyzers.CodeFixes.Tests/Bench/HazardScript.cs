using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Tests.Bench;

/// <summary>
/// Reports what comments of the source tell it to, so that a test can play any verdict. /*SPL1001 of F(x)*/ is a hazard at the
/// comment as long as some method calls F(x), which is its hand-off; /*SPL1003 if G(y)*/ is one without a hand-off.
/// </summary>
#pragma warning disable RS1036, RS1038, RS1041, RS2008 // These ask for what an analyzer that ships needs. This one does not ship.
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed partial class HazardScript : DiagnosticAnalyzer
{
    private static readonly string[] Ids = ["SPL1001", "SPL1002", "SPL1003", "SPL1004", "SPL1006", "SPL1007", "SPL1008", "SPL3001"];

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> Rules =
        Ids.ToImmutableDictionary(id => id, id => new DiagnosticDescriptor(id, "hazard", "hazard", "Test", DiagnosticSeverity.Warning, true));

    private int runs;

    /// <summary>How many documents have been analysed.</summary>
    public int Runs => runs;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Rules.Values];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSemanticModelAction(Report);
    }

    [GeneratedRegex(@"(?<id>SPL\d+) (?<kind>of|if) (?<call>.+?)\*/")]
    private static partial Regex Line();

    private void Report(SemanticModelAnalysisContext context)
    {
        Interlocked.Increment(ref runs);
        SyntaxNode root = context.SemanticModel.SyntaxTree.GetRoot(context.CancellationToken);
        foreach (SyntaxTrivia comment in root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)))
        {
            Match match = Line().Match(comment.ToString());
            if (match.Success && Calls(context.SemanticModel.Compilation, match.Groups["call"].Value).FirstOrDefault() is { } call)
                context.ReportDiagnostic(Hazard(match, comment.GetLocation(), call));
        }
    }

    private static Diagnostic Hazard(Match match, Location place, InvocationExpressionSyntax call)
    {
        DiagnosticDescriptor rule = Rules[match.Groups["id"].Value];
        if (match.Groups["kind"].Value == "if")
            return Diagnostic.Create(rule, place);
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add(HandOffPlace.Property, "1");
        return Diagnostic.Create(rule, place, additionalLocations: [place, call.GetLocation()], properties);
    }

    private static IEnumerable<InvocationExpressionSyntax> Calls(Compilation compilation, string text) =>
        compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Where(call => call.ToString() == text);
}
#pragma warning restore RS1036, RS1038, RS1041, RS2008
