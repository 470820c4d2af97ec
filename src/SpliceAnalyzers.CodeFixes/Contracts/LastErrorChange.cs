using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>SetLastError = true in the attribute that imports a function, or that a delegate is called by.</summary>
internal static class LastErrorChange
{
    private static readonly string[] Importing = ["DllImport", "LibraryImport", "UnmanagedFunctionPointer"];

    /// <summary>Null for function pointers, which have no attribute, and where the runtime is told to marshal nothing.</summary>
    public static IEnumerable<SourceChange>? For(Document document, DeclarationSyntax declaration, SemanticModel model)
    {
        if (declaration.Declaration.Marshalling == MarshalledBy.Nobody || declaration.Declaration.Marshalling == MarshalledBy.Runtime && IsMarshallingDisabled(model.Compilation))
            return null;
        if (declaration.Attributes.FirstOrDefault(attribute => Importing.Contains(BareName(attribute))) is { } import)
            return [new SourceChange(document, Change(import))];
        return declaration.Node is DelegateDeclarationSyntax type ? [new SourceChange(document, NewAttribute(type, model))] : null;
    }

    private static bool IsMarshallingDisabled(Compilation compilation) =>
        compilation.Assembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "DisableRuntimeMarshallingAttribute");

    private static TextChange Change(AttributeSyntax import)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = import.ArgumentList?.Arguments ?? default;
        if (arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "SetLastError") is { } given)
            return new TextChange(given.Expression.Span, "true");
        return arguments.Count > 0
            ? new TextChange(new TextSpan(arguments.Last().Span.End, 0), ", SetLastError = true")
            : new TextChange(new TextSpan(import.Name.Span.End, import.ArgumentList?.Span.Length ?? 0), "(SetLastError = true)");
    }

    private static TextChange NewAttribute(DelegateDeclarationSyntax type, SemanticModel model)
    {
        SourceText text = type.SyntaxTree.GetText();
        string prefix = model.LookupNamespacesAndTypes(type.SpanStart, name: "UnmanagedFunctionPointerAttribute").Length > 0 ? "" : "System.Runtime.InteropServices.";
        string line = text.LineBreakAt(type.SpanStart) + text.IndentationAt(type.SpanStart);
        return new TextChange(new TextSpan(type.SpanStart, 0), $"[{prefix}UnmanagedFunctionPointer({prefix}CallingConvention.Cdecl, SetLastError = true)]{line}");
    }

    public static string BareName(AttributeSyntax attribute)
    {
        string name = attribute.Name.GetLastToken().ValueText;
        const string Suffix = "Attribute";
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }
}
