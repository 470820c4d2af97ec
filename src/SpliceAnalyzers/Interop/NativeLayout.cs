using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>How wide a value is where it crosses into native code.</summary>
internal enum NativeWidth
{
    /// <summary>A type that is not understood: no rule speaks about it.</summary>
    Unknown,
    Bits8,
    Bits16,
    Bits32,
    Bits64,
    /// <summary>32 or 64 bits, as the machine has it.</summary>
    Pointer,
    /// <summary>A handle that the marshaller turns into its value, an int's worth of which is passed.</summary>
    Handle,
    /// <summary>None of these: nothing, a string, an array, a structure of several fields.</summary>
    Other,
}

/// <summary>Widths, offsets and sizes of types as the runtime lays them out for native code.</summary>
internal sealed class NativeLayout
{
    private const int MaxDepth = 16;
    private const int DefaultPack = 8;

    public NativeLayout(Compilation compilation)
    {
        Is32Bit = compilation.Options.Platform is Platform.X86 or Platform.Arm;
        PointerSize = Is32Bit ? 4 : 8;
    }

    /// <summary>The compilation is for machines with 32-bit pointers only.</summary>
    public bool Is32Bit { get; }

    public int PointerSize { get; }

    /// <summary>True for a width that a size_t or a pointer can have: 64 bits are it, except where pointers are known to have 32.</summary>
    public bool IsPointerSized(NativeWidth width) => width == NativeWidth.Pointer || width == NativeWidth.Bits64 && !Is32Bit;

    /// <summary>The width of a value of the type. A structure around one field is as wide as that.</summary>
    public static NativeWidth WidthOf(ITypeSymbol type, int depth = 0)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Byte or SpecialType.System_SByte:
                return NativeWidth.Bits8;
            case SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char:
                return NativeWidth.Bits16;
            // A bool is marshalled as the 32-bit BOOL of Windows unless it says otherwise.
            case SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Boolean:
                return NativeWidth.Bits32;
            case SpecialType.System_Int64 or SpecialType.System_UInt64:
                return NativeWidth.Bits64;
            case SpecialType.System_IntPtr or SpecialType.System_UIntPtr:
                return NativeWidth.Pointer;
        }

        return type switch
        {
            IPointerTypeSymbol or IFunctionPointerTypeSymbol => NativeWidth.Pointer,
            INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => WidthOf(underlying, depth),
            INamedTypeSymbol { Name: "CLong" or "CULong" } named when NativeFunction.IsInterop(named) => NativeWidth.Pointer,
            { TypeKind: TypeKind.Error or TypeKind.TypeParameter } => NativeWidth.Unknown,
            INamedTypeSymbol { TypeKind: TypeKind.Struct } named => depth > MaxDepth ? NativeWidth.Unknown : Fields(named) is [var only] ? WidthOf(only.Type, depth + 1) : NativeWidth.Other,
            INamedTypeSymbol named when IsSafeHandle(named) => NativeWidth.Handle,
            _ => NativeWidth.Other,
        };
    }

    /// <summary>The instance fields in the order of the declaration, those of auto-properties among them.</summary>
    public static IReadOnlyList<IFieldSymbol> Fields(INamedTypeSymbol type) => [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsConst)];

    /// <summary>What code calls the field: its property, where it is one's own. Metadata does not tie the two together, but the name does.</summary>
    public static string NameOf(IFieldSymbol field)
    {
        int end = field.Name.IndexOf('>');
        return field.AssociatedSymbol?.Name ?? (field.Name.StartsWith("<", StringComparison.Ordinal) && end > 1 ? field.Name.Substring(1, end - 1) : field.Name);
    }

    /// <summary>Where each field lies, and the size of the whole; null for what has no layout that native code could rely on.</summary>
    public (IReadOnlyList<(IFieldSymbol Field, int Offset, int Size)> Fields, int Size)? LayoutOf(INamedTypeSymbol type, int depth = 0)
    {
        (LayoutKindValue kind, int pack, int minimum) = Attribute(type);
        if (depth > MaxDepth || kind == LayoutKindValue.Auto)
            return null;
        var fields = new List<(IFieldSymbol, int, int)>();
        (int end, int alignment) = (0, 1);
        foreach (IFieldSymbol field in Fields(type))
        {
            if (SizeOf(field, depth) is not var (size, natural))
                return null;
            int aligned = Math.Min(natural, pack);
            int offset = kind == LayoutKindValue.Explicit ? ExplicitOffset(field) ?? 0 : RoundUp(end, aligned);
            fields.Add((field, offset, size));
            end = Math.Max(end, offset + size);
            alignment = Math.Max(alignment, aligned);
        }

        return (fields, Math.Max(RoundUp(Math.Max(end, 1), alignment), minimum));
    }

    private (int Size, int Alignment)? SizeOf(IFieldSymbol field, int depth)
    {
        if (field.IsFixedSizeBuffer)
            return field.Type is IPointerTypeSymbol { PointedAtType: var element } && SizeOf(element, depth) is var (each, natural) ? (each * field.FixedSize, natural) : null;
        return SizeOf(field.Type, depth);
    }

    private (int Size, int Alignment)? SizeOf(ITypeSymbol type, int depth)
    {
        if (depth > MaxDepth)
            return null;
        int? size = WidthOf(type) switch
        {
            NativeWidth.Bits8 => 1,
            NativeWidth.Bits16 => 2,
            NativeWidth.Bits32 => 4,
            NativeWidth.Bits64 => 8,
            NativeWidth.Pointer => PointerSize,
            _ => type.SpecialType switch { SpecialType.System_Single => 4, SpecialType.System_Double => 8, _ => null },
        };
        if (size is { } known)
            return (known, known);
        return type is INamedTypeSymbol { TypeKind: TypeKind.Struct } named && LayoutOf(named, depth + 1) is { } layout
            ? (layout.Size, layout.Fields.Select(field => field.Size).DefaultIfEmpty(1).Max() is var widest && widest > DefaultPack ? DefaultPack : widest)
            : null;
    }

    private enum LayoutKindValue
    {
        Sequential = 0,
        Explicit = 2,
        Auto = 3,
    }

    private static (LayoutKindValue Kind, int Pack, int Size) Attribute(INamedTypeSymbol type)
    {
        if (type.GetAttributes().FirstOrDefault(each => each.AttributeClass?.Name == "StructLayoutAttribute") is not { ConstructorArguments: [{ Value: { } kind }, ..] } attribute)
            return (type.TypeKind == TypeKind.Struct ? LayoutKindValue.Sequential : LayoutKindValue.Auto, DefaultPack, 0);
        int pack = Named(attribute, "Pack") is > 0 and var given ? given : DefaultPack;
        return ((LayoutKindValue)Convert.ToInt32(kind, System.Globalization.CultureInfo.InvariantCulture), pack, Named(attribute, "Size"));
    }

    private static int Named(AttributeData attribute, string name) => attribute.NamedArguments.FirstOrDefault(named => named.Key == name).Value.Value is int value ? value : 0;

    private static int? ExplicitOffset(IFieldSymbol field) =>
        field.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == "FieldOffsetAttribute") is { ConstructorArguments: [{ Value: int offset }] } ? offset : null;

    private static bool IsSafeHandle(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            if (each.Name == "SafeHandle" && NativeFunction.IsInterop(each))
                return true;
        }

        return false;
    }

    private static int RoundUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
