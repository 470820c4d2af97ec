using System;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SpliceAnalyzers.Benchmarks;

// dotnet run -c Release --project tests/SpliceAnalyzers.Benchmarks
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
foreach (var report in BenchmarkRunner.Run<ExplorerBenchmark>(config).Reports) Print(report);

static void Print(BenchmarkReport report)
{
    if (report.ResultStatistics is not { } statistics) return;
    var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
    var steps = (double)ExplorerBenchmark.Steps;
    Console.WriteLine(FormattableString.Invariant(
        $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name}: {steps} steps, {steps / statistics.Median * 1e9:N0} steps a second, {bytes / steps:0.0} bytes allocated per step"));
}
