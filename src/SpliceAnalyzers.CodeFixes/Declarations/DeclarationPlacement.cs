using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Puts new declarations after vmsplice's, or in its place where it goes.</summary>
internal static class DeclarationPlacement
{
    public static TextChange After(ImportDeclaration vmsplice, IReadOnlyList<NewDeclaration> added)
    {
        SourceText text = vmsplice.Syntax.SyntaxTree.GetText();
        SyntaxNode node = vmsplice.Syntax;
        if (!IsLastOnLine(text, node))
            return new TextChange(new TextSpan(node.Span.End, 0), string.Concat(added.Select(declaration => " " + declaration.Text)));

        string lineBreak = text.LineBreakAt(node.SpanStart);
        string blank = HasBlankLineBeside(text, vmsplice) ? lineBreak : "";
        string block = string.Concat(added.Select(declaration => blank + Block(vmsplice, declaration, text, lineBreak)));
        TextLine line = text.Lines.GetLineFromPosition(node.Span.End);
        return line.EndIncludingLineBreak > line.End
            ? new TextChange(new TextSpan(line.EndIncludingLineBreak, 0), block)
            : new TextChange(new TextSpan(line.End, 0), lineBreak + block.Substring(0, block.Length - lineBreak.Length));
    }

    public static TextChange InsteadOf(ImportDeclaration vmsplice, IReadOnlyList<NewDeclaration> added)
    {
        SourceText text = vmsplice.Syntax.SyntaxTree.GetText();
        if (added.Count == 0)
            return Removal.Of(text, vmsplice.Syntax, []);

        TextSpan span = TextSpan.FromBounds(Removal.StartWithDocumentation(vmsplice.Syntax), vmsplice.Syntax.Span.End);
        string lineBreak = text.LineBreakAt(vmsplice.Syntax.SpanStart);
        string between = !IsLastOnLine(text, vmsplice.Syntax) ? " " : HasBlankLineBeside(text, vmsplice) ? lineBreak + lineBreak : lineBreak;
        IEnumerable<string> blocks = added.Select(declaration => Block(vmsplice, declaration, text, lineBreak).TrimEnd('\r', '\n'));
        string joined = string.Join(between, blocks);
        return new TextChange(span, joined.Substring(text.IndentationAt(vmsplice.Syntax.SpanStart).Length));
    }

    /// <summary>One declaration with its lines' indentation and end.</summary>
    private static string Block(ImportDeclaration vmsplice, NewDeclaration declaration, SourceText text, string lineBreak)
    {
        string indentation = IsLastOnLine(text, vmsplice.Syntax) ? text.IndentationAt(vmsplice.Syntax.SpanStart) : "";
        string documentation = IsDocumented(vmsplice.Syntax) ? $"{indentation}/// <summary>{declaration.Summary}</summary>{lineBreak}" : "";
        string first = declaration.Text.StartsWith("#", StringComparison.Ordinal) ? "" : indentation;
        return documentation + first + declaration.Text + lineBreak;
    }

    private static bool IsDocumented(SyntaxNode node) => Removal.StartWithDocumentation(node) != node.SpanStart;

    private static bool IsLastOnLine(SourceText text, SyntaxNode node) =>
        node.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) || text.SkipSpaces(node.Span.End) == text.Length;

    /// <summary>Whether the declarations there are set apart by blank lines; the only one of a type has its attributes tell.</summary>
    private static bool HasBlankLineBeside(SourceText text, ImportDeclaration vmsplice)
    {
        SyntaxNode whole = vmsplice.Whole;
        SyntaxNode[] siblings = whole.Parent!.ChildNodes().Where(node => node.GetType() == whole.GetType()).ToArray();
        int index = Array.IndexOf(siblings, whole);
        if (index + 1 < siblings.Length)
            return StartsWithBlankLine(siblings[index + 1]);
        if (index > 0)
            return StartsWithBlankLine(whole);
        SyntaxNode? before = whole.Parent.ChildNodes().TakeWhile(node => node != whole).LastOrDefault();
        return before is not null && StartsWithBlankLine(whole) || text.Lines.GetLineFromPosition(whole.SpanStart).LineNumber != text.Lines.GetLineFromPosition(vmsplice.Name.SpanStart).LineNumber;
    }

    private static bool StartsWithBlankLine(SyntaxNode node) =>
        node.GetLeadingTrivia().FirstOrDefault(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia)).IsKind(SyntaxKind.EndOfLineTrivia);
}
