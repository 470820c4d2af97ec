using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
            return Removal.OfDeclaration(text, vmsplice.Syntax);

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

    /// <summary>Whether a blank line sets declarations apart here: those of native functions first, then any, then the attribute's own line tells.</summary>
    private static bool HasBlankLineBeside(SourceText text, ImportDeclaration vmsplice)
    {
        SyntaxNode whole = vmsplice.Whole;
        SyntaxNode[] siblings = whole.Parent!.ChildNodes().Where(node => node is MemberDeclarationSyntax or StatementSyntax).ToArray();
        int index = Array.IndexOf(siblings, whole);
        SyntaxNode? previous = index > 0 ? siblings[index - 1] : null;
        SyntaxNode? next = index + 1 < siblings.Length ? siblings[index + 1] : null;
        if (previous is not null && HasNoBody(previous))
            return StartsWithBlankLine(whole);
        if (next is not null)
            return StartsWithBlankLine(next);
        if (previous is not null)
            return StartsWithBlankLine(whole);
        return text.Lines.GetLineFromPosition(whole.SpanStart).LineNumber != text.Lines.GetLineFromPosition(vmsplice.Name.SpanStart).LineNumber;
    }

    private static bool HasNoBody(SyntaxNode node) => node switch
    {
        GlobalStatementSyntax global => HasNoBody(global.Statement),
        MethodDeclarationSyntax method => method is { Body: null, ExpressionBody: null },
        LocalFunctionStatementSyntax function => function is { Body: null, ExpressionBody: null },
        _ => false,
    };

    private static bool StartsWithBlankLine(SyntaxNode node) =>
        node.GetLeadingTrivia().FirstOrDefault(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia)).IsKind(SyntaxKind.EndOfLineTrivia);
}
