using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Takes a statement or member out of a text, with its lines, and leaves its comments where it was.</summary>
internal static class Removal
{
    /// <param name="text">The text that the node is in.</param>
    /// <param name="node">What goes, with its documentation comment.</param>
    /// <param name="moved">Parts of it that live on elsewhere, and take the comments inside them along.</param>
    public static TextChange Of(SourceText text, SyntaxNode node, IReadOnlyList<TextSpan> moved)
    {
        TextSpan span = TextSpan.FromBounds(StartWithDocumentation(node), node.Span.End);
        TextLine first = text.Lines.GetLineFromPosition(span.Start);
        TextLine last = text.Lines.GetLineFromPosition(span.End);
        string[] comments = Comments(node, span, moved).ToArray();
        if (!IsBlank(text, first.Start, span.Start))
            return new TextChange(WithSpaceBefore(text, span), string.Concat(comments.Select(comment => " " + comment)));

        string indentation = text.ToString(TextSpan.FromBounds(first.Start, span.Start));
        string lineBreak = text.LineBreakAt(span.Start);
        var kept = new StringBuilder();
        foreach (string comment in comments)
            kept.Append(indentation).Append(comment).Append(lineBreak);

        if (IsBlank(text, span.End, last.End))
            return new TextChange(TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak), kept.ToString());

        // Something follows on the last line, a comment for one: it moves to the front.
        return new TextChange(TextSpan.FromBounds(first.Start, text.SkipSpaces(span.End)), kept + indentation);
    }

    /// <summary>Where the node starts, counting the documentation comment that leads it.</summary>
    public static int StartWithDocumentation(SyntaxNode node)
    {
        foreach (SyntaxTrivia trivia in node.GetLeadingTrivia())
        {
            if (trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia))
                return trivia.FullSpan.Start;
        }

        return node.SpanStart;
    }

    private static IEnumerable<string> Comments(SyntaxNode node, TextSpan span, IReadOnlyList<TextSpan> moved) =>
        node.DescendantTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            .Where(trivia => span.Contains(trivia.Span) && !moved.Any(part => part.Contains(trivia.Span)))
            .Select(trivia => trivia.ToString());

    private static TextSpan WithSpaceBefore(SourceText text, TextSpan span)
    {
        int start = span.Start;
        while (start > 0 && text[start - 1] == ' ')
            start--;
        return TextSpan.FromBounds(start, span.End);
    }

    private static bool IsBlank(SourceText text, int start, int end) => text.SkipSpaces(start) >= end;
}
