using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>What a DllImport or LibraryImport declaration says about the function behind it.</summary>
internal sealed record NativeImport(string Library, string EntryPoint, bool SetLastError)
{
    private const string InteropNamespace = "System.Runtime.InteropServices";

    public static NativeImport? Of(IMethodSymbol method)
    {
        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (IsImport(attribute) && attribute.ConstructorArguments is [{ Value: string library }, ..])
                return FromAttribute(attribute, library, method.Name);
        }

        // In metadata the attribute has become flags of the method.
        return method.GetDllImportData() is { ModuleName: { } module } data
            ? new NativeImport(module, data.EntryPointName ?? method.Name, data.SetLastError)
            : null;
    }

    /// <summary>What stands for the import where a call goes through a pointer or a delegate.</summary>
    public static NativeImport WithoutDeclaration(NativeCall call) =>
        new("libc", call.Function, call.Signature is { } signature && new NativeDeclaration(signature, call.Method, MarshallingOf(call.Kind)).KeepsLastError);

    private static MarshalledBy MarshallingOf(NativeCallKind kind) => kind == NativeCallKind.FunctionPointer ? MarshalledBy.Nobody : MarshalledBy.Runtime;

    /// <summary>True for the attribute that makes a declaration native.</summary>
    public static bool IsImport(AttributeData attribute) =>
        attribute.AttributeClass is { Name: "DllImportAttribute" or "LibraryImportAttribute" } type
        && type.ContainingNamespace.ToDisplayString() == InteropNamespace;

    /// <summary>True if both come from the same library, however its name is spelled.</summary>
    public bool SharesLibraryWith(NativeImport other) => BareName(Library) == BareName(other.Library);

    private static NativeImport FromAttribute(AttributeData attribute, string library, string methodName)
    {
        ImmutableDictionary<string, object?> named = attribute.NamedArguments.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Value);
        string entryPoint = named.TryGetValue("EntryPoint", out object? value) && value is string name ? name : methodName;
        bool setLastError = named.TryGetValue("SetLastError", out object? flag) && flag is true;
        return new NativeImport(library, entryPoint, setLastError);
    }

    /// <summary>"c" for libc, c, libc.so.6, /lib/libc.so.6 and libc.musl-x86_64.so.1.</summary>
    private static string BareName(string library)
    {
        string name = Path.GetFileName(library);
        if (name.StartsWith("lib", System.StringComparison.Ordinal))
            name = name.Substring("lib".Length);
        int dot = name.IndexOf('.');
        return dot < 0 ? name : name.Substring(0, dot);
    }
}
