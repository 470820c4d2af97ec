using System;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>The value of a number that is known without running the program.</summary>
internal static class NativeConstant
{
    /// <summary>Literals, constants, enum members, and a binding's static properties that are named as in the header, also combined by |.</summary>
    public static long? Of(IOperation? operation)
    {
        if (operation is null)
            return null;
        IOperation value = AssignedOnce.Strip(operation);
        if (value.ConstantValue is { HasValue: true, Value: IConvertible number and not (string or bool or double or float or decimal) })
            return number is ulong large ? unchecked((long)large) : Convert.ToInt64(number, CultureInfo.InvariantCulture);
        return value switch
        {
            IPropertyReferenceOperation { Property.IsStatic: true } property => LinuxConstants.Named(property.Property.Name),
            IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false } } field => LinuxConstants.Named(field.Field.Name),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } either => Of(either.LeftOperand) | Of(either.RightOperand),
            _ => null,
        };
    }
}
