using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>
/// Watches the one property, that every byte a consumer observes is the byte that was handed off. It does not wait for a consumer: as soon as a
/// byte that some slot references changes, or somebody who may change it gets it, there is a consumer that reads it next.
/// </summary>
internal sealed class HazardMonitor(KernelState state, GiftContract contract, Observer observer)
{
    private readonly List<SlotRun> _found = [];

    /// <summary>True when a widened value decided the path that led here.</summary>
    public bool PathBlurred { get; set; }

    public Observer Observer => observer;

    private bool GiftsBind => contract == GiftContract.Documented;

    /// <summary>The program changes bytes of a region, or of what the region shows there.</summary>
    public void Stored(int region, in Extent extent, bool possible)
    {
        var target = state.Memory[region];
        if (target.Released || !target.HasFrames || extent.IsEmpty) return;
        if (target.Windows.Count == 0) StoredFrames(region, extent, possible);
        else if (extent.AnyPlace) StoredAnywhere(region, extent, possible);
        else StoredPieces(region, extent, possible);
    }

    private void StoredPieces(int region, in Extent extent, bool possible)
    {
        var pieces = new List<Piece>();
        // A store brings the file's page into the page cache first, also where it then makes a copy of it.
        state.Memory.FindPieces(region, extent.From, extent.To, forStore: false, pieces);
        foreach (var piece in pieces)
        {
            if (piece.Region != region && !piece.IsBarred) state.Memory[piece.Region].Populated.Add(FirstOfPage(piece.Offset), EndOfPage(piece.Offset + piece.Length));
        }
        state.Memory.FindPieces(region, extent.From, extent.To, forStore: true, pieces);
        foreach (var piece in pieces) StoredFrames(piece.Region, new Extent(piece.Offset, piece.Offset + piece.Length, false, extent.Blurred), possible);
    }

    private void StoredAnywhere(int region, in Extent extent, bool possible)
    {
        StoredFrames(region, extent, possible);
        foreach (var window in state.Memory[region].Windows)
        {
            if (!window.IsPrivate) StoredFrames(window.File, extent, possible);
        }
    }

    private void StoredFrames(int region, in Extent extent, bool possible)
    {
        var target = state.Memory[region];
        if (target.CopiedOnWrite.Count > 0 && !extent.AnyPlace) CopyOnWrite(region, target, extent);
        var hazard = new Hazard { Kind = HazardKind.Store, Action = WitnessAction.Store, Possible = possible };
        ReportInFlight(region, extent, hazard, exceptGifts: true);
        hazard.Kind = HazardKind.StoreAfterGift;
        ReportGifts(target, extent, hazard);
        if (target.HasZeroPages && !extent.AnyPlace) StoreFirst(target, FirstOfPage(extent.From), EndOfPage(extent.To));
    }

    private void StoreFirst(Region target, long from, long to)
    {
        for (var at = from; at < to;)
        {
            var end = Math.Min(to, target.Populated.EndOfStretch(at, out var isThere));
            if (!isThere) observer.FirstStored(end - at);
            at = end;
        }
        target.Populated.Add(from, to);
    }

    /// <summary>A store to pages shared with a child goes to new frames (KERNEL.md rule 5).</summary>
    private void CopyOnWrite(int region, Region target, in Extent extent)
    {
        var end = EndOfPage(extent.To);
        for (var from = FirstOfPage(extent.From); from < end;)
        {
            var to = Math.Min(end, target.CopiedOnWrite.EndOfStretch(from, out var isShared));
            if (isShared)
            {
                state.FindInFlight(region, from, to, _found);
                observer.BrokeAway(to - from, _found.Count > 0);
                state.Detach(region, from, to);
                target.CopiedOnWrite.Remove(from, to);
            }
            from = to;
        }
    }

    /// <summary>Bytes of a region went into a pipe.</summary>
    public void HandedOff(int region, in Extent extent, in HandOffTag tag, bool isReferenced = true)
    {
        var target = state.Memory[region];
        if (tag.Gifted && GiftsBind) AddGift(target, extent, tag);
        if (!isReferenced || IsCopiedOnWrite(target, extent.From, extent.To)) return;
        if (!target.IsMovable || target.Pins > 0) return;
        var run = new SlotRun { Region = region, Offset = extent.From, Length = extent.To - extent.From, Tag = tag };
        Report(new Hazard { Kind = HazardKind.LifetimeEnd, Action = WitnessAction.ScopeEnd, End = RegionEnd.Scope }, run, extent, inFlight: true);
    }

    /// <summary>The program gives up a region, or one pin of it.</summary>
    public void Released(int region, ReleaseKind kind)
    {
        var target = state.Memory[region];
        switch (kind)
        {
            case ReleaseKind.Unmap:
                End(region);
                break;
            case ReleaseKind.Drained:
                state.MakeStable(region);
                break;
            case ReleaseKind.PinHandle or ReleaseKind.PinScope:
                Unpin(region, kind);
                break;
            default:
                var end = kind == ReleaseKind.ToPool ? RegionEnd.Pool : RegionEnd.Allocator;
                var hazard = new Hazard { Kind = HazardKind.Release, Action = WitnessAction.Release, End = end };
                ReportInFlight(region, Everything, hazard, exceptGifts: true);
                ReportGifts(target, Everything, hazard);
                End(region);
                break;
        }
    }

    /// <summary>Nobody refers to any page any more.</summary>
    public void DrainedAll()
    {
        for (var i = 0; i < state.Memory.Count; i++) state.MakeStable(i);
    }

    /// <summary>A call on the stack ends, and its stack memory with it.</summary>
    public void FrameEnded(int depth)
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            var region = state.Memory[i];
            if (region.Kind != RegionKind.Stack || region.Owner != depth || region.Released) continue;
            ReportInFlight(i, Everything, new Hazard { Kind = HazardKind.LifetimeEnd, Action = WitnessAction.ScopeEnd, End = RegionEnd.Frame }, exceptGifts: false);
            End(i);
        }
    }

    /// <summary>The program returns to its caller, who does not know what is in flight.</summary>
    public void ReturnedToCaller()
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (state.Memory[i].Kind is RegionKind.Caller or RegionKind.CallerArray)
                ReportInFlight(i, Everything, new Hazard { Kind = HazardKind.CallerKeeps, Action = WitnessAction.Return, End = RegionEnd.Return }, exceptGifts: false);
        }
    }

    /// <summary>Nothing reaches a region any more: what the collector owns it reuses, all else nobody can change.</summary>
    public void BecameUnreachable(int region)
    {
        var target = state.Memory[region];
        if (target is { Kind: RegionKind.PinnedHeap, Escaped: false, Released: false })
            ReportInFlight(region, Everything, new Hazard { Kind = HazardKind.LifetimeEnd, Action = WitnessAction.ScopeEnd, End = RegionEnd.Lost }, exceptGifts: false);
        state.MakeStable(region);
    }

    private static Extent Everything => new(0, long.MaxValue, false, false);

    private static long FirstOfPage(long offset) => offset - offset % PageSize.Bytes;

    private static long EndOfPage(long offset) => offset > long.MaxValue - PageSize.Bytes ? long.MaxValue : FirstOfPage(offset + PageSize.Bytes - 1);

    private void Unpin(int region, ReleaseKind kind)
    {
        var target = state.Memory[region];
        if (target.Pins == 0 || target.Pins == Region.PinnedForGood || --target.Pins > 0 || !target.IsMovable) return;
        var hazard = kind == ReleaseKind.PinHandle
            ? new Hazard { Kind = HazardKind.Release, Action = WitnessAction.Release, End = RegionEnd.Handle }
            : new Hazard { Kind = HazardKind.LifetimeEnd, Action = WitnessAction.ScopeEnd, End = RegionEnd.Scope };
        ReportInFlight(region, Everything, hazard, exceptGifts: false);
    }

    private void End(int region)
    {
        state.MakeStable(region);
        state.Memory[region].Released = true;
        state.Memory[region].Empty();
    }

    private static void AddGift(Region region, in Extent extent, in HandOffTag tag) => region.Gifts.Add(new SlotRun
    {
        Offset = extent.From,
        Length = extent.To - extent.From,
        Flags = extent.AnyPlace ? SlotFlags.AnyPlace : SlotFlags.None,
        Tag = tag,
    });

    /// <summary>Reports what the step does to bytes in flight; gifts that bind are left to <see cref="ReportGifts"/> where that follows.</summary>
    private void ReportInFlight(int region, in Extent extent, in Hazard hazard, bool exceptGifts)
    {
        state.FindInFlight(region, extent.From, extent.To, _found);
        foreach (var run in _found)
        {
            // Whoever stores there, now or once the memory is his, gets another page.
            if ((run.Flags & SlotFlags.AnyPlace) == 0 && IsCopiedOnWrite(state.Memory[region], run.Offset, run.End)) continue;
            if (!exceptGifts || !run.Tag.Gifted || !GiftsBind) Report(hazard, run, extent, inFlight: true);
        }
    }

    private static bool IsCopiedOnWrite(Region region, long from, long to) =>
        region.CopiedOnWrite.Count > 0 && region.CopiedOnWrite.EndOfStretch(from, out var isCopied) >= to && isCopied;

    /// <summary>Reports what the step does to gifts, which the region remembers when the pipe no longer does. Looks at what the last search for bytes in flight found.</summary>
    private void ReportGifts(Region region, in Extent extent, in Hazard hazard)
    {
        for (var i = 0; i < region.Gifts.Count; i++)
        {
            var gift = region.Gifts[i];
            if (gift.Overlaps(0, extent.From, extent.To)) Report(hazard, gift, extent, IsAmongFound(gift.Tag));
        }
    }

    private bool IsAmongFound(in HandOffTag tag)
    {
        foreach (var run in _found)
        {
            if (run.Tag.IsSamePlace(tag) && run.Tag.Serial == tag.Serial) return true;
        }
        return false;
    }

    private void Report(Hazard hazard, in SlotRun run, in Extent extent, bool inFlight)
    {
        // Where either place is not known, they may well be the same one.
        var anyPlace = extent.AnyPlace || (run.Flags & SlotFlags.AnyPlace) != 0;
        var from = anyPlace ? run.Offset : Math.Max(run.Offset, extent.From);
        var to = anyPlace ? run.Offset + Math.Min(run.Length, extent.To - extent.From) : Math.Min(run.End, extent.To);
        if (hazard.Kind == HazardKind.Store && (run.Flags & SlotFlags.FromFile) != 0) hazard.Kind = HazardKind.SourceFileWrite;
        hazard.Tag = run.Tag;
        hazard.Offset = from;
        hazard.Length = to - from;
        hazard.InFlight = inFlight;
        hazard.Blurred = extent.Blurred || run.Tag.Blurred || PathBlurred;
        observer.Found(hazard);
    }
}
