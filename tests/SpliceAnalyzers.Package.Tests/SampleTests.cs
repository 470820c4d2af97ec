using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The README's first command, and what the samples then do on the real kernel.</summary>
public class SampleTests
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

    private static CommandResult InRepository(string arguments) => Command.Dotnet(Repository.Root, arguments, NoEnvironment);
}
