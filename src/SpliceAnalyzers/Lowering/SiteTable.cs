using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Lowering;

/// <summary>A place in the source that an instruction came from.</summary>
/// <param name="Syntax">The operation's syntax.</param>
/// <param name="Name">What the user calls the memory concerned; empty where nothing has a name.</param>
/// <param name="Verb">What happens there, for messages: "goes back to its pool" and the like; empty for most.</param>
internal sealed record Site(SyntaxNode Syntax, string Name, string Verb);

/// <summary>The numbers of a program's sites.</summary>
internal sealed class SiteTable
{
    private readonly List<Site> _sites = [];

    /// <summary>The site with this number.</summary>
    public Site this[int number] => _sites[number];

    /// <summary>The sites of hand-offs.</summary>
    public HashSet<int> HandOffs { get; } = [];

    /// <summary>Gives a place a number.</summary>
    public int Add(SyntaxNode syntax, string name = "", string verb = "")
    {
        _sites.Add(new Site(syntax, name, verb));
        return _sites.Count - 1;
    }
}
