using System;
using System.Diagnostics;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class BudgetTests
{
    /// <summary>Many flags, each set or not: two states to the power of the flags.</summary>
    private static ProgramBuilder ManyStates(int flags)
    {
        var p = new ProgramBuilder();
        var registers = new int[flags];
        for (var i = 0; i < flags; i++) registers[i] = p.ChooseOf(C(0), C(1));
        var sum = p.Let(C(0));
        for (var i = 0; i < flags; i++) p.Set(sum, Op(Op(R(sum), BinaryOperator.Multiply, C(2)), BinaryOperator.Add, R(registers[i])));
        p.Vmsplice(C(1), p.Allocate(RegionKind.Native, 4096), 4096);
        p.Return(R(sum));
        return p;
    }

    [Fact]
    public void A_budget_that_is_used_up_is_said()
    {
        var verdict = Explorer.Explore(ManyStates(12).ToProgram(), new ExplorationOptions { MaxStates = 1000 }, CancellationToken.None);
        Assert.Equal(VerdictKind.BoundReached, verdict.Kind);
        Assert.InRange(verdict.States, 1000, 1010);
    }

    [Fact]
    public void A_budget_that_suffices_is_not() =>
        Expect.Safe(Explorer.Explore(ManyStates(12).ToProgram(), new ExplorationOptions { MaxStates = 100_000 }, CancellationToken.None));

    [Fact]
    public void Witnesses_found_before_the_budget_was_used_up_are_reported()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(C(1), buffer, 4096);
        p.StoreByte(R(buffer));
        for (var i = 0; i < 12; i++) p.ChooseOf(C(0), C(1));
        for (var i = 0; i < 12; i++) p.Escape(R(p.Registers - 1 - i));
        p.Return();
        var verdict = Explorer.Explore(p.ToProgram(), new ExplorationOptions { MaxStates = 1000 }, CancellationToken.None);
        Assert.True(verdict is { Kind: VerdictKind.BoundReached, Witnesses: [{ Hazard: HazardKind.Store }] }, Expect.Describe(verdict));
    }

    [Fact]
    public void A_search_that_was_cancelled_before_it_began_does_not_run() =>
        Assert.Throws<OperationCanceledException>(() => Explorer.Explore(ManyStates(2).ToProgram(), new ExplorationOptions(), new CancellationToken(canceled: true)));

    [Fact]
    public void A_search_stops_soon_after_it_was_cancelled()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var watch = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => Explorer.Explore(ManyStates(40).ToProgram(), new ExplorationOptions { MaxStates = 50_000_000 }, source.Token));
        Assert.True(watch.ElapsedMilliseconds < 5000, $"It took {watch.ElapsedMilliseconds} ms.");
    }
}
