using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>The changes that every rewritten call has in common.</summary>
internal static class CallText
{
    /// <summary>Names another function, and casts what it returns where that has another type and is used.</summary>
    public static IEnumerable<TextChange> Callee(HandOff handOff, Callee callee)
    {
        InvocationExpressionSyntax call = handOff.Syntax;
        if (SymbolEqualityComparer.Default.Equals(callee.ReturnType, handOff.Function.ReturnType) || call.Parent is ExpressionStatementSyntax)
        {
            yield return new TextChange(call.Expression.Span, callee.Text);
            yield break;
        }

        string type = handOff.Function.ReturnType.ToMinimalDisplayString(handOff.Model, handOff.Position);
        bool isOperated = call.Parent is MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax or PostfixUnaryExpressionSyntax;
        yield return new TextChange(call.Expression.Span, $"{(isOperated ? "(" : "")}({type}){callee.Text}");
        if (isOperated)
            yield return new TextChange(new TextSpan(call.Span.End, 0), ")");
    }

    /// <summary>Writes another value, under the name that the new function has for the parameter.</summary>
    public static IEnumerable<TextChange> Argument(ArgumentSyntax argument, TextSpan value, string text, string parameterName)
    {
        if (argument.NameColon is { Name: { } name } && name.Identifier.ValueText != parameterName)
            yield return new TextChange(name.Span, parameterName);
        if (argument.SyntaxTree.GetText().ToString(value) != text)
            yield return new TextChange(value, text);
    }
}
