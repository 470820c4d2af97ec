using System;
using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Pipes;

/// <summary>
/// Slots that stay in flight for ever, because the reader may keep them: order does not matter, and bytes handed off twice at the same place
/// are in flight once. While a witness is recorded every hand-off stays apart.
/// </summary>
internal sealed class RunSet
{
    private static readonly Comparison<SlotRun> ByPlace = Compare;
    private readonly List<SlotRun> _runs = [];

    public int Count => _runs.Count;

    public SlotRun this[int index]
    {
        get => _runs[index];
        set => _runs[index] = value;
    }

    public void Clear() => _runs.Clear();

    /// <summary>Adds slots; those that nobody can change are of no interest.</summary>
    public void Add(SlotRun run)
    {
        if (!run.IsStable && run.Length > 0) _runs.Add(run);
    }

    /// <summary>Forgets bytes of a region that nobody can change any more.</summary>
    public void Detach(int region, long from, long to)
    {
        for (var i = _runs.Count - 1; i >= 0; i--)
        {
            var run = _runs[i];
            if (!run.IsCoveredPartly(region, from, to)) continue;
            _runs.RemoveAt(i);
            if ((run.Flags & SlotFlags.AnyPlace) != 0) continue;
            if (to < run.End) _runs.Insert(i, run.Skip(to - run.Offset));
            if (from > run.Offset) _runs.Insert(i, run.Take(from - run.Offset));
        }
    }

    /// <summary>Makes some runs ones of all bytes there could be.</summary>
    public void Widen(Predicate<SlotRun> which)
    {
        for (var i = 0; i < _runs.Count; i++)
        {
            if (which(_runs[i])) _runs[i] = _runs[i] with { Offset = 0, Length = long.MaxValue / 2, Flags = SlotFlags.None };
        }
    }

    /// <summary>Brings the set into its one form.</summary>
    public void Canonicalise(bool keepApart)
    {
        _runs.RemoveAll(static run => run.IsStable);
        // Nobody compares states while a witness is recorded, and its hand-offs may be many.
        if (_runs.Count < 2 || keepApart) return;
        _runs.Sort(ByPlace);
        var last = 0;
        for (var i = 1; i < _runs.Count; i++)
        {
            if (!TryJoin(last, _runs[i])) _runs[++last] = _runs[i];
        }
        _runs.RemoveRange(last + 1, _runs.Count - last - 1);
    }

    private bool TryJoin(int index, in SlotRun next)
    {
        var run = _runs[index];
        if (run.Region != next.Region || run.Flags != next.Flags || !run.Tag.IsSamePlace(next.Tag) || run.End < next.Offset) return false;
        if (next.End > run.End) run.Length = next.End - run.Offset;
        _runs[index] = run;
        return true;
    }

    private static int Compare(SlotRun a, SlotRun b)
    {
        var order = a.Region.CompareTo(b.Region);
        if (order == 0) order = a.Tag.Place.CompareTo(b.Tag.Place);
        if (order == 0) order = a.Tag.Gifted.CompareTo(b.Tag.Gifted);
        if (order == 0) order = a.Tag.Blurred.CompareTo(b.Tag.Blurred);
        if (order == 0) order = ((int)a.Flags).CompareTo((int)b.Flags);
        if (order == 0) order = a.Offset.CompareTo(b.Offset);
        if (order == 0) order = a.Length.CompareTo(b.Length);
        return order != 0 ? order : a.Tag.Serial.CompareTo(b.Tag.Serial);
    }
}
