using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

namespace SpliceAnalyzers.Tests.Verification;

/// <summary>The generator behind [LibraryImport], taken from the SDK that runs the tests.</summary>
internal static class LibraryImportGenerator
{
    private const string TypeName = "Microsoft.Interop.LibraryImportGenerator";

    public static Type Type { get; } = Load();

    private static Type Load()
    {
        string folder = FindFolder();
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            string path = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
        Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, TypeName + ".dll"));
        return assembly.GetType(TypeName, throwOnError: true)!;
    }

    private static string FindFolder()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string packs = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        IEnumerable<string> versions = Directory.EnumerateDirectories(packs, "10.*").OrderBy(path => path, StringComparer.Ordinal);
        return Path.Combine(versions.Last(), "analyzers", "dotnet", "cs");
    }
}
