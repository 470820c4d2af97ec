using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Calls that copy: read, write and their like.</content>
internal partial class LinuxKernel
{
    /// <summary>Copies into kernel pages before it returns (KERNEL.md rule 12).</summary>
    protected Value? Write(Value descriptor, List<Segment>? segments, in CallContext context, bool waits = true)
    {
        var end = Resolve(descriptor);
        if (!end.CanWrite) return Fail(Errno.EBADF);
        if (segments is null) return Fail(Errno.EINVAL);
        if (!CutAtBadAddress(segments)) return Fail(Errno.EFAULT);
        var length = TotalLength(segments);
        if (length <= 0) return Value.Exact(0);
        if (end.HasPages || (end.File >= 0 && IsRegular(end.File))) return WriteFile(end, segments, end.Position, context);
        if (end.Kind == EndpointKind.Null) return Value.Exact(length);
        if (WriteTakesPages && end.MayBePipe) return HandOff(end, segments, default, waits && !end.IsNonBlocking, context);
        var pipe = end.Output;
        if (pipe?.Readership == Readership.Private) return WriteToRing(end, pipe, segments, length, waits && !end.IsNonBlocking);
        if (pipe is not { Readership: Readership.Copying }) return CountCopied(AnyResult(length, mayBeZero: false, context));
        // How much is written decides how much has been read, so the result is tried even when nobody looks at it.
        var result = AnyResult(length, mayBeZero: false, context.WhoseResultMatters());
        if (result.Number > 0) pipe.PushCopy(result.Number);
        return CountCopied(result);
    }

    private Value CountCopied(Value result)
    {
        if (result.Number > 0) monitor.Observer.Copied(result.Number);
        return result;
    }

    /// <summary>Looking at a page of a mapped file brings it into the page cache, with zeros where there was none.</summary>
    private void LookAt(List<Segment> segments, long bytes)
    {
        foreach (var segment in segments)
        {
            var length = Math.Min(bytes, segment.Length);
            bytes -= length;
            if (state.Memory.Live(segment.Address) is not { Windows.Count: > 0 } || !segment.Address.HasExactNumber) continue;
            state.Memory.FindPieces(segment.Address.Region, segment.Address.Number, segment.Address.Number + length, forStore: false, _pieces);
            foreach (var piece in _pieces) Populate(segment.Address.Region, piece);
        }
    }

    private void Populate(int mapping, in Piece piece)
    {
        if (piece.Region != mapping && !piece.IsBarred) state.Memory[piece.Region].Populated.Add(FirstOfPage(piece.Offset), RoundUpToPage(piece.Offset + piece.Length));
    }

    private Value? WriteToRing(in Endpoint end, Pipe pipe, List<Segment> segments, long length, bool waits)
    {
        if (HasNoReader(pipe)) return Fail(Errno.EPIPE);
        if (end.Kind == EndpointKind.Socket) return WriteToQueue(pipe, segments, length);
        if (pipe.SlotsForCopy(length) > pipe.Slots - pipe.Occupied)
        {
            // More than the pipe holds goes into it piece by piece while somebody reads; that it is there at once makes no difference to who refers to what.
            if (waits && !(CanBeWoken && pipe.IsEmpty)) return null;
            if (!waits) length = pipe.BytesThatFit(length);
            if (length == 0) return Fail(Errno.EAGAIN);
        }
        LookAt(segments, length);
        pipe.PushCopy(length, (end.Flags & OpenFlags.Direct) != 0, state.Contents, BytesOf(segments, length));
        return CountCopied(Value.Exact(length));
    }

    /// <summary>A datagram is one packet; a stream has none.</summary>
    private Value? WriteToQueue(Pipe queue, List<Segment> segments, long length)
    {
        LookAt(segments, length);
        queue.Push(new SlotRun
        {
            Region = ContentOf(BytesOf(segments, length), 0, length),
            Length = length,
            Flags = queue.IsDatagram ? SlotFlags.Packet : SlotFlags.None,
        });
        return CountCopied(Value.Exact(length));
    }

    /// <summary>Copies out, drops what was consumed (KERNEL.md rule 13), and stores into the caller's memory (rule 2). vmsplice on a read end does the same.</summary>
    private Value? Read(Value descriptor, List<Segment>? segments, in CallContext context, bool isVmsplice = false)
    {
        var end = Resolve(descriptor);
        if (!end.CanRead) return Fail(Errno.EBADF);
        if (segments is null) return Fail(Errno.EINVAL);
        var length = TotalLength(segments);
        if (length <= 0) return Value.Exact(0);
        if (end.Kind == EndpointKind.Null) return Value.Exact(0);
        if (end.HasPages) return ReadFile(end, segments, end.Position, context);
        var pipe = end.Input;
        if (pipe is not { Readership: Readership.Private })
        {
            var result = AnyResult(length, mayBeZero: true, context);
            StoreInto(segments, result.Number, null);
            return result;
        }
        if (pipe.IsEmpty) return ReadEmpty(end, pipe, segments, length, context);
        var bytes = Math.Min(length, pipe.Available);
        if (!segments.TrueForAll(static segment => segment.IsLengthKnown) && choices.Choose(2) == 1)
            bytes = Math.Min(bytes, pipe.Ring[0].BytesIn(1));
        // Where others write too, the bytes read may be theirs.
        if (pipe.WriteEndShared && choices.Choose(2) != 0) StoreInto(segments, bytes, null);
        else bytes = CopyOut(pipe, segments, bytes, endsAtPacket: !isVmsplice);
        return Value.Exact(bytes);
    }

    private Value? ReadEmpty(in Endpoint end, Pipe pipe, List<Segment> segments, long length, in CallContext context)
    {
        if (!pipe.WriteEndShared) return !pipe.WriteEndOpen ? Value.Exact(0) : end.IsNonBlocking ? Fail(Errno.EAGAIN) : null;
        var result = AnyResult(length, mayBeZero: true, context);
        StoreInto(segments, result.Number, null);
        return result;
    }

    private long CopyOut(Pipe pipe, List<Segment> segments, long bytes, bool endsAtPacket)
    {
        TakeCopies(pipe, ref bytes, endsAtPacket);
        StoreInto(segments, bytes, BytesOf(_moved, bytes));
        return bytes;
    }

    /// <summary>Takes bytes out of a pipe as copies; <see cref="_moved"/> tells which.</summary>
    private void TakeCopies(Pipe pipe, ref long bytes, bool endsAtPacket)
    {
        _moved.Clear();
        long taken = 0;
        while (taken < bytes && pipe.Ring.Count > 0)
        {
            var run = pipe.PopUpTo(bytes - taken, out var isWhole);
            taken += run.Length;
            monitor.Observer.CopiedOut(run, pipe);
            _moved.Add(run);
            if (!endsAtPacket || (run.Flags & SlotFlags.Packet) == 0) continue;
            // What a read leaves of a packet is lost.
            if (!isWhole) pipe.Ring.RemoveAt(0);
            break;
        }
        bytes = taken;
    }

    /// <summary>The kernel stores into memory of the program, segment after segment.</summary>
    private void StoreInto(List<Segment> segments, long bytes, byte[]? data)
    {
        long at = 0;
        foreach (var segment in segments)
        {
            var length = Math.Min(bytes - at, segment.Length);
            if (length <= 0) break;
            if (segment.Address.IsPointer) StoreInto(segment.Address, length, data, at);
            at += length;
        }
    }

    private void StoreInto(Value address, long length, byte[]? data, long start)
    {
        var region = state.Memory[address.Region];
        var extent = region.Resolve(address, Value.Exact(length));
        if (data is not null) MakeOwnPages(address.Region, extent.From, extent.To);
        monitor.Stored(address.Region, extent, possible: false);
        ValueMemory.Erase(region, extent.From, extent.To);
        if (data is not null) StoreContents(address, data, start, length);
    }

    /// <summary>The first store to a page makes one of the region's own, with zeros or what the file has there.</summary>
    private void MakeOwnPages(int index, long from, long to)
    {
        var region = state.Memory[index];
        if (!region.HasZeroPages) return;
        for (var page = FirstOfPage(from); page < to; page += PageSize.Bytes)
        {
            var window = region.WindowAt(page, out _);
            if (region.Populated.Contains(page) || window is { File: >= 0, IsPrivate: false }) continue;
            state.Contents!.Zero(index, page, page + PageSize.Bytes);
            if (window.File >= 0) state.Contents.Store(index, page, state.Contents.Of(window.File, page + window.Shift + PageSize.Bytes), page + window.Shift, PageSize.Bytes);
        }
    }

    /// <summary>Puts bytes where a store to the address goes.</summary>
    private void StoreContents(Value address, byte[] data, long start, long length)
    {
        state.Memory.FindPieces(address.Region, address.Number, address.Number + length, forStore: true, _pieces);
        foreach (var piece in _pieces)
        {
            state.Contents!.Store(piece.Region, piece.Offset, data, start, piece.Length);
            start += piece.Length;
        }
    }

    /// <summary>The program stores bytes of its own; only used where contents are kept.</summary>
    public void StoreBytes(Value address, byte[] data) => StoreInto(address, data.Length, data, 0);

    /// <summary>The bytes at an address; only used where contents are kept.</summary>
    public byte[] LoadBytes(Value address, long length) => BytesOf([new Segment(address, length, true, false)], length)!;

    /// <summary>The bytes of segments; null where nobody keeps them.</summary>
    private byte[]? BytesOf(List<Segment> segments, long length)
    {
        if (state.Contents is not { } contents) return null;
        var result = new byte[length];
        long at = 0;
        foreach (var segment in segments)
        {
            var count = Math.Min(segment.Length, length - at);
            if (count <= 0) break;
            state.Memory.FindPieces(segment.Address.Region, segment.Address.Number, segment.Address.Number + count, forStore: false, _pieces);
            foreach (var piece in _pieces)
            {
                if (!piece.IsZeroPage) Array.Copy(contents.Of(piece.Region, piece.Offset + piece.Length), piece.Offset, result, at, piece.Length);
                at += piece.Length;
            }
        }
        return result;
    }

    private byte[]? BytesOf(List<SlotRun> runs, long length)
    {
        if (state.Contents is not { } contents) return null;
        var result = new byte[length];
        long at = 0;
        foreach (var run in runs)
        {
            contents.Read(run).CopyTo(result, at);
            at += run.Length;
        }
        return result;
    }

    private int ContentOf(byte[]? bytes, long from, long length) => bytes is null ? SlotRun.NoContent : state.Contents!.Keep(bytes, from, length);
}
