using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SpliceAnalyzers.Tests.Verification;

/// <summary>Runs one analyzer over a marked-up source and compares what it reports.</summary>
public static class AnalyzerVerifier<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    public static DiagnosticResult Diagnostic(string id) =>
        Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerVerifier<TAnalyzer, DefaultVerifier>.Diagnostic(id);

    public static Task VerifyAsync(string markupSource, params DiagnosticResult[] expected)
    {
        var test = new AnalyzerTest<TAnalyzer> { TestCode = markupSource };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }

    /// <summary>As <see cref="VerifyAsync"/>, with the real [LibraryImport] generator run over the source first.</summary>
    public static Task VerifyWithLibraryImportAsync(string markupSource, params DiagnosticResult[] expected)
    {
        var test = new AnalyzerTest<TAnalyzer> { TestCode = markupSource, RunLibraryImportGenerator = true };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync();
    }
}
