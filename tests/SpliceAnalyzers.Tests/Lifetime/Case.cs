using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using SpliceAnalyzers.Rules;
using Verify = SpliceAnalyzers.Tests.Verification.AnalyzerVerifier<SpliceAnalyzers.Rules.HandOffAnalyzer>;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>A C# program with everything marked in it that the analyzer must say, and nothing else.</summary>
internal static class Case
{
    /// <summary>The members of a static class, behind <see cref="Prelude"/>.</summary>
    public static Task Members(string members) => Types($$"""
        internal static unsafe class Program
        {
        {{members}}
        }
        """);

    /// <summary>Whole types, behind <see cref="Prelude"/>.</summary>
    public static Task Types(string types) => Verify.VerifyAsync(Prelude.Text + types);

    /// <summary>A whole file that declares everything itself.</summary>
    public static Task File(string source, params DiagnosticResult[] expected) => Verify.VerifyAsync(source, expected);

    /// <summary>A whole file that declares everything itself, some of it with [LibraryImport]; the SDK's generator runs.</summary>
    public static Task FileWithLibraryImport(string source) => Verify.VerifyWithLibraryImportAsync(source);

    /// <summary>A whole file that calls a library.</summary>
    public static Task FileWith(MetadataReference library, string source)
    {
        var test = new Verification.AnalyzerTest<HandOffAnalyzer> { TestCode = source };
        test.TestState.AdditionalReferences.Add(library);
        return test.RunAsync();
    }

    /// <summary>A diagnostic at a numbered mark, with its text.</summary>
    public static DiagnosticResult At(int mark, string id, string message) =>
        Verify.Diagnostic(id).WithLocation(mark).WithMessage(message).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);
}
