using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Makes a structure of two fields an iovec: a pointer-sized address, then a pointer-sized length.</summary>
internal static class SegmentChange
{
    public static Correction? For(Document document, TypeDeclarationSyntax structure, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetDeclaredSymbol(structure, cancellationToken) is not { } type || NativeLayout.Fields(type) is not [var start, var length])
            return null;
        if (start.Type is not IPointerTypeSymbol && length.Type is IPointerTypeSymbol)
            return null;
        var layout = new NativeLayout(model.Compilation);
        IEnumerable<TextChange?> changes = Widths(start, "nint", layout).Concat(Widths(length, "nuint", layout)).Concat(Layout(structure, [start, length], layout));
        TextChange?[] all = [.. changes];
        return all.Any(change => change is null) || Correction.Of(all.Select(change => new SourceChange(document, change!.Value))) is not { } correction
            ? null
            : correction with { ChangedName = type.Name };
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
