using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>A step of a timeline in words.</summary>
internal static class TimelineWords
{
    /// <summary>How a region comes to be; what stands for the size is "4096 bytes" or "memory".</summary>
    private static readonly Dictionary<RegionKind, string> Origins = new()
    {
        [RegionKind.Native] = "gets {0} from an allocator",
        [RegionKind.Pooled] = "rents {0} from a pool",
        [RegionKind.Managed] = "makes an array of {0}",
        [RegionKind.PinnedHeap] = "makes a pinned array of {0}",
        [RegionKind.Stack] = "has {0} of its stack",
        [RegionKind.ReadOnly] = "has {0} of constants",
        [RegionKind.PrivateMapping] = "maps {0}, private",
        [RegionKind.SharedMapping] = "maps {0}, shared",
        [RegionKind.Caller] = "gets {0} of its caller",
        [RegionKind.CallerArray] = "gets an array of its caller, {0}",
        [RegionKind.Object] = "makes an object of {0}",
        [RegionKind.ForeignObject] = "is given an object of {0}",
        [RegionKind.File] = "has a file of {0}",
    };

    /// <summary>How a region is given up, and what somebody else then does with its memory.</summary>
    private static readonly Dictionary<RegionEnd, (string GiveUp, string Reuse)> Ends = new()
    {
        [RegionEnd.Allocator] = ("frees the memory", "the next owner writes"),
        [RegionEnd.Pool] = ("returns the memory to its pool", "the next renter writes"),
        [RegionEnd.Handle] = ("frees the handle that pins the array", "the collector moves the array, and writes"),
        [RegionEnd.Scope] = ("leaves the array unpinned", "the collector moves the array, and writes"),
        [RegionEnd.Frame] = ("returns, and its stack frame ends", "the next call's frame writes"),
        [RegionEnd.Lost] = ("drops the last reference to the array", "the collector frees the array, and writes"),
        [RegionEnd.Return] = ("returns to its caller", "the caller writes"),
        [RegionEnd.Unmap] = ("unmaps the memory; the slots keep its frames", "writes"),
    };

    /// <param name="step">A step that the machine has just taken.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="content">The content that the step wrote; -1 where it wrote none.</param>
    /// <param name="read">What the step read.</param>
    public static string Of(TraceStep step, TraceMachine machine, int content, IReadOnlyList<TimelineCell> read)
    {
        var written = Timeline.NameOf(content);
        var bytes = Bytes(step.Offset, step.Length) + (machine.Regions.Skip(1).Any() ? $" of memory {step.Region}" : "");
        return step.Action switch
        {
            TraceAction.Region => string.Format(System.Globalization.CultureInfo.InvariantCulture, Origins[step.Kind], Size(step)),
            TraceAction.Fill => $"writes {written} to {bytes}",
            TraceAction.HandOff => HandOff(step, machine.Describe(step.Region).Kind, bytes),
            TraceAction.Store => $"writes {written} to {bytes}",
            TraceAction.GiveUp => Ends[step.End].GiveUp,
            TraceAction.Reuse => $"{Ends[machine.Describe(step.Region).End ?? RegionEnd.Allocator].Reuse} {written} to {bytes}",
            TraceAction.CopyOut => $"reads {Count(step.Length)} back out of pipe {step.Pipe}",
            TraceAction.Move => $"splices {Count(step.Length)} on from pipe {step.Pipe} to pipe {step.Target}, by reference",
            TraceAction.Duplicate => $"tees {Count(step.Length)} from pipe {step.Pipe} to pipe {step.Target}, by reference",
            _ => Read(step, read),
        };
    }

    private static string Size(TraceStep step) => step.Size >= 0 ? Count(step.Size) : "unknown size";

    private static string HandOff(TraceStep step, RegionKind kind, string bytes) => kind == RegionKind.File
        ? $"splices {bytes} of the file into pipe {step.Pipe}, by reference"
        : $"vmsplice puts {bytes} into pipe {step.Pipe}, by reference{(step.Gift ? ", as a gift" : "")}";

    private static string Read(TraceStep step, IReadOnlyList<TimelineCell> read)
    {
        var gets = Names(read.Select(static cell => cell.Content));
        var handedOff = Names(read.Select(static cell => cell.HandedOff));
        var past = step.Offset > 0 ? $"past {Count(step.Offset)}, then " : "";
        return $"reads {past}{Count(step.Length)} of pipe {step.Pipe}: gets {gets}, {(read.Any(static cell => cell.IsWrong) ? $"not {handedOff}" : "as handed off")}";
    }

    private static string Names(IEnumerable<int> contents) => string.Join(" ", contents.Select(Timeline.NameOf));

    private static string Count(long bytes) => bytes == 1 ? "1 byte" : FormattableString.Invariant($"{bytes} bytes");

    private static string Bytes(long offset, long length) =>
        length == 1 ? FormattableString.Invariant($"byte {offset}") : FormattableString.Invariant($"bytes {offset}-{offset + length - 1}");
}
