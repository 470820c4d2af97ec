using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>A step that changed bytes in flight, or let somebody else change them.</summary>
internal struct Hazard
{
    public HazardKind Kind;

    /// <summary>The hand-off concerned.</summary>
    public HandOffTag Tag;

    /// <summary>What the step was.</summary>
    public WitnessAction Action;

    /// <summary>How the region was given up, where it was.</summary>
    public RegionEnd End;

    /// <summary>The bytes concerned, from the start of the region.</summary>
    public long Offset;
    public long Length;

    /// <summary>True when the bytes are still referenced; false for a gift that was drained.</summary>
    public bool InFlight;

    /// <summary>True when the step happens only if an unknown callee stores.</summary>
    public bool Possible;

    /// <summary>True when a widened value decided the path or the place.</summary>
    public bool Blurred;
}
