using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Takes a statement or a declaration out of a text. Lines that it leaves empty go in <see cref="BlankLines"/>.</summary>
internal static class Removal
{
    /// <summary>A declaration takes along what documents it, and the comment behind it.</summary>
    public static TextChange OfDeclaration(SourceText text, SyntaxNode node)
    {
        int end = node.Span.End;
        foreach (SyntaxTrivia trivia in node.GetTrailingTrivia().TakeWhile(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
            end = trivia.Span.End;
        bool isLastOnLine = text.SkipSpaces(end) >= text.Lines.GetLineFromPosition(end).End;
        int start = StartWithDocumentation(node);
        return new TextChange(TextSpan.FromBounds(isLastOnLine ? WithSpacesBefore(text, start) : start, end), "");
    }

    /// <summary>A statement leaves its comments where it was.</summary>
    /// <param name="text">The text that the statement is in.</param>
    /// <param name="node">The statement.</param>
    /// <param name="moved">Parts of it that live on elsewhere, and take the comments inside them along.</param>
    public static TextChange OfStatement(SourceText text, SyntaxNode node, IReadOnlyList<TextSpan> moved)
    {
        TextSpan span = node.Span;
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
