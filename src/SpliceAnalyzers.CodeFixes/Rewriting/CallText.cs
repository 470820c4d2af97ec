using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.Edits;
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
            // An overload has the same name, but is named anew: the old one may be left without a use.
            if (callee.Leftovers.Count > 0 || call.Expression.ToString() != callee.Text)
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
        if (ChangedText.Smallest(argument.SyntaxTree.GetText(), value, text) is { } change)
            yield return change;
    }

    /// <summary>What stood from the flags on gives way to the new call's last arguments.</summary>
    /// <param name="handOff">The call of vmsplice.</param>
    /// <param name="values">All arguments of the new call.</param>
    /// <param name="parameterNames">The names of its parameters, for calls that name their arguments.</param>
    public static IEnumerable<TextChange> Tail(HandOff handOff, IReadOnlyList<string> values, IReadOnlyList<string> parameterNames)
    {
        SeparatedSyntaxList<ArgumentSyntax> all = handOff.Syntax.ArgumentList.Arguments;
        int first = handOff.Index(VmspliceParameter.Flags);
        ArgumentSyntax[] old = [.. handOff.TailArguments];
        bool isNamed = all.Any(argument => argument.NameColon is not null);
        string[] texts = [.. values.Skip(first).Select((value, index) => isNamed ? $"{parameterNames[first + index]}: {value}" : value)];
        for (int index = 0; index < System.Math.Min(old.Length, texts.Length); index++)
        {
            bool isLast = index == old.Length - 1;
            string text = isLast ? string.Join(", ", texts.Skip(index)) : texts[index];
            if (old[index].ToString() != text)
                yield return new TextChange(old[index].Span, text);
        }

        foreach (ArgumentSyntax removed in old.Skip(texts.Length))
            yield return ArgumentRemoval.Of(removed);
        if (old.Length == 0 && texts.Length > 0)
            yield return new TextChange(new TextSpan(all.Last().Span.End, 0), ", " + string.Join(", ", texts));
    }
}
