namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>
/// The choices made while a state takes a step: small integers, asked for in a fixed order. Running the step again after <see cref="Advance"/>
/// makes the next combination; running it with the same choices does the same thing.
/// </summary>
internal sealed class Choices
{
    private const int Most = 64;

    /// <summary>Not to compare states after each choice halves their number. After so many the last ones would be tried again for each of the first.</summary>
    private const int Many = 3;

    private readonly byte[] _taken = new byte[Most];
    private readonly byte[] _counts = new byte[Most];

    /// <summary>How many combinations there are of the choices before each: they have to fit into one number.</summary>
    private readonly ulong[] _combinations = new ulong[Most + 1];
    private int _length;
    private bool _follows;
    private ulong _rest;

    /// <summary>True when more was asked than can be noted: something was left out.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>How often this run asked for anything.</summary>
    public int Taken { get; private set; }

    /// <summary>True when this run asked for so much that it had better end soon: the next one would repeat all of it.</summary>
    public bool AreMany => Taken >= Many;

    /// <summary>Chooses one of <paramref name="count"/> alternatives.</summary>
    public int Choose(int count)
    {
        if (count <= 1) return 0;
        if (count > byte.MaxValue)
        {
            Overflowed = true;
            count = byte.MaxValue;
        }
        if (_follows) return Follow(count);
        if (Taken == _length && !Add(count))
        {
            Overflowed = true;
            return 0;
        }
        return _taken[Taken++];
    }

    private bool Add(int count)
    {
        if (_length == 0) _combinations[0] = 1;
        if (_length == Most || _combinations[_length] > ulong.MaxValue / (ulong)count) return false;
        _taken[_length] = 0;
        _counts[_length] = (byte)count;
        _combinations[_length + 1] = _combinations[_length] * (ulong)count;
        _length++;
        return true;
    }

    /// <summary>Starts over with the first combination.</summary>
    public void Start()
    {
        _length = Taken = 0;
        Overflowed = _follows = false;
    }

    /// <summary>Goes to the next combination; false after the last one.</summary>
    public bool Advance()
    {
        while (_length > 0 && ++_taken[_length - 1] == _counts[_length - 1]) _length--;
        Taken = 0;
        return _length > 0;
    }

    /// <summary>The choices so far as one number: the first is its remainder by the number of alternatives, and so on.</summary>
    public ulong Pack()
    {
        ulong packed = 0;
        for (var i = _length - 1; i >= 0; i--) packed = packed * _counts[i] + _taken[i];
        return packed;
    }

    /// <summary>Makes the next run take the choices of a number that <see cref="Pack"/> gave.</summary>
    public void Follow(ulong packed)
    {
        Start();
        (_follows, _rest) = (true, packed);
    }

    private int Follow(int count)
    {
        var taken = (int)(_rest % (ulong)count);
        _rest /= (ulong)count;
        Taken++;
        return taken;
    }
}
