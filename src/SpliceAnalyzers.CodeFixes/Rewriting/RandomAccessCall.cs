using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>
/// vmsplice((int)handle.DangerousGetHandle(), &amp;iov, 1, 0) becomes RandomAccess.Write(handle, new ReadOnlySpan&lt;byte&gt;(base, length), fileOffset: 0).
/// It writes everything and throws where it fails, so only for calls whose result says no more than that.
/// </summary>
internal static class RandomAccessCall
{
    /// <summary>Since .NET 7 it writes to pipes, too, and takes no notice of the offset there.</summary>
    private const int FirstVersion = 7;

    public static CallChange? For(HandOff handOff)
    {
        Compilation compilation = handOff.Model.Compilation;
        if (compilation.GetTypeByMetadataName("System.IO.RandomAccess") is not { } randomAccess
            || randomAccess.ContainingAssembly.Identity.Version.Major < FirstVersion
            || compilation.GetTypeByMetadataName("System.ReadOnlySpan`1")?.Construct(compilation.GetSpecialType(SpecialType.System_Byte)) is not { } span
            || FlagBits.NonBlocking(handOff) != false
            || DescriptorHandle.Of(handOff) is not { } handle
            || DroppedResult.Of(handOff) is not { } dropped
            || Segment.Of(handOff) is not { } segment
            || segment.Base.As(compilation.CreatePointerTypeSymbol(compilation.GetSpecialType(SpecialType.System_Void)), handOff) is not { } start
            || Length(segment.Length, handOff) is not { } length)
        {
            return null;
        }

        string text = $"{Name(randomAccess, handOff)}.Write({handle.Expression}, new {Name(span, handOff)}({start}, {length}), fileOffset: 0)";
        IReadOnlyList<TextSpan> values = [.. new[] { segment.Base, segment.Length }.OfType<WrittenOperand>().Select(operand => operand.Expression.Span)];
        TextChange call = new(dropped.Span, dropped.IsStatement ? text + ";" : text);
        IEnumerable<ISymbol> leftovers = FlagBits.Symbols(handOff).Prepend(handOff.Function).Append(segment.Members.Base.ContainingType);
        if (handle.Descriptor is { } descriptor)
            leftovers = leftovers.Append(descriptor);
        IReadOnlyList<TextSpan> moved = handle.Descriptor is null ? [.. values, handle.Expression.Span] : values;
        return new CallChange(handOff, [call, .. segment.Removals(values)], moved, Declaration: null, [.. leftovers], Needed: []);
    }

    /// <summary>A span is no longer than an int can tell; a longer segment throws rather than lose its end.</summary>
    private static string? Length(Operand length, HandOff handOff)
    {
        ITypeSymbol number = handOff.Model.Compilation.GetSpecialType(SpecialType.System_Int32);
        string? text = length.As(number, handOff);
        bool isNarrowed = text?.StartsWith("(int)", System.StringComparison.Ordinal) == true && !(length is WrittenOperand { Expression: var written } && written.ToString().EndsWith(text, System.StringComparison.Ordinal));
        return isNarrowed ? $"checked({text})" : text;
    }

    private static string Name(ITypeSymbol type, HandOff handOff) => type.ToMinimalDisplayString(handOff.Model, handOff.Position);
}
