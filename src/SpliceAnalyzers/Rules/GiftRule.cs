using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL3002: what a gift is said to save, and why it does not here. Whether the promise is broken (SPL1002) the exploration decides.</summary>
internal static class GiftRule
{
    // The fixes find the hand-off by this, as they do for the other rules.
    private static readonly ImmutableDictionary<string, string?> HandOffHere = ImmutableDictionary<string, string?>.Empty.Add("handOff", "-1");

    /// <summary>The diagnostic of a hand-off that the exploration found no broken promise of; null where nothing is known to be gifted.</summary>
    public static Diagnostic? Check(CallContext context)
    {
        if (context.Signature.IndexOf(NativeRole.Segments) < 0 || context.Call.Argument(NativeRole.Flags) is not { } flags)
            return null;
        if ((new FlagValues(context.Compilation, context.Cancellation).PossibleBits(flags) & NativeSignatures.Gift) == 0)
            return null;
        GiftedMemoryKind memory = new GiftedMemory(context.Compilation, context.Cancellation).Of(context.Call);
        return Diagnostic.Create(Descriptors.GiftBuysNothing, context.Call.Call.Syntax.GetLocation(), HandOffHere, WhyNot(memory));
    }

    private static string WhyNot(GiftedMemoryKind memory) => memory switch
    {
        GiftedMemoryKind.Stack => "the memory is on the stack, which goes on being used",
        GiftedMemoryKind.Collected => "the memory is the garbage collector's, which goes on using it",
        GiftedMemoryKind.Allocated => "the memory is an allocator's, which goes on using it",
        GiftedMemoryKind.Unaligned => "the segment is no whole page, and only whole pages could be taken over",
        _ => "no reader of a pipe is known to take over gifted pages of anonymous memory; they are copied like all others",
    };
}
