using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>The ways to write "this iovec": &amp;iov, ref iov, iovs, &amp;iovs[0], a pointer, a span, a new array.</summary>
internal static class SegmentExpression
{
    /// <summary>The expression without parentheses and casts around it.</summary>
    public static ExpressionSyntax Bare(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        CastExpressionSyntax cast => Bare(cast.Expression),
        _ => expression,
    };

    /// <summary>What a new array or span of one element holds, or the expression itself.</summary>
    public static ExpressionSyntax? Element(ExpressionSyntax expression) => expression switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => Only(initializer),
        ImplicitArrayCreationExpressionSyntax array => Only(array.Initializer),
        StackAllocArrayCreationExpressionSyntax { Initializer: { } initializer } => Only(initializer),
        ImplicitStackAllocArrayCreationExpressionSyntax array => Only(array.Initializer),
        InitializerExpressionSyntax initializer => Only(initializer),
        CollectionExpressionSyntax { Elements: [ExpressionElementSyntax element] } => element.Expression,
        BaseObjectCreationExpressionSyntax creation => creation,
        _ => null,
    };

    /// <summary>The name of the variable behind iov, &amp;iov, iov[0], &amp;iov[0] and *iov.</summary>
    public static IdentifierNameSyntax? Variable(ExpressionSyntax expression) => Bare(expression) switch
    {
        IdentifierNameSyntax name => name,
        PrefixUnaryExpressionSyntax prefix when prefix.Kind() is SyntaxKind.AddressOfExpression or SyntaxKind.PointerIndirectionExpression => Variable(prefix.Operand),
        ElementAccessExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax { Token.Value: 0 } }] } element => Variable(element.Expression),
        _ => null,
    };

    public static ITypeSymbol? StructType(ExpressionSyntax expression, SemanticModel model) => Pointee(model.GetTypeInfo(expression).Type);

    /// <summary>How the members of the first segment are reached, with the dot or the arrow; null if reading the expression twice could matter.</summary>
    public static string? MemberPrefix(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address)
            return MayRepeat(address.Operand, model) ? $"{Bare(address.Operand)}." : null;
        if (!MayRepeat(expression, model) || model.GetTypeInfo(expression).Type is not { } type)
            return null;

        string text = expression is BinaryExpressionSyntax ? $"({expression})" : expression.ToString();
        return type.TypeKind switch
        {
            TypeKind.Pointer => text + "->",
            TypeKind.Array => text + "[0].",
            _ => SymbolEqualityComparer.Default.Equals(Pointee(type), type) ? text + "." : text + "[0].",
        };
    }

    private static ITypeSymbol? Pointee(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol pointer => pointer.PointedAtType,
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", TypeArguments: [{ } element] } => element,
        _ => type,
    };

    private static bool MayRepeat(ExpressionSyntax expression, SemanticModel model) => expression switch
    {
        LiteralExpressionSyntax or ThisExpressionSyntax => true,
        IdentifierNameSyntax => model.GetSymbolInfo(expression).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or INamedTypeSymbol,
        ParenthesizedExpressionSyntax parenthesized => MayRepeat(parenthesized.Expression, model),
        CastExpressionSyntax cast => MayRepeat(cast.Expression, model),
        MemberAccessExpressionSyntax member => model.GetSymbolInfo(member).Symbol is IFieldSymbol && MayRepeat(member.Expression, model),
        ElementAccessExpressionSyntax element => MayRepeat(element.Expression, model) && element.ArgumentList.Arguments.All(argument => MayRepeat(argument.Expression, model)),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression } indirection => MayRepeat(indirection.Operand, model),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression } sum => MayRepeat(sum.Left, model) && MayRepeat(sum.Right, model),
        _ => false,
    };

    private static ExpressionSyntax? Only(InitializerExpressionSyntax initializer) =>
        initializer.Expressions is [{ } only] ? only : null;
}
