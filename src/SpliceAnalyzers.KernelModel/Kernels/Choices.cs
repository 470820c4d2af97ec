namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>
/// The choices made while a state takes a step: small integers, asked for in a fixed order. Running the step again after <see cref="Advance"/>
/// makes the next combination; running it with the same choices does the same thing.
/// </summary>
internal sealed class Choices
{
    /// <summary>One byte of a 64-bit word each, so that the way to a state is stored as one number.</summary>
    private const int Most = 8;

    /// <summary>Not to compare states after each choice halves their number. After so many the last ones would be tried again for each of the first.</summary>
    private const int Many = 3;

    private readonly byte[] _taken = new byte[Most];
    private readonly byte[] _counts = new byte[Most];
    private int _length;
    private int _position;

    /// <summary>True when more was asked than can be noted: something was left out.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>True when this run asked for so much that it had better end soon: the next one would repeat all of it.</summary>
    public bool AreMany => _position >= Many;

    /// <summary>True when this run asked for anything.</summary>
    public bool AnyTaken => _position > 0;

    /// <summary>Chooses one of <paramref name="count"/> alternatives.</summary>
    public int Choose(int count)
    {
        if (count <= 1) return 0;
        if (count > byte.MaxValue)
        {
            Overflowed = true;
            count = byte.MaxValue;
        }
        if (_position == _length)
        {
            if (_length == Most)
            {
                Overflowed = true;
                return 0;
            }
            _taken[_length] = 0;
            _counts[_length++] = (byte)count;
        }
        return _taken[_position++];
    }

    /// <summary>Starts over with the first combination.</summary>
    public void Start()
    {
        _length = _position = 0;
        Overflowed = false;
    }

    /// <summary>Goes to the next combination; false after the last one.</summary>
    public bool Advance()
    {
        while (_length > 0 && ++_taken[_length - 1] == _counts[_length - 1]) _length--;
        _position = 0;
        return _length > 0;
    }

    /// <summary>The choices so far as one number.</summary>
    public ulong Pack()
    {
        ulong packed = 0;
        for (var i = _length - 1; i >= 0; i--) packed = packed << 8 | _taken[i];
        return packed;
    }

    /// <summary>Makes the next run take the choices of a number that <see cref="Pack"/> gave.</summary>
    public void Follow(ulong packed)
    {
        for (var i = 0; i < Most; i++)
        {
            _taken[i] = (byte)(packed >> (8 * i));
            _counts[i] = byte.MaxValue;
        }
        _length = Most;
        _position = 0;
        Overflowed = false;
    }
}
