using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The README's first command, and what the samples then do on the real kernel.</summary>
public class SampleTests(InstalledTool tool) : IClassFixture<InstalledTool>
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public void The_corrupted_pipe_is_warned_about_at_every_build_and_corrupts()
    {
        CommandResult first = InRepository("build samples/CorruptedPipe");
        CommandResult second = InRepository("build samples/CorruptedPipe");
        CommandResult run = InRepository("run --no-build --project samples/CorruptedPipe");

        Assert.True(first.Output.Contains("warning SPL1001", StringComparison.Ordinal), first.ToString());
        Assert.True(second.Output.Contains("warning SPL1001", StringComparison.Ordinal), second.ToString());
        Assert.True(run.ExitCode == 0 && Regex.IsMatch(run.Output, "corrupted records: [1-9][0-9]* of "), run.ToString());
    }

    [Fact]
    public void The_intact_pipe_is_silent_and_intact()
    {
        CommandResult build = InRepository("build samples/IntactPipe");
        CommandResult run = InRepository("run --no-build --project samples/IntactPipe");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL", StringComparison.Ordinal), build.ToString());
        Assert.True(run.ExitCode == 0 && run.Output.Contains("corrupted records: 0 of ", StringComparison.Ordinal), run.ToString());
    }

    [Fact]
    public void Throughput_is_measured_beside_the_models_figures()
    {
        CommandResult build = InRepository("build -c Release samples/Throughput");
        CommandResult run = InRepository("run --no-build -c Release --project samples/Throughput");

        Assert.True(build.ExitCode == 0 && build.Output.Contains("0 Warning(s)", StringComparison.Ordinal), build.ToString());
        Assert.True(run.ExitCode == 0 && Regex.Count(run.Output, "^ +(4096|1048576) +[0-9]+ +[0-9]+  .*[#|]", RegexOptions.Multiline) == 10, run.ToString());
    }

    /// <summary>Samples that hold the bug and its cure: the warnings of the build, and what the kernel then does.</summary>
    public static TheoryData<string, string[], string[]> Pairs => new()
    {
        {
            "BackgroundFlush", ["ReferencedLog.cs SPL1001", "ReferencedLog.cs SPL1003"],
            ["flushed by reference, corrupted pages: [1-9]", "flushed by copy, corrupted pages: 0\n"]
        },
        {
            "StreamWrapper", ["Program.cs SPL1001", "Program.cs SPL1004", "ReferencingStream.cs SPL1006"],
            ["stream by reference, corrupted records: [1-9]", "stream by copy, corrupted records: 0\n"]
        },
        {
            "FileRelay", ["UpdateInPlace.cs SPL1005"],
            ["updated in place, received: the new head\n", "replaced by a new file, received: the old head\n"]
        },
        {
            "TwoBuffers", ["UncheckedSize.cs SPL1001"],
            ["a pipe for both buffers, corrupted blocks: [1-9]", "a pipe for one buffer, corrupted blocks: 0\n"]
        },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_is_warned_about_in_one_half_and_corrupts_there(string sample, string[] warnings, string[] lines)
    {
        CommandResult build = InRepository($"build samples/{sample}");
        CommandResult run = InRepository($"run --no-build --project samples/{sample}");

        IEnumerable<string> found = Regex.Matches(build.Output, @"(\w+\.cs)\(\d+,\d+\): warning (SPL\d+)").Select(m => $"{m.Groups[1]} {m.Groups[2]}").Distinct().Order(StringComparer.Ordinal);
        Assert.True(build.ExitCode == 0 && warnings.SequenceEqual(found), build.ToString());
        Assert.True(run.ExitCode == 0 && lines.All(line => Regex.IsMatch(run.Output, line)), run.ToString());
    }

    /// <summary>What the analyzers say of the samples is no theory: the running kernel does it.</summary>
    [Fact]
    public void Every_lifetime_warning_of_the_samples_is_reproduced_on_the_running_kernel()
    {
        var (samples, warnings, reproduced) = (0, 0, 0);
        foreach (string sample in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal))
        {
            string log = Path.Combine(tool.Folder, sample + ".sarif");
            CommandResult build = InRepository($"build samples/{sample} -p:ErrorLog={log}%2Cversion=2.1");
            Assert.True(build.ExitCode == 0, build.ToString());
            int found = LifetimeFindings(log);
            if (found == 0)
                continue;

            CommandResult replay = tool.Run($"replay --real {log}");
            int corrupted = Regex.Count(replay.Output, ": corrupted\\. Handed off was 41 'A', the consumer got 42 'B' ");
            TestContext.Current.TestOutputHelper!.WriteLine($"{sample}: {corrupted} of {found}\n{replay.Output}");
            Assert.True(replay.ExitCode == 0 && corrupted == found, replay.ToString());
            (samples, warnings, reproduced) = (samples + 1, warnings + found, reproduced + corrupted);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{reproduced} of {warnings} lifetime findings in {samples} samples reproduced");
        Assert.InRange(samples, 5, int.MaxValue);
    }

    /// <summary>How many results of SPL1001 to SPL1007 are in a log, whatever they carry.</summary>
    private static int LifetimeFindings(string log)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(log));
        return document.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Count(result => Regex.IsMatch(result.GetProperty("ruleId").GetString()!, "^SPL100[1-7]$"));
    }

    private static CommandResult InRepository(string arguments) => Command.Dotnet(Repository.Root, arguments, NoEnvironment);
}
