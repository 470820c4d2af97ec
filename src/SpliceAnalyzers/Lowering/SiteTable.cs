using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Buffers;

namespace SpliceAnalyzers.Lowering;

/// <summary>A place in the source that an instruction came from.</summary>
/// <param name="Syntax">The operation's syntax.</param>
/// <param name="Name">What the user calls the memory concerned; empty where nothing has a name.</param>
/// <param name="Release">How to tell of the release there; null where there is none.</param>
/// <param name="Callee">The method there that is not known; empty where there is none.</param>
internal sealed record Site(SyntaxNode Syntax, string Name, ReleaseWords? Release, string Callee);

/// <summary>The numbers of a program's sites.</summary>
internal sealed class SiteTable
{
    private readonly List<Site> _sites = [];

    /// <summary>The site with this number.</summary>
    public Site this[int number] => _sites[number];

    /// <summary>The sites of hand-offs.</summary>
    public HashSet<int> HandOffs { get; } = [];

    /// <summary>Gives a place a number.</summary>
    public int Add(SyntaxNode syntax, string name = "", ReleaseWords? release = null, string callee = "")
    {
        _sites.Add(new Site(syntax, name, release, callee));
        return _sites.Count - 1;
    }
}
