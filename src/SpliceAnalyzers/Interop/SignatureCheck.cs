using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>One place where a declaration differs from the table.</summary>
/// <param name="Parameter">The parameter's position, or one of the constants for the rest.</param>
/// <param name="Text">What is wrong, for the message.</param>
internal readonly record struct SignatureFault(int Parameter, string Text)
{
    public const int Result = -1, Convention = -2, Count = -3;
}

/// <summary>Holds a declaration against the row of its function.</summary>
internal sealed class SignatureCheck(NativeLayout layout)
{
    /// <summary>Everything that is wrong with the declaration itself. A wrong iovec is its structure's fault, see <see cref="SegmentType"/>.</summary>
    public IReadOnlyList<SignatureFault> FaultsOf(NativeDeclaration declaration)
    {
        var faults = new List<SignatureFault>();
        NativeSignature signature = declaration.Signature;
        IMethodSymbol method = declaration.Method;
        if (!signature.IsChecked)
            return faults;
        if (!declaration.HasCConvention)
            faults.Add(new SignatureFault(SignatureFault.Convention, "the calling convention is not the C library's"));
        if (!HasResult(declaration))
            faults.Add(new SignatureFault(SignatureFault.Result, $"the result has to be {Describe(signature.Result)}"));
        if (method.Parameters.Length < signature.RequiredParameters || method.Parameters.Length > signature.Parameters.Count)
        {
            if (!method.IsVararg)
                faults.Add(new SignatureFault(SignatureFault.Count, $"it takes {signature.Parameters.Count} parameters, not {method.Parameters.Length}"));
            return faults;
        }

        for (int index = 0; index < method.Parameters.Length; index++)
        {
            if (!Takes(method.Parameters[index], signature.Parameters[index], declaration.Marshalling))
                faults.Add(new SignatureFault(index, $"'{NameOf(method.Parameters[index], signature.Parameters[index])}' has to be {Describe(signature.Parameters[index].Type)}"));
        }

        return faults;
    }

    /// <summary>The structure that a declaration has for struct iovec; null where it has none of its own.</summary>
    public static INamedTypeSymbol? SegmentType(NativeDeclaration declaration)
    {
        int index = declaration.Signature.IndexOf(NativeRole.Segments);
        if (!declaration.Signature.IsChecked || index < 0 || index >= declaration.Method.Parameters.Length)
            return null;
        ITypeSymbol? element = ElementOf(declaration.Method.Parameters[index].Type, out _) ?? declaration.Method.Parameters[index].Type;
        return element is INamedTypeSymbol { SpecialType: SpecialType.None, TypeKind: TypeKind.Struct or TypeKind.Class } named && NativeLayout.WidthOf(named) is NativeWidth.Other or NativeWidth.Bits32
            ? named.OriginalDefinition
            : null;
    }

    private bool HasResult(NativeDeclaration declaration)
    {
        if (declaration.Marshalling == MarshalledBy.Runtime && declaration.Method.MethodKind != MethodKind.DelegateInvoke && (declaration.Method.MethodImplementationFlags & System.Reflection.MethodImplAttributes.PreserveSig) == 0)
            return false;
        if (declaration.Method.ReturnsByRef || declaration.Method.ReturnsByRefReadonly)
            return false;
        return Is(NativeLayout.WidthOf(declaration.Method.ReturnType), declaration.Signature.Result);
    }

    private bool Takes(IParameterSymbol parameter, NativeParameter expected, MarshalledBy marshalling)
    {
        if (parameter.Type.TypeKind == TypeKind.Error || parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "MarshalUsingAttribute"))
            return true;
        return expected.Type switch
        {
            NativeType.Word => true,
            NativeType.Segments => IsPointer(parameter, marshalling, allowed: null),
            NativeType.Buffer => IsPointer(parameter, marshalling, allowed: null),
            NativeType.Int64Pointer => IsPointer(parameter, marshalling, allowed: layout.Is32Bit ? Is64 : IsLong),
            NativeType.DescriptorPair => IsPointer(parameter, marshalling, allowed: IsInt),
            _ => parameter.RefKind == RefKind.None && Is(NativeLayout.WidthOf(parameter.Type), expected.Type),
        };
    }

    private static bool IsInt(NativeWidth width) => width is NativeWidth.Bits32 or NativeWidth.Other;

    private static bool Is64(NativeWidth width) => width == NativeWidth.Bits64;

    private static bool IsLong(NativeWidth width) => width is NativeWidth.Bits64 or NativeWidth.Pointer;

    private bool Is(NativeWidth width, NativeType expected) => width == NativeWidth.Unknown || expected switch
    {
        NativeType.Int32 or NativeType.UInt32 => width == NativeWidth.Bits32,
        NativeType.Descriptor => width is NativeWidth.Bits32 or NativeWidth.Handle,
        // The C library counts with an int, the kernel behind it with a pointer-sized number: both arrive.
        NativeType.SegmentCount => width == NativeWidth.Bits32 || layout.IsPointerSized(width),
        NativeType.Int64 => width == NativeWidth.Bits64 || layout.IsPointerSized(width) && !layout.Is32Bit,
        _ => layout.IsPointerSized(width),
    };

    /// <summary>True for what arrives as an address: of anything, or of something of an allowed width.</summary>
    private static bool IsPointer(IParameterSymbol parameter, MarshalledBy marshalling, System.Func<NativeWidth, bool>? allowed)
    {
        if (parameter.RefKind != RefKind.None)
            return ElementOf(parameter.Type, out _) is null && (allowed is null || MayBe(parameter.Type, allowed));
        if (ElementOf(parameter.Type, out bool isManaged) is { } element)
        {
            bool isMarshalled = !isManaged || (parameter.Type is IArrayTypeSymbol ? marshalling != MarshalledBy.Nobody : marshalling == MarshalledBy.Generator);
            return isMarshalled && (allowed is null || !isManaged && element.SpecialType is SpecialType.System_Void or SpecialType.System_Byte || MayBe(element, allowed));
        }

        // A class with a layout is passed by its address, but not to a function pointer.
        bool isClass = parameter.Type is INamedTypeSymbol { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } && NativeLayout.WidthOf(parameter.Type) == NativeWidth.Other;
        return NativeLayout.WidthOf(parameter.Type) is NativeWidth.Pointer or NativeWidth.Unknown || isClass && allowed is null && marshalling == MarshalledBy.Runtime;
    }

    private static bool MayBe(ITypeSymbol type, System.Func<NativeWidth, bool> allowed) => NativeLayout.WidthOf(type) is var width && (width == NativeWidth.Unknown || allowed(width));

    /// <summary>What a pointer, an array or a span holds; null for everything else.</summary>
    private static ITypeSymbol? ElementOf(ITypeSymbol type, out bool isManaged)
    {
        isManaged = type is not IPointerTypeSymbol;
        return type switch
        {
            IPointerTypeSymbol pointer => pointer.PointedAtType,
            IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
            INamedTypeSymbol { Name: "Span" or "ReadOnlySpan", TypeArguments: [var element], ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } => element,
            _ => null,
        };
    }

    private static string NameOf(IParameterSymbol parameter, NativeParameter expected) => parameter.Name.Length > 0 ? parameter.Name : expected.Name;

    /// <summary>How the right type is called in C#.</summary>
    public static string Describe(NativeType type) => type switch
    {
        NativeType.Int32 => "an int",
        NativeType.UInt32 => "a uint",
        NativeType.Descriptor => "an int or a SafeHandle",
        NativeType.Size => "pointer-sized, such as nuint",
        NativeType.SignedSize => "pointer-sized, such as nint",
        NativeType.SegmentCount => "an int",
        NativeType.Int64 => "a long",
        NativeType.Int64Pointer => "a pointer to a long",
        NativeType.Segments => "a pointer to iovec structures",
        NativeType.DescriptorPair => "a pointer to two ints",
        _ => "a pointer",
    };
}
