using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>How a member of a type is named where the hand-off stands.</summary>
internal static class CalleeName
{
    /// <summary>The name of a member that <paramref name="type"/> has or will have.</summary>
    public static string At(HandOff handOff, INamedTypeSymbol type, string name)
    {
        bool besideVmsplice = SymbolEqualityComparer.Default.Equals(type, handOff.Function.ContainingType);
        if (besideVmsplice && handOff.Syntax.Expression is MemberAccessExpressionSyntax access)
            return access.ToString().Substring(0, access.Name.SpanStart - access.SpanStart) + name;

        IReadOnlyList<ISymbol> visible = handOff.Model.LookupSymbols(handOff.Position, name: name);
        bool isMeant = visible.All(symbol => SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type) && symbol.Kind is not (SymbolKind.Local or SymbolKind.Parameter));
        bool isReached = visible.Count > 0 || besideVmsplice || IsAround(handOff, type);
        return isMeant && isReached ? name : $"{type.ToMinimalDisplayString(handOff.Model, handOff.Position)}.{name}";
    }

    /// <summary>True if the hand-off stands inside the type.</summary>
    public static bool IsAround(HandOff handOff, INamedTypeSymbol type)
    {
        for (ISymbol? around = handOff.Model.GetEnclosingSymbol(handOff.Position); around is not null; around = around.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(around, type))
                return true;
        }

        return false;
    }

    /// <summary>A constant of that name and how it is written, if the code has it within reach: beside the call, or beside vmsplice.</summary>
    public static (ISymbol Constant, string Text)? OfConstant(HandOff handOff, string name)
    {
        if (handOff.Model.LookupSymbols(handOff.Position, name: name).FirstOrDefault(IsNumber) is { } visible)
            return (visible, name);
        return handOff.Function.ContainingType?.GetMembers(name).FirstOrDefault(member => IsNumber(member) && handOff.Model.IsAccessible(handOff.Position, member)) is { } constant
            ? (constant, At(handOff, constant.ContainingType, name))
            : null;
    }

    private static bool IsNumber(ISymbol symbol) =>
        symbol is IFieldSymbol { IsConst: true, Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 }
            or IPropertySymbol { IsStatic: true, Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 }
            or ILocalSymbol { IsConst: true, Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 };
}
