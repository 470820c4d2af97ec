using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Calls that copy (read, write and their like) and calls that pass references on (splice, tee).</content>
internal partial class LinuxKernel
{
    /// <summary>Copies into kernel pages before it returns (KERNEL.md rule 12).</summary>
    protected virtual Value? Write(Value descriptor, List<Segment>? segments, in CallContext context)
    {
        var end = Resolve(descriptor, out var pipe);
        if (end is Endpoint.Bad or Endpoint.ReadEnd || segments is null || !CutAtBadAddress(segments)) return Failed;
        var length = TotalLength(segments);
        if (length <= 0) return Value.Exact(0);
        if (pipe?.Readership == Readership.Private)
        {
            if (HasNoReader(pipe)) return Failed;
            if (pipe.SlotsForCopy(length) > pipe.Slots - pipe.Occupied) return null;
            pipe.PushCopy(length);
            return Value.Exact(length);
        }
        if (pipe is not { Readership: Readership.Copying }) return AnyResult(length, mayBeZero: false, context);
        // How much is written decides how much has been read, so the result is tried even when nobody looks at it.
        var result = AnyResult(length, mayBeZero: false, new CallContext(context.Origin, context.Site, context.Place, true));
        if (result.Number > 0) pipe.PushCopy(result.Number);
        return result;
    }

    /// <summary>Copies out, drops what was consumed (KERNEL.md rule 13), and stores into the caller's memory (rule 2). vmsplice on a read end does the same.</summary>
    protected virtual Value? Read(Value descriptor, List<Segment>? segments, in CallContext context)
    {
        var end = Resolve(descriptor, out var pipe);
        if (end is Endpoint.Bad or Endpoint.WriteEnd || segments is null) return Failed;
        var length = TotalLength(segments);
        if (length <= 0) return Value.Exact(0);
        if (end != Endpoint.ReadEnd || pipe!.Readership != Readership.Private)
        {
            var result = AnyResult(length, mayBeZero: true, context);
            StoreInto(segments, result.Number);
            return result;
        }
        if (pipe.IsEmpty) return ReadEmpty(pipe, segments, length, context);
        var bytes = Math.Min(length, pipe.Available);
        if (!segments.TrueForAll(static segment => segment.IsLengthKnown) && choices.Choose(2) == 1)
            bytes = Math.Min(bytes, pipe.Ring[0].BytesIn(1));
        // Where others write too, the bytes read may be theirs.
        if (!pipe.WriteEndShared || choices.Choose(2) == 0) CopyOut(pipe, bytes);
        StoreInto(segments, bytes);
        return Value.Exact(bytes);
    }

    private Value? ReadEmpty(Pipe pipe, List<Segment> segments, long length, in CallContext context)
    {
        if (!pipe.WriteEndShared) return pipe.WriteEndOpen ? null : Value.Exact(0);
        var result = AnyResult(length, mayBeZero: true, context);
        StoreInto(segments, result.Number);
        return result;
    }

    private void CopyOut(Pipe pipe, long bytes)
    {
        while (bytes > 0 && pipe.Ring.Count > 0)
        {
            var run = pipe.PopUpTo(bytes);
            bytes -= run.Length;
            monitor.Observer.CopiedOut(run, pipe);
        }
    }

    private void StoreInto(List<Segment> segments, long bytes)
    {
        foreach (var segment in segments)
        {
            var length = Math.Min(bytes, segment.Length);
            if (length <= 0) break;
            bytes -= length;
            if (!segment.Address.IsPointer) continue;
            var region = state.Memory[segment.Address.Region];
            var extent = region.Resolve(segment.Address, Value.Exact(length));
            monitor.Stored(segment.Address.Region, extent, possible: false);
            ValueMemory.Erase(region, extent.From, extent.To);
        }
    }

    /// <summary>Moves whole slots, copies into files, and elsewhere keeps the references for ever (KERNEL.md rules 14 to 17).</summary>
    protected virtual Value? Splice(Value from, Value to, Value length, in CallContext context)
    {
        var source = Resolve(from, out var sourcePipe);
        var target = Resolve(to, out var targetPipe);
        if (source is Endpoint.Bad or Endpoint.WriteEnd || target is Endpoint.Bad or Endpoint.ReadEnd) return Failed;
        if (sourcePipe is not null && sourcePipe == targetPipe) return Failed;
        var wanted = LengthOf(length);
        if (wanted <= 0) return wanted == 0 ? Value.Exact(0) : Failed;
        if (sourcePipe?.Readership != Readership.Private) return SpliceFromOutside(sourcePipe, targetPipe, wanted, context);
        if (sourcePipe.IsEmpty) return PassOnNothing(sourcePipe, targetPipe);
        var bytes = Math.Min(wanted, sourcePipe.Available);
        if (target == Endpoint.CopyingFile)
        {
            CopyOut(sourcePipe, bytes);
            return Value.Exact(bytes);
        }
        return PassOn(sourcePipe, targetPipe, bytes, stays: false);
    }

    /// <summary>Duplicates references; a page of the kernel no longer takes what a later write appends.</summary>
    protected virtual Value? Tee(Value from, Value to, Value length, in CallContext context)
    {
        var source = Resolve(from, out var sourcePipe);
        var target = Resolve(to, out var targetPipe);
        if (source is not (Endpoint.ReadEnd or Endpoint.Foreign) || target is not (Endpoint.WriteEnd or Endpoint.Foreign)) return Failed;
        if (sourcePipe is not null && sourcePipe == targetPipe) return Failed;
        var wanted = LengthOf(length);
        if (wanted <= 0) return wanted == 0 ? Value.Exact(0) : Failed;
        if (sourcePipe?.Readership != Readership.Private) return SpliceFromOutside(sourcePipe, targetPipe, wanted, context);
        if (sourcePipe.IsEmpty) return PassOnNothing(sourcePipe, targetPipe);
        return PassOn(sourcePipe, targetPipe, Math.Min(wanted, sourcePipe.Available), stays: true);
    }

    /// <summary>Waits for input first, then looks whether anybody would read it.</summary>
    private static Value? PassOnNothing(Pipe from, Pipe? to) =>
        from.WriteEndOpen || from.WriteEndShared ? null : HasNoReader(to) ? Failed : Value.Exact(0);

    private static bool HasNoReader(Pipe? pipe) => pipe is { Readership: Readership.Private, ReadEndOpen: false };

    private Value? PassOn(Pipe from, Pipe? to, long bytes, bool stays)
    {
        if (HasNoReader(to)) return Failed;
        CollectFront(from, ref bytes, to?.Readership == Readership.Private ? to.Slots - to.Occupied : long.MaxValue);
        if (bytes == 0) return null;
        if (!stays)
        {
            for (var left = bytes; left > 0;) left -= from.PopUpTo(left).Length;
        }
        foreach (var run in _moved)
        {
            monitor.Observer.MovedOn(run, from, to, stays);
            var passed = run;
            if (stays) passed.Flags &= ~SlotFlags.CanMerge;
            state.Push(to, passed);
        }
        return Value.Exact(bytes);
    }

    /// <summary>Notes the first slots of a pipe, at most so many bytes and slots.</summary>
    private void CollectFront(Pipe pipe, ref long bytes, long slots)
    {
        _moved.Clear();
        long collected = 0;
        foreach (var run in pipe.Ring)
        {
            var length = Math.Min(bytes - collected, run.BytesIn(slots));
            if (length <= 0) break;
            var taken = run.Take(length);
            // The part that goes is a second reference to the page, and takes no more bytes there.
            if (length < run.Length) taken.Flags &= ~SlotFlags.CanMerge;
            _moved.Add(taken);
            collected += length;
            slots -= taken.Slots;
            if (length < run.Length) break;
        }
        bytes = collected;
    }

    /// <summary>What comes from outside is not the program's memory; but slots it had handed off before may travel on.</summary>
    private Value? SpliceFromOutside(Pipe? source, Pipe? target, long length, in CallContext context)
    {
        if (source is { Readership: Readership.Copying }) state.LoseTrackOf(source);
        return TakeForeignPages(target, length, mayBeZero: true, context);
    }

    protected virtual Value? Sendfile(Value to, Value length, in CallContext context)
    {
        if (Resolve(to, out var pipe) is Endpoint.Bad or Endpoint.ReadEnd) return Failed;
        var wanted = LengthOf(length);
        return wanted <= 0 ? Value.Exact(0) : TakeForeignPages(pipe, wanted, mayBeZero: true, context);
    }

    private Value? TakeForeignPages(Pipe? pipe, long length, bool mayBeZero, CallContext context)
    {
        if (pipe?.Readership == Readership.Private)
        {
            var room = new SlotRun { Region = -1, Length = length }.BytesIn(pipe.Slots - pipe.Occupied);
            if (room == 0) return null;
            length = room;
        }
        var fillsRing = pipe is not null && pipe.Readership != Readership.Anybody;
        if (fillsRing) context = new CallContext(context.Origin, context.Site, context.Place, true);
        var result = AnyResult(length, mayBeZero, context);
        if (fillsRing && result.Number > 0) pipe!.Push(new SlotRun { Region = -1, Length = result.Number });
        return result;
    }
}
