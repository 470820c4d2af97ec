using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Lowering;

namespace SpliceAnalyzers.Rules;

/// <summary>A hazard with its place.</summary>
/// <param name="Diagnostic">What to report.</param>
/// <param name="HandOff">The vmsplice call.</param>
/// <param name="HandOffMethod">The method it is in.</param>
/// <param name="IsBetweenCalls">True when hand-off and culprit are in two calls of a type's methods.</param>
internal sealed record Finding(Diagnostic Diagnostic, SyntaxNode HandOff, IMethodSymbol HandOffMethod, bool IsBetweenCalls)
{
    /// <summary>Where it is reported.</summary>
    public Location Place => Diagnostic.Location;
}

/// <summary>What exploring one root found.</summary>
internal sealed class RootFindings
{
    private RootFindings(IReadOnlyList<Finding> findings, IReadOnlyList<SyntaxNode> handOffs, IReadOnlyList<Diagnostic> bounds) =>
        (Findings, HandOffs, Bounds) = (findings, handOffs, bounds);

    /// <summary>The hazards, shortest witness first.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>All hand-offs of the program.</summary>
    public IReadOnlyList<SyntaxNode> HandOffs { get; }

    /// <summary>SPL1008, where a budget ended the search.</summary>
    public IReadOnlyList<Diagnostic> Bounds { get; }

    /// <summary>These findings, and those of another program about hand-offs of which the same is not known yet.</summary>
    public RootFindings With(RootFindings other) => new(
        [.. Findings, .. other.Findings.Where(f => !Findings.Any(known => known.Diagnostic.Id == f.Diagnostic.Id && known.HandOff == f.HandOff))], HandOffs, Bounds);

    /// <summary>Explores a program once for each set of options that some rule has, and takes from each what the rules with these options say.</summary>
    public static RootFindings Explore(AssembledProgram assembled, SiteTable sites, VerdictCache verdicts, Func<string, ExplorationOptions> optionsOf, CancellationToken cancellation)
    {
        var report = new WitnessReport(assembled, sites);
        var findings = new List<Finding>();
        var bounds = new List<Diagnostic>();
        IEnumerable<int> copying = [];
        var form = new ProgramForm(assembled.Program);
        foreach (var group in Descriptors.HandOffs.Select(static rule => rule.Id).GroupBy(id => VerdictCache.Key(optionsOf(id))))
        {
            ExplorationOptions options = optionsOf(group.First());
            Verdict verdict = verdicts.Of(form, options, cancellation);
            findings.AddRange(Describe(verdict, report, assembled.Program, copies => verdicts.Of(form, copies, cancellation), options).Where(f => group.Contains(f.Diagnostic.Id)));
            copying = verdict.CopyingCalls;
            // Whichever rule's search it was: what it did not get to would be silence otherwise.
            if ((verdict.Kind == VerdictKind.BoundReached || assembled.IsCut) && bounds.Count == 0)
                bounds.Add(report.NotComplete(assembled.IsCut));
        }

        SyntaxNode[] handOffs = [.. HandOffSites(assembled.Program, sites).Except(copying).Select(s => sites[s].Syntax).Distinct()];
        return new RootFindings(findings, handOffs, bounds);
    }

    private static IEnumerable<Finding> Describe(Verdict verdict, WitnessReport report, SpliceProgram program, Func<ExplorationOptions, Verdict> explore, ExplorationOptions options)
    {
        HashSet<string> recycled = ProvenByPipeSize(program, verdict, explore, options);
        return verdict.Witnesses.Where(w => !IsReplaced(w, verdict.Witnesses, report))
            .GroupBy(static w => (w.Hazard, w.HandOff.Site, Culprit: Key(w.Culprit))).Select(static g => g.First())
            .Select(w => report.Describe(w, recycled.Contains(Key(w.HandOff)))).OfType<Finding>();
    }

    /// <summary>At the same hand-off SPL1006 stands instead of SPL1004.</summary>
    private static bool IsReplaced(Witness witness, IReadOnlyList<Witness> all, WitnessReport report) =>
        witness.Hazard == HazardKind.LifetimeEnd && all.Any(w => w.Hazard == HazardKind.CallerKeeps && Key(w.HandOff) == Key(witness.HandOff) && report.CallersAreUnknown(w));

    /// <summary>A place with the calls that lead to it. What one culprit does to one hand-off is one finding, by whatever way the hand-off was reached.</summary>
    private static string Key(WitnessStep step) => string.Join("/", step.Calls) + "/" + step.Site;

    /// <summary>The hand-offs that only a consumer that splices onward, or enlarges the pipe, can turn into a store's hazard.</summary>
    private static HashSet<string> ProvenByPipeSize(SpliceProgram program, Verdict verdict, Func<ExplorationOptions, Verdict> explore, ExplorationOptions options)
    {
        bool usesSize = Instructions(program).OfType<SystemCall>().Any(static c => c.Kind is SystemCallKind.SetPipeSize or SystemCallKind.GetPipeSize);
        var stored = verdict.Witnesses.Where(static w => w.Hazard == HazardKind.Store).Select(static w => Key(w.HandOff)).ToList();
        if (!usesSize || stored.Count == 0 || options.Consumer != ConsumerKind.Unknown)
            return [];
        var copies = new ExplorationOptions { Kernel = options.Kernel, Consumer = ConsumerKind.Copies, GiftContract = options.GiftContract, MaxStates = options.MaxStates };
        Verdict bounded = explore(copies);
        return bounded.Kind == VerdictKind.BoundReached ? [] : [.. stored.Except(bounded.Witnesses.Where(static w => w.Hazard == HazardKind.Store).Select(static w => Key(w.HandOff)))];
    }

    private static IEnumerable<int> HandOffSites(SpliceProgram program, SiteTable sites) =>
        Instructions(program).OfType<SystemCall>().Where(c => sites.HandOffs.Contains(c.Site)).Select(static c => c.Site);

    private static IEnumerable<Instruction> Instructions(SpliceProgram program) => program.Procedures.SelectMany(static p => p.Code);
}
