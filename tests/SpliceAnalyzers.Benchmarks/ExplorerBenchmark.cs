using System.Threading;
using BenchmarkDotNet.Attributes;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Benchmarks;

/// <summary>How fast the explorer goes, on one core: a whole exploration, and (divided by <see cref="Steps"/>) one instruction of the program.</summary>
[MemoryDiagnoser]
public class ExplorerBenchmark
{
    private static readonly SpliceProgram Ring = RingProgram.Make();

    private static readonly ExplorationOptions Options = new() { Consumer = ConsumerKind.Copies };

    /// <summary>How many instructions one exploration executes.</summary>
    public static long Steps { get; } = Explorer.Explore(Ring, Options, CancellationToken.None).Steps;

    /// <summary>The proof that a ring of two buffers, each as large as the pipe, is safe.</summary>
    [Benchmark]
    public Verdict RingOfTwo() => Explorer.Explore(Ring, Options, CancellationToken.None);
}
