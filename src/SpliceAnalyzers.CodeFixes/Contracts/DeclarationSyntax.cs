using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>The text of a declaration: an imported method or local function, a delegate, or the type of a function pointer.</summary>
internal sealed record DeclarationSyntax(SyntaxNode Node, NativeDeclaration Declaration)
{
    public TypeSyntax? Result => Node switch
    {
        MethodDeclarationSyntax method => method.ReturnType,
        LocalFunctionStatementSyntax function => function.ReturnType,
        DelegateDeclarationSyntax type => type.ReturnType,
        FunctionPointerTypeSyntax pointer => pointer.ParameterList.Parameters.Last().Type,
        _ => null,
    };

    public IReadOnlyList<BaseParameterSyntax> Parameters => Node switch
    {
        FunctionPointerTypeSyntax pointer => [.. pointer.ParameterList.Parameters.Take(pointer.ParameterList.Parameters.Count - 1)],
        _ => ParameterList is { } list ? [.. list.Parameters] : [],
    };

    public IEnumerable<AttributeSyntax> Attributes => Node switch
    {
        MemberDeclarationSyntax member => member.AttributeLists.SelectMany(list => list.Attributes),
        LocalFunctionStatementSyntax function => function.AttributeLists.SelectMany(list => list.Attributes),
        _ => [],
    };

    private ParameterListSyntax? ParameterList => Node switch
    {
        MethodDeclarationSyntax method => method.ParameterList,
        LocalFunctionStatementSyntax function => function.ParameterList,
        DelegateDeclarationSyntax type => type.ParameterList,
        _ => null,
    };

    /// <summary>The declaration that was reported at the place.</summary>
    public static DeclarationSyntax? At(SyntaxNode node, SemanticModel model, System.Threading.CancellationToken cancellationToken)
    {
        PlacedDeclaration? placed = DeclarationIndex.Of(model.Compilation, cancellationToken).Declarations
            .FirstOrDefault(each => each.Place.SourceTree == node.SyntaxTree && node.Span.Contains(each.Place.SourceSpan) && Covers(node, each));
        return placed is null ? null : new DeclarationSyntax(node, placed.Declaration);
    }

    private static bool Covers(SyntaxNode node, PlacedDeclaration placed) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Span == placed.Place.SourceSpan,
        LocalFunctionStatementSyntax function => function.Identifier.Span == placed.Place.SourceSpan,
        DelegateDeclarationSyntax type => type.Identifier.Span == placed.Place.SourceSpan,
        _ => node.Span == placed.Place.SourceSpan,
    };
}
