using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.Benchmarks.Analysis;

/// <summary>What is measured: the compiler alone, and analyzers over a compilation or a file of it.</summary>
internal static class Runs
{
    /// <summary>Binds all of a compilation, as every build has to.</summary>
    public static int Bind(Compilation compilation) => compilation.GetDiagnostics().Length;

    /// <summary>Runs analyzers as a build does. The time is what they themselves took, without the compiler and its driver.</summary>
    public static (TimeSpan Own, ImmutableArray<Diagnostic> Found) Analyze(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, bool isConcurrent = true) => Checked(isConcurrent, options =>
    {
        AnalysisResult result = new CompilationWithAnalyzers(compilation, analyzers, options).GetAnalysisResultAsync(CancellationToken.None).GetAwaiter().GetResult();
        return (new TimeSpan(result.AnalyzerTelemetryInfo.Values.Sum(static info => info.ExecutionTime.Ticks)), result.GetAllDiagnostics());
    });

    /// <summary>Runs analyzers over one file, as an editor does after each edit of it.</summary>
    public static ImmutableArray<Diagnostic> AnalyzeFile(SemanticModel model, ImmutableArray<DiagnosticAnalyzer> analyzers) => Checked(isConcurrent: true, options =>
    {
        var analysis = new CompilationWithAnalyzers(model.Compilation, analyzers, options);
        return analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None).GetAwaiter().GetResult();
    });

    private static T Checked<T>(bool isConcurrent, Func<CompilationWithAnalyzersOptions, T> run)
    {
        Exception? thrown = null;
        T result = run(new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => thrown ??= exception, isConcurrent, logAnalyzerExecutionTime: true, reportSuppressedDiagnostics: false));
        return thrown is null ? result : throw new InvalidOperationException("An analyzer threw.", thrown);
    }
}
