using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>Which C function a method is the declaration of, however it is declared: DllImport or LibraryImport, renamed by EntryPoint or not.</summary>
internal static class NativeFunction
{
    private static readonly ImmutableHashSet<string> LibcSpellings = ImmutableHashSet.Create(StringComparer.Ordinal, "libc", "c", "libc.so", "libc.so.6");

    /// <summary>The entry point's name when the method is imported from libc; null for every other method.</summary>
    public static string? NameOf(IMethodSymbol method)
    {
        if (!method.IsStatic || ImportOf(method) is not { } import)
            return null;
        return IsLibc(import.Library) && MayRunOnLinux(method) ? import.EntryPoint : null;
    }

    /// <summary>The library and the entry point of a native method.</summary>
    public static (string Library, string EntryPoint)? ImportOf(IMethodSymbol method)
    {
        if (method.GetDllImportData() is { ModuleName: { } module } data)
            return (module, data.EntryPointName ?? method.Name);
        if (LibraryImport(method) is not { ConstructorArguments: [{ Value: string library }, ..] } attribute)
            return null;
        return (library, attribute.NamedArguments.FirstOrDefault(named => named.Key == "EntryPoint").Value.Value as string ?? method.Name);
    }

    /// <summary>The attribute of a method that a source generator implements by a native call.</summary>
    public static AttributeData? LibraryImport(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { Name: "LibraryImportAttribute" } type && IsInterop(type));

    /// <summary>Every way to name the C library of Linux: by linker name, by file name, musl's, with a path or without.</summary>
    public static bool IsLibc(string library)
    {
        string file = library.Substring(library.LastIndexOf('/') + 1);
        return LibcSpellings.Contains(file)
            || (file.StartsWith("libc.musl-", StringComparison.Ordinal) || file.StartsWith("ld-musl-", StringComparison.Ordinal)) && file.EndsWith(".so.1", StringComparison.Ordinal);
    }

    /// <summary>True for the types of System.Runtime.InteropServices.</summary>
    public static bool IsInterop(ITypeSymbol? type) =>
        type?.ContainingNamespace is
        {
            Name: "InteropServices",
            ContainingNamespace: { Name: "Runtime", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
        };

    /// <summary>False for what is declared for other systems only: their functions of the same name are other functions.</summary>
    private static bool MayRunOnLinux(IMethodSymbol method)
    {
        for (ISymbol? symbol = method; symbol is not null; symbol = symbol is INamespaceSymbol ? symbol.ContainingAssembly : symbol.ContainingSymbol)
        {
            string[] supported = Platforms(symbol, "SupportedOSPlatformAttribute");
            if (supported.Length > 0)
                return supported.Any(IsLinux);
            if (Platforms(symbol, "UnsupportedOSPlatformAttribute").Any(IsLinux))
                return false;
            if (symbol is IAssemblySymbol)
                return true;
        }

        return true;
    }

    private static string[] Platforms(ISymbol symbol, string attributeName) =>
        [.. symbol.GetAttributes().Where(a => a.AttributeClass?.Name == attributeName).Select(a => a.ConstructorArguments is [{ Value: string name }, ..] ? name : "")];

    private static bool IsLinux(string platform) => platform.StartsWith("linux", StringComparison.OrdinalIgnoreCase) || platform.StartsWith("android", StringComparison.OrdinalIgnoreCase);
}
