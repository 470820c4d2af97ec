using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Making, sizing, sharing and closing pipes; new mappings.</content>
internal partial class LinuxKernel
{
    private const int DescriptorWidth = 4;

    private static readonly long[] UsualPipeSizes = [65536, 1048576];

    private Value? MakePipe(Value ends)
    {
        if (state.Memory.Live(ends) is not { } region) return ends.IsExactNumber ? Failed : Value.Exact(0);
        var pipe = state.Pipes.Count;
        state.AddPipe();
        Keep(region, ends, 0, state.Open(DescriptorKind.ReadEnd, pipe));
        Keep(region, ends, DescriptorWidth, state.Open(DescriptorKind.WriteEnd, pipe));
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
        if (!value.IsDescriptor) return value is { IsExactNumber: true, Number: < 0 } ? Failed : Value.Exact(0);
        var index = (int)value.Number;
        var entry = index < state.Descriptors.Count ? state.Descriptors[index] : default;
        if (entry.Kind == DescriptorKind.Closed) return Failed;
        state.Descriptors[index] = default;
        if (entry.Kind == DescriptorKind.CopyingFile) return Value.Exact(0);
        var pipe = state.Pipes[entry.Pipe];
        if (entry.Kind == DescriptorKind.ReadEnd) pipe.ReadEndOpen = false;
        else pipe.WriteEndOpen = false;
        if (!pipe.ReadEndOpen && !pipe.WriteEndOpen && pipe.Readership == Readership.Private)
        {
            pipe.Ring.Clear();
            pipe.Older.Clear();
        }
        return Value.Exact(0);
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
        if (index >= state.Descriptors.Count || state.Descriptors[index].Pipe < 0) return;
        var entry = state.Descriptors[index];
        if (entry.Kind == DescriptorKind.ReadEnd) ShareReadEnd(state.Pipes[entry.Pipe]);
        else if (entry.Kind == DescriptorKind.WriteEnd) state.Pipes[entry.Pipe].WriteEndShared = true;
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
        var end = Resolve(descriptor, out var pipe);
        if (end is Endpoint.Bad or Endpoint.CopyingFile || (size.IsExactNumber && size.Number is <= 0 or > 1L << 30)) return Failed;
        return pipe?.Readership == Readership.Private ? ResizeRing(pipe, size) : ResizeOutside(pipe, size);
    }

    private Value? ResizeRing(Pipe pipe, Value size)
    {
        var chosen = size.IsExactNumber ? RoundUp(size.Number) : UsualPipeSizes[choices.Choose(UsualPipeSizes.Length)];
        if (pipe.Occupied > chosen / PageSize.Bytes) return Failed;
        if (chosen > LargestUnprivilegedPipe && choices.Choose(2) == 1) return Failed;
        pipe.Slots = chosen / PageSize.Bytes;
        return Value.Exact(chosen);
    }

    /// <summary>Somebody else's pipe: the call may fail, do what was asked, or find that it was larger already; only a checked result says which.</summary>
    private Value? ResizeOutside(Pipe? pipe, Value size)
    {
        var asked = size.IsExactNumber ? RoundUp(size.Number) : 0;
        switch (choices.Choose(3))
        {
            case 0: return Established(pipe, asked != 0 ? asked : UsualPipeSizes[0]);
            case 1: return Established(pipe, asked != 0 ? 2 * asked : UsualPipeSizes[1]);
            default: return Failed;
        }
    }

    private Value? GetPipeSize(Value descriptor)
    {
        var end = Resolve(descriptor, out var pipe);
        if (end is Endpoint.Bad or Endpoint.CopyingFile) return Failed;
        if (pipe is { Slots: > 0 } && pipe.Readership != Readership.Anybody) return Value.Exact(pipe.Slots * PageSize.Bytes);
        return Established(pipe, UsualPipeSizes[choices.Choose(UsualPipeSizes.Length)]);
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

    private Value? MapPrivate(Value size, in CallContext context)
    {
        if (choices.Choose(2) == 1) return Failed;
        var index = state.Memory.Add(RegionKind.PrivateMapping, size.IsExactNumber ? size : Value.Unknown(), context.Origin, context.Site);
        monitor.Observer.Allocated(state.Memory[index]);
        return Value.Pointer(index, 0);
    }
}
