using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Puts new declarations after the one that served vmsplice, or in its place where it goes.</summary>
internal static class DeclarationPlacement
{
    public static TextChange After(SourceDeclaration vmsplice, IReadOnlyList<NewDeclaration> added)
    {
        SourceText text = vmsplice.Syntax.SyntaxTree.GetText();
        TextSpan span = vmsplice.Syntax.Span;
        string separator = Separator(text, vmsplice);
        string block = string.Concat(added.Select(declaration => Before(declaration, separator) + Block(text, vmsplice, declaration)));
        int end = IsLastOnLine(text, vmsplice.Syntax) ? text.Lines.GetLineFromPosition(span.End).End : span.End;
        return new TextChange(new TextSpan(end, 0), block);
    }

    public static TextChange InsteadOf(SourceDeclaration vmsplice, IReadOnlyList<NewDeclaration> added)
    {
        SourceText text = vmsplice.Syntax.SyntaxTree.GetText();
        if (added.Count == 0)
            return Removal.OfDeclaration(text, vmsplice.Syntax);

        TextSpan span = TextSpan.FromBounds(Removal.StartWithDocumentation(vmsplice.Syntax), vmsplice.Syntax.Span.End);
        string block = string.Join(Separator(text, vmsplice), added.Select(declaration => Block(text, vmsplice, declaration)));
        return new TextChange(span, block);
    }

    /// <summary>What stands between two declarations here: a space, or line breaks and the indentation.</summary>
    private static string Separator(SourceText text, SourceDeclaration vmsplice)
    {
        if (!IsLastOnLine(text, vmsplice.Syntax))
            return " ";
        string lineBreak = text.LineBreakAt(vmsplice.Syntax.SpanStart);
        return (HasBlankLineBeside(text, vmsplice) ? lineBreak + lineBreak : lineBreak) + text.IndentationAt(vmsplice.Syntax.SpanStart);
    }

    /// <summary>A directive is not indented.</summary>
    private static string Before(NewDeclaration declaration, string separator) =>
        declaration.Text.StartsWith("#", StringComparison.Ordinal) ? separator.TrimEnd(' ', '\t') : separator;

    /// <summary>The declaration, documented if vmsplice is, without the indentation of its first line.</summary>
    private static string Block(SourceText text, SourceDeclaration vmsplice, NewDeclaration declaration)
    {
        if (!IsDocumented(vmsplice.Syntax) || !IsLastOnLine(text, vmsplice.Syntax))
            return declaration.Text;
        string newLine = text.LineBreakAt(vmsplice.Syntax.SpanStart) + text.IndentationAt(vmsplice.Syntax.SpanStart);
        return $"/// <summary>{declaration.Summary}</summary>{newLine}{declaration.Text}";
    }

    private static bool IsDocumented(SyntaxNode node) => Removal.StartWithDocumentation(node) != node.SpanStart;

    private static bool IsLastOnLine(SourceText text, SyntaxNode node) =>
        node.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) || text.SkipSpaces(node.Span.End) == text.Length;

    /// <summary>Whether a blank line sets declarations apart here: a body has one after it; then those of native functions, then any, then the attribute's own line tells.</summary>
    private static bool HasBlankLineBeside(SourceText text, SourceDeclaration vmsplice)
    {
        SyntaxNode whole = vmsplice.Whole;
        if (whole.GetLastToken().IsKind(SyntaxKind.CloseBraceToken))
            return true;
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
        int afterAttributes = vmsplice.AttributeLists.LastOrDefault()?.GetLastToken().GetNextToken().SpanStart ?? whole.SpanStart;
        return text.Lines.GetLineFromPosition(whole.SpanStart).LineNumber != text.Lines.GetLineFromPosition(afterAttributes).LineNumber;
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
