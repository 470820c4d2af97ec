using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.OldestHost;

/// <summary>Analyzer assemblies in a context of their own: what the host has comes from the host, whatever its version, the rest from the folder.</summary>
internal sealed class AnalyzerLoader(string folder) : AssemblyLoadContext("analyzers"), IAnalyzerAssemblyLoader
{
    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>All analyzers of the folder, by the compiler's own way to find them. What cannot be loaded ends the program.</summary>
    public ImmutableArray<DiagnosticAnalyzer> Analyzers() => [.. Directory.EnumerateFiles(_folder, "*.dll").Order(StringComparer.Ordinal).SelectMany(path => AnalyzersOf(path))];

    /// <summary>Makes one of each type in the folder's assemblies that derives from <typeparamref name="T"/> and has no parameters.</summary>
    public ImmutableArray<T> OneOfEach<T>() =>
    [
        .. from path in Directory.EnumerateFiles(_folder, "*.dll").Order(StringComparer.Ordinal)
           from type in LoadFromPath(path).GetTypes()
           where type.IsSubclassOf(typeof(T)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null
           select (T)Activator.CreateInstance(type)!
    ];

    public void AddDependencyLocation(string fullPath)
    {
        // The folder is known already.
    }

    public Assembly LoadFromPath(string fullPath) => LoadFromAssemblyPath(fullPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    private ImmutableArray<DiagnosticAnalyzer> AnalyzersOf(string path)
    {
        var reference = new AnalyzerFileReference(path, this);
        reference.AnalyzerLoadFailed += static (_, failure) => throw new InvalidOperationException($"{failure.TypeName}: {failure.Message}", failure.Exception);
        return reference.GetAnalyzers(LanguageNames.CSharp);
    }
}
