using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Makes a structure of two fields an iovec: a pointer-sized address, then a pointer-sized length.</summary>
internal static class SegmentChange
{
    public static Correction? For(Document document, TypeDeclarationSyntax structure, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetDeclaredSymbol(structure, cancellationToken) is not { } type || NativeLayout.Fields(type) is not [var start, var length])
            return null;
        bool isTurned = start.Type is not IPointerTypeSymbol && length.Type is IPointerTypeSymbol;
        if (isTurned)
            (start, length) = (length, start);
        var layout = new NativeLayout(model.Compilation);
        TextChange?[] widths = [.. Widths(start, "nint", layout), .. Widths(length, "nuint", layout)];
        TextChange?[] offsets = [.. Layout(structure, [start, length], layout)];
        bool isPlaced = structure.Members.SelectMany(member => member.AttributeLists).SelectMany(list => list.Attributes).Any(attribute => LastErrorChange.BareName(attribute) == "FieldOffset");
        if (widths.Any(change => change is null))
            return null;
        IEnumerable<TextChange?>? all = isTurned && !isPlaced ? Turned(start, length, [.. widths.Select(change => change!.Value)])?.Concat(offsets) : widths.Concat(offsets);
        return all is null || Correction.Of(all.Select(change => new SourceChange(document, change!.Value))) is not { } correction
            ? null
            : correction with { ChangedName = type.Name };
    }

    /// <summary>Each field's declaration, with its comments, in the place of the other's; null where they stand in different files.</summary>
    private static IEnumerable<TextChange?>? Turned(IFieldSymbol start, IFieldSymbol length, IReadOnlyList<TextChange> widths)
    {
        if (Declaration(start) is not { } one || Declaration(length) is not { } other || one.SyntaxTree != other.SyntaxTree)
            return null;
        return [new TextChange(WithComments(one), Text(other)), new TextChange(WithComments(other), Text(one))];

        string Text(MemberDeclarationSyntax member) =>
            ChangedText.Of(member.SyntaxTree, WithComments(member), widths.Where(change => member.Span.Contains(change.Span)));
    }

    private static MemberDeclarationSyntax? Declaration(IFieldSymbol field) => TypeOf(field)?.Parent switch
    {
        PropertyDeclarationSyntax property => property,
        { Parent: FieldDeclarationSyntax declaration } => declaration,
        _ => null,
    };

    private static TextSpan WithComments(MemberDeclarationSyntax member)
    {
        SyntaxTrivia comment = member.GetTrailingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
        return TextSpan.FromBounds(Removal.StartWithDocumentation(member), comment == default ? member.Span.End : comment.Span.End);
    }

    private static IEnumerable<TextChange?> Widths(IFieldSymbol field, string right, NativeLayout layout)
    {
        if (!layout.IsPointerSized(NativeLayout.WidthOf(field.Type)))
            yield return TypeOf(field) is { } written ? new TextChange(written.Span, right) : null;
    }

    /// <summary>The type in the field's own declaration, or in that of its property.</summary>
    private static TypeSyntax? TypeOf(IFieldSymbol field) => (field.AssociatedSymbol ?? field).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } => declaration.Type,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    private static IEnumerable<TextChange?> Layout(TypeDeclarationSyntax structure, IFieldSymbol[] fields, NativeLayout layout)
    {
        AttributeSyntax? attribute = structure.AttributeLists.SelectMany(list => list.Attributes).FirstOrDefault(each => LastErrorChange.BareName(each) == "StructLayout");
        foreach (MemberAccessExpressionSyntax kind in attribute?.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => access.Name.Identifier.ValueText == "Auto") ?? [])
            yield return new TextChange(kind.Name.Span, "Sequential");
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = attribute?.ArgumentList?.Arguments ?? default;
        foreach (AttributeArgumentSyntax size in arguments.Skip(1).Where(argument => argument.NameEquals?.Name.Identifier.ValueText == "Size"))
            yield return new TextChange(TextSpan.FromBounds(arguments[arguments.IndexOf(size) - 1].Span.End, size.Span.End), "");
        for (int index = 0; index < fields.Length; index++)
        {
            foreach (TextChange change in Offset(fields[index], (index * layout.PointerSize).ToString(System.Globalization.CultureInfo.InvariantCulture)))
                yield return change;
        }
    }

    private static IEnumerable<TextChange> Offset(IFieldSymbol field, string right) =>
        field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().FirstAncestorOrSelf<FieldDeclarationSyntax>()?.AttributeLists.SelectMany(list => list.Attributes)
            .Where(attribute => LastErrorChange.BareName(attribute) == "FieldOffset" && attribute.ArgumentList is { Arguments: [{ Expression: var offset }] } && offset.ToString() != right)
            .Select(attribute => new TextChange(attribute.ArgumentList!.Arguments[0].Expression.Span, right)) ?? [];
}
