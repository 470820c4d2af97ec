using System.Collections.Generic;
using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Benchmarks.Analysis;
using SpliceAnalyzers.Benchmarks.Code;

namespace SpliceAnalyzers.Benchmarks;

/// <summary>A compilation of files that nothing was found out of yet.</summary>
[MemoryDiagnoser]
public abstract class FreshCompilationBenchmark
{
    private CSharpCompilation _compilation = Compilations.Of([]);

    /// <summary>What is compiled.</summary>
    protected abstract IReadOnlyList<string> Files { get; }

    /// <summary>Nothing that a run binds is left to the next.</summary>
    [IterationSetup]
    public void Parse() => _compilation = Compilations.Of(Compilations.Parse(Files));

    /// <summary>The compiler alone.</summary>
    [Benchmark(Baseline = true)]
    public int Bind() => Runs.Bind(_compilation);

    /// <summary>An analyzer that does nothing with every method.</summary>
    [Benchmark]
    public ImmutableArray<Diagnostic> EmptyAnalyzer() => Run(AnalyzerSets.Empty);

    /// <summary>All of ours.</summary>
    [Benchmark]
    public ImmutableArray<Diagnostic> SpliceAnalyzers() => Run(AnalyzerSets.Ours);

    /// <summary>Runs a set.</summary>
    protected ImmutableArray<Diagnostic> Run(ImmutableArray<DiagnosticAnalyzer> analyzers) => Runs.Analyze(_compilation, analyzers).Found;
}

/// <summary>(a): ordinary code.</summary>
public class OrdinaryBenchmark : FreshCompilationBenchmark
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files { get; } = OrdinaryCode.Files(300_000);

    /// <summary>What the SDK runs.</summary>
    [Benchmark]
    public ImmutableArray<Diagnostic> NetAnalyzers() => Run(AnalyzerSets.Net);
}

/// <summary>(b): methods that hand off.</summary>
public class SpliceBenchmark : FreshCompilationBenchmark
{
    /// <summary>How many.</summary>
    [Params(500, 1_000, 2_000, 4_000)]
    public int Methods { get; set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files => SpliceCode.Files(Methods);
}

/// <summary>(c): a key is pressed.</summary>
[MemoryDiagnoser]
public class EditBenchmark
{
    private readonly EditSession _session = new(otherLines: 20_000);
    private SemanticModel? _model;

    /// <summary>Presses it.</summary>
    [IterationSetup]
    public void PressKey() => _model = _session.PressKey();

    /// <summary>The compiler alone.</summary>
    [Benchmark(Baseline = true)]
    public ImmutableArray<Diagnostic> Bind() => _model!.GetDiagnostics();

    /// <summary>All of ours.</summary>
    [Benchmark]
    public ImmutableArray<Diagnostic> SpliceAnalyzers() => Runs.AnalyzeFile(_model!, AnalyzerSets.Ours);
}
