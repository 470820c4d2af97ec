using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>An import that the code lacks: like vmsplice's, or, where vmsplice came out of its library in another way, with the types that it was called with.</summary>
internal static class NewImport
{
    public static async Task<Callee?> FindAsync(HandOff handOff, NativeFunction function, SegmentMembers? segment, NewNames names, CancellationToken cancellationToken)
    {
        Solution solution = handOff.Document.Project.Solution;
        IReadOnlyList<ISymbol> origin = CalleeOrigin.Of(handOff, cancellationToken);
        if (origin.OfType<IMethodSymbol>().LastOrDefault() is { } import)
        {
            SourceDeclaration? vmsplice = await SourceDeclaration.FindAsync(solution, import, cancellationToken).ConfigureAwait(false);
            return vmsplice is null ? null : Like(vmsplice, handOff, function, segment, origin, names);
        }

        return await BesideAsync(handOff, origin, cancellationToken).ConfigureAwait(false) is { } beside ? Written(beside, handOff, function, origin, names) : null;
    }

    private static Callee Like(SourceDeclaration vmsplice, HandOff handOff, NativeFunction function, SegmentMembers? segment, IReadOnlyList<ISymbol> origin, NewNames names)
    {
        var import = (IMethodSymbol)vmsplice.Symbol;
        IReadOnlyList<ITypeSymbol> types = NewDeclaration.ParameterTypes(import, function, segment, handOff.Model.Compilation);
        NewDeclaration declaration = names.Choose(
            function.NameLike(import.Name), candidate => IsFree(candidate, vmsplice, function, types), name => NewDeclaration.Like(vmsplice, function, name, segment), vmsplice.IsLocal ? null : types);
        return new Callee(
            vmsplice.IsLocal ? declaration.Name : CalleeName.At(handOff, import.ContainingType, declaration.Name),
            NewDeclaration.ParameterNames(import, function, segment),
            types,
            import.ReturnType,
            [declaration],
            origin);
    }

    private static Callee Written(SourceDeclaration beside, HandOff handOff, NativeFunction function, IReadOnlyList<ISymbol> origin, NewNames names)
    {
        IReadOnlyList<ITypeSymbol> types = NewDeclaration.ParameterTypes(handOff.Function, function, segment: null, handOff.Model.Compilation);
        string[] parameters = [.. NativeSignatures.Find(function.EntryPoint)!.Parameters.Select(parameter => parameter.Name)];
        NewDeclaration declaration = names.Choose(
            function.EntryPoint, candidate => NewNames.IsFree(candidate, beside), name => new NewDeclaration(beside, name, Text(name), function.Summary), beside.IsLocal ? null : types);
        string callee = beside.IsLocal ? declaration.Name : CalleeName.At(handOff, beside.Symbol.ContainingType, declaration.Name);
        return new Callee(callee, parameters, types, handOff.Function.ReturnType, [declaration], origin);

        string Text(string name)
        {
            SourceText text = beside.Syntax.SyntaxTree.GetText();
            string entryPoint = name == function.EntryPoint ? "" : $", EntryPoint = \"{function.EntryPoint}\"";
            string lastError = handOff.Import.SetLastError ? ", SetLastError = true" : "";
            string newLine = text.LineBreakAt(beside.Syntax.SpanStart) + text.IndentationAt(beside.Syntax.SpanStart);
            string list = string.Join(", ", types.Zip(parameters, (type, parameter) => $"{Display(type, beside)} {parameter}"));
            return $"[{Attribute(handOff, beside)}(\"{handOff.Import.Library}\"{entryPoint}{lastError})]{newLine}"
                + $"{Modifiers(handOff, beside)} extern {Display(handOff.Function.ReturnType, beside)} {name}({list});";
        }
    }

    /// <summary>The declaration of the variable that held the function, or the member that has it as a local.</summary>
    private static async Task<SourceDeclaration?> BesideAsync(HandOff handOff, IReadOnlyList<ISymbol> origin, CancellationToken cancellationToken)
    {
        Solution solution = handOff.Document.Project.Solution;
        ISymbol? variable = origin.FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol);
        if (variable is not null && await SourceDeclaration.FindAsync(solution, variable, cancellationToken).ConfigureAwait(false) is { } field)
            return field;
        SyntaxNode? member = handOff.Syntax.Ancestors().FirstOrDefault(node => node is GlobalStatementSyntax || node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax);
        return member switch
        {
            GlobalStatementSyntax { Statement: var statement } => new SourceDeclaration(handOff.Document, handOff.Model, statement, handOff.Function),
            null => null,
            _ => handOff.Model.GetDeclaredSymbol(member, cancellationToken) is { ContainingType: not null } symbol ? new SourceDeclaration(handOff.Document, handOff.Model, member, symbol) : null,
        };
    }

    private static string Modifiers(HandOff handOff, SourceDeclaration beside)
    {
        bool hasPointers = handOff.Function.Parameters.Any(parameter => parameter.Type is IPointerTypeSymbol) && !NewDeclaration.IsInUnsafe(beside.Syntax.Parent);
        string modifiers = hasPointers ? "static unsafe" : "static";
        if (beside.IsLocal)
            return modifiers;
        return (CalleeName.IsAround(handOff, beside.Symbol.ContainingType) ? "private " : "internal ") + modifiers;
    }

    private static string Attribute(HandOff handOff, SourceDeclaration beside)
    {
        const string Name = "DllImport";
        return handOff.Model.Compilation.GetTypeByMetadataName($"System.Runtime.InteropServices.{Name}Attribute") is { } type
            ? Display(type, beside).Replace(Name + "Attribute", Name)
            : Name;
    }

    private static string Display(ITypeSymbol type, SourceDeclaration at) => type.ToMinimalDisplayString(at.Model, at.Syntax.SpanStart);

    private static bool IsFree(string name, SourceDeclaration vmsplice, NativeFunction function, IReadOnlyList<ITypeSymbol> types) =>
        vmsplice.IsLocal ? NewNames.IsFree(name, vmsplice) : NewNames.Taking(name, vmsplice).All(member => IsOverload(member, function, types));

    /// <summary>The same native function with other parameter types may share its name; anything else may not.</summary>
    private static bool IsOverload(ISymbol member, NativeFunction function, IReadOnlyList<ITypeSymbol> types) =>
        member is IMethodSymbol method
        && NativeImport.Of(method)?.EntryPoint == function.EntryPoint
        && !method.Parameters.Select(parameter => parameter.Type).SequenceEqual(types, SymbolEqualityComparer.Default);
}
