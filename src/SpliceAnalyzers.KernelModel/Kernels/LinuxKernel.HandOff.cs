using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>vmsplice (KERNEL.md rules 1, 3, 10, 11, 19).</content>
internal partial class LinuxKernel
{
    private readonly List<Queued> _queue = [];

    /// <summary>Slots that a hand-off offers, and the bytes of the program's memory they come from.</summary>
    private struct Queued
    {
        public SlotRun Run;

        /// <summary>The region handed off; -1 where it cannot be followed. Not the run's region where a page has no frame of its own yet.</summary>
        public int Source;
        public long Offset;
        public HandOffTag Tag;
    }

    protected virtual Value? Vmsplice(Value descriptor, Value vector, Value count, Value flags, in CallContext context)
    {
        if (flags.IsExactNumber && (flags.Number & ~KnownFlags) != 0) return Failed;
        var end = Resolve(descriptor, out var pipe);
        if (end is Endpoint.Bad or Endpoint.CopyingFile) return Failed;
        var segments = Gather(vector, count);
        if (segments is null) return Failed;
        if (end == Endpoint.ReadEnd) return Read(descriptor, segments, context);
        if (!CutAtBadAddress(segments)) return Failed;
        if (TotalLength(segments) == 0) return Value.Exact(0);
        var tag = new HandOffTag { Place = context.Place, Gifted = flags.IsExactNumber && (flags.Number & GiftFlag) != 0 };
        Enqueue(segments, tag);
        return pipe?.Readership == Readership.Private ? HandOffToRing(pipe) : HandOffToOutside(pipe, context);
    }

    /// <summary>What fits is taken and the rest is left, which makes short counts normal; any failure transfers nothing.</summary>
    private Value? HandOffToRing(Pipe pipe)
    {
        if (HasNoReader(pipe)) return Failed;
        var accepted = BytesIn(pipe.Slots - pipe.Occupied);
        if (accepted == 0 || choices.Choose(2) == 1) return Failed;
        Accept(pipe, accepted);
        return Value.Exact(accepted);
    }

    /// <summary>
    /// The reader may be as slow or as fast as it likes, so any number of slots may be taken, up to what the pipe holds; all, and all but the
    /// last, stand for them.
    /// </summary>
    private Value? HandOffToOutside(Pipe? pipe, in CallContext context)
    {
        var slots = Math.Min(TotalSlots(), pipe is { Slots: > 0 } ? pipe.Slots : long.MaxValue);
        var all = BytesIn(slots);
        var mayOnlyAdd = pipe is null || pipe.Readership == Readership.Anybody;
        if (mayOnlyAdd && !context.ResultMatters)
        {
            Accept(pipe, all);
            return Value.Exact(all);
        }
        var allButLast = BytesIn(slots - 1);
        var choice = choices.Choose(allButLast > 0 ? 3 : 2);
        var accepted = choice == 0 ? all : choice == 1 ? allButLast : 0;
        if (accepted == 0) return Failed;
        Accept(pipe, accepted);
        return Value.Exact(accepted);
    }

    /// <summary>Makes the slots that a hand-off of the segments needs: one for every page that each segment touches.</summary>
    private void Enqueue(List<Segment> segments, in HandOffTag tag)
    {
        _queue.Clear();
        foreach (var segment in segments)
        {
            if (segment.Length <= 0) continue;
            var region = state.Memory.Live(segment.Address);
            if (region is not { HasFrames: true }) EnqueueUntracked(0, segment.Length);
            else Enqueue(segment, region, tag);
        }
    }

    private void EnqueueUntracked(long offset, long length) =>
        _queue.Add(new Queued { Source = -1, Run = new SlotRun { Region = -1, Offset = offset % PageSize.Bytes, Length = length } });

    private void Enqueue(in Segment segment, Region region, HandOffTag tag)
    {
        var index = segment.Address.Region;
        tag.Blurred = segment.Address.IsBlurred || segment.IsLengthBlurred;
        tag.Region = region.Identity;
        if (!segment.Address.HasExactNumber)
        {
            EnqueueMapped(index, 0, segment.Length, SlotFlags.AnyPlace, tag);
            return;
        }
        var from = segment.Address.Number;
        var size = region.Size.IsExactNumber ? region.Size.Number : long.MaxValue / 2;
        if (from < 0 || from >= size)
        {
            EnqueueUntracked(Math.Abs(from % PageSize.Bytes), segment.Length);
            return;
        }
        var to = Math.Min(size, AddWithoutOverflow(from, segment.Length));
        if (region.Kind == RegionKind.PrivateMapping) EnqueueByPage(index, region, from, to, tag);
        else EnqueueMapped(index, from, to - from, SlotFlags.None, tag);
        if (segment.Length > to - from) EnqueueUntracked(to, segment.Length - (to - from));
    }

    private void EnqueueMapped(int region, long offset, long length, SlotFlags flags, in HandOffTag tag) => _queue.Add(new Queued
    {
        Source = region,
        Offset = offset,
        Tag = tag,
        Run = new SlotRun { Region = region, Offset = offset, Length = length, Flags = flags, Tag = tag },
    });

    /// <summary>A page that was never written hands off the zero page, which no store changes (KERNEL.md rule 3).</summary>
    private void EnqueueByPage(int index, Region region, long from, long to, in HandOffTag tag)
    {
        while (from < to)
        {
            var end = to;
            var isPopulated = false;
            for (var i = 0; i < region.Populated.Count; i++)
            {
                var written = region.Populated[i];
                if (written.To <= from) continue;
                isPopulated = written.From <= from;
                end = Math.Min(to, isPopulated ? written.To : written.From);
                break;
            }
            EnqueueMapped(index, from, end - from, SlotFlags.None, tag);
            if (!isPopulated)
            {
                var last = _queue[_queue.Count - 1];
                last.Run = last.Run.Stable();
                _queue[_queue.Count - 1] = last;
            }
            from = end;
        }
    }

    private long TotalSlots()
    {
        long slots = 0;
        foreach (var queued in _queue) slots += queued.Run.Slots;
        return slots;
    }

    /// <summary>How many of the bytes offered fit into so many slots.</summary>
    private long BytesIn(long slots)
    {
        long bytes = 0;
        foreach (var queued in _queue)
        {
            if (slots <= 0) break;
            bytes += queued.Run.BytesIn(slots);
            slots -= queued.Run.Slots;
        }
        return bytes;
    }

    private void Accept(Pipe? pipe, long bytes)
    {
        var serial = monitor.Observer.NextHandOff();
        foreach (var queued in _queue)
        {
            if (bytes <= 0) break;
            var run = queued.Run.Take(Math.Min(bytes, queued.Run.Length));
            var tag = queued.Tag;
            tag.Serial = serial;
            if (!run.IsStable) run.Tag = tag;
            bytes -= run.Length;
            state.Push(pipe, run);
            if (queued.Source < 0) continue;
            monitor.Observer.HandedOff(tag, queued.Offset, run.Length, pipe, run.IsStable);
            var anyPlace = (run.Flags & SlotFlags.AnyPlace) != 0;
            monitor.HandedOff(queued.Source, new Extent(queued.Offset, queued.Offset + run.Length, anyPlace, tag.Blurred), tag);
        }
    }
}
