using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>
/// Which declaration of syscall passes another call's arguments: the same where it has room for the arguments of any call, an overload that is
/// there, or a new one beside it.
/// </summary>
internal static class SystemCallFunction
{
    private const int NumberAndVmsplices = 5;

    public static async Task<Callee?> FindAsync(HandOff handOff, NativeFunction function, IReadOnlyList<Operand> operands, NewNames names, CancellationToken cancellationToken)
    {
        IEnumerable<ISymbol> visible = handOff.Model.LookupSymbols(handOff.Position).Concat(handOff.Function.ContainingType?.GetMembers() ?? Enumerable.Empty<ISymbol>());
        if (visible.OfType<IMethodSymbol>().Prepend(handOff.Function).FirstOrDefault(candidate => Fits(candidate, handOff, operands)) is { } existing)
            return Named(existing, handOff);
        if (await SourceDeclaration.FindAsync(handOff.Document.Project.Solution, handOff.Function, cancellationToken).ConfigureAwait(false) is not { } syscall)
            return null;

        Compilation compilation = handOff.Model.Compilation;
        ITypeSymbol half = compilation.GetSpecialType(SpecialType.System_IntPtr);
        IParameterSymbol[] kept = [.. handOff.Function.Parameters.Take(NumberAndVmsplices - 1)];
        IReadOnlyList<ITypeSymbol> types = [.. kept.Select(parameter => parameter.Type), .. function.HasOffset ? [half, half, compilation.GetSpecialType(SpecialType.System_Int32)] : new ITypeSymbol[0]];
        NewDeclaration declaration = names.Choose(
            NameLike(handOff.Function.Name, function), candidate => IsFree(candidate, syscall), name => NewDeclaration.LikeSystemCall(syscall, function, name), syscall.IsLocal ? null : types);
        return new Callee(
            syscall.IsLocal ? declaration.Name : CalleeName.At(handOff, handOff.Function.ContainingType!, declaration.Name),
            [.. kept.Select(parameter => parameter.Name), .. function.HasOffset ? ["pos_l", "pos_h", "flags"] : new string[0]],
            types,
            handOff.Function.ReturnType,
            [declaration],
            [handOff.Function]);
    }

    private static Callee Named(IMethodSymbol method, HandOff handOff)
    {
        bool isSame = SymbolEqualityComparer.Default.Equals(method, handOff.Function);
        bool isLocal = method.MethodKind == MethodKind.LocalFunction;
        return new Callee(
            isSame ? handOff.Syntax.Expression.ToString() : isLocal ? method.Name : CalleeName.At(handOff, method.ContainingType, method.Name),
            [.. method.Parameters.Select(parameter => parameter.Name)],
            [.. method.Parameters.Select(parameter => parameter.Type)],
            method.ReturnType,
            Declarations: [],
            Leftovers: isSame ? [] : [handOff.Function])
        {
            RequiredParameters = method.Parameters.Count(parameter => !parameter.IsOptional),
        };
    }

    /// <summary>An overload's name, or that of vmsplice's own declaration with the other function's in its place.</summary>
    private static string NameLike(string name, NativeFunction function) =>
        name.IndexOf(NativeFunction.Vmsplice, System.StringComparison.OrdinalIgnoreCase) < 0 ? name : function.NameLike(name);

    /// <summary>Local functions have no overloads.</summary>
    private static bool IsFree(string name, SourceDeclaration syscall) => syscall.IsLocal
        ? NewNames.IsFree(name, syscall)
        : NewNames.Taking(name, syscall).All(taking => taking is IMethodSymbol);

    private static bool Fits(IMethodSymbol method, HandOff handOff, IReadOnlyList<Operand> operands)
    {
        if (method is not { IsStatic: true, PartialDefinitionPart: null } || NativeImport.Of(method) is not { EntryPoint: "syscall" } import || method.Parameters.Length < operands.Count)
            return false;
        bool hasRoomForAny = method.Parameters.Length > NumberAndVmsplices;
        return method.ReturnType.IsWide()
            && import.SharesLibraryWith(handOff.Import)
            && (import.SetLastError || !handOff.Import.SetLastError)
            && (method.MethodKind == MethodKind.LocalFunction || handOff.Model.IsAccessible(handOff.Position, method))
            && method.Parameters.Zip(operands, (parameter, operand) => Takes(parameter, operand, handOff)).All(takes => takes)
            && method.Parameters.Skip(operands.Count).All(parameter => parameter.IsOptional || hasRoomForAny && NumberOperand.Zero.As(parameter.Type, handOff) is not null);
    }

    /// <summary>The segments keep their type; what the kernel reads whole must not be narrower than it was.</summary>
    private static bool Takes(IParameterSymbol parameter, Operand operand, HandOff handOff)
    {
        IParameterSymbol? same = parameter.Ordinal < NumberAndVmsplices - 1 ? handOff.Function.Parameters[parameter.Ordinal] : null;
        return operand.As(parameter.Type, handOff) is not null
            && parameter.RefKind == (same?.RefKind ?? RefKind.None)
            && (same is null || parameter.Type.IsWide() || SymbolEqualityComparer.Default.Equals(parameter.Type, same.Type));
    }
}
