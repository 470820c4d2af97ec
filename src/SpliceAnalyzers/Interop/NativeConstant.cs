using System;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>The value of a number that is known without running the program.</summary>
internal static class NativeConstant
{
    /// <summary>The model's pages and pointers, and _SC_PAGESIZE of unistd.h, by which programs ask for it.</summary>
    private const long PageSize = 4096, AskForPageSize = 30, PointerSize = 8;

    /// <summary>Literals, constants, enum members, a binding's static properties that are named as in the header, also combined by |, and the sizes of a page and a pointer.</summary>
    public static long? Of(IOperation? operation)
    {
        if (operation is null)
            return null;
        IOperation value = AssignedOnce.Strip(operation);
        if (value.ConstantValue is { HasValue: true, Value: IConvertible number and not (string or bool or double or float or decimal) })
            return number is ulong large ? unchecked((long)large) : Convert.ToInt64(number, CultureInfo.InvariantCulture);
        return value switch
        {
            IPropertyReferenceOperation { Property: { Name: "SystemPageSize", ContainingType.Name: "Environment" } } => PageSize,
            IPropertyReferenceOperation { Property: { Name: "Size", ContainingType.SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } } => PointerSize,
            IInvocationOperation call => IsPageSize(call) ? PageSize : null,
            IPropertyReferenceOperation { Property.IsStatic: true } property => LinuxConstants.Named(property.Property.Name),
            IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false } } field => LinuxConstants.Named(field.Field.Name),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } either => Of(either.LeftOperand) | Of(either.RightOperand),
            _ => null,
        };
    }

    private static bool IsPageSize(IInvocationOperation call) =>
        call.Arguments.Length <= 1 && NativeFunction.NameOf(call.TargetMethod) is { } name && (name == "getpagesize" || name == "sysconf" && call.Arguments is [var asked] && Of(asked) == AskForPageSize);
}
