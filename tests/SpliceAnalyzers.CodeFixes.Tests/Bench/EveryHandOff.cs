using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes.Tests.Bench;

/// <summary>Reports every vmsplice, whatever becomes of the buffer: these tests are about what a fix writes, not about when it is offered.</summary>
#pragma warning disable RS1036, RS1038, RS1041, RS2008 // These ask for what an analyzer that ships needs. This one does not ship.
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EveryHandOff : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(RuleIds.PreferWrite, "vmsplice", "vmsplice", "Test", DiagnosticSeverity.Warning, true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Report, OperationKind.Invocation, OperationKind.FunctionPointerInvocation);
    }

    private static void Report(OperationAnalysisContext context)
    {
        if (new NativeCalls(context.Compilation, context.CancellationToken).Resolve(context.Operation)?.Function != Declarations.NativeFunction.Vmsplice)
            return;
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add(HandOffPlace.Property, "-1");
        context.ReportDiagnostic(Diagnostic.Create(Rule, context.Operation.Syntax.GetLocation(), properties));
    }
}
#pragma warning restore RS1036, RS1038, RS1041, RS2008
