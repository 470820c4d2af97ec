using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Verification;

/// <summary>A lifetime diagnostic: what it says, where, and of which hand-off. Places are a file and a position in its old text.</summary>
internal sealed record Hazard(string Id, (string File, int Position) Place, (string File, int Position)? HandOff)
{
    private const string LifetimeRules = "SPL1";

    /// <summary>The compiler's own diagnostic for an analyzer that failed: what it would have said is not known.</summary>
    private const string AnalyzerFailed = "AD0001";

    public static bool IsLifetime(Diagnostic diagnostic) =>
        diagnostic.Id.StartsWith(LifetimeRules, StringComparison.Ordinal) || diagnostic.Id == AnalyzerFailed;

    /// <param name="diagnostic">A diagnostic of the old or the new solution.</param>
    /// <param name="maps">For the files that differ in the new solution, the way back; empty for the old one.</param>
    public static Hazard Of(Diagnostic diagnostic, IReadOnlyDictionary<string, PositionMap> maps) => new(
        diagnostic.Id,
        Old(diagnostic.Location, maps),
        HandOffPlace.Of(diagnostic) is { } handOff ? Old(handOff, maps) : null);

    /// <summary>Two hand-offs can meet in one diagnostic: either the place or the hand-off tells that it was known.</summary>
    public bool IsKnownAs(Hazard other) =>
        Id == other.Id && (Place == other.Place || HandOff is not null && HandOff == other.HandOff);

    private static (string, int) Old(Location location, IReadOnlyDictionary<string, PositionMap> maps)
    {
        string file = location.GetLineSpan().Path ?? "";
        int position = location.SourceSpan.Start;
        return (file, maps.TryGetValue(file, out PositionMap? map) ? map.ToOld(position) : position);
    }
}
