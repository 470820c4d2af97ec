using System;
using SpliceAnalyzers.KernelModel.Memory;

namespace SpliceAnalyzers.KernelModel.Pipes;

/// <summary>The flags of a slot that decide what may happen to it.</summary>
[Flags]
internal enum SlotFlags : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>PIPE_BUF_FLAG_CAN_MERGE: a later write may append to the page (KERNEL.md rule 12).</summary>
    CanMerge = 1,
    /// <summary>The bytes lie somewhere in the region; offset and length only count slots.</summary>
    AnyPlace = 2,
    /// <summary>The bytes came from a file by splice or sendfile, not from memory that was handed off.</summary>
    FromFile = 4,
    /// <summary>PIPE_BUF_FLAG_PACKET: a read takes no more than this and drops what it does not take (KERNEL.md rule 12).</summary>
    Packet = 8,
}

/// <summary>
/// Neighbouring slots of a pipe whose bytes are consecutive, one slot for every page touched (KERNEL.md rules 1 and 10): what a segment of a
/// vmsplice leaves in the pipe. The bytes outside the range are not in flight, though they are on the same page.
/// </summary>
internal struct SlotRun
{
    /// <summary>The region whose frames are referenced; below 0 where nobody can change them: kernel pages, the zero page, memory that is gone.</summary>
    public int Region;

    /// <summary>From the start of the region, or of the first page.</summary>
    public long Offset;

    public long Length;
    public SlotFlags Flags;
    public HandOffTag Tag;

    public readonly long End => Offset + Length;

    public readonly bool IsStable => Region < 0;

    /// <summary>How many slots these bytes take.</summary>
    public readonly long Slots => Length == 0 ? 0 : (End - 1) / PageSize.Bytes - Offset / PageSize.Bytes + 1;

    /// <summary>How many bytes the first <paramref name="slots"/> slots hold.</summary>
    public readonly long BytesIn(long slots)
    {
        if (slots <= 0) return 0;
        return slots >= Slots ? Length : (Offset / PageSize.Bytes + slots) * PageSize.Bytes - Offset;
    }

    /// <summary>The first bytes.</summary>
    public readonly SlotRun Take(long bytes)
    {
        var run = this;
        run.Length = bytes;
        return run;
    }

    /// <summary>What is left without the first bytes.</summary>
    public readonly SlotRun Skip(long bytes)
    {
        var run = this;
        run.Offset += bytes;
        run.Length -= bytes;
        return run;
    }

    /// <summary>The same slots once nobody can change their frames. The content is a number below 0; all are alike unless somebody keeps the bytes.</summary>
    public readonly SlotRun Stable(int content = NoContent) => new()
    {
        Region = content,
        Offset = Offset % PageSize.Bytes,
        Length = Length,
        Flags = Flags & (SlotFlags.CanMerge | SlotFlags.Packet),
    };

    /// <summary>The region of slots that nobody can change, and whose bytes nobody keeps.</summary>
    public const int NoContent = -1;

    /// <summary>True when some of these bytes certainly lie in the range; of bytes that lie somewhere in the region that is certain for the whole region only.</summary>
    public readonly bool IsCoveredPartly(int region, long from, long to) =>
        Overlaps(region, from, to) && ((Flags & SlotFlags.AnyPlace) == 0 || (from <= 0 && to == long.MaxValue));

    /// <summary>True when the bytes [from, to) of <paramref name="region"/> may be in flight here.</summary>
    public readonly bool Overlaps(int region, long from, long to) =>
        Region == region && from < to && ((Flags & SlotFlags.AnyPlace) != 0 || (Offset < to && from < End));
}
