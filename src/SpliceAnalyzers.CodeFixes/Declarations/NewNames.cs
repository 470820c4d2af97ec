using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Names for what is declared beside vmsplice.</summary>
internal static class NewNames
{
    /// <summary>The names to try, best first.</summary>
    public static IEnumerable<string> Like(string name)
    {
        yield return name;
        string prefixed = char.IsUpper(name[0]) ? "Libc" + name : "libc_" + name;
        yield return prefixed;
        for (int number = 2; ; number++)
            yield return prefixed + number.ToString(CultureInfo.InvariantCulture);
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

    private static IEnumerable<INamedTypeSymbol> WithBases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? each = type; each is not null; each = each.BaseType)
            yield return each;
    }
}
