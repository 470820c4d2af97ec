using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Names that nothing in a member has, nor anything that corrections made together write there.</summary>
internal sealed class FreshNames
{
    private readonly Dictionary<SyntaxNode, HashSet<string>> takenIn = [];

    /// <summary>A name for the member around the node, which is taken from then on.</summary>
    public string Next(string wish, SyntaxNode node)
    {
        SyntaxNode member = node.Ancestors().FirstOrDefault(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax) ?? node;
        if (!takenIn.TryGetValue(member, out HashSet<string>? taken))
            takenIn.Add(member, taken = [.. member.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)]);
        string name = wish;
        for (int number = 2; !taken.Add(name); number++)
            name = wish + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }
}
