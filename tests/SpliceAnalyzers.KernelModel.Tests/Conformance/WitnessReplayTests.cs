using System;
using System.Linq;
using System.Threading;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Tests.Full;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tests;
using SpliceAnalyzers.Tool.Replay;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>The byte that a witness says is wrong is wrong on the running kernel.</summary>
public class WitnessReplayTests
{
    private const int Programs = 450;

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
        Assert.True(replayed > Programs / 5, $"Only {replayed} witnesses were replayed.");
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

    /// <summary>Few bytes round the edges of two pages, a few steps: most can happen.</summary>
    private static readonly Gen<TraceStep> Steps =
        from action in Gen.OneOf(TraceAction.Fill, TraceAction.HandOff, TraceAction.HandOff, TraceAction.Store, TraceAction.Store, TraceAction.GiveUp, TraceAction.Reuse, TraceAction.CopyOut, TraceAction.Move, TraceAction.Duplicate)
        from offset in Gen.OneOf(0L, 1L, 100L, 4095L, 4096L, 5000L)
        from length in Gen.OneOf(1L, 90L, 3000L, 4096L, 8192L)
        from region in Gen.Int[0, 1]
        from pipe in Gen.Int[0, 1]
        from end in Gen.OneOf(RegionEnd.Allocator, RegionEnd.Pool, RegionEnd.Handle, RegionEnd.Unmap)
        from gift in Gen.Bool
        select new TraceStep { Action = action, Region = region, Offset = action is TraceAction.CopyOut or TraceAction.Move or TraceAction.Duplicate ? 0 : offset, Length = length, Pipe = pipe, Target = 1 - pipe, End = end, Gift = gift };

    [Fact]
    public void Any_trace_that_can_happen_reads_as_many_wrong_bytes_as_the_model_says()
    {
        RunningKernel.Require();
        var (replayed, wrong) = (0, 0);
        var kinds = Gen.OneOf(RegionKind.Native, RegionKind.Pooled, RegionKind.PrivateMapping, RegionKind.Managed, RegionKind.File);
        Gen.Select(kinds, kinds, Steps.Array[2, 9], Gen.OneOf(0L, 1L, 100L, 4096L), Gen.OneOf(1L, 90L, 3000L, 8192L)).Check(sample =>
        {
            var (first, second, steps, before, length) = sample;
            var trace = steps.Prepend(Region(1, second)).Prepend(Region(0, first)).Append(new TraceStep { Action = TraceAction.Read, Offset = before, Length = length }).ToList();
            // What cannot happen is left out.
            for (var result = WitnessReplay.Run(trace); !result.IsPossible && result.Step < trace.Count - 1; result = WitnessReplay.Run(trace)) trace.RemoveAt(result.Step);
            if (!WitnessReplay.Run(trace).IsPossible) return;
            using var driver = new WitnessDriver(trace);
            var differing = driver.Run()!.Value.Differing;
            var machine = new TraceMachine();
            for (var i = 0; i < trace.Count; i++) Assert.Null(machine.Take(trace[i], i));
            Assert.Null(machine.Compare(0, length, out var expected));
            Assert.True(expected == differing, $"{differing} wrong bytes, and {expected} in the model: {WitnessText.Encode(trace)}");
            replayed++;
            wrong += differing > 0 ? 1 : 0;
        }, 10_000);
        Assert.True(replayed > 1_000 && wrong > 200, $"Only {replayed} traces were replayed, and {wrong} read wrong bytes.");
    }

    private static TraceStep Region(int number, RegionKind kind) => new() { Action = TraceAction.Region, Region = number, Kind = kind, Size = 13192 };

    private static void Replay(string text) => Assert.True(Differing(text) is > 0, $"The kernel reads what was handed off: {text}");

    private static long? Differing(string text)
    {
        Assert.True(WitnessText.TryDecode(text, out var steps, out var error), error);
        Assert.True(steps.Where(static step => step.Action == TraceAction.HandOff).Sum(static step => step.Length) <= Most, text);
        using var driver = new WitnessDriver(steps);
        return driver.Run()?.Differing;
    }
}
