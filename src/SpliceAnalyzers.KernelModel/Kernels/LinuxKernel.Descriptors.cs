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
        if (entry.Kind == DescriptorKind.Socket && !state.IsOpen(DescriptorKind.Socket, entry.Pipe))
        {
            CloseEnd(state.Pipes[entry.Outgoing], isReadEnd: false);
            CloseEnd(state.Pipes[entry.Pipe], isReadEnd: true);
        }
        else if (entry.Kind is DescriptorKind.ReadEnd or DescriptorKind.WriteEnd && !state.IsOpen(entry.Kind, entry.Pipe))
        {
            CloseEnd(state.Pipes[entry.Pipe], entry.Kind == DescriptorKind.ReadEnd);
        }
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
        if (entry.Kind is DescriptorKind.ReadEnd or DescriptorKind.Socket) ShareReadEnd(state.Pipes[entry.Pipe]);
        if (entry.Kind == DescriptorKind.WriteEnd) state.Pipes[entry.Pipe].WriteEndShared = true;
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
