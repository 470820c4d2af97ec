namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>A part of a region that shows a file's pages instead of frames of the region's own.</summary>
internal struct Window
{
    public long From;
    public long To;

    /// <summary>The region that is the file.</summary>
    public int File;

    /// <summary>What to add to an offset of the region to get the offset in the file.</summary>
    public long Shift;

    /// <summary>MAP_PRIVATE: a store makes a page of the region's own (KERNEL.md rule 8).</summary>
    public bool IsPrivate;
}

/// <summary>Neighbouring bytes of an address range that lie in one place: frames of a region, the zero page, or nowhere.</summary>
internal readonly struct Piece(int region, long offset, long length, bool isZeroPage, bool isBarred)
{
    /// <summary>The region whose frames these are: the range's own, or a file's.</summary>
    public readonly int Region = region;

    public readonly long Offset = offset;
    public readonly long Length = length;

    /// <summary>Never written: reads as zeros (KERNEL.md rule 3).</summary>
    public readonly bool IsZeroPage = isZeroPage;

    /// <summary>Not mapped, or not to be read (EFAULT).</summary>
    public readonly bool IsBarred = isBarred;
}
