using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SpliceAnalyzers.Benchmarks;
using SpliceAnalyzers.Benchmarks.Code;
using SpliceAnalyzers.Benchmarks.Measuring;
using SpliceAnalyzers.Tests;

// dotnet run -c Release --project tests/SpliceAnalyzers.Benchmarks --
//                           the table of ratios, at full size: minutes
//     --short               the same in small; fails if a ratio is more than twice what ratios.txt has
//     --short --record      writes ratios.txt
//     --sources FOLDER...   (a) over the C# in these folders instead of generated code
//     --details [...]       BenchmarkDotNet, with its own arguments behind it: times and allocations of each contestant
if (args is ["--details", .. var given])
{
    var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
    BenchmarkSwitcher.FromAssembly(typeof(ExplorerBenchmark).Assembly).Run(given.Length > 0 ? given : ["--filter", "*"], config);
    return 0;
}

string recorded = Path.Combine(Repository.Root, "tests", "SpliceAnalyzers.Benchmarks", "ratios.txt");
bool isShort = args.Contains("--short");
var ratios = new List<Ratio>();
foreach (Ratio ratio in args is ["--sources", .. var folders] ? new Questions(rounds: 3).WithoutSplice(Sources(folders)) : isShort ? Short() : Full())
{
    Console.WriteLine(ratio);
    ratios.Add(ratio);
}

if (!isShort)
    return 0;
if (args.Contains("--record"))
    RecordedRatios.Write(ratios, recorded);
List<string> failures = [.. RecordedRatios.Failures(ratios, recorded)];
failures.ForEach(Console.Error.WriteLine);
return failures.Count == 0 ? 0 : 1;

static IEnumerable<Ratio> Full()
{
    var questions = new Questions(rounds: 3);
    return questions.WithoutSplice(OrdinaryCode.Files(300_000)).Concat(questions.WithSplice([500, 1_000, 2_000, 4_000]))
        .Concat(questions.AfterAnEdit(20_000)).Concat(questions.ExplorerAlone(500)).Concat(questions.Pathological(200, []));
}

static IEnumerable<Ratio> Short()
{
    var questions = new Questions(rounds: 5);
    // Of so few files the empty analyzer's callbacks take too little time to be compared with.
    return questions.WithoutSplice(OrdinaryCode.Files(6_000)).Where(static ratio => !ratio.Name.Contains("callbacks", StringComparison.Ordinal)).Concat(questions.WithSplice([60, 240]))
        .Concat(questions.AfterAnEdit(3_000)).Concat(questions.ExplorerAlone(100)).Concat(questions.Pathological(60, ["mutual recursion", "200 buffers"]));
}

static List<string> Sources(IEnumerable<string> folders) =>
    [.. folders.SelectMany(static folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
