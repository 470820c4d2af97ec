using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>What happens in a step of a trace.</summary>
public enum TraceAction
{
    /// <summary>A region appears, with distinct bytes in it.</summary>
    Region,
    /// <summary>The program fills bytes of a region, so that they have frames of their own.</summary>
    Fill,
    /// <summary>References to bytes of a region go into a pipe.</summary>
    HandOff,
    /// <summary>The program, or its caller, stores.</summary>
    Store,
    /// <summary>The program gives the region up; see <see cref="TraceStep.End"/>.</summary>
    GiveUp,
    /// <summary>Whoever has the region's memory now stores.</summary>
    Reuse,
    /// <summary>The program copies bytes out of a pipe.</summary>
    CopyOut,
    /// <summary>References move from one pipe to another.</summary>
    Move,
    /// <summary>References are duplicated from one pipe to another.</summary>
    Duplicate,
    /// <summary>The consumer reads past some bytes, and then the bytes that changed.</summary>
    Read,
}

/// <summary>How a region is given up.</summary>
public enum RegionEnd
{
    /// <summary>To an allocator.</summary>
    Allocator,
    /// <summary>To a pool.</summary>
    Pool,
    /// <summary>A handle no longer pins it.</summary>
    Handle,
    /// <summary>A scope no longer pins it, or nothing did.</summary>
    Scope,
    /// <summary>The stack frame it is in ends.</summary>
    Frame,
    /// <summary>Nothing reaches it any more.</summary>
    Lost,
    /// <summary>The program returns to the caller, who owns it.</summary>
    Return,
    /// <summary>The mapping goes; nobody can change its frames any more (KERNEL.md rule 6).</summary>
    Unmap,
}

/// <summary>A step of a trace: what a witness looks like to the kernel, with nothing left of the program. Only what its action needs is set.</summary>
public sealed record TraceStep
{
    /// <summary>What happens.</summary>
    public TraceAction Action { get; init; }

    /// <summary>The region concerned.</summary>
    public int Region { get; init; }

    /// <summary>Where the region comes from.</summary>
    public RegionKind Kind { get; init; }

    /// <summary>The region's size; -1 where nobody knows it.</summary>
    public long Size { get; init; }

    /// <summary>The pipe that bytes go into or come out of.</summary>
    public int Pipe { get; init; }

    /// <summary>The pipe that bytes move on to.</summary>
    public int Target { get; init; }

    /// <summary>First byte, from the start of the region; for a read, how many bytes of the pipe come before.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes.</summary>
    public long Length { get; init; }

    /// <summary>True when the hand-off carries SPLICE_F_GIFT.</summary>
    public bool Gift { get; init; }

    /// <summary>How the region is given up.</summary>
    public RegionEnd End { get; init; }
}
