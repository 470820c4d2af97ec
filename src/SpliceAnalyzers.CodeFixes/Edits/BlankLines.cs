using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Blank lines lose their purpose with the lines that they set apart.</summary>
internal static class BlankLines
{
    /// <summary>
    /// Joins deletions that meet, takes the whole line where nothing else was on it, and with it a blank line that had a twin or
    /// that would come to stand at the edge of a block.
    /// </summary>
    /// <param name="text">The old text.</param>
    /// <param name="changes">Changes to it, in order.</param>
    public static IEnumerable<TextChange> Tidy(SourceText text, IReadOnlyList<TextChange> changes)
    {
        int done = 0;
        for (int index = 0; index < changes.Count;)
        {
            TextChange change = changes[index++];
            if (IsDeletion(change))
            {
                TextSpan span = Joined(text, changes, done, ref index);
                int notAfter = index < changes.Count ? changes[index].Span.Start : text.Length;
                change = new TextChange(IsWholeLines(text, span) ? WithBlankLine(text, span, done, notAfter) : span, "");
            }

            yield return change;
            done = change.Span.End;
        }
    }

    /// <summary>The deletion before the index and those after it that it meets.</summary>
    private static TextSpan Joined(SourceText text, IReadOnlyList<TextChange> changes, int notBefore, ref int index)
    {
        TextSpan span = Lines(text, changes[index - 1].Span, notBefore);
        while (index < changes.Count && IsDeletion(changes[index]) && Lines(text, changes[index].Span, notBefore).Start <= span.End)
        {
            span = Lines(text, TextSpan.FromBounds(span.Start, Math.Max(span.End, changes[index].Span.End)), notBefore);
            index++;
        }

        return span;
    }

    /// <summary>True for a change that only takes text away.</summary>
    public static bool IsDeletion(TextChange change) => !change.Span.IsEmpty && change.NewText!.Length == 0;

    /// <summary>The span's lines, if nothing else is on them; otherwise the span.</summary>
    private static TextSpan Lines(SourceText text, TextSpan span, int notBefore)
    {
        TextLine first = text.Lines.GetLineFromPosition(span.Start);
        TextLine last = text.Lines.GetLineFromPosition(span.End);
        bool isAll = first.Start >= notBefore && span.End > last.Start && text.SkipSpaces(first.Start) >= span.Start && text.SkipSpaces(span.End) >= last.End;
        return isAll ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : span;
    }

    private static TextSpan WithBlankLine(SourceText text, TextSpan span, int notBefore, int notAfter)
    {
        TextLine? before = span.Start > 0 ? text.Lines.GetLineFromPosition(span.Start - 1) : null;
        TextLine? after = span.End < text.Length ? text.Lines.GetLineFromPosition(span.End) : null;
        string? above = before is null ? null : text.ToString(before.Value.Span).Trim();
        string? below = after is null ? null : text.ToString(after.Value.Span).Trim();

        if (below is "" && (above is null or "" || above.EndsWith("{", StringComparison.Ordinal)) && after!.Value.EndIncludingLineBreak <= notAfter)
            return TextSpan.FromBounds(span.Start, after.Value.EndIncludingLineBreak);
        if (above is "" && below is not null && below.StartsWith("}", StringComparison.Ordinal) && before!.Value.Start >= notBefore)
            return TextSpan.FromBounds(before.Value.Start, span.End);
        return span;
    }

    private static bool IsWholeLines(SourceText text, TextSpan span) =>
        text.Lines.GetLineFromPosition(span.Start).Start == span.Start && (span.End == text.Length || text.Lines.GetLineFromPosition(span.End).Start == span.End);
}
