using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>The lines of a source text, their breaks and their indentation.</summary>
internal static class SourceLines
{
    /// <summary>The first position at or after <paramref name="position"/> that is no space or tab.</summary>
    public static int SkipSpaces(this SourceText text, int position)
    {
        while (position < text.Length && text[position] is ' ' or '\t')
            position++;
        return position;
    }

    /// <summary>The line break that the text uses around the position.</summary>
    public static string LineBreakAt(this SourceText text, int position)
    {
        TextLine line = text.Lines.GetLineFromPosition(position);
        if (line.EndIncludingLineBreak == line.End && line.LineNumber > 0)
            line = text.Lines[line.LineNumber - 1];
        return line.EndIncludingLineBreak == line.End ? "\n" : text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
    }

    /// <summary>What stands before the first visible character of the line.</summary>
    public static string IndentationAt(this SourceText text, int position)
    {
        TextLine line = text.Lines.GetLineFromPosition(position);
        int end = text.SkipSpaces(line.Start);
        return text.ToString(TextSpan.FromBounds(line.Start, end < line.End ? end : line.End));
    }
}
