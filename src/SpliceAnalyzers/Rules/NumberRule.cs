using System.Globalization;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL2005: a system call by a number that is another call's on other machines.</summary>
internal static class NumberRule
{
    public static Diagnostic? Check(CallContext context) =>
        context.Signature.Flags is not null && context.Call.Number is { IsGuarded: false } number
            ? context.Report(Descriptors.UncheckedNumber, number.Value.ToString(CultureInfo.InvariantCulture), context.Signature.Name, NameOf(number.Architecture))
            : null;

    private static string NameOf(CpuArchitecture architecture) => architecture switch
    {
        CpuArchitecture.X64 => "x64",
        CpuArchitecture.Arm64 => "arm64",
        _ => "i386",
    };
}
