using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>An element of an iovec, or the buffer and length of a plain call.</summary>
internal readonly struct Segment(Value address, long length, bool isLengthKnown, bool isLengthBlurred)
{
    /// <summary>What stands for a length that nothing is known about: a page and a part of one.</summary>
    public const long TypicalLength = 5000;

    public readonly Value Address = address;
    public readonly long Length = length;

    /// <summary>False when <see cref="Length"/> only stands for the ones it might be.</summary>
    public readonly bool IsLengthKnown = isLengthKnown;

    /// <summary>True when it is not known because of widening.</summary>
    public readonly bool IsLengthBlurred = isLengthBlurred;

    /// <summary>True when the address certainly is none (EFAULT).</summary>
    public bool IsBad => Length > 0 && Address.IsExactNumber;

    public Segment Take(long bytes) => new(Address, bytes, IsLengthKnown, IsLengthBlurred);
}

/// <summary>What the running instruction tells the kernel about a call.</summary>
internal readonly struct CallContext(int origin, int site, int place, bool resultMatters)
{
    /// <summary>The instruction's number in the whole program.</summary>
    public readonly int Origin = origin;

    public readonly int Site = site;

    /// <summary>The number of the site and of the calls that are running.</summary>
    public readonly int Place = place;

    /// <summary>False when nobody looks at the result: results that lead to less in flight then need not be tried.</summary>
    public readonly bool ResultMatters = resultMatters;

    /// <summary>The same call where the result decides what the kernel does next.</summary>
    public CallContext WhoseResultMatters() => new(Origin, Site, Place, true);
}
