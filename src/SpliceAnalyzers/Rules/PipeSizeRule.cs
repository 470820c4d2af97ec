using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL2006: nobody looks whether the pipe got the size.</summary>
internal static class PipeSizeRule
{
    public static Diagnostic? Check(CallContext context)
    {
        if (NativeConstant.Of(context.Call.Argument(NativeRole.Command)) != NativeSignatures.SetPipeSize)
            return null;
        ResultUse uses = context.ResultUse;
        if ((uses & (ResultUse.Other | ResultUse.FailureTest)) != 0 || IsReadBack(context))
            return null;
        return context.Report(Descriptors.PipeSizeUnchecked, uses == ResultUse.None ? "is ignored" : "is only compared as an unsigned number, for which -1 is large");
    }

    /// <summary>F_GETPIPE_SZ on the same descriptor, further down in the same member.</summary>
    private static bool IsReadBack(CallContext context)
    {
        SyntaxNode call = context.Call.Call.Syntax;
        SyntaxNode? member = call.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
        string? descriptor = context.Call.Argument(NativeRole.Descriptor)?.Value.Syntax.ToString();
        var values = new AssignedOnce(context.Compilation, context.Cancellation);
        return member is not null && member.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(later => later.SpanStart > call.SpanStart)
            .Select(later => values.OperationOf(later) is { } operation ? context.Calls.Resolve(operation) : null)
            .Any(later => NativeConstant.Of(later?.Argument(NativeRole.Command)) == NativeSignatures.GetPipeSize
                && later?.Argument(NativeRole.Descriptor)?.Value.Syntax.ToString() == descriptor);
    }
}
