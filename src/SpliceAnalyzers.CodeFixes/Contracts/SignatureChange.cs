using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Writes the types of the table into a declaration, each where it differs.</summary>
internal static class SignatureChange
{
    /// <summary>Null where something is wrong that no other type would mend, such as the number of parameters.</summary>
    public static Correction? For(Document document, DeclarationSyntax declaration, SemanticModel model)
    {
        IReadOnlyList<SignatureFault> faults = new SignatureCheck(new NativeLayout(model.Compilation)).FaultsOf(declaration.Declaration);
        var changes = new List<TextChange>();
        foreach (SignatureFault fault in faults)
        {
            TextChange[] mended = [.. Mend(fault, declaration, model)];
            if (mended.Length == 0)
                return null;
            changes.AddRange(mended);
        }

        IEnumerable<TextChange> everywhere = declaration.Node is FunctionPointerTypeSyntax pointer ? changes.Concat(Copies(pointer).SelectMany(copy => Moved(changes, pointer, copy))) : changes;
        return Correction.Of(everywhere.Select(change => new SourceChange(document, change))) is { } correction ? correction with { ChangedName = NameOf(declaration) } : null;
    }

    private static string NameOf(DeclarationSyntax declaration) => declaration.Node switch
    {
        FunctionPointerTypeSyntax { Parent: VariableDeclarationSyntax { Variables: [var variable, ..] } } => variable.Identifier.ValueText,
        FunctionPointerTypeSyntax { Parent: PropertyDeclarationSyntax property } => property.Identifier.ValueText,
        FunctionPointerTypeSyntax => "delegate*",
        _ => declaration.Declaration.Name,
    };

    private static IEnumerable<TextChange> Mend(SignatureFault fault, DeclarationSyntax declaration, SemanticModel model)
    {
        NativeSignature signature = declaration.Declaration.Signature;
        switch (fault.Parameter)
        {
            case SignatureFault.Count:
                return [];
            case SignatureFault.Convention:
                return Convention(declaration);
            case SignatureFault.Result:
                bool isRight = PreserveSig(declaration) is not null && NativeLayout.WidthOf(declaration.Declaration.Method.ReturnType) == NativeWidth.Pointer;
                IEnumerable<TextChange> result = isRight || declaration.Result is not { } type ? [] : [new TextChange(type.Span, Plain(signature.Result, model)!)];
                return PreserveSig(declaration) is { } argument ? result.Append(Removal(argument)) : result;
            default:
                return Parameter(declaration, fault.Parameter, model) is { } change ? [change] : [];
        }
    }

    private static TextChange? Parameter(DeclarationSyntax declaration, int index, SemanticModel model)
    {
        BaseParameterSyntax parameter = declaration.Parameters[index];
        IParameterSymbol symbol = declaration.Declaration.Method.Parameters[index];
        NativeType expected = declaration.Declaration.Signature.Parameters[index].Type;
        if (parameter.Type is not { } type || parameter.AttributeLists.Count > 0)
            return null;
        switch (expected)
        {
            case NativeType.Segments:
                // By value: a reference passes the same arguments by address.
                return symbol.RefKind == RefKind.None && symbol.Type.TypeKind == TypeKind.Struct && NativeLayout.WidthOf(symbol.Type) == NativeWidth.Other && !IsSpan(symbol.Type)
                    ? new TextChange(new TextSpan(type.SpanStart, 0), "in ")
                    : null;
            case NativeType.Int64Pointer when symbol.RefKind != RefKind.None:
                return new TextChange(type.Span, "long");
            case NativeType.Int64Pointer when symbol.Type is IPointerTypeSymbol:
                return new TextChange(type.Span, "long*");
            case NativeType.Int64Pointer when NativeLayout.WidthOf(symbol.Type) is NativeWidth.Bits32 or NativeWidth.Bits64:
                return new TextChange(type.Span, Pointer(model));
            case NativeType.DescriptorPair when symbol.Type is IArrayTypeSymbol:
                return new TextChange(type.Span, "int[]");
            case NativeType.DescriptorPair when symbol.RefKind != RefKind.None:
                return new TextChange(type.Span, "int");
            default:
                TextSpan span = parameter.Modifiers.Count > 0 ? TextSpan.FromBounds(parameter.Modifiers[0].SpanStart, type.Span.End) : type.Span;
                return symbol.RefKind == RefKind.None && Plain(expected, model) is { } plain ? new TextChange(span, plain) : null;
        }
    }

    private static string Pointer(SemanticModel model) => IsNewEnough(model) ? "nint" : "System.IntPtr";

    private static bool IsNewEnough(SemanticModel model) => model.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp9 };

    private static bool IsSpan(ITypeSymbol type) => type.Name is "Span" or "ReadOnlySpan";

    /// <summary>The type that a value of this kind is declared with.</summary>
    private static string? Plain(NativeType type, SemanticModel model) => type switch
    {
        NativeType.Int32 or NativeType.Descriptor or NativeType.SegmentCount => "int",
        NativeType.UInt32 => "uint",
        NativeType.Size => IsNewEnough(model) ? "nuint" : "System.UIntPtr",
        NativeType.SignedSize => Pointer(model),
        NativeType.Int64 => "long",
        _ => null,
    };

    private static IEnumerable<TextChange> Convention(DeclarationSyntax declaration)
    {
        if (declaration.Node is FunctionPointerTypeSyntax pointer)
            return [pointer.CallingConvention is { } written ? new TextChange(written.Span, "unmanaged") : new TextChange(new TextSpan(pointer.AsteriskToken.Span.End, 0), " unmanaged")];
        foreach (AttributeSyntax attribute in declaration.Attributes)
        {
            SeparatedSyntaxList<AttributeArgumentSyntax> arguments = attribute.ArgumentList?.Arguments ?? default;
            switch (LastErrorChange.BareName(attribute))
            {
                case "DllImport" when arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "CallingConvention") is { } named:
                    return [Removal(named)];
                case "UnmanagedFunctionPointer" when arguments.Count > 0 && arguments[0].Expression is MemberAccessExpressionSyntax convention:
                    return [new TextChange(convention.Name.Span, "Cdecl")];
                case "UnmanagedCallConv":
                    return attribute.DescendantNodes().OfType<TypeOfExpressionSyntax>().Where(type => type.Type.ToString().Contains("CallConv"))
                        .Select(type => new TextChange(type.Type.GetLastToken().Span, "CallConvCdecl"));
            }
        }

        return [];
    }

    private static AttributeArgumentSyntax? PreserveSig(DeclarationSyntax declaration) => declaration.Attributes.SelectMany(attribute => attribute.ArgumentList?.Arguments ?? default)
        .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "PreserveSig");

    /// <summary>An argument that is not the first, with the comma before it.</summary>
    private static TextChange Removal(AttributeArgumentSyntax argument)
    {
        var list = (AttributeArgumentListSyntax)argument.Parent!;
        int index = list.Arguments.IndexOf(argument);
        return new TextChange(index > 0 ? TextSpan.FromBounds(list.Arguments[index - 1].Span.End, argument.Span.End) : argument.Span, "");
    }

    /// <summary>The same type in the value that the variable is given.</summary>
    private static IEnumerable<FunctionPointerTypeSyntax> Copies(FunctionPointerTypeSyntax pointer)
    {
        SyntaxNode? whole = pointer.Parent is CastExpressionSyntax ? null : pointer.Parent?.Parent is FieldDeclarationSyntax ? pointer.FirstAncestorOrSelf<TypeDeclarationSyntax>() : pointer.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return whole?.DescendantNodes().OfType<FunctionPointerTypeSyntax>().Where(copy => copy != pointer && copy.Parent is CastExpressionSyntax && copy.ToString() == pointer.ToString()) ?? [];
    }

    private static IEnumerable<TextChange> Moved(IEnumerable<TextChange> changes, SyntaxNode from, SyntaxNode to) =>
        changes.Select(change => new TextChange(new TextSpan(change.Span.Start - from.SpanStart + to.SpanStart, change.Span.Length), change.NewText!));
}
