using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>All analyzers over code that need not compile. An exception in one of them is one here.</summary>
internal static class AllAnalyzers
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(HandOffAnalyzer).Assembly.GetTypes().Where(static t => !t.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(t))
            .OrderBy(static t => t.FullName, StringComparer.Ordinal).Select(static t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!),
    ];

    public static CSharpCompilation Compile(IEnumerable<string> sources, IEnumerable<MetadataReference>? references = null) => CSharpCompilation.Create(
        "Code", sources.Select(static (text, i) => CSharpSyntaxTree.ParseText(text, TestCompilation.ParseOptions, $"File{i}.cs")), references ?? TestReferences.Net10, TestCompilation.Options);

    /// <summary>What they report, in the order in which they do.</summary>
    public static Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, bool concurrently, CancellationToken cancellation) =>
        RunAsync(compilation, concurrently, new AnalyzerOptions([]), cancellation);

    /// <summary>The same with so many states for each program: where not verdicts matter, but that there is one.</summary>
    public static Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, int mostStates, CancellationToken cancellation) =>
        RunAsync(compilation, concurrently: true, new AnalyzerOptions([], new SameOption("splice_analyzers.max_states", mostStates.ToString(CultureInfo.InvariantCulture))), cancellation);

    private static async Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, bool concurrently, AnalyzerOptions given, CancellationToken cancellation)
    {
        Exception? thrown = null;
        var options = new CompilationWithAnalyzersOptions(
            given, (exception, _, _) => thrown ??= exception, concurrentAnalysis: concurrently, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: false);
        ImmutableArray<Diagnostic> found = await new CompilationWithAnalyzers(compilation, Analyzers, options).GetAnalyzerDiagnosticsAsync(cancellation);
        return thrown is null ? found : throw new InvalidOperationException("An analyzer threw: " + thrown, thrown);
    }
}
