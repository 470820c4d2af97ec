using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Blank lines lose their purpose with the lines that they set apart.</summary>
internal static class BlankLines
{
    /// <summary>Extends deletions of whole lines by a blank line that had a twin, or that would come to stand at the edge of a block.</summary>
    /// <param name="text">The old text.</param>
    /// <param name="changes">Changes to it, in order.</param>
    public static IEnumerable<TextChange> Tidy(SourceText text, IReadOnlyList<TextChange> changes)
    {
        int done = 0;
        for (int index = 0; index < changes.Count;)
        {
            int next = index + 1;
            while (next < changes.Count && IsDeletion(changes[index]) && IsDeletion(changes[next]) && changes[next].Span.Start == changes[next - 1].Span.End)
                next++;

            TextSpan span = TextSpan.FromBounds(changes[index].Span.Start, changes[next - 1].Span.End);
            if (IsDeletion(changes[index]) && IsWholeLines(text, span))
                span = Extend(text, span, done, next < changes.Count ? changes[next].Span.Start : text.Length);
            if (next == index + 1)
                yield return new TextChange(span, changes[index].NewText!);
            else
                yield return new TextChange(span, "");
            done = span.End;
            index = next;
        }
    }

    private static TextSpan Extend(SourceText text, TextSpan span, int notBefore, int notAfter)
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

    private static bool IsDeletion(TextChange change) => !change.Span.IsEmpty && change.NewText!.Length == 0;

    private static bool IsWholeLines(SourceText text, TextSpan span) =>
        text.Lines.GetLineFromPosition(span.Start).Start == span.Start && (span.End == text.Length || text.Lines.GetLineFromPosition(span.End).Start == span.End);
}
