using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>How arguments become segments.</content>
internal partial class LinuxKernel
{
    private const int SegmentSize = 16;

    private List<Segment> One(Value address, Value length)
    {
        _segments.Clear();
        _segments.Add(MakeSegment(address, length));
        return _segments;
    }

    /// <summary>Reads an iovec; null where the kernel rejects it (EINVAL). The kernel copies it, so what happens to it later does not matter.</summary>
    protected List<Segment>? Gather(Value vector, Value count)
    {
        _segments.Clear();
        if (count is { IsExactNumber: true, Number: < 0 or > MostSegments }) return null;
        if (count.IsZero) return _segments;
        var region = state.Memory.Live(vector);
        if (region is null)
        {
            // An address that is none fails; one that is not known may hold anything.
            _segments.Add(MakeSegment(vector.IsExactNumber ? vector : Value.Unknown(), Value.Unknown()));
            return _segments;
        }
        if (FirstElement(region, vector) is not { } first) return One(Value.Unknown(), Value.Unknown());
        var limit = count.IsExactNumber ? count.Number : MostSegments;
        for (long i = 0; i < limit; i++)
        {
            var at = first + i * SegmentSize;
            if (!count.IsExactNumber && region.Kept.Find(at) < 0) break;
            var address = ValueMemory.Load(region, Value.Exact(at), 8, choices, Wanted.Reference);
            var length = ValueMemory.Load(region, Value.Exact(at + 8), 8, choices, Wanted.Number);
            if (length.IsIdle) monitor.Observer.Missed(length);
            if (length is { IsExactNumber: true, Number: < 0 }) return null;
            _segments.Add(MakeSegment(address, length));
        }
        return _segments;
    }

    /// <summary>Where the vector begins; somewhere among the elements that hold a pointer where that is not known.</summary>
    private long? FirstElement(Region region, Value vector)
    {
        if (vector.HasExactNumber) return vector.Number;
        var found = 0;
        for (var i = region.Kept.AstrayCount; i < region.Kept.Count; i++)
        {
            if (region.Kept[i].Value.IsPointer) found++;
        }
        if (found == 0) return null;
        if (vector.IsBlurred && found > 1) monitor.PathBlurred = true;
        var choice = choices.Choose(found);
        for (var i = region.Kept.AstrayCount; i < region.Kept.Count; i++)
        {
            if (region.Kept[i].Value.IsPointer && choice-- == 0) return region.Kept[i].Offset;
        }
        return null;
    }

    private Segment MakeSegment(Value address, Value length)
    {
        if (length.IsExactNumber) return new Segment(address, length.Number, true, false);
        var size = address.IsPointer ? state.Memory[address.Region].Size : default;
        var rest = !address.IsPointer || !size.IsExactNumber ? Segment.TypicalLength
            : address is { HasExactNumber: true, Number: >= 0 } ? size.Number - address.Number
            : size.Number;
        return new Segment(address, rest < 0 ? 0 : rest, false, length.IsBlurred);
    }

    private static long TotalLength(List<Segment> segments)
    {
        long total = 0;
        foreach (var segment in segments) total = AddWithoutOverflow(total, segment.Length);
        return total;
    }

    private static long AddWithoutOverflow(long a, long b) => a > long.MaxValue / 2 - b ? long.MaxValue / 2 : a + b;

    /// <summary>Cuts the segments at the first address that is none; false when that is the very first (EFAULT).</summary>
    private static bool CutAtBadAddress(List<Segment> segments)
    {
        long before = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].IsBad)
            {
                segments.RemoveRange(i, segments.Count - i);
                return before > 0;
            }
            before += segments[i].Length;
        }
        return true;
    }
}
