using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>Which C function a method is the declaration of, however it is declared: DllImport or LibraryImport, renamed by EntryPoint or not.</summary>
internal static class NativeFunction
{
    private static readonly ImmutableHashSet<string> LibcSpellings = ImmutableHashSet.Create(StringComparer.Ordinal,
        "libc", "c", "libc.so", "libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "ld-musl-x86_64.so.1");

    /// <summary>The entry point's name when the method is imported from libc; null for every other method.</summary>
    public static string? NameOf(IMethodSymbol method)
    {
        if (method.GetDllImportData() is { ModuleName: { } module } data)
            return IsLibc(module) ? data.EntryPointName ?? method.Name : null;
        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is not { Name: "LibraryImportAttribute" } || attribute.ConstructorArguments.Length == 0)
                continue;
            if (attribute.ConstructorArguments[0].Value is not string library || !IsLibc(library))
                return null;
            foreach (var named in attribute.NamedArguments)
            {
                if (named is { Key: "EntryPoint", Value.Value: string entryPoint })
                    return entryPoint;
            }

            return method.Name;
        }

        return null;
    }

    private static bool IsLibc(string library)
    {
        int slash = library.LastIndexOf('/');
        return LibcSpellings.Contains(slash < 0 ? library : library.Substring(slash + 1));
    }
}
