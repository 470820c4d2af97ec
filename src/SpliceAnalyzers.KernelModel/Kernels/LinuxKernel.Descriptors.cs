using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Making, sizing, sharing and closing pipes.</content>
internal partial class LinuxKernel
{
    private const int DescriptorWidth = 4;

    /// <summary>Sizes that stand for all a pipe from outside may have, smallest first.</summary>
    public long[] PipeSizes { get; set; } = [65536, 1048576];

    private Value? MakePipe(Value ends, Value flags)
    {
        if (state.Memory.Live(ends) is not { } region) return ends.IsExactNumber ? Fail(Errno.EFAULT) : Value.Exact(0);
        var pipe = state.Pipes.Count;
        state.AddPipe();
        var known = flags.IsExactNumber ? flags.Number : 0;
        for (var i = 0; i < 2; i++)
        {
            var end = Descriptor.Of(i == 0 ? DescriptorKind.ReadEnd : DescriptorKind.WriteEnd);
            end.Pipe = pipe;
            end.Flags = Decode(known) & (OpenFlags.NonBlocking | OpenFlags.Direct);
            Keep(region, ends, i * DescriptorWidth, state.Open(end));
        }
        monitor.Stored(ends.Region, region.Resolve(ends, Value.Exact(2 * DescriptorWidth)), possible: false);
        return Value.Exact(0);
    }

    private static void Keep(Region region, Value address, int shift, Value descriptor)
    {
        var offset = address.HasExactNumber ? Value.Exact(address.Number + shift) : address.WithoutRegion();
        ValueMemory.Store(region, offset, DescriptorWidth, descriptor);
    }

    /// <summary>The last end drops the slots (KERNEL.md rule 18), unless somebody outside still holds the pipe.</summary>
    private Value? Close(Value value)
    {
        if (!value.IsDescriptor) return value is { IsExactNumber: true, Number: < 0 } ? Fail(Errno.EBADF) : Value.Exact(0);
        var index = (int)value.Number;
        if (index >= state.Descriptors.Count || state.Descriptors[index].Kind == DescriptorKind.Closed) return Fail(Errno.EBADF);
        var entry = state.Descriptors[index];
        var closed = Descriptor.Of(DescriptorKind.Closed);
        closed.First = index;
        state.Descriptors[index] = closed;
        if (entry.Kind == DescriptorKind.Socket && !state.Descriptors.Exists(other => other.Kind == DescriptorKind.Socket && other.Pipe == entry.Pipe))
        {
            CloseEnd(state.Pipes[entry.Outgoing], isReadEnd: false);
            CloseEnd(state.Pipes[entry.Pipe], isReadEnd: true);
        }
        if (entry.IsReadEnd && !state.Descriptors.Exists(other => other.IsReadEnd && other.Pipe == entry.Pipe)) CloseEnd(state.Pipes[entry.Pipe], isReadEnd: true);
        if (entry.IsWriteEnd && !state.Descriptors.Exists(other => other.IsWriteEnd && other.Pipe == entry.Pipe)) CloseEnd(state.Pipes[entry.Pipe], isReadEnd: false);
        return Value.Exact(0);
    }

    private static void CloseEnd(Pipe pipe, bool isReadEnd)
    {
        if (isReadEnd) pipe.ReadEndOpen = false;
        else pipe.WriteEndOpen = false;
        // What a socket received goes with it, even while the other end is open.
        if (pipe.Readership != Readership.Private || (pipe.WriteEndOpen && !pipe.IsQueue) || pipe.ReadEndOpen) return;
        pipe.Ring.Clear();
        pipe.Older.Clear();
    }

    /// <summary>
    /// open("/proc/self/fd/N"): the same pipe or file, opened anew. What is not the program's own descriptor cannot be told from what it is opened anew as.
    /// </summary>
    private Value? Reopen(Value descriptor, Value flags)
    {
        if (!descriptor.IsDescriptor) return descriptor is { IsExactNumber: true, Number: < 0 } ? Fail(Errno.ENOENT) : descriptor;
        var index = (int)descriptor.Number;
        if (index >= state.Descriptors.Count || state.Descriptors[index].Kind == DescriptorKind.Closed) return Fail(Errno.ENOENT);
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var old = state.Descriptors[index];
        var known = flags.IsExactNumber ? flags.Number : ReadWrite;
        if ((known & PathOnly) != 0) return state.Open(old with { Kind = DescriptorKind.Path, Flags = OpenFlags.None });
        if (old.Outgoing >= 0 || old.Kind is DescriptorKind.OutsideDatagram or DescriptorKind.OutsideStream) return Fail(Errno.ENXIO);
        if (old.File < 0) return old.Pipe >= 0 ? ReopenPipe(old.Pipe, known) : state.Open(old with { Kind = DescriptorKind.Null, Flags = Decode(known) });
        if ((known & Truncate) != 0) CutToNothing(old.File);
        return OpenFile(old.File, Decode(known));
    }

    /// <summary>Other than a FIFO, a pipe does not wait for somebody at the other end.</summary>
    private Value? ReopenPipe(int index, long flags)
    {
        var pipe = state.Pipes[index];
        var decoded = Decode(flags);
        var (reads, writes) = ((decoded & OpenFlags.Readable) != 0, (decoded & OpenFlags.Writable) != 0);
        // Only pipe2 makes packets.
        if ((decoded & OpenFlags.Direct) != 0) return Fail(Errno.EINVAL);
        // A pipe that everybody had closed begins again.
        if (pipe is { Readership: Readership.Private, ReadEndOpen: false, WriteEndOpen: false }) pipe.Slots = Pipe.DefaultSlots;
        pipe.ReadEndOpen |= reads;
        pipe.WriteEndOpen |= writes;
        var end = Descriptor.Of(reads && writes ? DescriptorKind.BothEnds : reads ? DescriptorKind.ReadEnd : DescriptorKind.WriteEnd);
        (end.Pipe, end.Flags) = (index, (decoded & OpenFlags.NonBlocking) | OpenFlags.ByName);
        return state.Open(end);
    }

    /// <summary>A value is known to code outside the program: so is what it refers to.</summary>
    public void Escape(Value value)
    {
        if (value.IsDescriptor) Share((int)value.Number);
        else if (value.IsPointer) EscapeRegion(state.Memory[value.Region]);
    }

    private void EscapeRegion(Region region)
    {
        if (region.Escaped) return;
        region.Escaped = true;
        for (var i = 0; i < region.Kept.Count; i++) Escape(region.Kept[i].Value);
    }

    private void Share(int index)
    {
        if (index >= state.Descriptors.Count) return;
        var entry = state.Descriptors[index];
        if (entry.IsReadEnd || entry.Kind == DescriptorKind.Socket) ShareReadEnd(state.Pipes[entry.Pipe]);
        if (entry.IsWriteEnd) state.Pipes[entry.Pipe].WriteEndShared = true;
        if (entry.Kind == DescriptorKind.Socket) state.Pipes[entry.Outgoing].WriteEndShared = true;
    }

    /// <summary>A child process has all descriptors, too.</summary>
    public void ShareDescriptors()
    {
        for (var i = 0; i < state.Descriptors.Count; i++) Share(i);
    }

    /// <summary>Somebody outside reads the pipe from now on.</summary>
    public void ShareReadEnd(Pipe pipe)
    {
        if (pipe.Readership == Readership.Anybody) return;
        if (consumer == ConsumerKind.Copies) pipe.Readership = Readership.Copying;
        else state.LoseTrackOf(pipe);
    }

    /// <summary>Rounds up to a power of two pages (KERNEL.md rule 10).</summary>
    private Value? SetPipeSize(Value descriptor, Value size)
    {
        var end = Resolve(descriptor);
        if (!end.MayBePipe) return Fail(Errno.EBADF);
        var pipe = end.Input ?? end.Output;
        if ((size.IsExactNumber && size.Number is < 0 or > 1L << 31)) return Fail(Errno.EINVAL);
        return pipe?.Readership == Readership.Private ? ResizeRing(pipe, size) : ResizeOutside(pipe, size);
    }

    private Value? ResizeRing(Pipe pipe, Value size)
    {
        var chosen = size.IsExactNumber ? RoundUp(size.Number) : PipeSizes[choices.Choose(PipeSizes.Length)];
        // Both may apply, and permission is looked at first.
        if (chosen > LargestUnprivilegedPipe && chosen > pipe.Slots * PageSize.Bytes && choices.Choose(2) == 1) return Fail(Errno.EPERM);
        if (pipe.Occupied > chosen / PageSize.Bytes) return Fail(Errno.EBUSY);
        pipe.Slots = chosen / PageSize.Bytes;
        return Value.Exact(chosen);
    }

    /// <summary>Somebody else's pipe: the call may fail, do what was asked, or find that it was larger already; only a checked result says which.</summary>
    private Value? ResizeOutside(Pipe? pipe, Value size)
    {
        var asked = size.IsExactNumber ? RoundUp(size.Number) : 0;
        switch (choices.Choose(3))
        {
            case 0: return Established(pipe, asked != 0 ? asked : PipeSizes[0]);
            case 1: return Established(pipe, asked != 0 ? 2 * asked : PipeSizes[PipeSizes.Length - 1]);
            default: return Fail(Errno.EPERM);
        }
    }

    private Value? GetPipeSize(Value descriptor)
    {
        var end = Resolve(descriptor);
        if (!end.MayBePipe) return Fail(Errno.EBADF);
        var pipe = end.Input ?? end.Output;
        if (pipe is { Slots: > 0 } && pipe.Readership != Readership.Anybody) return Value.Exact(pipe.Slots * PageSize.Bytes);
        return Established(pipe, PipeSizes[choices.Choose(PipeSizes.Length)]);
    }

    private static Value? Established(Pipe? pipe, long size)
    {
        if (pipe is not { Readership: Readership.Copying }) return Value.Exact(size);
        pipe.Slots = size / PageSize.Bytes;
        pipe.KeepNewest(pipe.Slots);
        return Value.Exact(size);
    }

    private static long RoundUp(long size)
    {
        long rounded = PageSize.Bytes;
        while (rounded < size) rounded *= 2;
        return rounded;
    }
}
