using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>The segments that a call passes: how one of them is read, passed alone, and made smaller.</summary>
internal sealed class SegmentSource
{
    private readonly string _text;
    private readonly string _passed;
    private readonly IFieldSymbol _start;
    private readonly IFieldSymbol _length;
    private readonly SemanticModel _model;
    private readonly int _position;

    private SegmentSource(INamedTypeSymbol type, string text, string only, string passed, SemanticModel model, int position)
    {
        (_text, Only, _passed, _model, _position) = (text, only, passed, model, position);
        (_start, _length) = (NativeLayout.Fields(type)[0], NativeLayout.Fields(type)[1]);
        TypeName = type.ToMinimalDisplayString(model, position);
    }

    public string TypeName { get; }

    /// <summary>The first segment.</summary>
    public string Only { get; }

    /// <summary>The member that holds the length.</summary>
    public string Length => NativeLayout.NameOf(_length);

    /// <summary>Null where the argument is no structure of two fields, or is read in a way that is not known.</summary>
    public static SegmentSource? Of(ArgumentSyntax argument, SemanticModel model)
    {
        string keyword = argument.RefKindKeyword.IsKind(SyntaxKind.None) ? "" : argument.RefKindKeyword.Text + " ";
        ExpressionSyntax expression = argument.Expression;
        string cast = "";
        while (expression is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            cast = expression is CastExpressionSyntax written ? $"({written.Type})" : cast;
            expression = expression is CastExpressionSyntax { Expression: var inner } ? inner : ((ParenthesizedExpressionSyntax)expression).Expression;
        }

        (ITypeSymbol? type, string only, string passed) = model.GetTypeInfo(expression).Type switch
        {
            IPointerTypeSymbol pointer when expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address => (pointer.PointedAtType, address.Operand.ToString(), cast + "&{0}"),
            IPointerTypeSymbol pointer => (pointer.PointedAtType, "*" + expression, cast + "&{0}"),
            IArrayTypeSymbol { Rank: 1 } array => (array.ElementType, expression + "[0]", "new[] {{ {0} }}"),
            INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", TypeArguments: [var element] } => (element, expression + "[0]", "new[] {{ {0} }}"),
            var value => (value, expression.ToString(), keyword + "{0}"),
        };
        string text = expression is IdentifierNameSyntax or MemberAccessExpressionSyntax ? expression.ToString() : $"({expression})";
        return type is INamedTypeSymbol { TypeKind: TypeKind.Struct } named && NativeLayout.Fields(named).Count == 2
            ? new SegmentSource(named, text, only, passed, model, argument.SpanStart)
            : null;
    }

    /// <summary>The segment at an index.</summary>
    public string At(string index) => $"{_text}[{index}]";

    /// <summary>The argument that passes the variable alone.</summary>
    public string Passed(string variable) => string.Format(System.Globalization.CultureInfo.InvariantCulture, _passed, variable);

    /// <summary>Moves the start of the variable's segment by a count.</summary>
    public string Advance(string variable, string count)
    {
        string member = $"{variable}.{NativeLayout.NameOf(_start)}";
        return _start.Type switch
        {
            IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Void or SpecialType.System_Byte } => $"{member} = (byte*){member} + {count};",
            IPointerTypeSymbol pointer => $"{member} = ({Display(pointer)})((byte*){member} + {count});",
            { SpecialType: SpecialType.System_IntPtr } => $"{member} += {count};",
            var type => $"{member} += ({Display(type)}){count};",
        };
    }

    /// <summary>Takes a count off the variable's length.</summary>
    public string Shorten(string variable, string count) => $"{variable}.{Length} -= ({Display(_length.Type)}){count};";

    private string Display(ITypeSymbol type) => type.ToMinimalDisplayString(_model, _position);
}
