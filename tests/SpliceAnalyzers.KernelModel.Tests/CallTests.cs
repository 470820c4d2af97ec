using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class CallTests
{
    private static Procedure HandOffProcedure(int firstSite)
    {
        var callee = new ProgramBuilder(parameters: 2, firstSite);
        var result = callee.Vmsplice(C(1), R(0), R(1));
        callee.Return(R(result));
        return callee.ToProcedure("HandOff");
    }

    [Fact]
    public void Hand_off_in_a_callee_store_in_the_caller()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var call = p.Here;
        p.Call(1, 1, [R(buffer), C(4096)]);
        var store = p.StoreByte(R(buffer));
        p.Return();
        var witness = Expect.Hazards(p.Explore(callees: HandOffProcedure(100)), (HazardKind.Store, 103, store))[0];
        Assert.Equal([call], witness.HandOff.Calls);
        Assert.Empty(witness.Culprit.Calls);
    }

    [Fact]
    public void Each_call_of_the_hand_off_is_told_apart()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var first = p.Here;
        p.Call(1, 1, [R(buffer), C(4096)]);
        var second = p.Here;
        p.Call(1, 1, [R(buffer), C(4096)]);
        p.StoreByte(R(buffer));
        p.Return();
        var verdict = p.Explore(callees: HandOffProcedure(100));
        Assert.Equal([first, second], verdict.Witnesses.Select(witness => witness.HandOff.Calls[0]).Order());
    }

    [Fact]
    public void Stack_of_the_callee_ends_when_it_returns()
    {
        var callee = new ProgramBuilder(firstSite: 100);
        var buffer = callee.Allocate(RegionKind.Stack, 4096);
        callee.Vmsplice(C(1), buffer, 4096);
        var leave = callee.Return();
        var p = new ProgramBuilder();
        var call = p.Here;
        p.Call(1, 0, []);
        p.Return();
        var witness = Expect.Hazards(p.Explore(callees: callee.ToProcedure()), (HazardKind.LifetimeEnd, leave - 1, leave))[0];
        Assert.Equal([call], witness.Culprit.Calls);
    }

    [Fact]
    public void Callers_stack_is_not_the_callees()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.Call(1, 1, [R(buffer), C(4096)]);
        p.Call(2, 0, []);
        var leave = p.Return();
        var nothing = new ProgramBuilder(firstSite: 200);
        nothing.Return();
        Expect.Hazards(p.Explore(callees: [HandOffProcedure(100), nothing.ToProcedure()]), (HazardKind.LifetimeEnd, 103, leave));
    }

    [Fact]
    public void An_exception_goes_to_the_handler()
    {
        var callee = new ProgramBuilder(parameters: 1, firstSite: 100);
        callee.Vmsplice(C(1), R(0), C(4096));
        callee.Throw();
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Call(1, 0, [R(buffer)], onThrow: "handler");
        p.StoreByte(R(buffer));
        p.Return();
        p.Label("handler");
        var free = p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Return();
        Expect.Hazards(p.Explore(callees: callee.ToProcedure()), (HazardKind.Release, 103, free));
    }

    [Fact]
    public void Returned_values_arrive()
    {
        var callee = new ProgramBuilder(firstSite: 100);
        var buffer = callee.Allocate(RegionKind.Native, 4096);
        callee.Return(C(7), R(buffer));
        var p = new ProgramBuilder();
        var made = p.Call(1, 2, []);
        p.Vmsplice(C(1), made[1], 4096);
        var handOff = p.Here - 1;
        p.Unless(Op(R(made[0]), BinaryOperator.Equal, C(7)), "never");
        var store = p.StoreByte(R(made[1]));
        p.Label("never");
        p.Return();
        Expect.Hazards(p.Explore(callees: callee.ToProcedure()), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Recursion_without_end_reaches_a_bound()
    {
        var callee = new ProgramBuilder(parameters: 1, firstSite: 100);
        callee.Call(1, 0, [Add(0, 1)]);
        callee.Return();
        var p = new ProgramBuilder();
        p.Call(1, 0, [C(0)]);
        p.Return();
        Assert.Equal(VerdictKind.BoundReached, p.Explore(callees: callee.ToProcedure()).Kind);
    }

    [Fact]
    public void Recursion_that_ends_is_followed()
    {
        var callee = new ProgramBuilder(parameters: 2, firstSite: 100);
        callee.Unless(Op(C(0), BinaryOperator.Less, R(0)), "last");
        callee.Call(1, 0, [Add(0, -1), R(1)]);
        callee.Return();
        callee.Label("last");
        var store = callee.StoreByte(R(1));
        callee.Return();
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(C(1), buffer, 4096);
        var handOff = p.Here - 1;
        p.Call(1, 0, [C(20), R(buffer)]);
        p.Return();
        var witness = Expect.Hazards(p.Explore(callees: callee.ToProcedure()), (HazardKind.Store, handOff, store))[0];
        Assert.Equal(21, witness.Culprit.Calls.Count);
    }
}
