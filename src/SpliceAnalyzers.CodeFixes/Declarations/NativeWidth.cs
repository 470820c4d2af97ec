using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>How wide a type is where it crosses into native code.</summary>
internal static class NativeWidth
{
    /// <summary>True if the type holds a pointer-sized value: a pointer, nint, 64 bits, or a struct that a binding wraps around one.</summary>
    public static bool IsWide(this ITypeSymbol type) =>
        type.TypeKind is TypeKind.Pointer
        || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Int64 or SpecialType.System_UInt64
        || type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None };

    /// <summary>True if the type holds an address.</summary>
    public static bool IsAddress(this ITypeSymbol type) =>
        type.TypeKind is TypeKind.Pointer || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
