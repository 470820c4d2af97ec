using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>
/// Memory and pipes while a trace is replayed. Bytes are not numbers here but the step that wrote them: a byte read is the byte handed off if
/// the same step wrote both.
/// </summary>
internal sealed class TraceMachine
{
    private const long MostBytes = 1L << 36;
    private const long MostBytesRead = 1L << 20;

    private readonly Dictionary<int, TraceRegion> _regions = [];
    private readonly Dictionary<int, Pipe> _pipes = [];

    /// <summary>A region and everything that was ever written to it.</summary>
    private sealed class TraceRegion
    {
        public RegionKind Kind;
        public long Size;
        public RegionEnd? End;
        public readonly List<(long From, long To, int Step)> Writes = [];
        public readonly ByteRanges Populated = new();
        public readonly ByteRanges Gifted = new();

        /// <summary>The step that wrote a byte, among those up to <paramref name="step"/>; -1 for what it held at first.</summary>
        public int WriterOf(long position, int step)
        {
            for (var i = Writes.Count - 1; i >= 0; i--)
            {
                if (Writes[i].Step <= step && position >= Writes[i].From && position < Writes[i].To) return Writes[i].Step;
            }
            return -1;
        }
    }

    /// <summary>True once a step broke the promise that a gift is.</summary>
    public bool IsGiftBroken { get; private set; }

    /// <summary>Takes a step; what the kernel does not allow or what cannot be is said, otherwise the result is null.</summary>
    public string? Take(TraceStep step, int number)
    {
        if (step.Offset > MostBytes || step.Length > MostBytes || (step.Action == TraceAction.Read && step.Length > MostBytesRead)) return "that is more than can be followed";
        if (step.Length <= 0 && step.Action is not (TraceAction.Region or TraceAction.GiveUp)) return "no bytes are concerned";
        switch (step.Action)
        {
            case TraceAction.Region:
                if (_regions.ContainsKey(step.Region)) return $"region {step.Region} is there already";
                _regions.Add(step.Region, new TraceRegion { Kind = step.Kind, Size = step.Size });
                return null;
            case TraceAction.CopyOut: return Pop(step.Pipe, step.Length, null, true);
            case TraceAction.Move: return step.Pipe == step.Target ? "a pipe cannot move bytes to itself (EINVAL)" : Pop(step.Pipe, step.Length, Ring(step.Target), true);
            case TraceAction.Duplicate: return step.Pipe == step.Target ? "a pipe cannot duplicate bytes to itself (EINVAL)" : Pop(step.Pipe, step.Length, Ring(step.Target), false);
            case TraceAction.Read: return Pop(step.Pipe, step.Offset, null, true);
        }
        if (!_regions.TryGetValue(step.Region, out var region)) return $"there is no region {step.Region}";
        if (step.Action == TraceAction.GiveUp) return GiveUp(region, step);
        if (region.Size >= 0 && step.Offset + step.Length > region.Size) return $"region {step.Region} has {region.Size} bytes";
        return step.Action switch
        {
            TraceAction.HandOff => HandOff(region, step, number),
            TraceAction.Reuse => Reuse(region, step, number),
            _ => Store(region, step, number),
        };
    }

    /// <summary>The numbers of the regions there are, in order of appearance.</summary>
    public IEnumerable<int> Regions => _regions.Keys;

    /// <summary>The numbers of the pipes that were used so far, in order of appearance.</summary>
    public IEnumerable<int> Pipes => _pipes.Keys;

    /// <summary>The slots of a pipe, oldest first.</summary>
    public IReadOnlyList<SlotRun> SlotsOf(int pipe) => _pipes[pipe].Ring;

    public (RegionKind Kind, long Size, RegionEnd? End) Describe(int region) => (_regions[region].Kind, _regions[region].Size, _regions[region].End);

    /// <summary>Up to where a region was written; 0 for one that never was.</summary>
    public long EndOfWrites(int region)
    {
        long end = 0;
        foreach (var write in _regions[region].Writes) end = Math.Max(end, write.To);
        return end;
    }

    /// <summary>
    /// Parts of a range of a region, in order, in each of which all bytes were written by the same step, and by the same one among those up to
    /// <paramref name="step"/>; -1 for what they held at first.
    /// </summary>
    public IReadOnlyList<(long From, long To, int Now, int Then)> WritersIn(int region, long from, long to, int step)
    {
        var target = _regions[region];
        var bounds = new SortedSet<long> { from, to };
        foreach (var write in target.Writes)
        {
            if (write.From > from && write.From < to) bounds.Add(write.From);
            if (write.To > from && write.To < to) bounds.Add(write.To);
        }
        var parts = new List<(long From, long To, int Now, int Then)>();
        var start = from;
        foreach (var end in bounds)
        {
            if (end == from) continue;
            var (now, then) = (target.WriterOf(start, int.MaxValue), target.WriterOf(start, step));
            var last = parts.Count - 1;
            if (last >= 0 && parts[last].Now == now && parts[last].Then == then) parts[last] = (parts[last].From, end, now, then);
            else parts.Add((start, end, now, then));
            start = end;
        }
        return parts;
    }

    /// <summary>Where in some pipe the first byte of a range of a region is that still is in one: how many bytes come before it there.</summary>
    public bool TryLocate(int region, long from, long to, out int pipe, out long before)
    {
        foreach (var entry in _pipes)
        {
            before = 0;
            foreach (var run in entry.Value.Ring)
            {
                if (run.Region == region && from < run.End && to > run.Offset)
                {
                    (pipe, before) = (entry.Key, before + Math.Max(from - run.Offset, 0));
                    return true;
                }
                before += run.Length;
            }
        }
        (pipe, before) = (-1, 0);
        return false;
    }

    /// <summary>Reads the next bytes of a pipe and tells how many differ from those handed off; what is missing is said.</summary>
    public string? Compare(int pipe, long length, out long differing)
    {
        differing = 0;
        var ring = Ring(pipe);
        if (ring.Available < length) return $"pipe {pipe} holds only {ring.Available} more bytes";
        while (length > 0)
        {
            var run = ring.PopUpTo(length, out _);
            length -= run.Length;
            if (run.IsStable) continue;
            for (var position = run.Offset; position < run.End; position++)
            {
                if (_regions[run.Region].WriterOf(position, int.MaxValue) != _regions[run.Region].WriterOf(position, run.Tag.Serial)) differing++;
            }
        }
        return null;
    }

    private string? HandOff(TraceRegion region, TraceStep step, int number)
    {
        if (HasEnded(region)) return $"region {step.Region} is gone (EFAULT)";
        var run = new SlotRun { Region = step.Region, Offset = step.Offset, Length = step.Length, Tag = new HandOffTag { Serial = number, Gifted = step.Gift } };
        if (region.Kind == RegionKind.ReadOnly) run = run.Stable();
        if (step.Gift) region.Gifted.Add(step.Offset, step.Offset + step.Length);
        if (region.Kind != RegionKind.PrivateMapping) Ring(step.Pipe).Push(run);
        while (region.Kind == RegionKind.PrivateMapping && run.Length > 0)
        {
            // A page that was never written hands off the zero page (KERNEL.md rule 3). What was written are whole pages.
            var alike = run.Take(Math.Min(run.Length, region.Populated.EndOfStretch(run.Offset, out var isWritten) - run.Offset));
            Ring(step.Pipe).Push(isWritten ? alike : alike.Stable());
            run = run.Skip(alike.Length);
        }
        return null;
    }

    private string? Store(TraceRegion region, TraceStep step, int number)
    {
        if (HasEnded(region) && region.End != RegionEnd.Return) return $"region {step.Region} is gone, and nothing can be stored there";
        if (region.Kind == RegionKind.ReadOnly) return $"region {step.Region} is read only";
        Write(region, step, number);
        if (step.Action == TraceAction.Store) IsGiftBroken |= Touches(region.Gifted, step.Offset, step.Length);
        return null;
    }

    private static string? Reuse(TraceRegion region, TraceStep step, int number)
    {
        if (region.End is null) return $"region {step.Region} was not given up, so nobody else uses it";
        if (region.End == RegionEnd.Unmap) return $"region {step.Region} was unmapped: its frames keep their bytes (KERNEL.md rule 6)";
        if (region.End is RegionEnd.Handle or RegionEnd.Scope && region.Kind is not (RegionKind.Managed or RegionKind.Pooled or RegionKind.CallerArray))
            return $"region {step.Region} does not move when it is not pinned";
        Write(region, step, number);
        return null;
    }

    private static void Write(TraceRegion region, TraceStep step, int number)
    {
        region.Writes.Add((step.Offset, step.Offset + step.Length, number));
        var first = step.Offset - step.Offset % PageSize.Bytes;
        region.Populated.Add(first, step.Offset + step.Length + PageSize.Bytes - 1 - (step.Offset + step.Length - 1) % PageSize.Bytes);
    }

    private string? GiveUp(TraceRegion region, TraceStep step)
    {
        if (HasEnded(region)) return $"region {step.Region} was given up before";
        region.End = step.End;
        IsGiftBroken |= region.Gifted.Count > 0 && step.End != RegionEnd.Unmap;
        return null;
    }

    /// <summary>An array that is no longer pinned is still there, it only may move.</summary>
    private static bool HasEnded(TraceRegion region) => region.End is not (null or RegionEnd.Handle or RegionEnd.Scope);

    private static bool Touches(ByteRanges ranges, long offset, long length)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].From < offset + length && offset < ranges[i].To) return true;
        }
        return false;
    }

    private string? Pop(int pipe, long length, Pipe? target, bool drop)
    {
        var ring = Ring(pipe);
        if (ring.Available < length) return $"pipe {pipe} holds only {ring.Available} bytes";
        var kept = drop ? null : new List<SlotRun>(ring.Ring);
        while (length > 0)
        {
            var run = ring.PopUpTo(length, out _);
            length -= run.Length;
            target?.Push(run);
        }
        if (kept is null) return null;
        ring.Ring.Clear();
        ring.Ring.AddRange(kept);
        return null;
    }

    private Pipe Ring(int number)
    {
        if (_pipes.TryGetValue(number, out var pipe)) return pipe;
        pipe = new Pipe();
        pipe.Reset();
        _pipes.Add(number, pipe);
        return pipe;
    }
}
