using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Testing;

namespace SpliceAnalyzers.Tests.Verification;

/// <summary>The reference assemblies of .NET 10, from a package that carries them, so that no test needs the network.</summary>
public static class TestReferences
{
    /// <summary>Names the framework and brings no package: the references themselves are <see cref="Net10"/>.</summary>
    public static ReferenceAssemblies NoDownload { get; } = new("net10.0");

    public static ImmutableArray<MetadataReference> Net10 { get; } = ImmutableArray.CreateRange<MetadataReference>(Net100.References.All);

    /// <summary>A library as programs see it that have no source of it.</summary>
    public static MetadataReference Image(CSharpCompilation library)
    {
        using var image = new MemoryStream();
        EmitResult result = library.Emit(image);
        return result.Success ? MetadataReference.CreateFromImage(image.ToArray()) : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    /// <summary>A compilation of one source. The other halves of LibraryImport methods may be missing; nothing else may be wrong.</summary>
    public static CSharpCompilation Compile(string name, string source, params MetadataReference[] references)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions);
        CSharpCompilation compilation = CSharpCompilation.Create(name, [tree], [.. Net10, .. references], TestCompilation.Options);
        Diagnostic? error = compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS8795");
        return error is null ? compilation : throw new InvalidOperationException($"{error}\n{source}");
    }
}
