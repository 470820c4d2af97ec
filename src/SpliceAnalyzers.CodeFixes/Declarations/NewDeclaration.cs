using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>A declaration that the code lacks: vmsplice's own text, with another name and other parameters.</summary>
internal sealed record NewDeclaration(ImportDeclaration Beside, string Name, string Text, string Summary)
{
    public static NewDeclaration Like(ImportDeclaration vmsplice, NativeFunction function, string name, SegmentMembers? segment)
    {
        SourceText text = vmsplice.Syntax.SyntaxTree.GetText();
        TextSpan span = TextSpan.FromBounds(StartWithOpenDirective(vmsplice.Syntax), vmsplice.Syntax.Span.End);
        IEnumerable<TextChange> changes = EntryPoint(vmsplice, function, name)
            .Concat(WithoutObsolete(vmsplice))
            .Concat(Unsafe(vmsplice, segment))
            .Concat(segment is null ? SegmentParameters(vmsplice, function) : BufferParameters(vmsplice, segment))
            .Concat(DisabledText(vmsplice.Syntax, span, function))
            .Append(new TextChange(vmsplice.Name.Span, name))
            .OrderBy(change => change.Span.Start)
            .Select(change => new TextChange(new TextSpan(change.Span.Start - span.Start, change.Span.Length), change.NewText!));
        return new NewDeclaration(vmsplice, name, text.GetSubText(span).WithChanges(changes).ToString(), function.Summary);
    }

    /// <summary>The types that <see cref="Like"/> gives the parameters.</summary>
    public static IReadOnlyList<ITypeSymbol> ParameterTypes(IMethodSymbol vmsplice, NativeFunction function, SegmentMembers? segment, Compilation compilation)
    {
        ITypeSymbol count = compilation.GetSpecialType(SpecialType.System_Int32);
        ITypeSymbol descriptor = vmsplice.Parameters[(int)VmspliceParameter.Descriptor].Type;
        if (segment is not null)
            return [descriptor, segment.BaseType, LengthType(segment) ?? compilation.GetSpecialType(SpecialType.System_UIntPtr)];

        ITypeSymbol segments = vmsplice.Parameters[(int)VmspliceParameter.Segments].Type;
        return function.HasOffset
            ? [descriptor, segments, count, compilation.GetSpecialType(SpecialType.System_Int64), count]
            : [descriptor, segments, count];
    }

    /// <summary>The names that <see cref="Like"/> gives the parameters.</summary>
    public static IReadOnlyList<string> ParameterNames(IMethodSymbol vmsplice, NativeFunction function, SegmentMembers? segment)
    {
        IEnumerable<string> names = vmsplice.Parameters.Select(parameter => parameter.Name);
        if (segment is not null)
            return [names.First(), "buf", "count"];
        return function.HasOffset ? [.. names.Take(3), "offset", "flags"] : [.. names.Take(3)];
    }

    /// <summary>Where attributes or modifiers differ by #if, the condition starts before the declaration does.</summary>
    private static int StartWithOpenDirective(SyntaxNode declaration)
    {
        DirectiveTriviaSyntax? inside = declaration.DescendantTrivia()
            .Where(trivia => trivia.IsDirective && declaration.Span.Contains(trivia.Span))
            .Select(trivia => (DirectiveTriviaSyntax)trivia.GetStructure()!)
            .FirstOrDefault();
        int? open = inside?.GetRelatedDirectives().Min(directive => directive.SpanStart);
        return open < declaration.SpanStart ? open.Value : declaration.SpanStart;
    }

    private static IEnumerable<TextChange> EntryPoint(ImportDeclaration vmsplice, NativeFunction function, string name)
    {
        AttributeSyntax import = Attributes(vmsplice).First(attribute => BareName(attribute) is "DllImport" or "LibraryImport");
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = import.ArgumentList!.Arguments;
        string literal = $"\"{function.EntryPoint}\"";
        if (arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "EntryPoint") is { } entryPoint)
            yield return new TextChange(entryPoint.Expression.Span, literal);
        else if (name != function.EntryPoint)
            yield return new TextChange(new TextSpan(arguments[0].Span.End, 0), $", EntryPoint = {literal}");
    }

    /// <summary>Whoever marked vmsplice as obsolete did not mean what replaces it.</summary>
    private static IEnumerable<TextChange> WithoutObsolete(ImportDeclaration vmsplice)
    {
        foreach (AttributeSyntax attribute in Attributes(vmsplice).Where(attribute => BareName(attribute) == "Obsolete"))
        {
            var list = (AttributeListSyntax)attribute.Parent!;
            int index = list.Attributes.IndexOf(attribute);
            if (list.Attributes.Count == 1)
                yield return new TextChange(TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart), "");
            else if (index > 0)
                yield return new TextChange(TextSpan.FromBounds(list.Attributes[index - 1].Span.End, attribute.Span.End), "");
            else
                yield return new TextChange(TextSpan.FromBounds(attribute.SpanStart, list.Attributes[1].SpanStart), "");
        }
    }

    private static IEnumerable<TextChange> Unsafe(ImportDeclaration vmsplice, SegmentMembers? segment)
    {
        if (segment?.BaseType is not IPointerTypeSymbol || vmsplice.Syntax.AncestorsAndSelf().Any(IsUnsafe))
            yield break;
        SyntaxToken last = vmsplice.Modifiers.Last();
        yield return new TextChange(new TextSpan(last.SpanStart, 0), "unsafe ");
    }

    /// <summary>writev counts segments with an int; pwritev2 has an offset before its flags.</summary>
    private static IEnumerable<TextChange> SegmentParameters(ImportDeclaration vmsplice, NativeFunction function)
    {
        SeparatedSyntaxList<ParameterSyntax> parameters = vmsplice.ParameterList.Parameters;
        ParameterSyntax count = parameters[(int)VmspliceParameter.Count];
        ParameterSyntax flags = parameters[(int)VmspliceParameter.Flags];
        yield return new TextChange(TextSpan.FromBounds(count.SpanStart, count.Identifier.SpanStart), "int ");
        if (!function.HasOffset)
        {
            yield return new TextChange(TextSpan.FromBounds(count.Span.End, flags.Span.End), "");
            yield break;
        }

        string between = vmsplice.Syntax.SyntaxTree.GetText().ToString(TextSpan.FromBounds(count.Span.End, flags.SpanStart));
        string separator = between.Contains('/') || between.Contains('#') ? ", " : between;
        yield return new TextChange(flags.Span, $"long offset{separator}int flags");
    }

    private static IEnumerable<TextChange> BufferParameters(ImportDeclaration vmsplice, SegmentMembers segment)
    {
        SeparatedSyntaxList<ParameterSyntax> parameters = vmsplice.ParameterList.Parameters;
        ParameterSyntax count = parameters[(int)VmspliceParameter.Count];
        string start = Display(segment.BaseType, vmsplice);
        string length = LengthType(segment) is { } type ? Display(type, vmsplice) : "nuint";
        yield return new TextChange(parameters[(int)VmspliceParameter.Segments].Span, $"{start} buf");
        yield return new TextChange(count.Span, $"{length} count");
        yield return new TextChange(TextSpan.FromBounds(count.Span.End, parameters[(int)VmspliceParameter.Flags].Span.End), "");
    }

    /// <summary>What another target framework compiles names the entry point too.</summary>
    private static IEnumerable<TextChange> DisabledText(SyntaxNode declaration, TextSpan span, NativeFunction function) =>
        declaration.DescendantTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia) && span.Contains(trivia.Span))
            .Select(trivia => new TextChange(trivia.Span, trivia.ToString().Replace($"\"{NativeFunction.Vmsplice}\"", $"\"{function.EntryPoint}\"")));

    /// <summary>The iovec's own type for the length, where that is as wide as the kernel's.</summary>
    private static ITypeSymbol? LengthType(SegmentMembers segment) => segment.LengthType.IsWide() ? segment.LengthType : null;

    private static string Display(ITypeSymbol type, ImportDeclaration at) => type.ToMinimalDisplayString(at.Model, at.ParameterList.SpanStart);

    private static IEnumerable<AttributeSyntax> Attributes(ImportDeclaration declaration) => declaration.AttributeLists.SelectMany(list => list.Attributes);

    private static string BareName(AttributeSyntax attribute)
    {
        string name = attribute.Name.GetLastToken().ValueText;
        const string Suffix = "Attribute";
        return name.EndsWith(Suffix, System.StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    private static bool IsUnsafe(SyntaxNode node) => node switch
    {
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        UnsafeStatementSyntax => true,
        _ => false,
    };
}
