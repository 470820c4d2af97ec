using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.Lowering;

/// <summary>Members of `extension(Type value) { ... }`: no object is theirs, and the block's parameter is the first of each.</summary>
internal static class ExtensionBlock
{
    /// <summary>TypeKind.Extension, which the oldest compilers do not know.</summary>
    private const TypeKind Kind = (TypeKind)14;

    /// <summary>True for members that are called on a value of the block's type; not for the functions in them.</summary>
    public static bool Holds(IMethodSymbol method) => !method.IsStatic && method.ContainingSymbol is INamedTypeSymbol { TypeKind: Kind };

    /// <summary>True for methods that have a `this`.</summary>
    public static bool HasObject(IMethodSymbol method) => !method.IsStatic && !Holds(method);

    /// <summary>What callers pass: the block's parameter, and the method's own.</summary>
    public static IEnumerable<IParameterSymbol> ParametersOf(IMethodSymbol method, CompilationLowering program)
    {
        if (!Holds(method) || program.DeclarationOf(method.ContainingType) is not TypeDeclarationSyntax { ParameterList.Parameters: [var declared] })
            return method.Parameters;
        return program.ModelOf(declared.SyntaxTree).GetDeclaredSymbol(declared, program.Cancellation) is IParameterSymbol receiver ? method.Parameters.Prepend(receiver) : method.Parameters;
    }
}
