using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace SpliceAnalyzers.Tests.Verification;

/// <summary>The reference assemblies of .NET 10, from a package that carries them, so that no test needs the network.</summary>
public static class TestReferences
{
    /// <summary>Names the framework and brings no package: the references themselves are <see cref="Net10"/>.</summary>
    public static ReferenceAssemblies NoDownload { get; } = new("net10.0");

    public static ImmutableArray<MetadataReference> Net10 { get; } = ImmutableArray.CreateRange<MetadataReference>(Net100.References.All);
}
