using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Lists of numbers, many and mostly short: all links lie in one array. The last one added comes first.</summary>
internal sealed class Chains
{
    private readonly int[] _first;
    private readonly List<(int Item, int Next)> _links = [];

    public Chains(int count)
    {
        _first = new int[count];
        for (var i = 0; i < count; i++) _first[i] = -1;
    }

    /// <summary>The first link of a list; -1 where it is empty.</summary>
    public int First(int list) => _first[list];

    /// <summary>The link after this one, or -1.</summary>
    public int Next(int link) => _links[link].Next;

    public int Item(int link) => _links[link].Item;

    public void Add(int list, int item)
    {
        _links.Add((item, _first[list]));
        _first[list] = _links.Count - 1;
    }
}
