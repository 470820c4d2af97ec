using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Numbers for places in running code: a site, and the sites of the calls that lead to it.</summary>
internal sealed class CallPlaces
{
    private readonly Dictionary<(int Caller, int Site), int> _numbers = [];
    private readonly List<(int Caller, int Site)> _places = [(0, -1)];

    /// <summary>The place of nothing: where calls begin.</summary>
    public const int Root = 0;

    public int Enter(int caller, int site)
    {
        if (_numbers.TryGetValue((caller, site), out var number)) return number;
        number = _places.Count;
        _places.Add((caller, site));
        _numbers.Add((caller, site), number);
        return number;
    }

    public int SiteOf(int place) => _places[place].Site;

    /// <summary>The sites of the calls around a place, outermost first.</summary>
    public IReadOnlyList<int> CallsOf(int place)
    {
        var calls = new List<int>();
        for (var caller = _places[place].Caller; caller != Root; caller = _places[caller].Caller) calls.Add(_places[caller].Site);
        calls.Reverse();
        return calls;
    }
}
