using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Scope;

/// <summary>Who can call a method.</summary>
internal static class Visibility
{
    /// <summary>True when code outside the assembly can: it sees the method, or something that the method overrides or implements.</summary>
    public static bool CallersAreUnknown(IMethodSymbol method) =>
        IsVisibleOutside(method) || Overridden(method) || ImplementsVisible(method);

    private static bool Overridden(IMethodSymbol method)
    {
        for (IMethodSymbol? at = method.OverriddenMethod; at is not null; at = at.OverriddenMethod)
        {
            if (IsVisibleOutside(at))
                return true;
        }

        return false;
    }

    private static bool ImplementsVisible(IMethodSymbol method) =>
        method is { IsStatic: false, MethodKind: not MethodKind.Constructor }
        && method.ContainingType.AllInterfaces.Where(static i => IsVisibleOutside(i)).SelectMany(static i => i.GetMembers())
            .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    /// <summary>True for what is public or protected, in types that are.</summary>
    public static bool IsVisibleOutside(ISymbol symbol)
    {
        for (ISymbol? at = symbol; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
                return false;
        }

        return true;
    }
}
