using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>A set of bytes as sorted ranges that neither touch nor overlap.</summary>
internal sealed class ByteRanges
{
    private readonly List<(long From, long To)> _ranges = [];

    public int Count => _ranges.Count;

    public (long From, long To) this[int index] => _ranges[index];

    public void Clear() => _ranges.Clear();

    public void CopyFrom(ByteRanges other)
    {
        _ranges.Clear();
        _ranges.AddRange(other._ranges);
    }

    /// <summary>Appends a range that lies behind all others, as when a stored state is read back.</summary>
    public void Append(long from, long to) => _ranges.Add((from, to));

    public void Add(long from, long to)
    {
        if (from >= to) return;
        var first = 0;
        while (first < _ranges.Count && _ranges[first].To < from) first++;
        var last = first;
        for (; last < _ranges.Count && _ranges[last].From <= to; last++)
        {
            if (_ranges[last].From < from) from = _ranges[last].From;
            if (_ranges[last].To > to) to = _ranges[last].To;
        }
        _ranges.RemoveRange(first, last - first);
        _ranges.Insert(first, (from, to));
    }

    public void Remove(long from, long to)
    {
        for (var i = _ranges.Count - 1; i >= 0 && from < to; i--)
        {
            var range = _ranges[i];
            if (range.From >= to || range.To <= from) continue;
            _ranges.RemoveAt(i);
            if (range.To > to) _ranges.Insert(i, (to, range.To));
            if (range.From < from) _ranges.Insert(i, (range.From, from));
        }
    }

    /// <summary>How far from a position on it stays inside the set, or outside of it: the end of that stretch.</summary>
    public long EndOfStretch(long position, out bool isInside)
    {
        foreach (var (from, to) in _ranges)
        {
            if (to <= position) continue;
            isInside = from <= position;
            return isInside ? to : from;
        }
        isInside = false;
        return long.MaxValue;
    }

    /// <summary>The first byte of the set at or after a position.</summary>
    public long FirstFrom(long position)
    {
        var end = EndOfStretch(position, out var isInside);
        return isInside ? position : end;
    }

    public bool Contains(long position)
    {
        foreach (var (from, to) in _ranges)
        {
            if (position >= from && position < to) return true;
        }
        return false;
    }
}
