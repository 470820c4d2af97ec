using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Decides whether a program can corrupt what it hands off.</summary>
public static class Explorer
{
    /// <summary>So many values of a counter are told apart at first, which is enough for most programs and quickly done.</summary>
    private const int FewValues = 6;

    /// <summary>So many when the quick look could not tell a hazard from its own imprecision; the number of states is the real bound.</summary>
    private const int ManyValues = 100_000;

    /// <summary>When numbers were missed so often, all are kept: each time the search begins again.</summary>
    private const int MostMisses = 4;

    /// <summary>Interleavings of threads may use one part in so many of the states allowed; where that is not enough, threads are run one by one.</summary>
    private const int ShareOfThreads = 4;

    /// <summary>
    /// Looks at every interleaving of the program, its consumers and whoever reuses the memory it gives up. The same program and options give the
    /// same verdict and the same witnesses, whenever and wherever they are asked for.
    /// </summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static Verdict Explore(SpliceProgram program, ExplorationOptions options, CancellationToken cancellation)
    {
        if (!ProgramImage.StartsThreads(program)) return Explore(new ProgramImage(program), options, cancellation);
        var beside = Explore(new ProgramImage(program), options.SharedBy(ShareOfThreads), cancellation);
        return beside.Kind != VerdictKind.BoundReached ? beside : Join(beside, Explore(new ProgramImage(program, oneByOne: true), options, cancellation));
    }

    /// <summary>What was found while threads ran beside each other, and what while each ran from its beginning to its end before anything else went on.</summary>
    private static Verdict Join(Verdict beside, Verdict oneByOne)
    {
        List<Witness> witnesses = [.. beside.Witnesses];
        foreach (var witness in oneByOne.Witnesses)
        {
            if (!witnesses.Exists(known => IsSame(known, witness))) witnesses.Add(witness);
        }
        var kind = oneByOne.Kind == VerdictKind.Proved && witnesses.Count > 0 ? VerdictKind.Hazards : oneByOne.Kind;
        return new Verdict(kind, witnesses, beside.States + oneByOne.States, beside.Steps + oneByOne.Steps, [.. beside.CopyingCalls.Where(oneByOne.CopyingCalls.Contains)]);
    }

    private static Verdict Explore(ProgramImage image, ExplorationOptions options, CancellationToken cancellation)
    {
        var places = new CallPlaces();
        var coarse = Run(() => new Search(image, options, places, FewValues), image.Influence, wanted: null, cancellation);
        var found = ShortestWays(coarse);
        var isExact = found.TrueForAll(static finding => !finding.Hazard.Blurred);
        // Nothing is left to tell a hazard from the quick look's own imprecision.
        if (coarse.IsBudgetUsed) return Conclude(coarse, found.FindAll(static finding => !DependsOnPlace(finding.Hazard)), coarse.States, coarse.Executed);
        if (isExact && coarse.IsComplete) return Conclude(coarse, found, coarse.States, coarse.Executed);

        if (coarse.IsComplete && WithoutEchoes(Explain(coarse, found)) is { } distinct)
            return new Verdict(VerdictKind.Hazards, distinct, coarse.States, coarse.Executed, [.. coarse.CopyingCalls]);

        // The quick look saw all there is, and more: once each of its findings is seen sharply, nothing is left to find.
        var fine = Run(() => new Search(image, options, places, ManyValues), image.Influence, coarse.IsComplete ? found : null, cancellation);
        var states = (long)coarse.States + fine.States;
        var steps = coarse.Executed + fine.Executed;
        var foundFine = ShortestWays(fine);
        if (fine.IsAllFound) return new Verdict(VerdictKind.Hazards, Explain(fine, foundFine), states, steps, [.. coarse.CopyingCalls]);
        if (fine.IsComplete || !coarse.IsComplete) return Conclude(fine, foundFine, states, steps);

        // The quick look saw everything, if not sharply; what the second one found first is sharp.
        var sharp = foundFine.FindAll(static finding => !finding.Hazard.Blurred);
        var others = found.FindAll(finding => !sharp.Exists(known => known.Hazard.Tag.Place == finding.Hazard.Tag.Place && known.Hazard.Kind == finding.Hazard.Kind));
        var witnesses = Explain(fine, sharp);
        witnesses.AddRange(Explain(coarse, others.FindAll(static finding => !DependsOnPlace(finding.Hazard))));
        var isAllKnown = witnesses.Count > 0 && !others.Exists(static finding => DependsOnPlace(finding.Hazard));
        return new Verdict(isAllKnown ? VerdictKind.Hazards : VerdictKind.BoundReached, witnesses, states, steps, [.. coarse.CopyingCalls]);
    }

    /// <summary>A search to its end, with all numbers kept that turn out to decide something.</summary>
    private static Search Run(Func<Search> begin, Influence influence, IReadOnlyList<Finding>? wanted, CancellationToken cancellation)
    {
        for (var misses = 1; ; misses++)
        {
            var search = begin();
            search.Run(cancellation, wanted);
            if (search.MissedNumber is not { } missed) return search;
            if (misses < MostMisses) influence.Include(missed);
            else influence.IncludeAll();
        }
    }

    /// <summary>True where the quick look may have found a store only because it did not know any more where that goes. Memory is given up as a whole.</summary>
    private static bool DependsOnPlace(in Hazard hazard) =>
        hazard.Blurred && hazard.Kind is (HazardKind.Store or HazardKind.StoreAfterGift or HazardKind.SourceFileWrite);

    /// <summary>
    /// The exact witnesses, where every other one only repeats one of them: the same hand-off and the same place, reached through other calls. Null where
    /// one says something of its own.
    /// </summary>
    private static List<Witness>? WithoutEchoes(List<Witness> witnesses)
    {
        var exact = witnesses.FindAll(static witness => witness.Exact);
        return witnesses.TrueForAll(witness => witness.Exact || exact.Exists(other => IsSame(witness, other))) ? exact : null;
    }

    private static bool IsSame(Witness one, Witness other) =>
        one.Hazard == other.Hazard && one.HandOff.Site == other.HandOff.Site && one.MeetingSite == other.MeetingSite;

    private static Verdict Conclude(Search search, List<Finding> findings, long states, long steps)
    {
        var kind = !search.IsComplete ? VerdictKind.BoundReached : findings.Count > 0 ? VerdictKind.Hazards : VerdictKind.Proved;
        return new Verdict(kind, Explain(search, findings), states, steps, [.. search.CopyingCalls]);
    }

    private static List<Witness> Explain(Search search, List<Finding> findings) => findings.ConvertAll(finding => search.Explain(finding));

    /// <summary>One finding for each hand-off and kind of hazard: an exact one where there is one, of those the shortest.</summary>
    private static List<Finding> ShortestWays(Search search)
    {
        var chosen = new List<Finding>();
        foreach (var finding in search.Findings)
        {
            var index = chosen.FindIndex(other => other.Hazard.Tag.Place == finding.Hazard.Tag.Place && other.Hazard.Kind == finding.Hazard.Kind);
            if (index < 0) chosen.Add(finding);
            else if (chosen[index].Hazard.Blurred && !finding.Hazard.Blurred) chosen[index] = finding;
        }
        // Findings of one cost stay in the order in which they were made.
        return chosen.Select(static (finding, index) => (finding, index)).OrderBy(static item => item.finding.Cost).ThenBy(static item => item.index)
            .Select(static item => item.finding).ToList();
    }
}
