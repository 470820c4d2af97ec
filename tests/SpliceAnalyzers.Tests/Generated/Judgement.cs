using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A rule that speaks of a hand-off at a statement; both by their numbers.</summary>
internal readonly record struct Remark(string Rule, int HandOff, int Place)
{
    public override string ToString() => $"{Rule} of statement {HandOff} at statement {Place}";
}

/// <summary>What is true of a plan: for each hand-off the rules that must speak of it, and where they may.</summary>
internal sealed class Judgement
{
    private readonly Dictionary<(int HandOff, string Rule), HashSet<int>> _places = [];

    /// <summary>True only if objects live as long, or as short, as they may.</summary>
    private readonly HashSet<(int HandOff, string Rule)> _mayBeSilent = [];

    /// <summary>The truth about a plan; null when it has too many ways to go.</summary>
    public static Judgement? Of(Plan plan)
    {
        if (Of(plan, objectsKeep: false) is not { } judgement)
            return null;
        if (!plan.Buffers.Where((_, buffer) => ConcreteRun.IsKept(plan, buffer)).Any())
            return judgement;
        if (Of(plan, objectsKeep: true) is not { } kept)
            return null;
        judgement._mayBeSilent.UnionWith(judgement._places.Keys.Except(kept._places.Keys).Concat(kept._places.Keys.Except(judgement._places.Keys)));
        foreach (((int handOff, string rule), HashSet<int> places) in kept._places)
        {
            foreach (int place in places)
                judgement.Add(handOff, rule, place);
        }

        return judgement;
    }

    private static Judgement? Of(Plan plan, bool objectsKeep)
    {
        if (ConcreteRun.Of(plan, ConsumerKind.Unknown, objectsKeep) is not { } breaches)
            return null;
        IReadOnlyCollection<Breach>? whileReadersCopy = plan.UsesPipeSize ? ConcreteRun.Of(plan, ConsumerKind.Copies, objectsKeep) : breaches;
        if (whileReadersCopy is null)
            return null;

        var judgement = new Judgement();
        foreach (Breach breach in breaches.Where(b => b.Kind != HazardKind.CallerKeeps || plan.IsPublic))
        {
            bool isProvenBySize = breach.Kind == HazardKind.Store && !whileReadersCopy.Any(b => b.HandOff == breach.HandOff && b.Kind == HazardKind.Store);
            judgement.Add(breach.HandOff, isProvenBySize ? RuleIds.RecycledByPipeSize : Descriptors.Of(breach.Kind).Id, isProvenBySize ? breach.HandOff : breach.Place);
        }

        return judgement;
    }

    private void Add(int handOff, string rule, int place)
    {
        if (!_places.TryGetValue((handOff, rule), out HashSet<int>? places))
            _places.Add((handOff, rule), places = []);
        places.Add(place);
    }

    /// <summary>
    /// What is true and was not said. Diagnostics on the same place with the same id are one, whatever hand-offs they speak of; where the plan is
    /// not decidable, that may be a place where it is not true.
    /// </summary>
    public IEnumerable<string> Missed(IReadOnlyCollection<Remark> said, bool isDecidable) =>
        from truth in _places
        where !_mayBeSilent.Contains(truth.Key) && !IsReplaced(truth.Key.HandOff, truth.Key.Rule)
        where !said.Any(r => r.Rule == truth.Key.Rule && (r.HandOff == truth.Key.HandOff || truth.Value.Contains(r.Place) || !isDecidable))
        select $"{truth.Key.Rule} of statement {truth.Key.HandOff} at statement {string.Join(" or ", truth.Value.Order())}";

    /// <summary>What was said and is not true.</summary>
    public IEnumerable<string> Invented(IReadOnlyCollection<Remark> said) => said.Where(r => !IsTrue(r)).Select(static r => r.ToString());

    private bool IsTrue(Remark remark) => remark.Rule == RuleIds.PreferWrite
        ? !_places.Keys.Any(key => key.HandOff == remark.HandOff && !_mayBeSilent.Contains(key))
        : _places.TryGetValue((remark.HandOff, remark.Rule), out HashSet<int>? places) && places.Contains(remark.Place);

    /// <summary>At the same hand-off SPL1006 stands instead of SPL1004.</summary>
    private bool IsReplaced(int handOff, string rule) =>
        rule == RuleIds.LifetimeEndsInFlight && _places.ContainsKey((handOff, RuleIds.CallersBufferInFlight));
}
