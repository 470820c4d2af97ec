using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Takes bits out of an expression: operands of | go, numbers become smaller, a variable's only value is changed where it is given.</summary>
internal sealed class FlagRemoval(SemanticModel model, uint bits)
{
    private const string Nothing = "0";

    /// <summary>The constants and variables that the removed parts named.</summary>
    public List<ISymbol> Leftovers { get; } = [];

    /// <summary>The change that leaves the expression without the bits; null where none does.</summary>
    public TextChange? Of(ExpressionSyntax flags)
    {
        if (Bare(flags) is IdentifierNameSyntax name && model.GetSymbolInfo(name).Symbol is ILocalSymbol { IsConst: false } local)
            return OnlyUse(local, name) is { } value && Without(value) is { } given ? new TextChange(value.Span, given) : null;
        return Without(flags) is { } rest && rest != flags.ToString() ? new TextChange(flags.Span, rest) : null;
    }

    /// <summary>What the local is initialised with, if this is all that it serves for.</summary>
    private ExpressionSyntax? OnlyUse(ILocalSymbol local, IdentifierNameSyntax use) =>
        LocalUses.OnlyValue(local, model) is { } value && LocalUses.Of(local, use, model).Length == 1 && LocalUses.Declarator(local)?.Parent is VariableDeclarationSyntax { Type.IsVar: false } ? value : null;

    private string? Without(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Without(parenthesized.Expression) is { } inner ? inner == Nothing ? Nothing : Replaced(expression, parenthesized.Expression, inner) : null;
            case CastExpressionSyntax cast when Value(cast) is null:
                return Without(cast.Expression) is { } operand ? operand == Nothing ? Nothing : Replaced(expression, cast.Expression, operand) : null;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseOrExpression } either:
                return OfOr(either);
            case ConditionalExpressionSyntax choice:
                return OfChoice(choice);
        }

        if (Value(expression) is not { } value || (value & bits) == 0)
            return expression.ToString();
        uint rest = value & ~bits;
        Leftovers.AddRange(expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(name => model.GetSymbolInfo(name).Symbol)
            .Where(symbol => symbol is IFieldSymbol { IsConst: true, ContainingType.TypeKind: not TypeKind.Enum } or ILocalSymbol).OfType<ISymbol>());
        if (rest == 0)
            return Nothing;
        return model.GetTypeInfo(expression).Type is { TypeKind: TypeKind.Enum } ? null : Number(rest, expression);
    }

    private string? OfOr(BinaryExpressionSyntax either)
    {
        if (Without(either.Left) is not { } left || Without(either.Right) is not { } right)
            return null;
        if (left == Nothing && IsChanged(either.Left, left))
            return right;
        if (right == Nothing && IsChanged(either.Right, right))
            return left;
        return left + either.ToString().Substring(either.Left.Span.End - either.SpanStart, either.Right.SpanStart - either.Left.Span.End) + right;
    }

    private string? OfChoice(ConditionalExpressionSyntax choice)
    {
        if (Without(choice.WhenTrue) is not { } whenTrue || Without(choice.WhenFalse) is not { } whenFalse)
            return null;
        if (whenTrue == Nothing && whenFalse == Nothing)
            return choice.Condition is IdentifierNameSyntax or MemberAccessExpressionSyntax ? Nothing : null;
        string text = choice.ToString();
        int start = choice.SpanStart;
        return text.Substring(0, choice.WhenTrue.SpanStart - start) + whenTrue
            + text.Substring(choice.WhenTrue.Span.End - start, choice.WhenFalse.SpanStart - choice.WhenTrue.Span.End) + whenFalse;
    }

    private static bool IsChanged(ExpressionSyntax before, string after) => before.ToString() != after;

    private static string Replaced(ExpressionSyntax whole, ExpressionSyntax part, string text) =>
        whole.ToString().Substring(0, part.SpanStart - whole.SpanStart) + text + whole.ToString().Substring(part.Span.End - whole.SpanStart);

    private uint? Value(ExpressionSyntax expression) => model.GetOperation(expression) is { } operation && NativeConstant.Of(operation) is { } value ? unchecked((uint)value) : null;

    /// <summary>In the notation that the number had.</summary>
    private static string Number(uint rest, ExpressionSyntax expression)
    {
        string text = expression.ToString();
        string suffix = expression is LiteralExpressionSyntax && text.EndsWith("u", StringComparison.OrdinalIgnoreCase) ? text.Substring(text.Length - 1) : "";
        return (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? "0x" + rest.ToString("x", CultureInfo.InvariantCulture) : rest.ToString(CultureInfo.InvariantCulture)) + suffix;
    }

    private static ExpressionSyntax Bare(ExpressionSyntax expression) => expression is ParenthesizedExpressionSyntax parenthesized ? Bare(parenthesized.Expression) : expression;
}
