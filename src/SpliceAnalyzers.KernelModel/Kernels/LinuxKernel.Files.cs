using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Files: opening, positions, and what changes their pages (KERNEL.md rules 8 and 17).</content>
internal partial class LinuxKernel
{
    private const long Append = 0x400;
    private const long Direct = 0x4000;
    private const long NonBlock = 0x800;
    private const long Create = 0x40;
    private const long CreateNew = 0xC0;
    private const long Truncate = 0x200;
    private const long TemporaryFile = 0x410000;
    private const long PathOnly = 0x200000;
    private const long AccessMode = 3;
    private const long ReadWrite = 2;

    /// <summary>The position of a descriptor that stands at the end of a file whose size is not known.</summary>
    private static readonly Value AtEnd = Value.Unknown(int.MaxValue);

    private const long KeepSize = 1;
    private const long PunchHole = 2;
    private const long CollapseRange = 8;
    private const long ZeroRange = 0x10;
    private const long InsertRange = 0x20;

    private bool IsNew(int file) => (state.Memory[file].Traits & FileTraits.IsNew) != 0;

    private bool IsRegular(int file) => (state.Memory[file].Traits & FileTraits.IsRegular) != 0;

    private int FindFile(Value name, bool isPath)
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            var region = state.Memory[i];
            if (region.Kind == RegionKind.File && region.Name.Equals(name) && !name.IsZero && (region.Traits & FileTraits.IsPath) != 0 == isPath) return i;
        }
        return -1;
    }

    private int AddFile(Value name, FileTraits traits, Value size, in CallContext context)
    {
        var index = state.Memory.Add(RegionKind.File, size, context.Origin, context.Site);
        var file = state.Memory[index];
        (file.Name, file.Traits) = (name, traits);
        monitor.Observer.Allocated(file);
        return index;
    }

    /// <summary>The call shows that a descriptor nobody knew is one of a file.</summary>
    private void EnsureFile(ref Endpoint end, in CallContext context)
    {
        if (end.Kind != EndpointKind.Foreign || end.Descriptor >= 0) return;
        // The name is gone by now where the descriptor could not be told from others.
        if (end.File >= 0) state.Memory[end.File].Traits |= FileTraits.IsRegular;
        else if (!end.Name.IsZero) end.File = AddFile(end.Name, FileTraits.IsRegular, Value.Unknown(), context);
    }

    private Value? Open(Value path, Value flags, in CallContext context)
    {
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var known = flags.IsExactNumber ? flags.Number : ReadWrite;
        var isTemporary = flags.IsExactNumber && (known & TemporaryFile) == TemporaryFile;
        var isUnnamed = isTemporary || path.IsZero || (path.Knowledge == Knowledge.Unknown && path.Number == 0 && !path.IsPointer) || path.IsBlurred;
        var name = isUnnamed ? default : path;
        var file = FindFile(name, isPath: true);
        if (file < 0) file = AddFile(name, FileTraits.IsPath, Value.Unknown(), context);
        if (isTemporary || (flags.IsExactNumber && (known & Create) != 0)) state.Memory[file].Traits |= FileTraits.IsRegular;
        if (isTemporary || (flags.IsExactNumber && (known & CreateNew) == CreateNew)) state.Memory[file].Traits |= FileTraits.IsNew;
        if ((known & PathOnly) != 0)
        {
            var named = Descriptor.Of(DescriptorKind.Path);
            named.File = file;
            return state.Open(named);
        }
        if ((known & Truncate) != 0) CutToNothing(file);
        return OpenFile(file, Decode(known));
    }

    /// <summary>The pipe that a path leads to if it is a FIFO's, the same for all who opened it; -1 where it could not be followed anyway.</summary>
    private int PipeBehind(int file)
    {
        if (IsNew(file) || consumer != ConsumerKind.Copies) return -1;
        foreach (var other in state.Descriptors)
        {
            if (other.File == file && other.Pipe >= 0 && other.Kind == DescriptorKind.File) return other.Pipe;
        }
        var pipe = state.AddPipe();
        (pipe.Readership, pipe.Slots) = (Readership.Copying, 0);
        return state.Pipes.Count - 1;
    }

    /// <summary>O_TRUNC, for O_RDONLY, too: the pages go as a whole, and slots keep them.</summary>
    private void CutToNothing(int file)
    {
        CutFile(file, 0, long.MaxValue);
        CutPrivateCopies(file, 0);
        state.Memory[file].Size = Value.Exact(0);
    }

    private static OpenFlags Decode(long flags) =>
        ((flags & AccessMode) != 1 ? OpenFlags.Readable : 0) | ((flags & AccessMode) != 0 ? OpenFlags.Writable : 0)
        | ((flags & Append) != 0 ? OpenFlags.Append : 0) | ((flags & Direct) != 0 ? OpenFlags.Direct : 0) | ((flags & NonBlock) != 0 ? OpenFlags.NonBlocking : 0);

    private Value OpenFile(int file, OpenFlags flags)
    {
        var descriptor = Descriptor.Of(DescriptorKind.File);
        (descriptor.File, descriptor.Flags, descriptor.Pipe) = (file, flags, PipeBehind(file));
        return state.Open(descriptor);
    }

    private Value? MemfdCreate(in CallContext context)
    {
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var file = AddFile(default, FileTraits.IsRegular | FileTraits.IsNew | FileTraits.HasSmallFolios | FileTraits.IsInMemory, Value.Exact(0), context);
        return OpenFile(file, OpenFlags.Readable | OpenFlags.Writable);
    }

    private Value OpenCopyingTarget(in CallContext context) =>
        OpenFile(AddFile(default, FileTraits.IsRegular | FileTraits.IsNew, Value.Unknown(), context), OpenFlags.Readable | OpenFlags.Writable);

    private Value? OpenNull()
    {
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var descriptor = Descriptor.Of(DescriptorKind.Null);
        descriptor.Flags = OpenFlags.Readable | OpenFlags.Writable;
        return state.Open(descriptor);
    }

    /// <summary>What is not the program's own descriptor is its own duplicate: nothing tells the two apart.</summary>
    private Value? Dup(Value descriptor)
    {
        if (!descriptor.IsDescriptor) return descriptor is { IsExactNumber: true, Number: < 0 } ? Fail(Errno.EBADF) : descriptor;
        var index = (int)descriptor.Number;
        if (index >= state.Descriptors.Count || state.Descriptors[index].Kind == DescriptorKind.Closed) return Fail(Errno.EBADF);
        var copy = state.Descriptors[index];
        state.Descriptors.Add(copy);
        return Value.Descriptor(state.Descriptors.Count - 1);
    }

    private Value? Lseek(Value descriptor, Value offset, Value whence)
    {
        var end = Resolve(descriptor);
        if (end.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if (end.IsPipeEnd || end.Kind == EndpointKind.Socket) return Fail(Errno.ESPIPE);
        if (end.Kind == EndpointKind.Null) return Value.Exact(0);
        if (!end.HasPages) return Value.Unknown();
        var start = whence is not { IsExactNumber: true } ? Value.Unknown() : whence.Number switch
        {
            0 => Value.Exact(0),
            1 => end.Position,
            _ => state.Memory[end.File].Size,
        };
        if (whence is { IsExactNumber: true, Number: 2 } && !start.IsExactNumber && offset.IsZero)
        {
            state.Seek(end.Descriptor, AtEnd);
            return Value.Unknown();
        }
        var position = start.IsExactNumber && offset.IsExactNumber ? Value.Exact(start.Number + offset.Number) : Value.Unknown();
        if (position is { IsExactNumber: true, Number: < 0 }) return Fail(Errno.EINVAL);
        state.Seek(end.Descriptor, position);
        return position;
    }

    private Value? WriteAt(Value descriptor, List<Segment>? segments, Value offset, in CallContext context)
    {
        var end = Resolve(descriptor);
        if (end.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if (end.IsPipeEnd || end.Kind == EndpointKind.Socket) return Fail(Errno.ESPIPE);
        if (!end.CanWrite) return Fail(Errno.EBADF);
        if (segments is null || offset is { IsExactNumber: true, Number: < -1 }) return Fail(Errno.EINVAL);
        if (end.Kind == EndpointKind.Null) return Value.Exact(TotalLength(segments));
        // pwritev2 with -1 writes where write does, and that may be a pipe.
        if (offset is { IsExactNumber: true, Number: -1 }) return Write(descriptor, segments, context);
        EnsureFile(ref end, context);
        return end.File < 0 ? AnyResult(TotalLength(segments), mayBeZero: false, context) : WriteFile(end, segments, offset, context, isPositioned: true);
    }

    private Value? WriteFile(in Endpoint end, List<Segment> segments, Value position, in CallContext context, bool isPositioned = false)
    {
        if ((end.Flags & OpenFlags.Append) != 0) position = state.Memory[end.File].Size is { IsExactNumber: true } size ? size : AtEnd;
        var length = TotalLength(segments);
        if (length == 0) return Value.Exact(0);
        var result = AnyResult(length, mayBeZero: false, context);
        if (result.Number <= 0) return result;
        LookAt(segments, result.Number);
        StoreIntoFile(end.File, position, BytesOf(segments, result.Number), result.Number, isPositioned ? -1 : end.Descriptor);
        if (!isPositioned) Advance(end, position, result.Number);
        return result;
    }

    private bool IsMapped(int file)
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (state.Memory[i].Windows.Exists(window => window.File == file)) return true;
        }
        return false;
    }

    /// <summary>A file may have grown through the position of one descriptor (-1: otherwise): another that stood at its end may do so no longer.</summary>
    private void Grew(int file, int through)
    {
        for (var i = 0; i < state.Descriptors.Count; i++)
        {
            var other = state.Descriptors[i];
            if (other.File != file || !other.Position.Equals(AtEnd) || (through >= 0 && other.First == state.Descriptors[through].First)) continue;
            other.Position = Value.Unknown();
            state.Descriptors[i] = other;
        }
    }

    /// <summary>A store into the file's pages, which slots that reference them show.</summary>
    private void StoreIntoFile(int file, Value position, byte[]? bytes, long length, int through)
    {
        var region = state.Memory[file];
        Grew(file, through);
        // What is behind the end was not there to be spliced; only through a mapping can it be in flight.
        if (position.Equals(AtEnd) && !IsMapped(file)) return;
        if (!position.IsExactNumber)
        {
            monitor.Stored(file, new Extent(0, long.MaxValue, true, position.IsBlurred), possible: false);
            return;
        }
        var end = position.Number + length;
        if (region.Size.IsExactNumber && region.Size.Number < end) region.Size = Value.Exact(end);
        monitor.Stored(file, new Extent(position.Number, end, false, false), possible: false);
        if (bytes is not null) state.Contents!.Store(file, position.Number, bytes, 0, length);
    }

    private Value? ReadAt(Value descriptor, List<Segment> segments, Value offset, in CallContext context)
    {
        var end = Resolve(descriptor);
        if (end.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if (end.IsPipeEnd || end.Kind == EndpointKind.Socket) return Fail(Errno.ESPIPE);
        if (!end.CanRead) return Fail(Errno.EBADF);
        if (end.Kind == EndpointKind.Null) return Value.Exact(0);
        return ReadFile(end, segments, offset, context, isPositioned: true);
    }

    private Value? ReadFile(in Endpoint end, List<Segment> segments, Value position, in CallContext context, bool isPositioned = false)
    {
        var length = TotalLength(segments);
        var left = BytesLeft(end, position, length);
        var isKnown = end.File >= 0 && state.Memory[end.File].Size.IsExactNumber && position.IsExactNumber;
        var result = isKnown || left == 0 ? Value.Exact(left) : AnyResult(left, mayBeZero: true, context);
        if (result.Number <= 0) return result;
        var bytes = state.Contents is null ? null : BytesOfFile(end.File, position.Number, result.Number);
        StoreInto(segments, result.Number, bytes);
        if (!isPositioned) Advance(end, position, result.Number);
        return result;
    }

    private byte[] BytesOfFile(int file, long from, long length)
    {
        var bytes = new byte[length];
        Array.Copy(state.Contents!.Of(file, from + length), from, bytes, 0, length);
        return bytes;
    }

    /// <summary>How many bytes a read at a position finds, where that is known; otherwise what was asked for.</summary>
    private long BytesLeft(in Endpoint end, Value position, long length)
    {
        if (end.File < 0 || !position.IsExactNumber || !state.Memory[end.File].Size.IsExactNumber) return length;
        return Math.Max(0, Math.Min(length, state.Memory[end.File].Size.Number - position.Number));
    }

    /// <summary>Where a transfer begins: at the offset in memory that the caller points to, or at the position of the file.</summary>
    private Value PositionOf(in Endpoint end, Value offset)
    {
        if (offset.IsZero) return end.Position;
        if (state.Memory.Live(offset) is not { } holder) return Value.Unknown();
        var position = ValueMemory.Load(holder, offset.WithoutRegion(), 8, choices, Wanted.Number);
        if (position.IsIdle) monitor.Observer.Missed(position);
        return position.IsExactNumber ? position : Value.Unknown();
    }

    private void Advance(in Endpoint end, Value offset, Value position, long bytes)
    {
        if (offset.IsZero)
        {
            Advance(end, position, bytes);
        }
        else if (state.Memory.Live(offset) is { } holder)
        {
            var next = position.IsExactNumber ? Value.Exact(position.Number + bytes) : Value.Unknown();
            ValueMemory.Store(holder, offset.WithoutRegion(), 8, next);
        }
    }

    private void Advance(in Endpoint end, Value position, long bytes)
    {
        if (end.HasPages) state.Seek(end.Descriptor, position.IsExactNumber ? Value.Exact(position.Number + bytes) : position.Equals(AtEnd) ? AtEnd : Value.Unknown());
    }

    /// <summary>splice from a pipe to a file (KERNEL.md rule 15).</summary>
    private Value? CopyIntoFile(Pipe source, in Endpoint target, Value offset, long bytes, in CallContext context)
    {
        TakeCopies(source, ref bytes, endsAtPacket: false);
        var position = PositionOf(target, offset);
        StoreIntoFile(target.File, position, BytesOf(_moved, bytes), bytes, offset.IsZero ? target.Descriptor : -1);
        Advance(target, offset, position, bytes);
        return Value.Exact(bytes);
    }

    private Value? CopyFile(in Endpoint source, Value position, in Endpoint target, long length, in CallContext context)
    {
        var left = BytesLeft(source, position, length);
        if (left == 0) return Value.Exact(0);
        var isKnown = source.File >= 0 && state.Memory[source.File].Size.IsExactNumber;
        var result = isKnown ? Value.Exact(left) : AnyResult(left, mayBeZero: true, context);
        if (result.Number <= 0) return result;
        StoreIntoFile(target.File, target.Position, state.Contents is null ? null : BytesOfFile(source.File, position.Number, result.Number), result.Number, target.Descriptor);
        Advance(target, target.Position, result.Number);
        return result;
    }

    /// <summary>Offers the pages of a file to a pipe; what nobody can change, or what is no file, as stable slots.</summary>
    private void QueueFilePages(in Endpoint source, Value position, long length, in CallContext context)
    {
        _queue.Clear();
        if (length <= 0) return;
        var start = position.IsExactNumber ? position.Number : 0;
        if (source.File < 0 || (source.Flags & OpenFlags.Direct) != 0)
        {
            _queue.Add(new Queued { Source = -1, Run = new SlotRun { Region = SlotRun.NoContent, Offset = start % PageSize.Bytes, Length = length } });
            return;
        }
        var tag = new HandOffTag { Place = context.Place, Region = state.Memory[source.File].Identity };
        if (!position.IsExactNumber)
        {
            EnqueueMapped(source.File, 0, length, SlotFlags.FromFile | SlotFlags.AnyPlace, tag);
            return;
        }
        state.Memory.FindPieces(source.File, start, start + length, forStore: false, _pieces);
        foreach (var piece in _pieces) Enqueue(piece, SlotFlags.FromFile, tag);
    }

    /// <summary>What is left of the last page is zeroed in place; the pages behind are detached.</summary>
    private Value? Ftruncate(Value descriptor, Value size, in CallContext context)
    {
        var end = Resolve(descriptor);
        if (end.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if (end.IsPipeEnd || end.Kind is EndpointKind.Socket or EndpointKind.Null || !end.CanWrite || size is { IsExactNumber: true, Number: < 0 }) return Fail(Errno.EINVAL);
        EnsureFile(ref end, context);
        if (end.File < 0) return Value.Exact(0);
        var file = state.Memory[end.File];
        Grew(end.File, through: -1);
        if (!size.IsExactNumber)
        {
            monitor.Stored(end.File, new Extent(0, long.MaxValue, true, size.IsBlurred), possible: false);
            file.Size = Value.Unknown();
            return Value.Exact(0);
        }
        if (!file.Size.IsExactNumber || size.Number < file.Size.Number)
        {
            CutFile(end.File, size.Number, long.MaxValue);
            CutPrivateCopies(end.File, RoundUpToPage(size.Number));
        }
        file.Size = size;
        return Value.Exact(0);
    }

    /// <summary>Behind the end of a file private mappings lose their own pages, too.</summary>
    private void CutPrivateCopies(int file, long from)
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            var region = state.Memory[i];
            foreach (var window in region.Windows)
            {
                var first = Math.Max(window.From, from - window.Shift);
                if (window.File != file || !window.IsPrivate || first >= window.To) continue;
                state.Detach(i, first, window.To);
                region.Populated.Remove(first, window.To);
                region.CopiedOnWrite.Remove(first, window.To);
            }
        }
    }

    /// <summary>Bytes of a file become zeros: in place where a page is concerned in part, by another page where it is concerned as a whole.</summary>
    private void CutFile(int index, long from, long to)
    {
        var file = state.Memory[index];
        var firstWhole = RoundUpToPage(from);
        var endOfWhole = to == long.MaxValue ? to : to - to % PageSize.Bytes;
        if (firstWhole > endOfWhole)
        {
            ZeroInPlace(index, from, to);
            return;
        }
        ZeroInPlace(index, from, firstWhole);
        ZeroInPlace(index, endOfWhole, to);
        state.Detach(index, firstWhole, endOfWhole);
        file.Populated.Remove(firstWhole, endOfWhole);
        file.Reserved.Remove(firstWhole, endOfWhole);
        state.Contents?.Zero(index, firstWhole, endOfWhole);
    }

    private void ZeroInPlace(int file, long from, long to)
    {
        if (from >= to) return;
        // A page that is not there stays so, and reads as zeros.
        if (state.Memory[file].HasZeroPages && !state.Memory[file].Populated.Contains(from)) return;
        monitor.Stored(file, new Extent(from, to, false, false), possible: false);
        state.Contents?.Zero(file, from, to);
    }

    private Value? Fallocate(Value descriptor, Value mode, Value offset, Value length, in CallContext context)
    {
        var end = Resolve(descriptor);
        if (end.Kind == EndpointKind.Bad) return Fail(Errno.EBADF);
        if (offset is { IsExactNumber: true, Number: < 0 } || length is { IsExactNumber: true, Number: <= 0 }) return Fail(Errno.EINVAL);
        if (end.IsPipeEnd || end.Kind == EndpointKind.Socket) return Fail(end.CanWrite ? Errno.ESPIPE : Errno.EBADF);
        EnsureFile(ref end, context);
        if (end.File < 0) return Value.Exact(0);
        if (!mode.IsExactNumber || !offset.IsExactNumber || !length.IsExactNumber)
        {
            if (!mode.IsExactNumber || (mode.Number & (PunchHole | ZeroRange)) != 0) monitor.Stored(end.File, new Extent(0, long.MaxValue, true, false), possible: false);
            return Value.Exact(0);
        }
        ChangeLayout(end.File, mode.Number, offset.Number, offset.Number + length.Number);
        return Value.Exact(0);
    }

    private void ChangeLayout(int index, long mode, long from, long to)
    {
        var file = state.Memory[index];
        if ((mode & (CollapseRange | InsertRange)) != 0)
        {
            state.Detach(index, from, long.MaxValue);
        }
        else if ((mode & PunchHole) != 0 && (file.Traits & FileTraits.HasSmallFolios) != 0)
        {
            CutFile(index, from, to);
        }
        else if ((mode & (PunchHole | ZeroRange)) != 0)
        {
            // A page of a large folio is zeroed in the pipe, too.
            monitor.Stored(index, new Extent(from, to, false, false), possible: false);
        }
        else
        {
            Grew(index, through: -1);
            Reserve(file, FirstOfPage(from), RoundUpToPage(to));
            if ((mode & KeepSize) == 0 && file.Size.IsExactNumber && file.Size.Number < to) file.Size = Value.Exact(to);
        }
    }

    /// <summary>Room is made and nothing written: splice still finds a zero page. Where there was room already, the kernel clears it, and it is a page like others.</summary>
    private static void Reserve(Region file, long from, long to)
    {
        for (var at = from; at < to;)
        {
            var end = Math.Min(to, file.Reserved.EndOfStretch(at, out var isReserved));
            if (isReserved) file.Populated.Add(at, end);
            at = end;
        }
        file.Reserved.Add(from, to);
    }

    private static long RoundUpToPage(long value) =>
        value > long.MaxValue - PageSize.Bytes ? long.MaxValue : (value + PageSize.Bytes - 1) / PageSize.Bytes * PageSize.Bytes;
}
