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

        /// <summary>How many bytes were offered before the segment that this belongs to.</summary>
        public long Start;

        /// <summary>True for what splice and sendfile take from a file.</summary>
        public bool IsFromFile;
    }

    private Value? Vmsplice(Value descriptor, Value vector, Value count, Value flags, in CallContext context)
    {
        if (HasUnknownFlags(flags)) return Fail(Errno.EINVAL);
        var end = Resolve(descriptor);
        if (!end.MayBePipe) return Fail(Errno.EBADF);
        var waits = !flags.IsExactNumber || (flags.Number & NonBlockFlag) == 0;
        monitor.Observer.Vmspliced(context.Site, copiesOut: end.IsOnlyRead);
        if (end.IsOnlyRead) return CopyOut(descriptor, end, Gather(vector, count), waits, context);
        var isGift = KnowsGifts && flags.IsExactNumber && (flags.Number & GiftFlag) != 0;
        return HandOff(descriptor, end, vector, count, new HandOffTag { Place = context.Place, Gifted = isGift }, waits, context);
    }

    /// <summary>False where SPLICE_F_GIFT is a flag without a meaning.</summary>
    protected virtual bool KnowsGifts => true;

    /// <summary>True where write to a pipe takes whole pages, too.</summary>
    protected virtual bool WriteTakesPages => false;

    /// <summary>vmsplice on a write end.</summary>
    protected virtual Value? HandOff(Value descriptor, in Endpoint end, Value vector, Value count, in HandOffTag tag, bool waits, in CallContext context)
    {
        return Gather(vector, count) is { } segments ? HandOff(end, segments, tag, waits, context) : Fail(Errno.EINVAL);
    }

    private Value? HandOff(in Endpoint end, List<Segment> segments, in HandOffTag tag, bool waits, in CallContext context)
    {
        if (TotalLength(segments) == 0) return Value.Exact(0);
        // Room is waited for before the first address is looked at.
        if (end.Output is { Readership: Readership.Private } && HasNoReader(end.Output)) return Fail(Errno.EPIPE);
        if (end.Output is { Readership: Readership.Private } && end.Output.Occupied >= end.Output.Slots) return Full(waits);
        if (!CutAtBadAddress(segments)) return Fail(Errno.EFAULT);
        Enqueue(segments, tag);
        if (_queue.Count == 0) return Fail(Errno.EFAULT);
        return end.Output?.Readership == Readership.Private ? HandOffToRing(end.Output, context) : HandOffToOutside(end.Output, context);
    }

    /// <summary>What a slot refers to when pages of the program are handed off: the very pages (KERNEL.md rule 1). Others copy, or protect.</summary>
    protected virtual SlotRun PlacePages(in SlotRun run, bool isGift) => run;

    /// <summary>Whether pages that became the pipe's own were copied to do that, and not taken away.</summary>
    protected virtual bool IsCopied(in SlotRun run, bool isGift) => true;

    /// <summary>What a slot refers to when pages of a file are spliced: the very pages (KERNEL.md rule 17).</summary>
    protected virtual SlotRun PlaceFilePages(in SlotRun run) => run;

    /// <summary>vmsplice on a read end copies out. Only the call's own flag keeps it from waiting, not the one of the descriptor.</summary>
    private Value? CopyOut(Value descriptor, in Endpoint end, List<Segment>? segments, bool waits, in CallContext context)
    {
        if (segments is null) return Fail(Errno.EINVAL);
        if (TotalLength(segments) > 0 && end.Input is { Readership: Readership.Private, IsEmpty: true, WriteEndOpen: true, WriteEndShared: false })
            return waits ? null : Fail(Errno.EAGAIN);
        return Read(descriptor, segments, context, isVmsplice: true);
    }

    /// <summary>A full pipe that nobody empties is left by a signal only; one that another thread may empty, by a signal or then.</summary>
    private Value? Full(bool waits) => !waits ? Fail(Errno.EAGAIN) : CanBeWoken && choices.Choose(2) == 0 ? null : Fail(Errno.EINTR);

    /// <summary>
    /// What fits is taken and the rest is left, which makes short counts normal; any failure transfers nothing. Where nobody looks at the result, a call that
    /// need not fail does not: each that may would double the states.
    /// </summary>
    private Value? HandOffToRing(Pipe pipe, in CallContext context)
    {
        var accepted = BytesIn(pipe.Slots - pipe.Occupied);
        if (context.ResultMatters && choices.Choose(2) == 1) return Fail(Errno.EINTR);
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
        if (accepted == 0) return Fail(Errno.EAGAIN);
        Accept(pipe, accepted);
        return Value.Exact(accepted);
    }

    /// <summary>Makes the slots that a hand-off of the segments needs: one for every page that each segment touches.</summary>
    private void Enqueue(List<Segment> segments, in HandOffTag tag)
    {
        _queue.Clear();
        long offered = 0;
        foreach (var segment in segments)
        {
            if (segment.Length <= 0) continue;
            var first = _queue.Count;
            var region = state.Memory.Live(segment.Address);
            if (region is not { HasFrames: true }) EnqueueUntracked(0, segment.Length);
            else if (!Enqueue(segment, region, tag)) return;
            MarkStart(first, offered);
            offered += segment.Length;
        }
    }

    private void MarkStart(int first, long offered)
    {
        for (var i = first; i < _queue.Count; i++)
        {
            var queued = _queue[i];
            queued.Start = offered;
            _queue[i] = queued;
        }
    }

    private void EnqueueUntracked(long offset, long length) =>
        _queue.Add(new Queued { Source = -1, Run = new SlotRun { Region = SlotRun.NoContent, Offset = offset % PageSize.Bytes, Length = length } });

    /// <summary>False where a part of the segment is not mapped: nothing after that is taken.</summary>
    private bool Enqueue(in Segment segment, Region region, HandOffTag tag)
    {
        var index = segment.Address.Region;
        tag.Blurred = segment.Address.IsBlurred || segment.IsLengthBlurred;
        tag.Region = region.Identity;
        if (!segment.Address.HasExactNumber)
        {
            EnqueueAnywhere(index, region, segment.Length, tag);
            return true;
        }
        var from = segment.Address.Number;
        var size = region.Size.IsExactNumber ? region.Size.Number : long.MaxValue / 2;
        if (from < 0 || from >= size)
        {
            EnqueueUntracked(Math.Abs(from % PageSize.Bytes), segment.Length);
            return true;
        }
        var to = Math.Min(size, AddWithoutOverflow(from, segment.Length));
        if (region.IsPlain) EnqueueMapped(index, from, to - from, SlotFlags.None, tag);
        else if (!EnqueuePieces(index, from, to, tag)) return false;
        if (segment.Length > to - from) EnqueueUntracked(to, segment.Length - (to - from));
        return true;
    }

    private void EnqueueAnywhere(int index, Region region, long length, HandOffTag tag)
    {
        EnqueueMapped(index, 0, length, SlotFlags.AnyPlace, tag);
        foreach (var window in region.Windows)
        {
            tag.Region = state.Memory[window.File].Identity;
            EnqueueMapped(window.File, 0, length, SlotFlags.AnyPlace, tag);
        }
    }

    private bool EnqueuePieces(int index, long from, long to, HandOffTag tag)
    {
        state.Memory.FindPieces(index, from, to, forStore: false, _pieces);
        foreach (var piece in _pieces)
        {
            if (piece.IsBarred) return false;
            tag.Region = state.Memory[piece.Region].Identity;
            Enqueue(piece, SlotFlags.None, tag);
        }
        return true;
    }

    private static long FirstOfPage(long offset) => offset - offset % PageSize.Bytes;

    /// <summary>A page that was never written hands off the zero page, which no store changes (KERNEL.md rule 3).</summary>
    private void Enqueue(in Piece piece, SlotFlags flags, in HandOffTag tag)
    {
        EnqueueMapped(piece.Region, piece.Offset, piece.Length, flags, tag);
        if (!piece.IsZeroPage) return;
        var last = _queue[_queue.Count - 1];
        last.Run = last.Run.Stable();
        _queue[_queue.Count - 1] = last;
    }

    private void EnqueueMapped(int region, long offset, long length, SlotFlags flags, in HandOffTag tag) => _queue.Add(new Queued
    {
        Source = region,
        Offset = offset,
        Tag = tag,
        IsFromFile = (flags & SlotFlags.FromFile) != 0,
        Run = new SlotRun { Region = region, Offset = offset, Length = length, Flags = flags, Tag = tag },
    });

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

    /// <summary>Pages of mapped files come into the page cache before there is room for them: those of each segment that was looked at.</summary>
    private void FaultIn(long accepted)
    {
        foreach (var queued in _queue)
        {
            if (queued.Source < 0 || queued.Start > accepted || queued.IsFromFile) continue;
            var region = state.Memory[queued.Source];
            if (region.Kind == RegionKind.File) region.Populated.Add(FirstOfPage(queued.Offset), RoundUpToPage(queued.Offset + queued.Run.Length));
        }
    }

    private void Accept(Pipe? pipe, long bytes)
    {
        var serial = monitor.Observer.NextHandOff();
        FaultIn(bytes);
        foreach (var queued in _queue)
        {
            if (bytes <= 0) break;
            var run = queued.Run.Take(Math.Min(bytes, queued.Run.Length));
            var tag = queued.Tag;
            tag.Serial = serial;
            bytes -= run.Length;
            if (!run.IsStable) run.Tag = tag;
            var isZeroPage = run.IsStable;
            var placed = queued.IsFromFile ? PlaceFilePages(run) : PlacePages(run, tag.Gifted);
            state.Push(pipe, placed);
            if (queued.Source < 0) continue;
            if (isZeroPage || !placed.IsStable || tag.Gifted) monitor.Observer.HandedOff(tag, queued.Offset, run.Length, pipe, isZeroPage);
            if (!isZeroPage && placed.IsStable && IsCopied(run, tag.Gifted)) monitor.Observer.Copied(run.Length);
            var anyPlace = (run.Flags & SlotFlags.AnyPlace) != 0;
            var extent = new Extent(queued.Offset, queued.Offset + run.Length, anyPlace, tag.Blurred);
            if (!queued.IsFromFile) monitor.HandedOff(queued.Source, extent, tag, isReferenced: isZeroPage || !placed.IsStable);
        }
    }
}
