using System;
using System.Linq;
using System.Threading;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Tests.Full;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Replay;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>The byte that a witness says is wrong is wrong on the running kernel.</summary>
public class WitnessReplayTests
{
    private const int Programs = 400;

    /// <summary>How much a witness may hand off and still fit into a pipe.</summary>
    private const long Most = 1 << 19;

    [Fact]
    public void Witnesses_of_random_programs()
    {
        RunningKernel.Require();
        var replayed = 0;
        RandomPrograms.Plans.Check(plan =>
        {
            var options = new ExplorationOptions { GiftContract = GiftContract.Actual, MaxStates = 1_000_000 };
            foreach (var witness in Explorer.Explore(RandomPrograms.Write(plan), options, CancellationToken.None).Witnesses)
            {
                Replay(witness.Text);
                replayed++;
            }
        }, Programs);
        Assert.True(replayed > Programs / 4, $"Only {replayed} witnesses were replayed.");
    }

    [Fact]
    public void A_file_rewritten_after_splice()
    {
        RunningKernel.Require();
        var p = new ProgramBuilder();
        var file = p.System(SystemCallKind.Open, C(1), C(0x42));
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        p.System(SystemCallKind.Sendfile, C(1), R(file), C(0), C(4096));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(10), C(100));
        p.Label("done");
        p.Return();
        var witness = p.Explore().Witnesses.Single();
        Assert.Equal(HazardKind.SourceFileWrite, witness.Hazard);
        Replay(witness.Text);
    }

    [Fact]
    public void A_trace_without_a_culprit_reads_what_was_handed_off()
    {
        RunningKernel.Require();
        foreach (var text in new[] { "v1:a0=native:8192,h0@0+4096>p0,s0@4096+10,r0@100+1", "v1:a0=mapping:4096,h0@0+4096>p0,s0@0+4096,r0@0+1" })
            Assert.Equal(0, Differing(text));
    }

    private static void Replay(string text) => Assert.True(Differing(text) is > 0, $"The kernel reads what was handed off: {text}");

    private static long? Differing(string text)
    {
        Assert.True(WitnessText.TryDecode(text, out var steps, out var error), error);
        Assert.True(steps.Where(static step => step.Action == TraceAction.HandOff).Sum(static step => step.Length) <= Most, text);
        using var driver = new WitnessDriver(steps);
        return driver.Run()?.Differing;
    }
}
