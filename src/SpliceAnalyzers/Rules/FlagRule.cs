using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL2004: flags that do nothing for the call, or that make the kernel reject it.</summary>
internal static class FlagRule
{
    public static Diagnostic? Check(CallContext context)
    {
        if (context.Signature.Flags is not { } flags || context.Call.Argument(NativeRole.Flags) is not { } argument)
            return null;
        uint passed = new FlagValues(context.Compilation, context.Cancellation).PossibleBits(argument);
        uint rejected = passed & ~flags.Accepted;
        uint idle = passed & flags.Accepted & ~flags.Effective;
        if (rejected != 0)
            return context.Report(Descriptors.FlagWithoutEffect, Names(rejected | idle), context.Signature.Name, $"the kernel knows no flag {Names(rejected)} and answers {context.Signature.ErrorOf(Rejection.UnknownFlags)}");
        return idle != 0 ? context.Report(Descriptors.FlagWithoutEffect, Names(idle), context.Signature.Name, "it has no effect there") : null;
    }

    private static string Names(uint bits)
    {
        IEnumerable<string> known = Enumerable.Range(0, 4).Select(bit => 1u << bit).Where(bit => (bits & bit) != 0).Select(NativeSignatures.NameOfFlag);
        uint others = bits & ~0xFu;
        return string.Join(" and ", others == 0 ? known : known.Append(NativeSignatures.NameOfFlag(others)));
    }
}
