using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>A growing buffer of bytes that a state is written to and read from: small numbers take one byte.</summary>
internal sealed class StateBytes
{
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
        if (Length == _bytes.Length) Array.Resize(ref _bytes, 2 * Length);
        _bytes[Length++] = (byte)value;
    }

    public int ReadByte() => _bytes[Position++];

    public void Write(long value)
    {
        // Zigzag, so that small negative numbers are small, too.
        var rest = (ulong)(value << 1 ^ value >> 63);
        for (; rest >= 0x80; rest >>= 7) WriteByte((int)(rest & 0x7F | 0x80));
        WriteByte((int)rest);
    }

    public long Read()
    {
        ulong result = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = _bytes[Position++];
            result |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return (long)(result >> 1) ^ -(long)(result & 1);
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
