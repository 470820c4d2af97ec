using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// Conditions that let only some lengths pass: `if (length % 4096 != 0) throw`. Callers that nobody knows pass the usual lengths; where a condition treats all
/// of these alike, they pass one more that it treats otherwise, or what is behind it would never run.
/// </summary>
internal sealed class LengthGuard(AssignedOnce values)
{
    private const int MaxDepth = 8;

    /// <summary>Pages, whole and several, and as much as a pipe holds and more.</summary>
    private static readonly long[] Common = [4096, 8192, 65536, 1 << 20];

    /// <summary>A length of a parameter that makes the condition come out as none of the usual ones does; null where there is none, or it is about something else.</summary>
    public long? Missing(IOperation condition)
    {
        var constants = new List<long>();
        ISymbol? variable = null;
        if (!IsAboutOne(condition, ref variable, constants, 0) || variable is null)
            return null;
        long?[] usual = [.. ForeignArguments.UsualLengths.Select(length => Outcome(condition, length))];
        if (usual[0] is not { } outcome || usual.Any(other => other != outcome))
            return null;
        foreach (long length in constants.SelectMany(static c => new[] { c, c + 1, c - 1 }).Concat(Common))
        {
            if (length > 0 && Outcome(condition, length) is { } other && other != outcome)
                return length;
        }

        return null;
    }

    private long? Outcome(IOperation condition, long length) => Value(condition, length) is { } value ? value != 0 ? 1 : 0 : null;

    /// <summary>True for arithmetic over constants and one parameter, or the length of one.</summary>
    private bool IsAboutOne(IOperation operation, ref ISymbol? variable, List<long> constants, int depth)
    {
        IOperation value = Stripped(operation);
        if (depth > MaxDepth)
            return false;
        if (NativeConstant.Of(value) is { } constant)
        {
            constants.Add(constant);
            return true;
        }

        if (value is IBinaryOperation { OperatorMethod: null } binary)
            return IsAboutOne(binary.LeftOperand, ref variable, constants, depth + 1) && IsAboutOne(binary.RightOperand, ref variable, constants, depth + 1);
        if (value is IIsPatternOperation test)
            return IsAboutOne(test.Value, ref variable, constants, depth + 1) && AddBounds(test.Pattern, constants);
        if (ParameterIn(value) is not { } parameter || variable is not null && !SymbolEqualityComparer.Default.Equals(variable, parameter))
            return false;
        variable = parameter;
        return true;
    }

    private static bool AddBounds(IPatternOperation pattern, List<long> constants)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                return AddBounds(negated.Pattern, constants);
            case IBinaryPatternOperation both:
                return AddBounds(both.LeftPattern, constants) && AddBounds(both.RightPattern, constants);
            case IRelationalPatternOperation { Value: var bound } when NativeConstant.Of(bound) is { } number:
                constants.Add(number);
                return true;
            case IConstantPatternOperation { Value: var same } when NativeConstant.Of(same) is { } number:
                constants.Add(number);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The parameter whose value or length it is.</summary>
    private IParameterSymbol? ParameterIn(IOperation value) => value switch
    {
        IParameterReferenceOperation { Parameter: var parameter } when MethodLowering.IsCount(parameter.Type) => parameter,
        IPropertyReferenceOperation { Property.Name: "Length" or "LongLength", Instance: { } whole } => Stripped(whole) is IParameterReferenceOperation { Parameter: var parameter } ? parameter : null,
        _ => null,
    };

    /// <summary>What a variable holds that is assigned once. A switch looks at a copy of its value, which its syntax is the original of.</summary>
    private IOperation Stripped(IOperation operation)
    {
        IOperation value = AssignedOnce.Strip(operation);
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            IOperation? behind = value switch
            {
                IFlowCaptureReferenceOperation => values.OperationOf(value.Syntax),
                ILocalReferenceOperation { Local: var local } when MethodLowering.IsCount(local.Type) => values.ValueOf(value),
                IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when MethodLowering.IsCount(field.Type) => values.ValueOf(value),
                _ => null,
            };
            if (behind is null)
                break;
            value = AssignedOnce.Strip(behind);
        }

        return value;
    }

    private long? Value(IOperation operation, long length)
    {
        IOperation value = Stripped(operation);
        if (NativeConstant.Of(value) is { } constant)
            return constant;
        return value switch
        {
            IBinaryOperation binary when Value(binary.LeftOperand, length) is { } left && Value(binary.RightOperand, length) is { } right => Computed(binary.OperatorKind, left, right),
            IBinaryOperation => null,
            IIsPatternOperation test => Value(test.Value, length) is { } tested ? Matches(test.Pattern, tested) ? 1 : 0 : null,
            _ => length,
        };
    }

    private static bool Matches(IPatternOperation pattern, long value) => pattern switch
    {
        INegatedPatternOperation negated => !Matches(negated.Pattern, value),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both => Matches(both.LeftPattern, value) && Matches(both.RightPattern, value),
        IBinaryPatternOperation either => Matches(either.LeftPattern, value) || Matches(either.RightPattern, value),
        IRelationalPatternOperation relation => Computed(relation.OperatorKind, value, NativeConstant.Of(relation.Value)!.Value) == 1,
        IConstantPatternOperation same => value == NativeConstant.Of(same.Value),
        _ => false,
    };

    private static long? Computed(BinaryOperatorKind kind, long left, long right) => kind switch
    {
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left - right,
        BinaryOperatorKind.Multiply => left * right,
        BinaryOperatorKind.Divide when right != 0 => left / right,
        BinaryOperatorKind.Remainder when right != 0 => left % right,
        BinaryOperatorKind.And => left & right,
        BinaryOperatorKind.LeftShift => left << (int)right,
        BinaryOperatorKind.RightShift => left >> (int)right,
        BinaryOperatorKind.Equals => left == right ? 1 : 0,
        BinaryOperatorKind.NotEquals => left != right ? 1 : 0,
        BinaryOperatorKind.LessThan => left < right ? 1 : 0,
        BinaryOperatorKind.LessThanOrEqual => left <= right ? 1 : 0,
        BinaryOperatorKind.GreaterThan => left > right ? 1 : 0,
        BinaryOperatorKind.GreaterThanOrEqual => left >= right ? 1 : 0,
        _ => null,
    };
}
