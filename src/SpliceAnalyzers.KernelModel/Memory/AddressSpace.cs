using System;
using System.Collections.Generic;
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

    /// <summary>Finds where the bytes [from, to) of a region lie. A store makes pages of the region's own where it may (KERNEL.md rules 3 and 8).</summary>
    public void FindPieces(int index, long from, long to, bool forStore, List<Piece> pieces)
    {
        pieces.Clear();
        var region = _regions[index];
        while (from < to)
        {
            var window = region.WindowAt(from, out var end);
            end = Math.Min(end, to);
            end = Math.Min(end, region.Barred.EndOfStretch(from, out var isBarred));
            end = Math.Min(end, region.Unmapped.EndOfStretch(from, out var isUnmapped));
            isBarred |= isUnmapped | IsBehindEnd(window, from, ref end);
            var isOwn = true;
            if (region.HasZeroPages && !forStore) end = Math.Min(end, region.Populated.EndOfStretch(from, out isOwn));
            var showsFile = window.File >= 0 && (!window.IsPrivate || (!forStore && !isOwn));
            pieces.Add(showsFile
                ? new Piece(window.File, from + window.Shift, end - from, false, isBarred)
                : new Piece(index, from, end - from, !isOwn, isBarred));
            from = end;
        }
    }

    /// <summary>A mapping may be longer than its file: behind the file's last page there is none.</summary>
    private bool IsBehindEnd(in Window window, long position, ref long end)
    {
        if (window.File < 0 || _regions[window.File].Size is not { IsExactNumber: true, Number: var size }) return false;
        var last = (size + PageSize.Bytes - 1) / PageSize.Bytes * PageSize.Bytes - window.Shift;
        if (position >= last) return true;
        end = Math.Min(end, last);
        return false;
    }

    /// <summary>The address where a value really is kept: in a file's pages where a shared mapping shows those.</summary>
    public Value Redirect(Value address)
    {
        if (!address.IsPointer || !address.HasExactNumber || _regions[address.Region].Windows.Count == 0) return address;
        var window = _regions[address.Region].WindowAt(address.Number, out _);
        return window.File >= 0 && !window.IsPrivate ? Value.Pointer(window.File, address.Number + window.Shift) : address;
    }

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
        if (kept == Count && IsIdentity(numbers)) return;
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

    private bool IsIdentity(int[] numbers)
    {
        for (var i = 0; i < Count; i++)
        {
            if (numbers[i] != i) return false;
        }
        return true;
    }
}
