using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Calls that pass references on: splice, tee, sendfile (KERNEL.md rules 14 to 17).</content>
internal partial class LinuxKernel
{
    /// <summary>Slots that one packet to a datagram socket is made of at most.</summary>
    private const int SlotsPerDatagram = 16;

    /// <summary>Moves whole slots, copies into files, and elsewhere keeps the references for ever.</summary>
    private Value? Splice(Value from, Value offsetIn, Value to, Value offsetOut, Value length, Value flags, in CallContext context)
    {
        if (length.IsZero) return Value.Exact(0);
        if (HasUnknownFlags(flags)) return Fail(Errno.EINVAL);
        var source = Resolve(from);
        var target = Resolve(to);
        if (source.Kind == EndpointKind.Bad || target.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if ((source.IsPipeEnd && !offsetIn.IsZero) || (target.IsPipeEnd && !offsetOut.IsZero)) return Fail(Errno.ESPIPE);
        if (!source.CanRead || !target.CanWrite) return Fail(Errno.EBADF);
        if (source.Input is not null && source.Input == target.Output) return Fail(Errno.EINVAL);
        if (!source.MayBePipe && !target.MayBePipe) return Fail(Errno.EINVAL);
        if (source.IsPipeEnd && IsCopyingTarget(target) && (target.Flags & OpenFlags.Append) != 0) return Fail(Errno.EINVAL);
        if ((HasNoPosition(source) && !offsetIn.IsZero) || (HasNoPosition(target) && !offsetOut.IsZero)) return Fail(Errno.EINVAL);
        var wanted = LengthOf(length);
        if (wanted < 0) return Fail(Errno.EINVAL);
        var waits = (flags.Number & NonBlockFlag) == 0 && !(source.IsPipeEnd ? source : target).IsNonBlocking && !(source.IsPipeEnd && target.IsPipeEnd && target.IsNonBlocking);
        if (source is { IsPipeEnd: true, Input.Readership: Readership.Private }) return SpliceFromRing(source.Input, target, offsetOut, wanted, waits, context);
        return SpliceFromOutside(source, offsetIn, target, offsetOut, wanted, waits, context);
    }

    /// <summary>A descriptor of the program's that is taken for one of a file.</summary>
    private bool IsCopyingTarget(in Endpoint target) => target.HasPages && IsRegular(target.File);

    private static bool HasNoPosition(in Endpoint end) => end.Kind is EndpointKind.Socket or EndpointKind.OutsideDatagram;

    private static bool HasUnknownFlags(Value flags) => flags.IsExactNumber && (flags.Number & ~KnownFlags) != 0;

    private Value? SpliceFromRing(Pipe source, in Endpoint target, Value offset, long wanted, bool waits, in CallContext context)
    {
        if (source.IsEmpty) return PassOnNothing(source, target.Output, waits);
        var bytes = Math.Min(wanted, source.Available);
        if (IsCopyingTarget(target)) return CopyIntoFile(source, target, offset, bytes, context);
        if (target.Kind is EndpointKind.Null or EndpointKind.OutsideDatagram || (target.File >= 0 && target.Kind == EndpointKind.Foreign && IsRegular(target.File)))
        {
            TakeCopies(source, ref bytes, endsAtPacket: false);
            return Value.Exact(bytes);
        }
        if (target.Output is { IsDatagram: true } queue) return SendDatagrams(source, queue, bytes);
        return PassOn(source, target.Output, bytes, stays: false, waits);
    }

    private Value? SendDatagrams(Pipe source, Pipe queue, long bytes)
    {
        if (HasNoReader(queue)) return Fail(Errno.EPIPE);
        for (var left = bytes; left > 0;)
        {
            CollectFront(source, left, SlotsPerDatagram);
            long length = 0;
            foreach (var run in _moved) length += run.Length;
            var content = ContentOf(BytesOf(_moved, length), 0, length);
            TakeCopies(source, ref length, endsAtPacket: false);
            queue.Push(new SlotRun { Region = content, Length = length, Flags = SlotFlags.Packet });
            left -= length;
        }
        return Value.Exact(bytes);
    }

    /// <summary>Duplicates references; a page of the kernel no longer takes what a later write appends.</summary>
    private Value? Tee(Value from, Value to, Value length, Value flags, in CallContext context)
    {
        if (HasUnknownFlags(flags)) return Fail(Errno.EINVAL);
        if (length.IsZero) return Value.Exact(0);
        var source = Resolve(from);
        var target = Resolve(to);
        if (source.Kind == EndpointKind.Bad || target.Kind == EndpointKind.Bad || !source.CanRead || !target.CanWrite) return Fail(Errno.EBADF);
        if (!source.MayBePipe || !target.MayBePipe) return Fail(Errno.EINVAL);
        if (source.Input is not null && source.Input == target.Output) return Fail(Errno.EINVAL);
        var wanted = LengthOf(length);
        if (wanted < 0) return Fail(Errno.EINVAL);
        var waits = (flags.Number & NonBlockFlag) == 0 && !source.IsNonBlocking && !target.IsNonBlocking;
        if (source.Input?.Readership != Readership.Private) return SpliceFromOutside(source, default, target, default, wanted, waits, context);
        if (source.Input.IsEmpty) return PassOnNothing(source.Input, target.Output, waits);
        return PassOn(source.Input, target.Output, Math.Min(wanted, source.Input.Available), stays: true, waits);
    }

    /// <summary>Waits for input first, then for room, and then looks whether there is anything.</summary>
    private Value? PassOnNothing(Pipe from, Pipe? to, bool waits)
    {
        if (from.WriteEndOpen || from.WriteEndShared) return waits ? null : Fail(Errno.EAGAIN);
        if (to is not { Readership: Readership.Private, IsQueue: false }) return Value.Exact(0);
        if (HasNoReader(to)) return Fail(Errno.EPIPE);
        return to.Occupied < to.Slots ? Value.Exact(0) : waits ? null : Fail(Errno.EAGAIN);
    }

    private static bool HasNoReader(Pipe? pipe) => pipe is { Readership: Readership.Private, ReadEndOpen: false };

    private Value? PassOn(Pipe from, Pipe? to, long bytes, bool stays, bool waits)
    {
        if (HasNoReader(to)) return Fail(Errno.EPIPE);
        bytes = CollectFront(from, bytes, to?.Readership == Readership.Private ? to.Slots - to.Occupied : long.MaxValue);
        if (bytes == 0) return waits ? null : Fail(Errno.EAGAIN);
        if (!stays)
        {
            for (var left = bytes; left > 0;) left -= from.PopUpTo(left, out _).Length;
        }
        foreach (var run in _moved)
        {
            monitor.Observer.MovedOn(run, from, to, stays);
            var passed = run;
            if (stays) passed.Flags &= ~SlotFlags.CanMerge;
            if (to is { IsQueue: true }) passed.Flags &= ~(SlotFlags.CanMerge | SlotFlags.Packet);
            state.Push(to, passed);
        }
        return Value.Exact(bytes);
    }

    /// <summary>Notes the first slots of a pipe, at most so many bytes and slots; the result is how many bytes.</summary>
    private long CollectFront(Pipe pipe, long bytes, long slots)
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
        return collected;
    }

    /// <summary>What comes from outside is not the program's memory; but slots it had handed off before may travel on, and a file's pages may change.</summary>
    private Value? SpliceFromOutside(Endpoint source, Value offset, in Endpoint target, Value offsetOut, long length, bool waits, in CallContext context)
    {
        if (source.Input is { Readership: Readership.Copying }) state.LoseTrackOf(source.Input);
        if (source.Kind == EndpointKind.Socket) return SpliceFromQueue(source.Input!, target, length, waits);
        // Only a file has offsets.
        if (!offset.IsZero) EnsureFile(ref source, context);
        var position = PositionOf(source, offset);
        var result = TakeFilePages(source, position, target, length, waits, context);
        if (result is not { Number: > 0 } taken) return result;
        Advance(source, offset, position, taken.Number);
        if (!IsCopyingTarget(target)) return result;
        // What comes from outside is copied into the file, and changes its pages.
        var place = PositionOf(target, offsetOut);
        StoreIntoFile(target.File, place, null, taken.Number, offsetOut.IsZero ? target.Descriptor : -1);
        Advance(target, offsetOut, place, taken.Number);
        return result;
    }

    private Value? SpliceFromQueue(Pipe queue, in Endpoint target, long length, bool waits)
    {
        if (queue.IsEmpty) return !queue.WriteEndOpen && !queue.IsDatagram ? Value.Exact(0) : waits ? null : Fail(Errno.EAGAIN);
        return PassOn(queue, target.Output, Math.Min(length, queue.Available), stays: false, waits);
    }

    private Value? Sendfile(Value to, Value from, Value offset, Value length, in CallContext context)
    {
        var source = Resolve(from);
        var target = Resolve(to);
        if (source.Kind == EndpointKind.Bad || !source.CanRead || target.Kind == EndpointKind.Bad || !target.CanWrite) return Fail(Errno.EBADF);
        if (source.IsPipeEnd) return SendFromPipe(target, offset);
        if (IsCopyingTarget(target) && (target.Flags & OpenFlags.Append) != 0) return Fail(Errno.EINVAL);
        var wanted = LengthOf(length);
        if (wanted <= 0) return Value.Exact(0);
        // The source of sendfile is a file, or the call fails.
        EnsureFile(ref source, context);
        var position = PositionOf(source, offset);
        var waits = !target.IsNonBlocking;
        var result = IsCopyingTarget(target)
            ? CopyFile(source, position, target, wanted, context)
            : TakeFilePages(source, position, target, wanted, waits, context);
        if (result is { Number: > 0 } taken) Advance(source, offset, position, taken.Number);
        return result;
    }

    /// <summary>sendfile takes nothing from a pipe, but finds that out after it has waited for room.</summary>
    private Value? SendFromPipe(in Endpoint target, Value offset)
    {
        if (!offset.IsZero) return Fail(Errno.ESPIPE);
        if (target is not { IsPipeEnd: true, Output.Readership: Readership.Private }) return Fail(Errno.EINVAL);
        if (HasNoReader(target.Output)) return Fail(Errno.EPIPE);
        return target.Output.Occupied < target.Output.Slots ? Fail(Errno.EINVAL) : target.IsNonBlocking ? Fail(Errno.EAGAIN) : null;
    }

    /// <summary>References the pages of a file (KERNEL.md rule 17), where it is one that can be told from others.</summary>
    private Value? TakeFilePages(in Endpoint source, Value position, in Endpoint target, long length, bool waits, CallContext context)
    {
        var pipe = target.Output;
        if (pipe is { IsQueue: false } && HasNoReader(pipe)) return Fail(Errno.EPIPE);
        QueueFilePages(source, position, BytesLeft(source, position, length), context);
        if (pipe?.Readership == Readership.Private && !pipe.IsQueue && pipe.Occupied >= pipe.Slots) return waits ? null : Fail(Errno.EAGAIN);
        if (pipe is { IsQueue: true } && HasNoReader(pipe)) return Fail(Errno.EPIPE);
        if (source.Kind == EndpointKind.Null) return Fail(Errno.EINVAL);
        if (_queue.Count == 0) return Value.Exact(0);
        var room = BytesIn(pipe?.Readership == Readership.Private ? pipe.Slots - pipe.Occupied : long.MaxValue);
        if (source.File >= 0 && state.Memory[source.File].Size.IsExactNumber && pipe?.Readership == Readership.Private)
        {
            AcceptFilePages(target, room);
            return Value.Exact(room);
        }
        var mattersAnyway = pipe is not null && pipe.Readership != Readership.Anybody;
        var result = AnyResult(room, mayBeZero: true, mattersAnyway ? context.WhoseResultMatters() : context);
        if (result.Number > 0) AcceptFilePages(target, result.Number);
        return result;
    }

    private void AcceptFilePages(in Endpoint target, long bytes)
    {
        if (target.Kind is EndpointKind.Null or EndpointKind.OutsideDatagram || (target.File >= 0 && IsRegular(target.File))) return;
        if (target.Output is { IsDatagram: true } queue)
        {
            _moved.Clear();
            foreach (var queued in _queue) _moved.Add(queued.Run);
            queue.Push(new SlotRun { Region = ContentOf(BytesOf(_moved, bytes), 0, bytes), Length = bytes, Flags = SlotFlags.Packet });
            return;
        }
        Accept(target.Output, bytes);
    }
}
