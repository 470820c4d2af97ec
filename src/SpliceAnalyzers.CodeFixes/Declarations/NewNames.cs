using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Names for what is declared beside vmsplice. Declarations that are made together do not get in each other's way.</summary>
internal sealed class NewNames
{
    private readonly List<(NewDeclaration Declaration, IReadOnlyList<ITypeSymbol>? Types)> made = [];

    /// <summary>The declaration under the first name that is free.</summary>
    /// <param name="wish">The name to try first.</param>
    /// <param name="isFree">Whether the code has nothing in the way of a name.</param>
    /// <param name="make">The declaration under a name.</param>
    /// <param name="types">The types of its parameters, where it is a method and can be an overload.</param>
    public NewDeclaration Choose(string wish, Func<string, bool> isFree, Func<string, NewDeclaration> make, IReadOnlyList<ITypeSymbol>? types)
    {
        NewDeclaration chosen = Like(wish).Where(isFree).Select(make).First(candidate => !made.Any(other => AreInTheWay(candidate, types, other.Declaration, other.Types)));
        made.Add((chosen, types));
        return chosen;
    }

    public static bool IsFree(string name, SourceDeclaration beside) => !Taking(name, beside).Any();

    /// <summary>What has the name already where the new declaration would stand.</summary>
    public static IEnumerable<ISymbol> Taking(string name, SourceDeclaration beside)
    {
        if (beside.IsLocal)
            return beside.Model.LookupSymbols(beside.Syntax.SpanStart, name: name).Where(symbol => symbol is not INamespaceSymbol);
        INamedTypeSymbol? type = beside.Symbol.ContainingType;
        if (type is null)
            return beside.Symbol.ContainingNamespace.GetTypeMembers(name);
        return type.Name == name ? [type] : WithBases(type).SelectMany(each => each.GetMembers(name));
    }

    private static IEnumerable<string> Like(string name)
    {
        yield return name;
        string prefixed = char.IsUpper(name[0]) ? "Libc" + name : "libc_" + name;
        yield return prefixed;
        for (int number = 2; ; number++)
            yield return prefixed + number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The same declaration is made for several calls; overloads differ in more than ref, in and out.</summary>
    private static bool AreInTheWay(NewDeclaration one, IReadOnlyList<ITypeSymbol>? types, NewDeclaration other, IReadOnlyList<ITypeSymbol>? otherTypes)
    {
        bool isSame = one.Text == other.Text && Place(one) == Place(other);
        bool areOverloads = types is not null && otherTypes is not null && !types.SequenceEqual(otherTypes, SymbolEqualityComparer.Default);
        return one.Name == other.Name && !isSame && !areOverloads && Scope(one.Beside) == Scope(other.Beside);
    }

    private static (DocumentId, int) Place(NewDeclaration declaration) => (SolutionEdits.FirstLinked(declaration.Beside.Document), declaration.Beside.Syntax.SpanStart);

    /// <summary>The type, or the member whose local it is.</summary>
    private static (string Type, int Member) Scope(SourceDeclaration beside) => beside.IsLocal
        ? (beside.Document.FilePath ?? beside.Document.Name, beside.Syntax.Ancestors().First(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax).SpanStart)
        : (beside.Symbol.ContainingSymbol.ToDisplayString(), -1);

    private static IEnumerable<INamedTypeSymbol> WithBases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? each = type; each is not null; each = each.BaseType)
            yield return each;
    }
}
