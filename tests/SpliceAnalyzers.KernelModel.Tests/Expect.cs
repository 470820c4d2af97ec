using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Witnesses;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Compares verdicts with what a test expects, and says what was found instead.</summary>
internal static class Expect
{
    public static string Describe(Verdict verdict) =>
        $"{verdict.Kind} after {verdict.States} states" + string.Concat(verdict.Witnesses.Select(witness => "\n  " + Describe(witness)));

    public static string Describe(Witness witness) =>
        $"{witness.Hazard} at site {witness.Culprit.Site}, handed off at site {witness.HandOff.Site}, bytes {witness.Culprit.Offset}+{witness.Culprit.Length}, "
        + $"{(witness.Exact ? "exact" : "not exact")}, {witness.Text}";

    public static void Safe(Verdict verdict) => Assert.True(verdict.Kind == VerdictKind.Proved && verdict.Witnesses.Count == 0, "Expected a proof, but found: " + Describe(verdict));

    /// <summary>Expects exactly these hazards, each an exact witness that its own text confirms.</summary>
    public static Witness[] Hazards(Verdict verdict, params (HazardKind Kind, int HandOff, int Culprit)[] expected)
    {
        var found = verdict.Witnesses.Select(witness => (witness.Hazard, witness.HandOff.Site, witness.Culprit.Site)).ToHashSet();
        Assert.True(verdict.Kind == VerdictKind.Hazards && verdict.Witnesses.Count == expected.Length && found.SetEquals(expected),
            $"Expected {string.Join(", ", expected.Select(hazard => $"{hazard.Kind} of {hazard.HandOff} at {hazard.Culprit}"))}, but found: " + Describe(verdict));
        foreach (var witness in verdict.Witnesses)
        {
            Assert.True(witness.Exact, "The witness is not exact: " + Describe(witness));
            Confirmed(witness);
        }
        return [.. expected.Select(hazard => verdict.Witnesses.First(witness => witness.Hazard == hazard.Kind && witness.HandOff.Site == hazard.HandOff))];
    }

    public static void Confirmed(Witness witness)
    {
        var replayed = WitnessReplay.Run(witness.Text);
        Assert.True(replayed.IsConfirmed, $"The replay does not confirm the witness: {replayed.Message} {Describe(witness)}");
    }
}
