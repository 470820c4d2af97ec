using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>A piece of a source text with changes.</summary>
internal static class ChangedText
{
    /// <param name="tree">The source.</param>
    /// <param name="span">The piece.</param>
    /// <param name="changes">Changes inside the piece, in positions of the source.</param>
    public static string Of(SyntaxTree tree, TextSpan span, IEnumerable<TextChange> changes) => tree.GetText().GetSubText(span)
        .WithChanges(changes.OrderBy(change => change.Span.Start).Select(change => new TextChange(new TextSpan(change.Span.Start - span.Start, change.Span.Length), change.NewText!)))
        .ToString();

    /// <summary>The change of a piece that leaves as much of it as is the same, in whole words: another change may go inside. Null where all is the same.</summary>
    public static TextChange? Smallest(SourceText text, TextSpan span, string replacement)
    {
        string old = text.ToString(span);
        if (old == replacement)
            return null;
        int shorter = System.Math.Min(old.Length, replacement.Length);
        int start = 0;
        while (start < shorter && old[start] == replacement[start])
            start++;
        int end = 0;
        while (end < shorter - start && old[old.Length - 1 - end] == replacement[replacement.Length - 1 - end])
            end++;
        while (start > 0 && IsInWord(old, start) | IsInWord(replacement, start))
            start--;
        while (end > 0 && IsInWord(old, old.Length - end) | IsInWord(replacement, replacement.Length - end))
            end--;
        return new TextChange(TextSpan.FromBounds(span.Start + start, span.End - end), replacement.Substring(start, replacement.Length - start - end));
    }

    private static bool IsInWord(string text, int index) => index > 0 && index < text.Length && IsOfWord(text[index - 1]) && IsOfWord(text[index]);

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
