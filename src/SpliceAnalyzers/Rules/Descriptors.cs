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

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(ModifiedInFlight, GiftModified, ReleasedInFlight, LifetimeEnds, SourceFile, CallersBuffer, RecycledByPipeSize, NotComplete, PreferWrite);

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
        id, title, message, id.StartsWith("SPL1", System.StringComparison.Ordinal) ? "Lifetime" : "Preference", severity, isEnabledByDefault: true,
        helpLinkUri: RepositoryUrl + "/blob/main/docs/rules/" + id + ".md");
}
