using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.Benchmarks.Analysis;

/// <summary>Parses and compiles what is measured.</summary>
internal static class Compilations
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse);

    private static readonly CSharpCompilationOptions Options =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly ImmutableArray<MetadataReference> References = [.. Net100.References.All];

    /// <summary>A file's tree. As a compiler reads it from disk, its text is of one piece.</summary>
    public static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), ParseOptions, path);

    /// <summary>The trees of files, parsed anew: what an earlier run found in a tree is nothing to later ones.</summary>
    public static ImmutableArray<SyntaxTree> Parse(IReadOnlyList<string> files) =>
        [.. files.AsParallel().AsOrdered().Select(static (text, i) => Parse(text, $"File{i}.cs"))];

    /// <summary>A compilation in which nothing is bound yet.</summary>
    public static CSharpCompilation Of(IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create("Measured", trees, References, Options);

    /// <summary>Fails if generated code has an error, which would be measured instead of the code.</summary>
    public static CSharpCompilation Checked(CSharpCompilation compilation)
    {
        Diagnostic? error = compilation.GetDiagnostics().FirstOrDefault(static d => d.Severity == DiagnosticSeverity.Error);
        return error is null ? compilation : throw new InvalidOperationException(error.ToString());
    }
}
