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
}
