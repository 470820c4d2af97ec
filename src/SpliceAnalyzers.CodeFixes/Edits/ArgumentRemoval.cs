using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Takes one argument and its comma out of a call, and leaves the comments around it.</summary>
internal static class ArgumentRemoval
{
    public static TextChange Of(ArgumentSyntax argument)
    {
        var list = (ArgumentListSyntax)argument.Parent!;
        int index = list.Arguments.IndexOf(argument);
        TextSpan span = index > 0
            ? TextSpan.FromBounds(list.Arguments[index - 1].Span.End, argument.Span.End)
            : TextSpan.FromBounds(argument.SpanStart, list.Arguments.Count > 1 ? list.Arguments[1].SpanStart : argument.Span.End);
        return new TextChange(span, Comments(list, span));
    }

    private static string Comments(ArgumentListSyntax list, TextSpan span)
    {
        SourceText text = list.SyntaxTree.GetText();
        var kept = new StringBuilder();
        foreach (SyntaxTrivia trivia in list.DescendantTrivia().Where(trivia => span.Contains(trivia.Span)))
        {
            if (trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
                kept.Append(' ').Append(trivia.ToString());
            else if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
                kept.Append(' ').Append(trivia.ToString()).Append(text.LineBreakAt(trivia.SpanStart)).Append(text.IndentationAt(trivia.SpanStart));
        }

        return kept.ToString();
    }
}
