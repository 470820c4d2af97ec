using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>A change to the text of one document.</summary>
internal readonly record struct SourceChange(Document Document, TextChange Change)
{
    public SourceChange(Document document, TextSpan span, string text)
        : this(document, new TextChange(span, text))
    {
    }
}
