using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>What can be known of the flags that a call passes, without running it.</summary>
internal static class FlagBits
{
    public const ulong NonBlock = NativeSignatures.NonBlock;

    private const int MaxValues = 64;

    /// <summary>Whether the call asks not to be blocked; null where only running it would tell.</summary>
    public static bool? NonBlocking(HandOff handOff)
    {
        if (PossibleValues(handOff.Argument(VmspliceParameter.Flags), handOff.Model) is not { } values)
            return null;
        if (values.All(value => (value & NonBlock) == 0))
            return false;
        return values.All(value => (value & NonBlock) != 0) ? true : null;
    }

    /// <summary>The constants and locals that the flags are made of, through the values of the locals.</summary>
    public static IEnumerable<ISymbol> Symbols(HandOff handOff) =>
        handOff.Written(VmspliceParameter.Flags) is { } argument
            ? Symbols(argument.Expression, handOff.Model).Distinct(SymbolEqualityComparer.Default)
            : Enumerable.Empty<ISymbol>();

    private static IEnumerable<ISymbol> Symbols(ExpressionSyntax expression, SemanticModel model)
    {
        foreach (IdentifierNameSyntax name in expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is IFieldSymbol { IsConst: true } or ILocalSymbol)
                yield return symbol;
            if (symbol is not ILocalSymbol local || LocalUses.OnlyValue(local, model) is not { } value)
                continue;
            foreach (ISymbol inner in Symbols(value, model))
                yield return inner;
        }
    }

    private static IReadOnlyCollection<ulong>? PossibleValues(IOperation operation, SemanticModel model)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
            return AsBits(constant) is { } bits ? new[] { bits } : null;

        return operation switch
        {
            IConversionOperation conversion => PossibleValues(conversion.Operand, model),
            IParenthesizedOperation parenthesized => PossibleValues(parenthesized.Operand, model),
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => Union(PossibleValues(conditional.WhenTrue, model), PossibleValues(whenFalse, model)),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } or => Combine(or, model, (left, right) => left | right),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.And } and => Combine(and, model, (left, right) => left & right),
            ILocalReferenceOperation local => ValuesOf(local.Local, model),
            IPropertyReferenceOperation { Property: { IsStatic: true } property } => ByName(property.Name),
            _ => null,
        };
    }

    private static IReadOnlyCollection<ulong>? ValuesOf(ILocalSymbol local, SemanticModel model) =>
        LocalUses.OnlyValue(local, model) is { } value && model.GetOperation(value) is { } operation ? PossibleValues(operation, model) : null;

    private static IReadOnlyCollection<ulong>? Combine(IBinaryOperation operation, SemanticModel model, Func<ulong, ulong, ulong> apply)
    {
        if (PossibleValues(operation.LeftOperand, model) is not { } left || PossibleValues(operation.RightOperand, model) is not { } right)
            return null;
        return left.Count * right.Count > MaxValues ? null : left.SelectMany(_ => right, apply).Distinct().ToArray();
    }

    private static IReadOnlyCollection<ulong>? Union(IReadOnlyCollection<ulong>? left, IReadOnlyCollection<ulong>? right) =>
        left is null || right is null ? null : left.Union(right).ToArray();

    /// <summary>Bindings such as Tmds.LibC have properties for constants; metadata does not tell their values, their names do.</summary>
    private static IReadOnlyCollection<ulong>? ByName(string name) => LinuxConstants.Named(name) is { } value ? [unchecked((ulong)value)] : null;

    private static ulong? AsBits(object constant) => constant switch
    {
        int value => unchecked((ulong)value),
        uint value => value,
        long value => unchecked((ulong)value),
        ulong value => value,
        short value => unchecked((ulong)value),
        ushort value => value,
        byte value => value,
        sbyte value => unchecked((ulong)value),
        _ => null,
    };
}
