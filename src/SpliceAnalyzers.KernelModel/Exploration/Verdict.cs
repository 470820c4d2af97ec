using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>How an exploration ended.</summary>
public enum VerdictKind
{
    /// <summary>Every interleaving was looked at and none changes a byte in flight.</summary>
    Proved,
    /// <summary>At least one interleaving does; see <see cref="Verdict.Witnesses"/>.</summary>
    Hazards,
    /// <summary>A budget ended the search before it was complete; witnesses found so far are still real.</summary>
    BoundReached,
}

/// <summary>The result of exploring one program under one kernel.</summary>
public sealed class Verdict(VerdictKind kind, IReadOnlyList<Witness> witnesses, long states, long steps, IReadOnlyCollection<int> copyingCalls)
{
    /// <summary>How the exploration ended.</summary>
    public VerdictKind Kind { get; } = kind;

    /// <summary>The shortest witness for each pair of hand-off (with the calls that lead to it) and hazard, in the order they were found.</summary>
    public IReadOnlyList<Witness> Witnesses { get; } = witnesses;

    /// <summary>The sites of vmsplice calls that only ever had a read end, and so copied (KERNEL.md rule 13).</summary>
    public IReadOnlyCollection<int> CopyingCalls { get; } = copyingCalls;

    /// <summary>How many different states were visited.</summary>
    public long States { get; } = states;

    /// <summary>How many instructions were executed on the way.</summary>
    public long Steps { get; } = steps;

    /// <summary>The same verdict of a program that has these sites instead of 0, 1 and so on.</summary>
    internal Verdict At(IReadOnlyList<int> realSites) =>
        new(Kind, [.. Witnesses.Select(witness => witness.At(realSites))], States, Steps, [.. CopyingCalls.Select(site => WitnessStep.SiteAt(realSites, site))]);
}

/// <summary>What broke the property, named by the step that changed the byte.</summary>
public enum HazardKind
{
    /// <summary>A store by the program.</summary>
    Store,
    /// <summary>A store by the program into gifted memory.</summary>
    StoreAfterGift,
    /// <summary>A release that lets an allocator, a pool or (handle freed) the collector reuse the memory.</summary>
    Release,
    /// <summary>The end of a scope or of the last reference: stack frame left, `fixed` left, pinned array unreachable.</summary>
    LifetimeEnd,
    /// <summary>The entry procedure returns with the caller's memory in flight.</summary>
    CallerKeeps,
    /// <summary>A write to the file whose pages are in flight.</summary>
    SourceFileWrite,
}
