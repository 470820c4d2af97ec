using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL2003: nobody looks at how many bytes were transferred.</summary>
internal static class CountRule
{
    public static Diagnostic? Check(CallContext context)
    {
        if (!context.Signature.MayTransferLess)
            return null;
        ResultUse uses = context.ResultUse;
        if ((uses & (ResultUse.Other | ResultUse.UnsignedOrder)) != 0)
            return null;
        return context.Report(Descriptors.CountIgnored, context.Signature.Name, uses == ResultUse.None ? "is ignored" : "is only tested for failure");
    }
}
