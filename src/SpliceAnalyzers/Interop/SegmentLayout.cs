using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>Whether a type is laid out as struct iovec: a pointer, then a size_t, and nothing else.</summary>
internal static class SegmentLayout
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? FaultOf(INamedTypeSymbol type, NativeLayout layout)
    {
        if (NativeLayout.Fields(type).Count != 2)
            return "an iovec has two fields, a pointer and a pointer-sized length";
        if (layout.LayoutOf(type) is not var (fields, size))
            return IsKnown(type) ? "the runtime may lay out its fields in any way; an iovec is a pointer, then a pointer-sized length" : null;
        (IFieldSymbol first, IFieldSymbol second) = (fields[0].Field, fields[1].Field);
        if (fields[0].Offset > fields[1].Offset)
            (first, second) = (second, first);
        if (FaultOf(first, layout, "address") is { } wrongBase)
            return wrongBase;
        if (FaultOf(second, layout, "length") is { } wrongLength)
            return wrongLength;
        if (first.Type is not IPointerTypeSymbol && second.Type is IPointerTypeSymbol)
            return "the pointer comes first in an iovec, then the length";
        (int start, int next) = fields[0].Offset <= fields[1].Offset ? (fields[0].Offset, fields[1].Offset) : (fields[1].Offset, fields[0].Offset);
        return start != 0 || next != layout.PointerSize || size != 2 * layout.PointerSize
            ? $"its fields lie at {start} and {next} of {size} bytes, those of an iovec at 0 and {layout.PointerSize} of {2 * layout.PointerSize}"
            : null;
    }

    private static string? FaultOf(IFieldSymbol field, NativeLayout layout, string what)
    {
        NativeWidth width = NativeLayout.WidthOf(field.Type);
        return width == NativeWidth.Unknown || layout.IsPointerSized(width) ? null : $"'{NativeLayout.NameOf(field)}' has to be a pointer-sized {what}";
    }

    private static bool IsKnown(INamedTypeSymbol type)
    {
        foreach (IFieldSymbol field in NativeLayout.Fields(type))
        {
            if (NativeLayout.WidthOf(field.Type) == NativeWidth.Unknown)
                return false;
        }

        return true;
    }
}
