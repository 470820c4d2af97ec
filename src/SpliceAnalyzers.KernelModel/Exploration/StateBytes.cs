using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>A growing buffer of bytes that a state is written to and read from: small numbers take one byte.</summary>
internal sealed class StateBytes
{
    /// <summary>No number takes more.</summary>
    private const int MostBytes = 10;

    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public int Position { get; private set; }

    public byte[] Buffer => _bytes;

    public void Clear() => Length = Position = 0;

    /// <summary>Makes room for bytes to be copied into <see cref="Buffer"/> and read from the beginning.</summary>
    public void Prepare(int length)
    {
        if (_bytes.Length < length) _bytes = new byte[2 * length];
        Length = length;
        Position = 0;
    }

    /// <summary>Fills up with zeros to a multiple of eight bytes.</summary>
    public void Pad()
    {
        while ((Length & 7) != 0) WriteByte(0);
    }

    public void WriteByte(int value)
    {
        if (Length == _bytes.Length) Grow();
        _bytes[Length++] = (byte)value;
    }

    private void Grow() => Array.Resize(ref _bytes, 2 * _bytes.Length);

    public int ReadByte() => _bytes[Position++];

    public void Write(long value)
    {
        // Zigzag, so that small negative numbers are small, too.
        var rest = (ulong)(value << 1 ^ value >> 63);
        if (rest < 0x80) WriteByte((int)rest);
        else WriteLong(rest);
    }

    private void WriteLong(ulong rest)
    {
        if (Length + MostBytes > _bytes.Length) Grow();
        var (bytes, at) = (_bytes, Length);
        for (; rest >= 0x80; rest >>= 7) bytes[at++] = (byte)(rest | 0x80);
        bytes[at++] = (byte)rest;
        Length = at;
    }

    public long Read()
    {
        var first = _bytes[Position++];
        return first < 0x80 ? first >> 1 ^ -(first & 1) : ReadLong(first & 0x7FUL);
    }

    private long ReadLong(ulong result)
    {
        var (bytes, at) = (_bytes, Position);
        for (var shift = 7; ; shift += 7)
        {
            var part = bytes[at++];
            result |= (ulong)(part & 0x7F) << shift;
            if (part >= 0x80) continue;
            Position = at;
            return (long)(result >> 1) ^ -(long)(result & 1);
        }
    }

    public int ReadInt() => (int)Read();

    public void Write(Value value)
    {
        var hasNumber = value.Number != 0;
        WriteByte((int)value.Knowledge | (value.IsPointer ? 8 : 0) | (hasNumber ? 16 : 0));
        if (value.IsPointer) Write(value.Region);
        if (hasNumber) Write(value.Number);
    }

    public Value ReadValue()
    {
        var head = ReadByte();
        var region = (head & 8) != 0 ? ReadInt() : -1;
        var number = (head & 16) != 0 ? Read() : 0;
        return Value.Of((Knowledge)(head & 7), region, number);
    }
}
