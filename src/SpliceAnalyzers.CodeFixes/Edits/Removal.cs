using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Takes a statement or member out of a text, and leaves its comments where it was. The lines go in <see cref="BlankLines"/>.</summary>
internal static class Removal
{
    /// <param name="text">The text that the node is in.</param>
    /// <param name="node">What goes, with its documentation comment.</param>
    /// <param name="moved">Parts of it that live on elsewhere, and take the comments inside them along.</param>
    public static TextChange Of(SourceText text, SyntaxNode node, IReadOnlyList<TextSpan> moved)
    {
        TextSpan span = TextSpan.FromBounds(StartWithDocumentation(node), node.Span.End);
        int end = text.SkipSpaces(span.End);
        bool isLastOnLine = end >= text.Lines.GetLineFromPosition(span.End).End;
        string[] comments = Comments(node, span, moved).ToArray();
        if (comments.Length == 0)
            return new TextChange(TextSpan.FromBounds(isLastOnLine ? WithSpacesBefore(text, span.Start) : span.Start, end), "");

        string newLine = text.LineBreakAt(span.Start) + text.IndentationAt(span.Start);
        string kept = string.Join(newLine, comments);
        return new TextChange(TextSpan.FromBounds(span.Start, end), isLastOnLine ? kept : kept + newLine);
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

    private static int WithSpacesBefore(SourceText text, int start)
    {
        while (start > 0 && text[start - 1] is ' ' or '\t')
            start--;
        return start;
    }
}
