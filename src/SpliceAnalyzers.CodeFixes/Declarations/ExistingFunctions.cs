using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Finds a declaration that the code has already, and that a call can use in vmsplice's place.</summary>
internal static class ExistingFunctions
{
    public static Callee? Find(HandOff handOff, NativeFunction function, IReadOnlyList<Operand> operands, CancellationToken cancellationToken) =>
        Candidates(handOff, function, cancellationToken)
            .Where(candidate => Fits(candidate, handOff, function, operands))
            .Select(candidate => CalleeFor(candidate, handOff))
            .FirstOrDefault();

    private static Callee CalleeFor(IMethodSymbol method, HandOff handOff) => new(
        method.MethodKind == MethodKind.LocalFunction ? method.Name : CalleeName.At(handOff, method.ContainingType, method.Name),
        [.. method.Parameters.Select(parameter => parameter.Name)],
        [.. method.Parameters.Select(parameter => parameter.Type)],
        method.ReturnType,
        Declarations: [],
        Leftovers: [handOff.Function]);

    /// <summary>Nearest first: beside vmsplice, around the call, then anywhere in the project by name.</summary>
    private static IEnumerable<IMethodSymbol> Candidates(HandOff handOff, NativeFunction function, CancellationToken cancellationToken)
    {
        IEnumerable<ISymbol> local = handOff.Model.LookupSymbols(handOff.Position)
            .Where(symbol => symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction });
        IEnumerable<ISymbol> beside = handOff.Function.ContainingType?.GetMembers() ?? Enumerable.Empty<ISymbol>();
        IEnumerable<ISymbol> around = ContainingTypes(handOff.Model.GetEnclosingSymbol(handOff.Position, cancellationToken)).SelectMany(type => type.GetMembers());
        IEnumerable<ISymbol> anywhere = handOff.Model.Compilation
            .GetSymbolsWithName(name => IsNamedAfter(name, function), SymbolFilter.Member, cancellationToken)
            .OrderBy(symbol => symbol.ToDisplayString(), StringComparer.Ordinal);
        return local.Concat(beside).Concat(around).Concat(anywhere).OfType<IMethodSymbol>();
    }

    private static bool IsNamedAfter(string name, NativeFunction function) =>
        name.EndsWith(function.EntryPoint, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<INamedTypeSymbol> ContainingTypes(ISymbol? symbol)
    {
        for (INamedTypeSymbol? type = symbol?.ContainingType; type is not null; type = type.ContainingType)
            yield return type;
    }

    private static bool Fits(IMethodSymbol method, HandOff handOff, NativeFunction function, IReadOnlyList<Operand> operands) =>
        method is { IsStatic: true, PartialDefinitionPart: null }
        && method.Parameters.Length == operands.Count
        && method.ReturnType.IsWide()
        && NativeImport.Of(method) is { } import
        && import.EntryPoint == function.EntryPoint
        && import.SharesLibraryWith(handOff.Import)
        && (import.SetLastError || !handOff.Import.SetLastError)
        && IsReachable(method, handOff)
        && method.Parameters.Zip(operands, (parameter, operand) => Takes(parameter, operand, handOff, function)).All(takes => takes);

    private static bool IsReachable(IMethodSymbol method, HandOff handOff) =>
        method.MethodKind == MethodKind.LocalFunction || handOff.Model.IsAccessible(handOff.Position, method);

    private static bool Takes(IParameterSymbol parameter, Operand operand, HandOff handOff, NativeFunction function)
    {
        if (operand.As(parameter.Type, handOff) is null)
            return false;
        return (function == NativeFunction.Write, parameter.Ordinal) switch
        {
            (true, 1) => parameter.RefKind == RefKind.None && parameter.Type.IsAddress(),
            (true, 2) => parameter.Type.IsWide(),
            (false, 1) => TakesSegments(parameter, handOff.Parameter(VmspliceParameter.Segments)),
            _ => parameter.RefKind == RefKind.None,
        };
    }

    private static bool TakesSegments(IParameterSymbol parameter, IParameterSymbol vmsplices) =>
        parameter.RefKind == vmsplices.RefKind
        && (SymbolEqualityComparer.Default.Equals(parameter.Type, vmsplices.Type) || parameter.RefKind == RefKind.None && parameter.Type.IsAddress());
}
