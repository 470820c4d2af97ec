using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL2007: the call can only fail, because of what its arguments are known to be. Which error, the table says.</summary>
internal static class RejectionRule
{
    private static readonly (Rejection Rejection, Func<CallContext, string?> Reason)[] Checks =
    [
        (Rejection.TooManySegments, TooManySegments),
        (Rejection.NotAPipe, NotAPipe),
        (Rejection.SamePipe, SamePipe),
        (Rejection.OffsetOnPipe, OffsetOnPipe),
        (Rejection.AppendTarget, AppendTarget),
    ];

    public static Diagnostic? Check(CallContext context)
    {
        foreach ((Rejection rejection, Func<CallContext, string?> reason) in Checks)
        {
            if (context.Signature.ErrorOf(rejection) is { } error && reason(context) is { } text)
                return context.Report(Descriptors.RejectedArguments, context.Signature.Name, error, text);
        }

        return null;
    }

    private static string? TooManySegments(CallContext context) =>
        NativeConstant.Of(context.Call.Argument(NativeRole.SegmentCount)) > NativeSignatures.MaxSegments
            ? $"one call takes at most {NativeSignatures.MaxSegments} segments. Split it."
            : null;

    private static string? NotAPipe(CallContext context)
    {
        DescriptorOrigin?[] all = [.. Roles(context).Select(context.Descriptor)];
        bool hasOne = context.Signature.IndexOf(NativeRole.SourceOffset) >= 0;
        bool fails = hasOne ? all.All(IsNoPipe) : all.Any(IsNoPipe);
        if (!fails)
            return null;
        return all.Length == 1 ? "the descriptor is no pipe. Use a pipe, or write." : hasOne ? "neither descriptor is a pipe. Put a pipe in between, or copy." : "both descriptors have to be pipes.";
    }

    private static IEnumerable<NativeRole> Roles(CallContext context) =>
        new[] { NativeRole.Descriptor, NativeRole.Source, NativeRole.Target }.Where(role => context.Signature.IndexOf(role) >= 0);

    private static bool IsNoPipe(DescriptorOrigin? origin) => origin is { IsPipe: false };

    private static string? SamePipe(CallContext context) =>
        context.Descriptor(NativeRole.Source) is { IsPipe: true, Pipe: { } source } && context.Descriptor(NativeRole.Target) is { IsPipe: true, Pipe: { } target }
        && SymbolEqualityComparer.Default.Equals(source, target)
            ? "both descriptors are of one pipe. Use two pipes."
            : null;

    private static string? OffsetOnPipe(CallContext context) =>
        IsOffsetOnPipe(context, NativeRole.Source, NativeRole.SourceOffset) || IsOffsetOnPipe(context, NativeRole.Target, NativeRole.TargetOffset)
            ? "a pipe has no offset. Pass null for it."
            : null;

    private static bool IsOffsetOnPipe(CallContext context, NativeRole end, NativeRole offset) =>
        context.Call.Argument(offset) is { } argument && IsGiven(argument, context) && context.Descriptor(end) is { IsPipe: true };

    /// <summary>True for an address that is not null, directly or in a variable.</summary>
    private static bool IsGiven(IArgumentOperation argument, CallContext context)
    {
        if (argument.Parameter is { RefKind: not RefKind.None })
            return !argument.Syntax.ToString().Contains("NullRef");
        IOperation value = AssignedOnce.Strip(argument.Value);
        if (value is ILocalReferenceOperation && new AssignedOnce(context.Compilation, context.Cancellation).ValueOf(value) is { } assigned)
            value = AssignedOnce.Strip(assigned);
        return value is IAddressOfOperation;
    }

    private static string? AppendTarget(CallContext context) =>
        context.Descriptor(NativeRole.Target) is { Kind: DescriptorKind.AppendFile } ? "the target was opened with O_APPEND. Open it without, and give an offset." : null;
}
