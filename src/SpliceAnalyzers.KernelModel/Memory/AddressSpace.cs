using System;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>The regions of a state, by number. Objects are pooled, since a state is loaded and stored for every step of the search.</summary>
internal sealed class AddressSpace
{
    private Region[] _regions = new Region[8];

    public int Count { get; private set; }

    public Region this[int index] => _regions[index];

    public void Clear() => Count = 0;

    /// <summary>A fresh region object with the next number; the caller resets it.</summary>
    public Region Add()
    {
        if (Count == _regions.Length) Array.Resize(ref _regions, Count * 2);
        return _regions[Count++] ??= new Region();
    }

    public int Add(RegionKind kind, Value size, int origin, int site)
    {
        Add().Reset(kind, size, origin, site);
        return Count - 1;
    }

    /// <summary>The region that an address points into, if that still is the program's memory.</summary>
    public Region? Live(Value address) =>
        address.IsPointer && !_regions[address.Region].Released ? _regions[address.Region] : null;

    public int CountFrom(int origin)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_regions[i].Origin == origin) count++;
        }
        return count;
    }

    /// <summary>Gives every region its new number and drops those whose number is -1; <paramref name="kept"/> is how many stay.</summary>
    public void Renumber(int[] numbers, int kept, ref Region[] scratch)
    {
        if (scratch.Length < _regions.Length) scratch = new Region[_regions.Length];
        var spare = kept;
        for (var i = 0; i < Count; i++)
        {
            // A merged region shares its number with one that came before it; its object is as spare as a dropped one's.
            if (numbers[i] >= 0 && scratch[numbers[i]] is null) scratch[numbers[i]] = _regions[i];
            else scratch[spare++] = _regions[i];
        }
        Array.Copy(scratch, _regions, Count);
        Array.Clear(scratch, 0, Count);
        Count = kept;
    }
}
