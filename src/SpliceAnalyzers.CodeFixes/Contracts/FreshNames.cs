using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Names that nothing in the member has.</summary>
internal sealed class FreshNames
{
    private readonly HashSet<string> taken;

    public FreshNames(SyntaxNode node)
    {
        SyntaxNode member = node.Ancestors().FirstOrDefault(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax) ?? node;
        taken = [.. member.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)];
    }

    public string Next(string wish)
    {
        string name = wish;
        for (int number = 2; !taken.Add(name); number++)
            name = wish + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }
}
