using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>A declaration that the code lacks: vmsplice's own text, with another name and other parameters.</summary>
internal sealed record NewDeclaration(SourceDeclaration Beside, string Name, string Text, string Summary)
{
    /// <summary>The function that is like vmsplice's import or delegate type.</summary>
    public static NewDeclaration Like(SourceDeclaration vmsplice, NativeFunction function, string name, SegmentMembers? segment)
    {
        TextSpan span = SpanOf(vmsplice);
        IEnumerable<TextChange> changes = EntryPoint(vmsplice, function, name)
            .Concat(WithoutObsolete(vmsplice))
            .Concat(Unsafe(vmsplice, segment))
            .Concat(segment is null ? SegmentParameters(vmsplice, function) : BufferParameters(vmsplice, segment))
            .Concat(DisabledText(vmsplice.Syntax, span, function))
            .Append(new TextChange(vmsplice.Name.Span, name));
        return Changed(vmsplice, name, changes, function);
    }

    /// <summary>The overload of syscall that has room for another function's arguments.</summary>
    public static NewDeclaration LikeSystemCall(SourceDeclaration syscall, NativeFunction function, string name) =>
        Changed(syscall, name, SystemCallParameters(syscall, function).Append(new TextChange(syscall.Name.Span, name)), function);

    /// <summary>The declaration with changes to its text.</summary>
    public static NewDeclaration Changed(SourceDeclaration beside, string name, IEnumerable<TextChange> changes, NativeFunction function)
    {
        TextSpan span = SpanOf(beside);
        return new NewDeclaration(beside, name, ChangedText.Of(beside.Syntax.SyntaxTree, span, changes), function.Summary);
    }

    private static TextSpan SpanOf(SourceDeclaration declaration) => TextSpan.FromBounds(StartWithOpenDirective(declaration.Syntax), declaration.Syntax.Span.End);

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

    private static IEnumerable<TextChange> EntryPoint(SourceDeclaration vmsplice, NativeFunction function, string name)
    {
        if (Attributes(vmsplice).FirstOrDefault(attribute => BareName(attribute) is "DllImport" or "LibraryImport") is not { } import)
            yield break;
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = import.ArgumentList!.Arguments;
        string literal = $"\"{function.EntryPoint}\"";
        if (arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "EntryPoint") is { } entryPoint)
            yield return new TextChange(entryPoint.Expression.Span, literal);
        else if (name != function.EntryPoint)
            yield return new TextChange(new TextSpan(arguments[0].Span.End, 0), $", EntryPoint = {literal}");
    }

    /// <summary>Whoever marked vmsplice as obsolete did not mean what replaces it.</summary>
    private static IEnumerable<TextChange> WithoutObsolete(SourceDeclaration vmsplice)
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

    private static IEnumerable<TextChange> Unsafe(SourceDeclaration vmsplice, SegmentMembers? segment)
    {
        if (segment?.BaseType is not IPointerTypeSymbol || IsInUnsafe(vmsplice.Syntax))
            yield break;
        SyntaxToken last = vmsplice.Modifiers.Last();
        yield return new TextChange(new TextSpan(last.SpanStart, 0), "unsafe ");
    }

    /// <summary>writev counts segments with an int; pwritev2 has an offset before its flags.</summary>
    private static IEnumerable<TextChange> SegmentParameters(SourceDeclaration vmsplice, NativeFunction function)
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

    /// <summary>syscall passes its arguments as they come: the offset in two halves, each in a register of its own.</summary>
    private static IEnumerable<TextChange> SystemCallParameters(SourceDeclaration syscall, NativeFunction function)
    {
        SeparatedSyntaxList<ParameterSyntax> parameters = syscall.ParameterList.Parameters;
        ParameterSyntax count = parameters[1 + (int)VmspliceParameter.Count];
        ParameterSyntax flags = parameters[1 + (int)VmspliceParameter.Flags];
        yield return function.HasOffset
            ? new TextChange(TextSpan.FromBounds(flags.SpanStart, parameters.Last().Span.End), "nint pos_l, nint pos_h, int flags")
            : new TextChange(TextSpan.FromBounds(count.Span.End, parameters.Last().Span.End), "");
    }

    private static IEnumerable<TextChange> BufferParameters(SourceDeclaration vmsplice, SegmentMembers segment)
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

    private static string Display(ITypeSymbol type, SourceDeclaration at) => type.ToMinimalDisplayString(at.Model, at.ParameterList.SpanStart);

    private static IEnumerable<AttributeSyntax> Attributes(SourceDeclaration declaration) => declaration.AttributeLists.SelectMany(list => list.Attributes);

    private static string BareName(AttributeSyntax attribute)
    {
        string name = attribute.Name.GetLastToken().ValueText;
        const string Suffix = "Attribute";
        return name.EndsWith(Suffix, System.StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    /// <summary>True if the node may have pointers.</summary>
    public static bool IsInUnsafe(SyntaxNode? node) => node?.AncestorsAndSelf().Any(IsUnsafe) == true;

    private static bool IsUnsafe(SyntaxNode node) => node switch
    {
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        UnsafeStatementSyntax => true,
        _ => false,
    };
}
