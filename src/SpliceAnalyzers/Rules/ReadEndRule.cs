using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL3003: vmsplice from a pipe is readv under another name.</summary>
internal static class ReadEndRule
{
    public static Diagnostic? Check(CallContext context)
    {
        if (!IsCopy(context))
            return null;
        // The fix replaces calls by their place, as those of hand-offs do.
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add("handOff", "-1");
        return Diagnostic.Create(Descriptors.PreferReadv, context.Call.Call.Syntax.GetLocation(), properties);
    }

    /// <summary>True for vmsplice on a descriptor that is known to be a pipe's read end.</summary>
    public static bool IsCopy(CallContext context) =>
        context.Signature.Name == "vmsplice" && context.Descriptor(NativeRole.Descriptor) is { Kind: DescriptorKind.PipeReadEnd };
}
