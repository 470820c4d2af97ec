using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>Every place that names one local variable or parameter.</summary>
internal static class LocalUses
{
    /// <summary>The uses of <paramref name="symbol"/> in the member that holds <paramref name="node"/>.</summary>
    public static ImmutableArray<IdentifierNameSyntax> Of(ISymbol symbol, SyntaxNode node, SemanticModel model) =>
        Member(node).DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == symbol.Name)
            .Where(name => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, symbol))
            .ToImmutableArray();

    /// <summary>The declarator, where the local is declared by one: not a pattern, an out argument or a foreach variable.</summary>
    public static VariableDeclaratorSyntax? Declarator(ILocalSymbol local) =>
        local.DeclaringSyntaxReferences is [{ } reference] ? reference.GetSyntax() as VariableDeclaratorSyntax : null;

    /// <summary>The statement that declares this local and nothing else.</summary>
    public static LocalDeclarationStatementSyntax? OwnStatement(ILocalSymbol local) =>
        Declarator(local)?.Parent is VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } statement }
            ? statement
            : null;

    /// <summary>What the local is initialised with, if nothing can give it another value later.</summary>
    public static ExpressionSyntax? OnlyValue(ILocalSymbol local, SemanticModel model) =>
        Declarator(local) is { Initializer.Value: { } value } declarator && !Of(local, declarator, model).Any(MayChange) ? value : null;

    /// <summary>True where the variable is assigned, or its address or a reference to it is taken.</summary>
    public static bool MayChange(IdentifierNameSyntax name)
    {
        ExpressionSyntax whole = name;
        while (whole.Parent is ParenthesizedExpressionSyntax parenthesized)
            whole = parenthesized;

        return LosesControl(name) || whole.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == whole,
            PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
            PostfixUnaryExpressionSyntax postfix => postfix.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
            ArgumentSyntax { Parent: TupleExpressionSyntax } => true,
            _ => false,
        };
    }

    /// <summary>True where an address or a reference is taken, through which the variable can change later.</summary>
    public static bool LosesControl(IdentifierNameSyntax name) => name.Parent switch
    {
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.AddressOfExpression),
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        RefExpressionSyntax => true,
        _ => false,
    };

    /// <summary>The member whose body holds the node; the compilation unit for top-level statements.</summary>
    private static SyntaxNode Member(SyntaxNode node) =>
        node.Ancestors().First(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
}
