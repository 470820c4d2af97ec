using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Nullable values: a struct with a number behind it that says whether it is there; a number is kept as it is, and may always be null.</summary>
internal sealed partial class MethodLowering
{
    private Operand MakeNullable(Operand value, ITypeSymbol type, ITypeSymbol inner)
    {
        if (!TypeShape.IsStruct(inner))
            return value;
        Operand made = Default(type);
        _code.Add(new CopyBytes(-1, made.Value, value.Value, Expression.Constant(TypeShape.SizeOf(inner)), silent: true));
        _code.Add(new StoreValue(-1, PresenceIn(made.Value, inner), Expression.Constant(1), 8, silent: true));
        return made;
    }

    /// <summary>True in the program where the value is not null.</summary>
    private Expression IsThere(Expression value, ITypeSymbol inner) => TypeShape.IsStruct(inner) ? Load(PresenceIn(value, inner), 8) : Expression.Unknown;

    private static Expression PresenceIn(Expression value, ITypeSymbol inner) => Expression.Add(value, Expression.Constant(TypeShape.OffsetOfPresence(inner)));

    /// <summary>The other side of a comparison with null; null for all other operations.</summary>
    private static IOperation? ComparedWithNull(IBinaryOperation binary)
    {
        static bool IsNull(IOperation operation) => operation is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } } or IConversionOperation { Operand.ConstantValue: { HasValue: true, Value: null } };
        if (binary.OperatorKind is not (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals))
            return null;
        return IsNull(binary.RightOperand) ? binary.LeftOperand : IsNull(binary.LeftOperand) ? binary.RightOperand : null;
    }

    /// <summary>What Nullable itself declares; null for everything else. The value lies where the nullable one does.</summary>
    private Operand? UseNullable(IMethodSymbol target, Expression? receiver) => (TypeShape.InNullable(target.ContainingType), receiver, target.Name) switch
    {
        ({ } inner, { } value, "get_HasValue") => new Operand(IsThere(value, inner)),
        ({ }, { } value, "get_Value" or "GetValueOrDefault") => new Operand(value),
        _ => null,
    };
}
