using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>Looks at each call of a function in the table, and asks every rule about calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<Func<CallContext, Diagnostic?>> Rules =
        ImmutableArray.Create<Func<CallContext, Diagnostic?>>(CountRule.Check, FlagRule.Check, NumberRule.Check, PipeSizeRule.Check, RejectionRule.Check, ReadEndRule.Check);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Calls;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (NativeMentions.Any(start.Compilation, NativeMention.HandOff | NativeMention.Function, start.CancellationToken))
                start.RegisterOperationAction(Check, OperationKind.Invocation, OperationKind.FunctionPointerInvocation);
        });
    }

    private static void Check(OperationAnalysisContext context)
    {
        var calls = new NativeCalls(context.Compilation, context.CancellationToken);
        if (calls.Resolve(context.Operation) is not { Signature: not null } call)
            return;
        var asked = new CallContext(call, calls, context.Compilation, () => GraphOf(context), context.CancellationToken);
        foreach (Func<CallContext, Diagnostic?> rule in Rules)
        {
            if (rule(asked) is { } diagnostic)
                context.ReportDiagnostic(diagnostic);
        }
    }

    private static ControlFlowGraph? GraphOf(OperationAnalysisContext context)
    {
        IOperation root = context.Operation;
        while (root.Parent is { } parent)
            root = parent;
        return root.Kind is OperationKind.MethodBody or OperationKind.ConstructorBody or OperationKind.Block or OperationKind.FieldInitializer or OperationKind.PropertyInitializer
            ? context.GetControlFlowGraph()
            : null;
    }
}
