using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>A native call, and what a rule may ask about the code around it.</summary>
internal sealed record CallContext(NativeCall Call, NativeCalls Calls, Compilation Compilation, Func<ControlFlowGraph?> Graph, CancellationToken Cancellation)
{
    /// <summary>The row of the function: rules speak of functions in the table only.</summary>
    public NativeSignature Signature { get; } = Call.Signature ?? throw new ArgumentException("The function is not in the table.", nameof(Call));

    /// <summary>The native call that a piece of syntax is; null for other syntax. What becomes of the result cannot be asked.</summary>
    public static CallContext? Of(SyntaxNode syntax, Compilation compilation, CancellationToken cancellation)
    {
        var calls = new NativeCalls(compilation, cancellation);
        return new AssignedOnce(compilation, cancellation).OperationOf(syntax) is { } operation && calls.Resolve(operation) is { Signature: not null } call
            ? new CallContext(call, calls, compilation, static () => null, cancellation)
            : null;
    }

    /// <summary>What is known of the descriptor that is passed for the role.</summary>
    public DescriptorOrigin? Descriptor(NativeRole role) =>
        Call.Argument(role) is { } argument ? new DescriptorOrigins(Compilation, Calls, Cancellation).Of(argument.Value) : null;

    /// <summary>What becomes of the result.</summary>
    public ResultUse ResultUse => new ResultUses(Graph).Of(Call.Call);

    /// <summary>A diagnostic at the call.</summary>
    public Diagnostic Report(DiagnosticDescriptor rule, params object[] arguments) => Diagnostic.Create(rule, Call.Call.Syntax.GetLocation(), arguments);
}
