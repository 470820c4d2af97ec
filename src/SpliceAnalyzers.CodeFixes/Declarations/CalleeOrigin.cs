using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>What a call goes through until it is vmsplice: a delegate's type, the variables that hold the pointer or the delegate, the import where there is one.</summary>
internal static class CalleeOrigin
{
    private const int MaxDepth = 8;

    /// <summary>In the order in which the call goes through them; an import is last.</summary>
    public static IReadOnlyList<ISymbol> Of(HandOff handOff, CancellationToken cancellationToken)
    {
        if (handOff.Native.Kind == NativeCallKind.Import)
            return [handOff.Function];
        List<ISymbol> passed = handOff.Native.Kind == NativeCallKind.Delegate ? [handOff.Function.ContainingType] : [];
        var values = new AssignedOnce(handOff.Model.Compilation, cancellationToken);
        IOperation? value = values.OperationOf(Callee(handOff));
        for (int depth = 0; value is not null && depth < MaxDepth; depth++)
        {
            IOperation next = AssignedOnce.Strip(value);
            if (VariableOf(next) is { } variable)
                passed.Add(variable);
            else if (next is IMethodReferenceOperation method)
                passed.Add(method.Method);
            value = next switch
            {
                IDelegateCreationOperation creation => creation.Target,
                IAddressOfOperation address => address.Reference,
                IInvocationOperation { TargetMethod.Name: "GetDelegateForFunctionPointer", Arguments: [var pointer, ..] } => pointer.Value,
                _ => values.ValueOf(next),
            };
        }

        return passed;
    }

    /// <summary>What the call calls, without Invoke.</summary>
    public static ExpressionSyntax Callee(HandOff handOff) =>
        handOff.Syntax.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Expression: var inner } && handOff.Native.Kind == NativeCallKind.Delegate
            ? inner
            : handOff.Syntax.Expression;

    /// <summary>The variable or property behind a reference.</summary>
    public static ISymbol? VariableOf(IOperation reference) => reference switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => null,
    };
}
