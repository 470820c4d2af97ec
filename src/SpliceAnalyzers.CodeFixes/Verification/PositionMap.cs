using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Verification;

/// <summary>Finds where a position of a changed text was before.</summary>
internal sealed class PositionMap
{
    private readonly IReadOnlyList<TextChange> changes;

    public PositionMap(SourceText before, SourceText after) =>
        changes = after.GetTextChanges(before).OrderBy(change => change.Span).ToArray();

    /// <summary>What a change brought in was where the change began.</summary>
    public int ToOld(int position)
    {
        int shift = 0;
        foreach (TextChange change in changes)
        {
            int start = change.Span.Start + shift;
            int length = change.NewText!.Length;
            if (position < start)
                break;
            if (position < start + length)
                return change.Span.Start;
            shift += length - change.Span.Length;
        }

        return position - shift;
    }
}
