using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Exploration;

namespace SpliceAnalyzers.Rules;

/// <summary>The rules' descriptors, and which hazard is which rule.</summary>
internal static class Descriptors
{
    private static readonly string RepositoryUrl =
        typeof(Descriptors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryUrl").Value!;

    public static readonly DiagnosticDescriptor UnknownOption = Rule(RuleIds.UnknownOptionValue, "Option has a value that is not known", DiagnosticSeverity.Warning,
        "The option '{0}' is '{1}', which is none of: {2}. Its default holds until that is corrected in .editorconfig or the global configuration.");

    public static readonly DiagnosticDescriptor ModifiedInFlight = Rule(RuleIds.ModifiedInFlight, "Buffer is modified while in flight", DiagnosticSeverity.Warning,
        "'{0}' {1} while its pages are still in the pipe: vmsplice on line {2} queued bytes {3} by reference and nothing has copied them, so the reader gets the new bytes. Use writev, or store only after the reader has copied.");

    public static readonly DiagnosticDescriptor GiftModified = Rule(RuleIds.GiftedBufferModified, "Gifted buffer is modified", DiagnosticSeverity.Warning,
        "'{0}' {1} after vmsplice on line {2} gifted bytes {3} to the kernel (SPLICE_F_GIFT): whoever gifts memory promises never to modify it again, and the reader may get the new bytes. Use writev, or hand off fresh memory each time.");

    public static readonly DiagnosticDescriptor ReleasedInFlight = Rule(RuleIds.ReleasedInFlight, "Buffer is released to an allocator or pool while in flight", DiagnosticSeverity.Warning,
        "'{0}' {1} while its pages are still in the pipe (vmsplice on line {2}); {3} would be read instead. Use writev, or {4} it only after the reader has copied.");

    public static readonly DiagnosticDescriptor LifetimeEnds = Rule(RuleIds.LifetimeEndsInFlight, "Buffer's lifetime ends while in flight", DiagnosticSeverity.Warning,
        "'{0}' ends its life while its pages are still in the pipe: vmsplice queues bytes {1} by reference, and {2} lets others reuse the memory before the reader has copied. Use writev, or keep the memory until the reader has copied.");

    public static readonly DiagnosticDescriptor SourceFile = Rule(RuleIds.SourceFileModified, "Source file is modified while spliced pages are in flight", DiagnosticSeverity.Warning,
        "'{0}' is modified while pages of it are still in the pipe: the call on line {1} queued bytes {2} by reference, and the reader gets what the file holds when it reads. Copy with read and write, or write a new file and rename it over the old one.");

    public static readonly DiagnosticDescriptor CallersBuffer = Rule(RuleIds.CallersBufferInFlight, "Caller's buffer stays in flight after return", DiagnosticSeverity.Warning,
        "'{0}' belongs to the caller and is still in the pipe when this method returns: vmsplice queues bytes {1} by reference, and callers cannot know that they must not use them. Use writev, or copy to memory of your own that is never reused.");

    public static readonly DiagnosticDescriptor RecycledByPipeSize = Rule(RuleIds.RecycledByPipeSize, "Buffers are recycled on the strength of the pipe's size", DiagnosticSeverity.Info,
        "'{0}' {1} again after this vmsplice only because the pipe is too small to hold it still: that is true while every reader copies and nobody enlarges the pipe, and any reader can. Use writev, or be sure of the reader.");

    public static readonly DiagnosticDescriptor NotComplete = Rule(RuleIds.NotAnalysedCompletely, "Not analysed completely", DiagnosticSeverity.Info,
        "'{0}' was not analysed completely: {1}. What was found is real, but there may be more.");

    public static readonly DiagnosticDescriptor PreferWrite = Rule(RuleIds.PreferWrite, "vmsplice is a legacy interface: prefer write", DiagnosticSeverity.Info,
        "vmsplice is a legacy interface that passes memory by reference: writev does the same with a copy that nothing can change. Use writev unless a measurement on your data says otherwise.");

    public static readonly DiagnosticDescriptor GiftBuysNothing = Rule(RuleIds.GiftBuysNothing, "SPLICE_F_GIFT buys nothing", DiagnosticSeverity.Info,
        "SPLICE_F_GIFT buys nothing here: {0}. It only binds the program never to modify the memory again. Remove the flag.");

    public static readonly DiagnosticDescriptor SignatureDiffers = Rule(RuleIds.SignatureDiffers, "Native signature does not match the kernel's", DiagnosticSeverity.Warning,
        "'{0}' does not match {1}: {2}. Bytes would be lost or read as something else; declare it as the manual page has it.");

    public static readonly DiagnosticDescriptor ErrorsUnreadable = Rule(RuleIds.ErrorsUnreadable, "Errors of a splice call cannot be read", DiagnosticSeverity.Info,
        "'{0}' returns -1 without a reason: {1}. Without it, EAGAIN, EINTR and EPIPE look the same.");

    public static readonly DiagnosticDescriptor CountIgnored = Rule(RuleIds.CountIgnored, "Transferred byte count is ignored", DiagnosticSeverity.Warning,
        "The result of {0} {1}: short transfers are normal, and what was not transferred is lost. Compare the count with what was asked for, and loop over the rest.");

    public static readonly DiagnosticDescriptor FlagWithoutEffect = Rule(RuleIds.FlagWithoutEffect, "Flag has no effect here, or is rejected", DiagnosticSeverity.Info,
        "{0} on {1}: {2}. Remove it.");

    public static readonly DiagnosticDescriptor UncheckedNumber = Rule(RuleIds.UncheckedNumber, "Raw system call number without an architecture check", DiagnosticSeverity.Warning,
        "System call {0} is {1} on {2} only, and another call elsewhere. Check RuntimeInformation.ProcessArchitecture first, or call {1} of the C library.");

    public static readonly DiagnosticDescriptor PipeSizeUnchecked = Rule(RuleIds.PipeSizeUnchecked, "Result of F_SETPIPE_SZ is not checked", DiagnosticSeverity.Info,
        "The result of F_SETPIPE_SZ {0}: the kernel may refuse (EBUSY, EPERM), and rounds up to a power of two pages. Compare the result, as a signed number, or read the size back with F_GETPIPE_SZ.");

    public static readonly DiagnosticDescriptor RejectedArguments = Rule(RuleIds.RejectedArguments, "Arguments the kernel rejects", DiagnosticSeverity.Warning,
        "{0} always fails with {1} here: {2}");

    public static readonly DiagnosticDescriptor PreferReadv = Rule(RuleIds.PreferReadv, "vmsplice on a read end is a copy: use readv", DiagnosticSeverity.Info,
        "vmsplice on the read end of a pipe copies the bytes, as readv does: nothing is handed off, and nothing is gained. Use readv.");

    /// <summary>Decided by exploration, and what is said of hand-offs that it found nothing against.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> HandOffs = ImmutableArray.Create(ModifiedInFlight, GiftModified, ReleasedInFlight, LifetimeEnds, SourceFile, CallersBuffer, RecycledByPipeSize, NotComplete, PreferWrite, GiftBuysNothing);

    /// <summary>Decided from a call and what is around it.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> Calls =
        ImmutableArray.Create(CountIgnored, FlagWithoutEffect, UncheckedNumber, PipeSizeUnchecked, RejectedArguments, PreferReadv);

    /// <summary>Decided from a declaration.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> Declarations = ImmutableArray.Create(SignatureDiffers, ErrorsUnreadable);

    /// <summary>The rule that a hazard is reported as.</summary>
    public static DiagnosticDescriptor Of(HazardKind hazard) => hazard switch
    {
        HazardKind.Store => ModifiedInFlight,
        HazardKind.StoreAfterGift => GiftModified,
        HazardKind.Release => ReleasedInFlight,
        HazardKind.LifetimeEnd => LifetimeEnds,
        HazardKind.SourceFileWrite => SourceFile,
        HazardKind.CallerKeeps => CallersBuffer,
        _ => throw new System.ArgumentOutOfRangeException(nameof(hazard), hazard, "No rule reports this hazard."),
    };

    private static DiagnosticDescriptor Rule(string id, string title, DiagnosticSeverity severity, string message) => new(
        id, title, message, Category(id), severity, isEnabledByDefault: true,
        helpLinkUri: RepositoryUrl + "/blob/main/docs/rules/" + id + ".md");

    private static string Category(string id) => id[3] switch
    {
        '0' => "Options",
        '1' => "Lifetime",
        '2' => "Interop",
        _ => "Preference",
    };
}
