using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// Keeps loops from being unrolled for ever: at a loop head each place keeps the first so many integers apart; of all later ones only what
/// <see cref="Arithmetic.Widen"/> leaves is followed. Once an integer is kept it stays kept, so running a path again widens the same values.
/// </summary>
internal sealed class Widening(Arithmetic arithmetic, int limit)
{
    private readonly Dictionary<(int Head, int Holder, long Offset), HashSet<long>> _seen = [];

    /// <summary>The value that goes on. The holder is a register, or (below zero) where a region came from, with the offset in it.</summary>
    public Value Pass(int head, int holder, long offset, Value value)
    {
        if (!value.HasExactNumber) return value;
        var key = (head, holder, offset);
        if (!_seen.TryGetValue(key, out var seen)) _seen.Add(key, seen = []);
        if (seen.Contains(value.Number)) return value;
        if (seen.Count >= limit) return arithmetic.Widen(value);
        seen.Add(value.Number);
        return value;
    }
}
