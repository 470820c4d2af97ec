using System;

namespace SpliceAnalyzers.KernelModel.Values;

/// <summary>How much is known about the number in a <see cref="Value"/>.</summary>
internal enum Knowledge : byte
{
    /// <summary>The 64-bit integer itself.</summary>
    Exact,
    /// <summary>Only its remainder: what widening left of a counter that is used modulo something.</summary>
    Residue,
    /// <summary>Nothing, because the program does not say.</summary>
    Unknown,
    /// <summary>Nothing, because the explorer stopped counting.</summary>
    Widened,
    /// <summary>An open descriptor of the program, by its number in the table.</summary>
    Descriptor,
}

/// <summary>
/// What a register or a piece of memory holds: a number, known to some degree, or such a number of bytes from the start of a region.
/// The default is the integer 0.
/// </summary>
internal readonly struct Value : IEquatable<Value>
{
    private readonly long _number;
    private readonly int _regionPlusOne;
    private readonly Knowledge _knowledge;

    private Value(long number, int regionPlusOne, Knowledge knowledge) =>
        (_number, _regionPlusOne, _knowledge) = (number, regionPlusOne, knowledge);

    public static Value Exact(long number) => new(number, 0, Knowledge.Exact);

    public static Value Residue(long remainder) => new(remainder, 0, Knowledge.Residue);

    /// <summary>An unknown number. Two with the same non-zero origin were read at the same place, and a descriptor among them is taken to be the same.</summary>
    public static Value Unknown(int origin = 0) => new(origin, 0, Knowledge.Unknown);

    public static Value Widened => new(0, 0, Knowledge.Widened);

    /// <summary>A number of which it does not matter which one it is, with the number from 0 of the place that it went to.</summary>
    public static Value Idle(int place) => new(-1 - place, 0, Knowledge.Unknown);

    public static Value Descriptor(int index) => new(index, 0, Knowledge.Descriptor);

    public static Value Pointer(int region, long offset) => new(offset, region + 1, Knowledge.Exact);

    /// <summary>A value from its parts; region -1 for what is no pointer.</summary>
    public static Value Of(Knowledge knowledge, int region, long number) => new(number, region + 1, knowledge);

    public static Value Truth(bool value) => new(value ? 1 : 0, 0, Knowledge.Exact);

    /// <summary>The integer, the remainder, the descriptor's index or the unknown's origin.</summary>
    public long Number => _number;

    /// <summary>The region pointed into; -1 where this is not a pointer.</summary>
    public int Region => _regionPlusOne - 1;

    public Knowledge Knowledge => _knowledge;

    public bool IsPointer => _regionPlusOne != 0;

    public bool IsExactNumber => _regionPlusOne == 0 && _knowledge == Knowledge.Exact;

    public bool IsDescriptor => _knowledge == Knowledge.Descriptor;

    /// <summary>True for <see cref="Idle"/>.</summary>
    public bool IsIdle => _number < 0 && _regionPlusOne == 0 && _knowledge == Knowledge.Unknown;

    /// <summary>The place of an idle number.</summary>
    public int Place => (int)(-1 - _number);

    /// <summary>True when the number (of a pointer: the offset) is exact.</summary>
    public bool HasExactNumber => _knowledge == Knowledge.Exact;

    /// <summary>True when widening took part in what is not known.</summary>
    public bool IsBlurred => _knowledge is Knowledge.Residue or Knowledge.Widened;

    /// <summary>The number or offset without the region.</summary>
    public Value WithoutRegion() => new(_number, 0, _knowledge);

    /// <summary>This number as an offset into <paramref name="region"/>.</summary>
    public Value In(int region) => new(_number, region + 1, _knowledge == Knowledge.Descriptor ? Knowledge.Unknown : _knowledge);

    /// <summary>True only where this is certain to be the integer 0.</summary>
    public bool IsZero => _number == 0 && IsExactNumber;

    public bool Equals(Value other) =>
        _number == other._number && _regionPlusOne == other._regionPlusOne && _knowledge == other._knowledge;

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => unchecked((int)_number * 31 + _regionPlusOne * 7 + (int)_knowledge);

    public override string ToString()
    {
        var number = _knowledge switch
        {
            Knowledge.Exact => $"{_number}",
            Knowledge.Residue => $"~{_number}",
            Knowledge.Descriptor => $"fd{_number}",
            Knowledge.Widened => "??",
            _ => "?",
        };
        return IsPointer ? $"r{Region}+{number}" : number;
    }
}
