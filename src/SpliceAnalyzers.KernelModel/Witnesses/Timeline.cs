using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>Neighbouring bytes with the same content.</summary>
/// <param name="From">The first byte, from the start of the region.</param>
/// <param name="To">The first byte that is no longer meant.</param>
/// <param name="Content">What they hold now, see <see cref="Timeline.NameOf"/>.</param>
/// <param name="HandedOff">What they held when they were handed off; in memory the same as <paramref name="Content"/>.</param>
public sealed record TimelineCell(long From, long To, int Content, int HandedOff)
{
    /// <summary>True when whoever reads these bytes does not get what was handed off.</summary>
    public bool IsWrong => Content != HandedOff;
}

/// <summary>A region after a step.</summary>
/// <param name="Region">Its number.</param>
/// <param name="IsGivenUp">True once the program gave it up.</param>
/// <param name="Cells">Its bytes, from the first one on, as far as they are known.</param>
public sealed record TimelineMemory(int Region, bool IsGivenUp, IReadOnlyList<TimelineCell> Cells);

/// <summary>Slots of a pipe, one after the other, which look the same.</summary>
/// <param name="Count">How many, at least one.</param>
/// <param name="Region">The region whose frames they refer to; -1 where nobody can change their bytes.</param>
/// <param name="Cells">The bytes of the first one.</param>
public sealed record TimelineSlots(long Count, int Region, IReadOnlyList<TimelineCell> Cells);

/// <summary>A pipe after a step; before it, where the step is the consumer's read.</summary>
/// <param name="Pipe">Its number.</param>
/// <param name="Slots">Its slots, oldest first.</param>
public sealed record TimelinePipe(int Pipe, IReadOnlyList<TimelineSlots> Slots);

/// <summary>Source code that belongs to a step.</summary>
/// <param name="Step">The step's number.</param>
/// <param name="Place">File and line.</param>
/// <param name="Code">What stands there; empty where nobody knows.</param>
public sealed record TimelineSource(int Step, string Place, string Code);

/// <summary>A step of a timeline.</summary>
/// <param name="Number">Counted from 0, as in the witness.</param>
/// <param name="Trace">The step as the witness has it.</param>
/// <param name="Actor">Who moves.</param>
/// <param name="Text">What happens, in words.</param>
/// <param name="IsWrong">True for the step that reads what was not handed off.</param>
/// <param name="Memory">All regions there are then.</param>
/// <param name="Pipes">All pipes that were used by then.</param>
/// <param name="Sources">Where it is in the source code, outermost call first.</param>
public sealed record TimelineStep(
    int Number, TraceStep Trace, Actor Actor, string Text, bool IsWrong,
    IReadOnlyList<TimelineMemory> Memory, IReadOnlyList<TimelinePipe> Pipes, IReadOnlyList<TimelineSource> Sources);

/// <summary>
/// A witness as a picture shows it: who does what, one step below the other, and what memory and pipes hold then. Contents are not bytes but letters, one
/// for each step that wrote: a byte is wrong when the letter read is not the letter handed off.
/// </summary>
public sealed class Timeline
{
    internal Timeline(IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelineRegion> regions, ReplayResult outcome) =>
        (Steps, Regions, Outcome) = (steps, regions, outcome);

    /// <summary>What happens, in order.</summary>
    public IReadOnlyList<TimelineStep> Steps { get; }

    /// <summary>The regions that appear, in order of appearance.</summary>
    public IReadOnlyList<TimelineRegion> Regions { get; }

    /// <summary>What comes of it. Where a step cannot happen, this says so, and the timeline ends before it.</summary>
    public ReplayResult Outcome { get; }

    /// <summary>What comes of it, in a sentence for those who look at the picture.</summary>
    public string Conclusion => Steps.Any(static step => step.IsWrong) ? "! The consumer does not get what was handed off." : Outcome.Message;

    /// <summary>The timeline of a trace.</summary>
    /// <param name="trace">At most <see cref="MostSteps"/> steps; those beyond are left out, and the outcome says so.</param>
    /// <param name="sources">Where the steps are in the source code, as far as that is known.</param>
    public static Timeline Of(IReadOnlyList<TraceStep> trace, IReadOnlyList<TimelineSource>? sources = null) => new TimelineBuilder(trace, sources ?? []).Build();

    /// <summary>So many steps are followed; a witness that the explorer found has a handful.</summary>
    public const int MostSteps = 1000;

    /// <summary>The name of a content: <c>.</c> for what was there at first (below 0), then A, B and so on.</summary>
    public static string NameOf(int content) => content < 0
        ? "."
        : ((char)('A' + content % 26)).ToString() + (content < 26 ? "" : (content / 26).ToString(CultureInfo.InvariantCulture));
}

/// <summary>A region that appears in a timeline.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">Where its memory comes from.</param>
/// <param name="Size">Its size in bytes; -1 where nobody knows it.</param>
public sealed record TimelineRegion(int Number, RegionKind Kind, long Size);
