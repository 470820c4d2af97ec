using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>One value that can be loaded again.</summary>
internal struct KeptValue
{
    public long Offset;
    public int Width;
    public Value Value;

    /// <summary>True when the value was stored somewhere in the region, nobody knows where; such a value has offset 0.</summary>
    public bool Astray;

    public readonly long End => Offset + Width;
}

/// <summary>
/// The values a region holds: a sorted sparse map from offset to value. Values that went to an unknown offset come first; they may be found
/// at any offset.
/// </summary>
internal sealed class KeptValues
{
    private KeptValue[] _items = new KeptValue[4];

    public int Count { get; private set; }

    /// <summary>How many values went astray; they are the first ones.</summary>
    public int AstrayCount { get; private set; }

    public ref KeptValue this[int index] => ref _items[index];

    public void Clear() => Count = AstrayCount = 0;

    /// <summary>Appends a value that comes after all others in order, as when a stored state is read back.</summary>
    public void Append(KeptValue item)
    {
        MakeRoom();
        _items[Count++] = item;
        if (item.Astray) AstrayCount++;
    }

    /// <summary>The index of the value kept at exactly this offset; -1 where there is none.</summary>
    public int Find(long offset)
    {
        for (var i = AstrayCount; i < Count; i++)
        {
            if (_items[i].Offset == offset) return i;
            if (_items[i].Offset > offset) break;
        }
        return -1;
    }

    /// <summary>True when a value's bytes overlap the range.</summary>
    public bool Overlaps(long from, long to)
    {
        for (var i = AstrayCount; i < Count && _items[i].Offset < to; i++)
        {
            if (_items[i].End > from) return true;
        }
        return false;
    }

    /// <summary>Forgets the values whose bytes overlap the range.</summary>
    public void Erase(long from, long to)
    {
        var kept = AstrayCount;
        for (var i = AstrayCount; i < Count; i++)
        {
            if (_items[i].Offset < to && _items[i].End > from) continue;
            if (kept != i) _items[kept] = _items[i];
            kept++;
        }
        Count = kept;
    }

    public void Put(long offset, int width, Value value)
    {
        Erase(offset, offset + width);
        MakeRoom();
        var at = AstrayCount;
        while (at < Count && _items[at].Offset < offset) at++;
        Array.Copy(_items, at, _items, at + 1, Count - at);
        _items[at] = new KeptValue { Offset = offset, Width = width, Value = value };
        Count++;
    }

    /// <summary>Adds a value that is somewhere, once.</summary>
    public void PutAstray(int width, Value value)
    {
        for (var i = 0; i < AstrayCount; i++)
        {
            if (_items[i].Width == width && _items[i].Value.Equals(value)) return;
        }
        MakeRoom();
        Array.Copy(_items, AstrayCount, _items, AstrayCount + 1, Count - AstrayCount);
        _items[AstrayCount] = new KeptValue { Width = width, Value = value, Astray = true };
        AstrayCount++;
        Count++;
    }

    /// <summary>Forgets the integers and keeps what points somewhere.</summary>
    public void ForgetNumbers()
    {
        var astray = 0;
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!_items[i].Value.IsPointer && !_items[i].Value.IsDescriptor) continue;
            if (_items[i].Astray) astray++;
            _items[kept++] = _items[i];
        }
        (Count, AstrayCount) = (kept, astray);
    }

    private void MakeRoom()
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
    }
}
