using System;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Mappings and what changes them, and fork (KERNEL.md rules 3 to 8).</content>
internal partial class LinuxKernel
{
    private const long Shared = 1;
    private const long Fixed = 0x10;
    private const long Anonymous = 0x20;
    private const long Readable = 1;

    private const long DontNeed = 4;
    private const long Remove = 9;

    private Value? MapPrivate(Value size, in CallContext context)
    {
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        return Value.Pointer(AddMapping(RegionKind.PrivateMapping, size, context), 0);
    }

    private int AddMapping(RegionKind kind, Value size, in CallContext context)
    {
        var index = state.Memory.Add(kind, size.IsExactNumber ? size : Value.Unknown(), context.Origin, context.Site);
        monitor.Observer.Allocated(state.Memory[index]);
        return index;
    }

    private Value? Mmap(Value address, Value length, Value protection, Value flags, Value descriptor, Value offset, in CallContext context)
    {
        if (length.IsZero || (offset.IsExactNumber && offset.Number % PageSize.Bytes != 0)) return Fail(Errno.EINVAL);
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        // Flags that are not known may share.
        var isShared = !flags.IsExactNumber || (flags.Number & Shared) != 0;
        var isAnonymous = flags.IsExactNumber ? (flags.Number & Anonymous) != 0 : descriptor is { IsExactNumber: true, Number: < 0 };
        var file = isAnonymous ? -1 : FileToMap(descriptor, context);
        var kind = isShared ? RegionKind.SharedMapping : RegionKind.PrivateMapping;
        var isFixed = flags.IsExactNumber && (flags.Number & Fixed) != 0 && state.Memory.Live(address) is not null && address.HasExactNumber;
        var index = isFixed ? address.Region : AddMapping(kind, length, context);
        var from = isFixed ? address.Number : 0;
        var to = length.IsExactNumber ? RoundUpToPage(from + length.Number) : long.MaxValue;
        if (isFixed) Replace(index, from, to, startsEmpty: kind == RegionKind.PrivateMapping);
        var region = state.Memory[index];
        if (file >= 0)
        {
            var shift = offset.IsExactNumber ? offset.Number - from : -from;
            region.Windows.Add(new Window { From = from, To = to, File = file, Shift = shift, IsPrivate = !isShared });
            region.CutWindows(0, 0);
        }
        if (protection.IsExactNumber && (protection.Number & Readable) == 0) region.Barred.Add(from, to);
        return Value.Pointer(index, from);
    }

    /// <summary>The file that is mapped; one of its own where nothing tells which it is.</summary>
    private int FileToMap(Value descriptor, in CallContext context)
    {
        var end = Resolve(descriptor);
        EnsureFile(ref end, context);
        return end.File >= 0 ? end.File : AddFile(default, FileTraits.IsRegular, Value.Unknown(), context);
    }

    /// <summary>Other pages come to lie at an address: what was there is detached.</summary>
    private void Replace(int index, long from, long to, bool startsEmpty)
    {
        var region = state.Memory[index];
        Unmap(index, from, to);
        region.Unmapped.Remove(from, to);
        if (!startsEmpty) region.Populated.Add(from, to);
        region.Kept.Erase(from, to);
    }

    /// <summary>The region's own frames are detached in a range, and windows go (KERNEL.md rules 6 and 8).</summary>
    private void Unmap(int index, long from, long to)
    {
        var region = state.Memory[index];
        state.Detach(index, from, to);
        region.Gifts.Detach(0, from, to);
        region.CutWindows(from, to);
        region.Barred.Remove(from, to);
        region.Populated.Remove(from, to);
        region.CopiedOnWrite.Remove(from, to);
    }

    private Value? Munmap(Value address, Value length)
    {
        if (length.IsZero || (address.HasExactNumber && address.Number % PageSize.Bytes != 0)) return Fail(Errno.EINVAL);
        if (state.Memory.Live(address) is not { } region || !address.HasExactNumber) return Value.Exact(0);
        var to = length.IsExactNumber ? RoundUpToPage(address.Number + length.Number) : long.MaxValue;
        var isWhole = address.Number == 0 && region.Size.IsExactNumber && to >= region.Size.Number;
        Unmap(address.Region, address.Number, to);
        region.Unmapped.Add(address.Number, to);
        if (isWhole) monitor.Released(address.Region, ReleaseKind.Unmap);
        return Value.Exact(0);
    }

    private Value? Madvise(Value address, Value length, Value advice)
    {
        if (address.HasExactNumber && address.Number % PageSize.Bytes != 0) return Fail(Errno.EINVAL);
        if (state.Memory.Live(address) is null || !address.HasExactNumber || !advice.IsExactNumber) return Value.Exact(0);
        var to = length.IsExactNumber ? RoundUpToPage(address.Number + length.Number) : long.MaxValue;
        if (advice.Number == Remove) return RemoveShared(address.Region, address.Number, to);
        // MADV_FREE keeps the frame (KERNEL.md rule 7), and so does all other advice.
        if (advice.Number == DontNeed) DropPrivatePages(address.Region, address.Number, to);
        return Value.Exact(0);
    }

    /// <summary>MADV_DONTNEED: private pages go, and what was there before the first store comes back; a shared mapping finds its pages again.</summary>
    private void DropPrivatePages(int index, long from, long to)
    {
        var region = state.Memory[index];
        if (region.Kind == RegionKind.SharedMapping) return;
        state.Detach(index, from, to);
        region.Gifts.Detach(0, from, to);
        region.Populated.Remove(from, to);
        region.CopiedOnWrite.Remove(from, to);
        ValueMemory.Erase(region, from, to);
    }

    /// <summary>MADV_REMOVE: a hole in what is shared.</summary>
    private Value? RemoveShared(int index, long from, long to)
    {
        var region = state.Memory[index];
        if (region.Kind != RegionKind.SharedMapping) return Fail(Errno.EINVAL);
        state.Memory.FindPieces(index, from, to, forStore: true, _pieces);
        foreach (var piece in _pieces.ToArray())
        {
            if (piece.Region != index) ChangeLayout(piece.Region, PunchHole, piece.Offset, piece.Offset + piece.Length);
            else state.Detach(index, piece.Offset, piece.Offset + piece.Length);
            if (piece.Region == index) state.Contents?.Zero(index, piece.Offset, piece.Offset + piece.Length);
        }
        return Value.Exact(0);
    }

    /// <summary>The mapping has another address, and the same frames (KERNEL.md rule 7): it is the same region.</summary>
    private Value? Mremap(Value address, Value length)
    {
        if (length.IsZero) return Fail(Errno.EINVAL);
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        if (state.Memory.Live(address) is not { } region || !address.HasExactNumber) return address.IsPointer ? address : Value.Unknown();
        if (!length.IsExactNumber)
        {
            region.Size = Value.Unknown();
            return address;
        }
        var end = RoundUpToPage(address.Number + length.Number);
        if (region.Size.IsExactNumber && end < region.Size.Number) Unmap(address.Region, end, long.MaxValue);
        // Only the last window of a region can be the one that grows.
        if (region.Windows.Count > 0 && region.Windows[region.Windows.Count - 1] is var last && last.To < end)
            region.Windows[region.Windows.Count - 1] = last with { To = end };
        region.Size = Value.Exact(address.Number + length.Number);
        return address;
    }

    private Value? Mprotect(Value address, Value length, Value protection)
    {
        if (address.HasExactNumber && address.Number % PageSize.Bytes != 0) return Fail(Errno.EINVAL);
        if (state.Memory.Live(address) is not { } region || !address.HasExactNumber || !protection.IsExactNumber) return Value.Exact(0);
        var to = length.IsExactNumber ? RoundUpToPage(address.Number + length.Number) : long.MaxValue;
        var end = Math.Min(to, region.Unmapped.FirstFrom(address.Number));
        if ((protection.Number & Readable) == 0) region.Barred.Add(address.Number, end);
        else region.Barred.Remove(address.Number, end);
        // What lies before a hole has changed by then.
        return end < to ? Fail(Errno.ENOMEM) : Value.Exact(0);
    }

    /// <summary>Private pages are shared with the child until either side stores (KERNEL.md rule 5).</summary>
    private Value? Fork()
    {
        var choice = choices.Choose(3);
        if (choice == 2) return Fail(Errno.EAGAIN);
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (state.Memory[i].IsPrivateMemory) state.Memory[i].CopiedOnWrite.Add(0, long.MaxValue);
        }
        return Value.Exact(1 - choice);
    }
}
