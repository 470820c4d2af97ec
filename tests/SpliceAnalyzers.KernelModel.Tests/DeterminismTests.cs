using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Tests.Full;
using SpliceAnalyzers.KernelModel.Values;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

public class DeterminismTests
{
    [Fact]
    public void The_same_program_gives_the_same_verdict_every_time_and_on_every_thread() => RandomPrograms.Plans.Check(plan =>
    {
        var first = Ask(plan);
        for (var i = 0; i < 20; i++) Assert.Equal(first, Ask(plan));
        var answers = new string[4];
        Parallel.For(0, answers.Length, i => answers[i] = Ask(plan));
        Assert.All(answers, answer => Assert.Equal(first, answer));
    }, count: 20);

    private static string Ask(RandomPrograms.Plan plan)
    {
        var verdict = Explorer.Explore(RandomPrograms.Write(plan), new ExplorationOptions(), CancellationToken.None);
        return Expect.Describe(verdict) + string.Concat(verdict.Witnesses.SelectMany(static witness => witness.Steps).Select(static step =>
            $"\n{step.Actor} {step.Action} {step.Site} {string.Join(".", step.Calls)} {step.Region} {step.RegionSite} {step.Offset} {step.Length} {step.Possible}"));
    }

    [Fact]
    public void The_hash_of_a_state_is_the_same_on_every_machine()
    {
        var bytes = new StateBytes();
        var table = new StateTable();
        bytes.Write(1);
        bytes.Write(-70_000);
        bytes.Write(long.MinValue);
        bytes.Write(Value.Pointer(3, 4096));
        bytes.Pad();
        table.Add(bytes, out _);
        Assert.Equal(0x63F83ADF3B2C7C5BUL, table.HashOf(0));
    }

    [Fact]
    public void A_state_reads_back_as_it_was_written() => Gen.Long.Array[0, 40].Check(static numbers =>
    {
        var bytes = new StateBytes();
        foreach (var number in numbers) bytes.Write(number);
        bytes.Pad();
        var table = new StateTable();
        var state = table.Add(bytes, out var isNew);
        Assert.True(isNew && table.Add(bytes, out var again) == state && !again && table.Find(bytes) == state, "The state was not found again.");
        var copy = new StateBytes();
        table.CopyTo(state, copy);
        foreach (var number in numbers) Assert.Equal(number, copy.Read());
    });
}
