using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>A value that the new call passes on, and how it is written where another type is asked for.</summary>
internal abstract record Operand
{
    /// <summary>The value's text for a parameter of <paramref name="target"/>; null if it does not convert.</summary>
    public abstract string? As(ITypeSymbol target, HandOff at);

    protected static string Cast(ITypeSymbol target, string text, bool parenthesize, HandOff at)
    {
        string type = target.ToMinimalDisplayString(at.Model, at.Position);
        return parenthesize ? $"({type})({text})" : $"({type}){text}";
    }
}

/// <summary>An expression of the source.</summary>
internal sealed record WrittenOperand(ExpressionSyntax Expression) : Operand
{
    public override string? As(ITypeSymbol target, HandOff at)
    {
        if (ConvertsTo(target, Expression, at))
            return Expression.ToString();
        if (WithoutWidening(at) is { } inner && ConvertsTo(target, inner, at))
            return inner.ToString();
        return at.Model.ClassifyConversion(Expression, target).Exists
            ? Cast(target, Expression.ToString(), NeedsParentheses(Expression), at)
            : null;
    }

    /// <summary>The expression under a cast that only made it as wide as vmsplice wanted it.</summary>
    private ExpressionSyntax? WithoutWidening(HandOff at)
    {
        if (Expression is not CastExpressionSyntax cast || at.Model.GetTypeInfo(cast.Type).Type?.IsWide() != true)
            return null;

        ExpressionSyntax inner = cast.Expression;
        while (inner is ParenthesizedExpressionSyntax parenthesized)
            inner = parenthesized.Expression;
        return inner;
    }

    private static bool ConvertsTo(ITypeSymbol target, ExpressionSyntax expression, HandOff at) =>
        at.Model.ClassifyConversion(expression, target) is { Exists: true, IsImplicit: true };

    private static bool NeedsParentheses(ExpressionSyntax expression) => expression is not
        (IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
        or LiteralExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or BaseObjectCreationExpressionSyntax
        or SizeOfExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression });
}

/// <summary>A text that reads a variable's member.</summary>
internal sealed record ReadOperand(string Text, ITypeSymbol Type) : Operand
{
    public override string? As(ITypeSymbol target, HandOff at)
    {
        Conversion conversion = ((CSharpCompilation)at.Model.Compilation).ClassifyConversion(Type, target);
        if (!conversion.Exists)
            return null;
        return conversion.IsImplicit ? Text : Cast(target, Text, parenthesize: false, at);
    }
}

/// <summary>A small number that the fix brings along.</summary>
internal sealed record NumberOperand(string Text, NumberKind Kind) : Operand
{
    /// <summary>For a place that a call does not use.</summary>
    public static NumberOperand Zero { get; } = new("0", NumberKind.Constant);

    public override string? As(ITypeSymbol target, HandOff at)
    {
        if (target is { TypeKind: TypeKind.Enum } && Kind == NumberKind.Constant)
            return Cast(target, Text, parenthesize: false, at);
        return (target.SpecialType, Kind) switch
        {
            (SpecialType.System_Int32, NumberKind.Negative) => null,
            (SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr, _) => Text,
            (SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr, NumberKind.Constant) => Text,
            (SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr, NumberKind.Computed) => Cast(target, Text, parenthesize: true, at),
            (SpecialType.System_UInt64 or SpecialType.System_UIntPtr, NumberKind.Negative) => $"unchecked({Cast(target, Text, parenthesize: true, at)})",
            _ => null,
        };
    }
}

/// <summary>What kind of number it is decides what it converts to.</summary>
internal enum NumberKind
{
    Constant,
    Negative,
    Computed,
}
