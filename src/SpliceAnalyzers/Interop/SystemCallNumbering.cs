using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>Which function a raw system call is, by its number and by what is known of the architecture.</summary>
internal sealed class SystemCallNumbering(AssignedOnce values, ArchitectureChecks checks)
{
    private const int MaxDepth = 8;

    private static readonly CpuArchitecture[] Known = [CpuArchitecture.X64, CpuArchitecture.Arm64, CpuArchitecture.X86];

    /// <summary>Null where the number is not known, is another call's, or is not the same call on all paths.</summary>
    public (NativeSignature Signature, SystemCallNumber Number)? Find(IOperation call, IArgumentOperation number, int arguments)
    {
        (NativeSignature Signature, SystemCallNumber Number)? found = null;
        // In the control flow graph a choice is a temporary: the syntax still tells.
        foreach ((long value, ArchitectureSet where) in Values(values.OperationOf(number.Value.Syntax) ?? number.Value, checks.At(call.Syntax), 0))
        {
            if (where.IsChecked && where.Possible == CpuArchitecture.None)
                continue;
            if (Meaning(value, where.Possible, arguments) is not var (signature, architecture))
            {
                if (where.IsChecked)
                    continue;
                return null;
            }

            if (found is { } other && other.Signature != signature)
                return null;
            bool guarded = where.IsChecked && found is not { Number.IsGuarded: false };
            found = (signature, new SystemCallNumber(value, architecture, guarded, number));
        }

        return found ?? ByName(number);
    }

    /// <summary>Bindings have the number as SYS_vmsplice, with the value of the machine they are built for.</summary>
    private static (NativeSignature, SystemCallNumber)? ByName(IArgumentOperation number)
    {
        ISymbol? symbol = AssignedOnce.Strip(number.Value) switch
        {
            IPropertyReferenceOperation { Property.IsStatic: true } property => property.Property,
            IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false } } field => field.Field,
            _ => null,
        };
        string? name = new[] { "SYS_", "__NR_" }.Where(prefix => symbol?.Name.StartsWith(prefix, StringComparison.Ordinal) == true).Select(prefix => symbol!.Name.Substring(prefix.Length)).FirstOrDefault();
        return name is not null && NativeSignatures.Find(name) is { } signature ? (signature, new SystemCallNumber(-1, CpuArchitecture.Any, IsGuarded: true, number)) : null;
    }

    private static (NativeSignature Signature, CpuArchitecture Architecture)? Meaning(long number, CpuArchitecture possible, int arguments)
    {
        foreach (CpuArchitecture architecture in Known.Where(architecture => (possible & architecture) != 0))
        {
            foreach (NativeSignature signature in NativeSignatures.All)
            {
                if (NumberOf(signature, architecture) == number && arguments >= signature.RequiredParameters)
                    return (signature, architecture);
            }
        }

        return null;
    }

    private static int NumberOf(NativeSignature signature, CpuArchitecture architecture) => architecture switch
    {
        CpuArchitecture.X64 => signature.Numbers.X64,
        CpuArchitecture.Arm64 => signature.Numbers.Arm64,
        _ => signature.Numbers.X86,
    };

    /// <summary>The numbers that the expression can be, each with where it is that.</summary>
    private IEnumerable<(long Value, ArchitectureSet Where)> Values(IOperation expression, ArchitectureSet where, int depth)
    {
        IOperation operation = AssignedOnce.Strip(expression);
        if (operation.ConstantValue is { HasValue: true, Value: IConvertible number and not (string or bool) })
            return [(Convert.ToInt64(number, CultureInfo.InvariantCulture), where)];
        if (depth > MaxDepth)
            return [];
        return operation switch
        {
            IConditionalOperation { WhenFalse: { } whenFalse, Condition.Syntax: ExpressionSyntax condition } choice =>
                Values(choice.WhenTrue, where.And(checks.Of(condition, whether: true)), depth + 1).Concat(Values(whenFalse, where.And(checks.Of(condition, whether: false)), depth + 1)),
            ISwitchExpressionOperation { Syntax: SwitchExpressionSyntax syntax } choice =>
                choice.Arms.SelectMany(arm => Values(arm.Value, where.And(checks.OfArm(syntax, (SwitchExpressionArmSyntax)arm.Syntax)), depth + 1)),
            _ => values.ValuesOf(operation) is { } all ? all.SelectMany(value => Values(value, where.And(checks.At(value.Syntax)), depth + 1)) : [],
        };
    }
}
