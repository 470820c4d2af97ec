using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>The changes to one document, all in positions of its old text, none over another.</summary>
internal sealed class DocumentEdits
{
    private readonly List<TextChange> changes = [];
    private readonly List<TextSpan> moved = [];

    public SourceText Apply(SourceText text) => text.WithChanges(BlankLines.Tidy(text, changes.OrderBy(change => change.Span).ToList()));

    /// <summary>Two changes may meet at an edge, but not at one place where both insert. What goes may go twice.</summary>
    public bool Accepts(TextChange change) => !changes.Any(other =>
        !(BlankLines.IsDeletion(other) && BlankLines.IsDeletion(change))
        && (other.Span == change.Span || other.Span.Start < change.Span.End && change.Span.Start < other.Span.End));

    public void Add(TextChange change) => changes.Add(change);

    /// <summary>Says that what stands in the span is taken over by another change.</summary>
    public void KeepMoved(TextSpan span) => moved.Add(span);

    /// <summary>True if nothing of the span is left in the new text.</summary>
    public bool Removes(TextSpan span) =>
        changes.Any(change => !change.Span.IsEmpty && change.Span.Contains(span)) && !moved.Any(part => part.Contains(span));
}
