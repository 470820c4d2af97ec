using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Decides which declaration a call uses: one that is there, or a new one beside vmsplice.</summary>
internal static class CalleeChoice
{
    /// <param name="handOff">The call of vmsplice.</param>
    /// <param name="function">What is to be called.</param>
    /// <param name="operands">What is to be passed.</param>
    /// <param name="segment">The members of the iovec, where they are passed themselves.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Null where no declaration fits and none can be written.</returns>
    public static async Task<Callee?> FindAsync(
        HandOff handOff, NativeFunction function, IReadOnlyList<Operand> operands, SegmentMembers? segment, CancellationToken cancellationToken)
    {
        if (ExistingFunctions.Find(handOff, function, operands, cancellationToken) is { } existing)
            return existing;
        if (await ImportDeclaration.FindAsync(handOff.Document.Project.Solution, handOff.Function, cancellationToken).ConfigureAwait(false) is not { } vmsplice)
            return null;

        IReadOnlyList<ITypeSymbol> types = NewDeclaration.ParameterTypes(handOff.Function, function, segment, handOff.Model.Compilation);
        string name = Names(function.NameLike(vmsplice.Function.Name)).First(candidate => IsFree(candidate, vmsplice, function, types));
        return new Callee(
            vmsplice.IsLocal ? name : CalleeName.At(handOff, handOff.Function.ContainingType, name),
            NewDeclaration.ParameterNames(handOff.Function, function, segment),
            types,
            handOff.Function.ReturnType,
            NewDeclaration.Like(vmsplice, function, name, segment));
    }

    private static IEnumerable<string> Names(string name)
    {
        yield return name;
        string prefixed = char.IsUpper(name[0]) ? "Libc" + name : "libc_" + name;
        yield return prefixed;
        for (int number = 2; ; number++)
            yield return prefixed + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsFree(string name, ImportDeclaration vmsplice, NativeFunction function, IReadOnlyList<ITypeSymbol> types)
    {
        if (vmsplice.IsLocal)
            return !vmsplice.Model.LookupSymbols(vmsplice.Syntax.SpanStart, name: name).Any(symbol => symbol is not INamespaceSymbol);

        INamedTypeSymbol type = vmsplice.Function.ContainingType;
        return type.Name != name && WithBases(type).SelectMany(each => each.GetMembers(name)).All(member => IsOverload(member, function, types));
    }

    /// <summary>The same native function with other parameter types may share its name; anything else may not.</summary>
    private static bool IsOverload(ISymbol member, NativeFunction function, IReadOnlyList<ITypeSymbol> types) =>
        member is IMethodSymbol method
        && NativeImport.Of(method)?.EntryPoint == function.EntryPoint
        && !method.Parameters.Select(parameter => parameter.Type).SequenceEqual(types, SymbolEqualityComparer.Default);

    private static IEnumerable<INamedTypeSymbol> WithBases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? each = type; each is not null; each = each.BaseType)
            yield return each;
    }
}
