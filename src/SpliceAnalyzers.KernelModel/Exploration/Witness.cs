using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Who moves in a step of a witness.</summary>
public enum Actor
{
    /// <summary>The program.</summary>
    Producer,
    /// <summary>Whoever reads the pipe.</summary>
    Consumer,
    /// <summary>Allocator, pool, stack or collector reusing memory.</summary>
    Environment,
}

/// <summary>What happens in a step of a witness.</summary>
public enum WitnessAction
{
    /// <summary>A region came to be.</summary>
    Allocate,
    /// <summary>References to bytes of a region went into a pipe.</summary>
    HandOff,
    /// <summary>The program changed bytes.</summary>
    Store,
    /// <summary>The program gave memory up.</summary>
    Release,
    /// <summary>A scope ended.</summary>
    ScopeEnd,
    /// <summary>The environment changed bytes of memory that was given up.</summary>
    Reuse,
    /// <summary>The consumer (or the program) copied bytes out of the pipe.</summary>
    Read,
    /// <summary>References moved on by splice or tee.</summary>
    MoveOn,
    /// <summary>The program returned to its caller.</summary>
    Return,
}

/// <summary>One step of a witness.</summary>
public sealed class WitnessStep
{
    /// <summary>Who.</summary>
    public Actor Actor { get; set; }

    /// <summary>What.</summary>
    public WitnessAction Action { get; set; }

    /// <summary>The site of the instruction, -1 for steps of the consumer and the environment.</summary>
    public int Site { get; set; } = -1;

    /// <summary>Sites of the calls that were running, outermost first.</summary>
    public IReadOnlyList<int> Calls { get; set; } = [];

    /// <summary>The region concerned, numbered in order of appearance from 0; -1 where none is.</summary>
    public int Region { get; set; } = -1;

    /// <summary>The site of the instruction that made the region, -1 where it was there before.</summary>
    public int RegionSite { get; set; } = -1;

    /// <summary>First byte concerned, from the start of the region.</summary>
    public long Offset { get; set; }

    /// <summary>How many bytes are concerned.</summary>
    public long Length { get; set; }

    /// <summary>Which step of the text form this is, counted from 0.</summary>
    public int TraceIndex { get; set; } = -1;

    /// <summary>True when the step happens only if an unknown callee stores.</summary>
    public bool Possible { get; set; }

    /// <summary>The same step of a program that has these sites instead of 0, 1 and so on.</summary>
    internal WitnessStep At(IReadOnlyList<int> realSites)
    {
        var copy = (WitnessStep)MemberwiseClone();
        copy.Site = SiteAt(realSites, Site);
        copy.RegionSite = SiteAt(realSites, RegionSite);
        copy.Calls = [.. Calls.Select(site => SiteAt(realSites, site))];
        return copy;
    }

    internal static int SiteAt(IReadOnlyList<int> realSites, int site) => site < 0 ? site : realSites[site];
}

/// <summary>An interleaving that breaks the property.</summary>
public sealed class Witness
{
    /// <summary>What broke it.</summary>
    public HazardKind Hazard { get; set; }

    /// <summary>The hand-off whose bytes changed.</summary>
    public WitnessStep HandOff { get; set; } = new();

    /// <summary>The step that changed them, or that let the environment change them.</summary>
    public WitnessStep Culprit { get; set; } = new();

    /// <summary>True when the hand-off carried SPLICE_F_GIFT.</summary>
    public bool Gifted { get; set; }

    /// <summary>How many calls lead to both the hand-off and the culprit.</summary>
    public int SharedCalls
    {
        get
        {
            var shared = 0;
            while (shared < HandOff.Calls.Count && shared < Culprit.Calls.Count && HandOff.Calls[shared] == Culprit.Calls[shared]) shared++;
            return shared;
        }
    }

    /// <summary>
    /// The site of the culprit (of a lifetime's end: of the hand-off) in the innermost procedure that sees both: its own, or that of the call which leads to it.
    /// Where only outside callers see both, its own.
    /// </summary>
    public int MeetingSite
    {
        get
        {
            var step = Hazard == HazardKind.LifetimeEnd ? HandOff : Culprit;
            var shared = SharedCalls;
            return shared == 0 ? step.Site : SiteAt(step, System.Math.Min(shared, Culprit.Calls.Count));
        }
    }

    /// <summary>What a frame was doing at a step; dispatchers have no site of their own.</summary>
    private static int SiteAt(WitnessStep step, int frame)
    {
        for (; frame < step.Calls.Count; frame++)
        {
            if (step.Calls[frame] >= 0) return step.Calls[frame];
        }
        return step.Site;
    }

    /// <summary>False when a value that had been widened decided the path or the place: the search could not follow it exactly.</summary>
    public bool Exact { get; set; } = true;

    /// <summary>The steps that matter, in order, ending with the consumer's read of the changed byte.</summary>
    public IReadOnlyList<WitnessStep> Steps { get; set; } = [];

    /// <summary>The text form, `v1:...`.</summary>
    public string Text { get; set; } = "";

    /// <summary>The same witness of a program that has these sites instead of 0, 1 and so on.</summary>
    internal Witness At(IReadOnlyList<int> realSites)
    {
        var copy = (Witness)MemberwiseClone();
        copy.HandOff = HandOff.At(realSites);
        copy.Culprit = Culprit.At(realSites);
        copy.Steps = [.. Steps.Select(step => step.At(realSites))];
        return copy;
    }
}
