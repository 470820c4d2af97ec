using System.Collections.Generic;
using System.Linq;
using System.Reflection.Metadata;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>What marshals the arguments of a native function.</summary>
internal enum MarshalledBy
{
    /// <summary>The runtime: DllImport and delegates.</summary>
    Runtime,
    /// <summary>Generated code: LibraryImport.</summary>
    Generator,
    /// <summary>Nobody: function pointers.</summary>
    Nobody,
}

/// <summary>A declaration of a function in the table, however it is written.</summary>
internal sealed record NativeDeclaration(NativeSignature Signature, IMethodSymbol Method, MarshalledBy Marshalling)
{
    private static readonly HashSet<string> WrongConventions = ["CallConvStdcall", "CallConvThiscall", "CallConvFastcall"];

    /// <summary>What the declaration calls the function.</summary>
    public string Name => Marshalling == MarshalledBy.Nobody ? Signature.Name : Method.MethodKind == MethodKind.DelegateInvoke ? Method.ContainingType.Name : Method.Name;

    /// <summary>The declaration of an imported function; null for other methods and functions that are not in the table.</summary>
    public static NativeDeclaration? OfImport(IMethodSymbol method) =>
        NativeFunction.NameOf(method) is { } name && NativeSignatures.Find(name) is { } signature ? OfMethod(signature, method) : null;

    /// <summary>The declaration that an imported method is of the function.</summary>
    public static NativeDeclaration OfMethod(NativeSignature signature, IMethodSymbol method) =>
        new(signature, method, NativeFunction.LibraryImport(method) is null ? MarshalledBy.Runtime : MarshalledBy.Generator);

    /// <summary>True where the errno of the call is kept for Marshal.GetLastPInvokeError.</summary>
    public bool KeepsLastError => Marshalling switch
    {
        MarshalledBy.Nobody => false,
        MarshalledBy.Generator => IsSet(NativeFunction.LibraryImport(Method), "SetLastError"),
        _ when Method.MethodKind == MethodKind.DelegateInvoke => IsSet(UnmanagedFunctionPointer, "SetLastError"),
        _ => Method.GetDllImportData()?.SetLastError == true,
    };

    /// <summary>C functions of Linux have one calling convention, and the runtime's default is it.</summary>
    public bool HasCConvention => Marshalling switch
    {
        MarshalledBy.Nobody => Method.CallingConvention is SignatureCallingConvention.Unmanaged or SignatureCallingConvention.CDecl
            && !Method.UnmanagedCallingConventionTypes.Any(type => WrongConventions.Contains(type.Name)),
        MarshalledBy.Generator => !Method.GetAttributes().Where(attribute => attribute.AttributeClass?.Name == "UnmanagedCallConvAttribute")
            .SelectMany(attribute => attribute.NamedArguments).Where(named => named.Key == "CallConvs" && named.Value.Kind == TypedConstantKind.Array)
            .SelectMany(named => named.Value.Values).Any(type => type.Value is ITypeSymbol convention && WrongConventions.Contains(convention.Name)),
        _ when Method.MethodKind == MethodKind.DelegateInvoke => UnmanagedFunctionPointer is not { ConstructorArguments: [{ Value: int convention }, ..] } || IsC((CallingConvention)convention),
        _ => Method.GetDllImportData() is not { } data || IsC(data.CallingConvention),
    };

    private AttributeData? UnmanagedFunctionPointer =>
        Method.ContainingType.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "UnmanagedFunctionPointerAttribute");

    private static bool IsC(CallingConvention convention) => convention is CallingConvention.Cdecl or CallingConvention.Winapi or 0;

    private static bool IsSet(AttributeData? attribute, string name) =>
        attribute?.NamedArguments.FirstOrDefault(named => named.Key == name).Value.Value is true;
}
