using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class LoopTests
{
    private static readonly Expression Outside = C(1);

    [Theory]
    [InlineData(8192)]
    [InlineData(14 << 20)]
    public void Advancing_by_the_count_until_all_is_sent(long size)
    {
        var p = AdvancingByTheCount(C(size), out _, out _);
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Advancing_by_the_count_over_a_length_that_is_not_known() => Expect.Safe(AdvancingByTheCount(Unknown, out _, out _).Explore());

    [Fact]
    public void Advancing_by_the_count_and_then_storing()
    {
        var p = AdvancingByTheCount(C(8192), out var buffer, out var handOff, last: p =>
        {
            p.StoreByte(Expression.Register(0));
        });
        Assert.Equal(0, buffer);
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, p.Here - 2));
    }

    private static ProgramBuilder AdvancingByTheCount(Expression size, out int buffer, out int handOff, System.Action<ProgramBuilder>? last = null)
    {
        var p = new ProgramBuilder();
        buffer = p.Allocate(RegionKind.Native, size);
        var vector = p.Allocate(RegionKind.Stack, 16);
        p.Keep(R(vector), R(buffer));
        p.Keep(Add(vector, 8), size);
        p.Label("again");
        p.LoopHead();
        var left = p.Load(Add(vector, 8));
        p.Unless(Op(C(0), BinaryOperator.Less, R(left)), "sent");
        var result = p.System(SystemCallKind.Vmsplice, Outside, R(vector), C(1), C(0));
        handOff = p.Here - 1;
        p.Branch(Op(R(result), BinaryOperator.Less, C(0)), "again", "advance");
        p.Label("advance");
        var at = p.Load(R(vector));
        p.Keep(R(vector), Add(R(at), R(result)));
        p.Keep(Add(vector, 8), Op(R(left), BinaryOperator.Subtract, R(result)));
        p.Jump("again");
        p.Label("sent");
        last?.Invoke(p);
        p.Return();
        return p;
    }

    [Fact]
    public void A_leak_in_every_turn_converges()
    {
        var p = new ProgramBuilder();
        p.Label("again");
        p.LoopHead();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.StoreBytes(R(buffer), C(4096));
        p.Vmsplice(Outside, buffer, 4096);
        p.Jump("again");
        var verdict = p.Explore();
        Expect.Safe(verdict);
        Assert.True(verdict.States < 50, $"{verdict.States} states");
    }

    [Fact]
    public void A_stack_buffer_in_every_turn_converges()
    {
        var p = new ProgramBuilder();
        p.Label("again");
        p.LoopHead();
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        p.Branch(Unknown, "again", "done");
        p.Label("done");
        var leave = p.Return();
        var verdict = p.Explore();
        Expect.Hazards(verdict, (HazardKind.LifetimeEnd, handOff, leave));
        Assert.True(verdict.States < 50, $"{verdict.States} states");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000_000)]
    public void A_counter_that_does_nothing_converges(long turns)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var i = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Op(R(i), BinaryOperator.Less, C(turns)), "done");
        p.StoreByte(R(buffer));
        p.Set(i, Add(i, 1));
        p.Jump("again");
        p.Label("done");
        p.Vmsplice(Outside, buffer, 4096);
        p.Return();
        var verdict = p.Explore();
        Expect.Safe(verdict);
    }

    [Fact]
    public void A_store_that_only_a_long_loop_reaches_is_found_exactly()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var i = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Op(R(i), BinaryOperator.Less, C(1000)), "done");
        p.Set(i, Add(i, 1));
        p.Jump("again");
        p.Label("done");
        p.Unless(Op(R(i), BinaryOperator.Equal, C(1000)), "never");
        var store = p.StoreByte(R(buffer));
        p.Label("never");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Nested_loops_converge()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 1 << 20);
        var i = p.Let(C(0));
        p.Label("outer");
        p.LoopHead();
        p.Unless(Op(R(i), BinaryOperator.Less, C(1 << 30)), "done");
        var j = p.Let(C(0));
        p.Label("inner");
        p.LoopHead();
        p.Unless(Op(R(j), BinaryOperator.Less, C(1 << 30)), "next");
        p.StoreByte(Add(R(buffer), R(j)));
        p.Set(j, Add(j, 1));
        p.Jump("inner");
        p.Label("next");
        p.Set(i, Add(i, 1));
        p.Jump("outer");
        p.Label("done");
        p.Vmsplice(Outside, buffer, 4096);
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_counter_used_modulo_something_keeps_its_remainder(int parity, bool safe)
    {
        // Even turns write to the first page, odd ones hand off the second.
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        var i = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Branch(Op(Op(R(i), BinaryOperator.Remainder, C(2)), BinaryOperator.Equal, C(0)), "even", "odd");
        p.Label("even");
        p.StoreBytes(Add(R(buffer), Op(Op(R(i), BinaryOperator.Remainder, C(parity)), BinaryOperator.Multiply, C(4096))), C(4096));
        p.Jump("next");
        p.Label("odd");
        p.Vmsplice(Outside, Add(buffer, 4096), C(4096));
        p.Label("next");
        p.Set(i, Add(i, 1));
        p.Jump("again");
        var verdict = p.Explore();
        if (safe) Expect.Safe(verdict);
        else Assert.True(verdict is { Kind: VerdictKind.Hazards, Witnesses: [{ Exact: true }] }, Expect.Describe(verdict));
    }

    [Fact]
    public void A_list_of_unknown_length_converges()
    {
        var p = new ProgramBuilder();
        var node = p.Allocate(RegionKind.ForeignObject, 16);
        p.Label("again");
        p.LoopHead();
        var data = p.Load(Add(node, 8), 8, Missing.Region(RegionKind.Native, C(4096)));
        p.Vmsplice(Outside, data, 4096);
        var next = p.Load(R(node), 8, Missing.Region(RegionKind.ForeignObject, C(16)));
        p.Set(node, R(next));
        p.Branch(Unknown, "again", "done");
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void A_list_that_grows_without_end_reaches_a_bound()
    {
        var p = new ProgramBuilder();
        var head = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        var node = p.Allocate(RegionKind.Object, 8);
        p.KeepSilently(R(node), R(head));
        p.Set(head, R(node));
        p.Jump("again");
        Assert.Equal(VerdictKind.BoundReached, p.Explore().Kind);
    }

    [Fact]
    public void Buffers_in_an_array_are_found_by_index()
    {
        var p = new ProgramBuilder();
        var array = p.Allocate(RegionKind.Managed, 100 * 8);
        var i = p.Let(C(0));
        p.Label("fill");
        p.LoopHead();
        p.Unless(Op(R(i), BinaryOperator.Less, C(4)), "filled");
        var made = p.Allocate(RegionKind.Native, 4096);
        p.Keep(Add(R(array), Op(R(i), BinaryOperator.Multiply, C(8))), R(made));
        p.Set(i, Add(i, 1));
        p.Jump("fill");
        p.Label("filled");
        var third = p.Load(Add(array, 16));
        p.Vmsplice(Outside, third, 4096);
        var handOff = p.Here - 1;
        p.StoreByte(R(p.Load(Add(array, 8))));
        var store = p.Here;
        p.StoreByte(R(p.Load(Add(array, 16))));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store + 1));
    }

    [Fact]
    public void A_buffer_put_at_an_unknown_index_may_be_found_anywhere()
    {
        var p = new ProgramBuilder();
        var array = p.Allocate(RegionKind.Managed, 100 * 8);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var index = p.Let(Unknown);
        p.Keep(Add(R(array), Op(R(index), BinaryOperator.Multiply, C(8))), R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var found = p.Load(Add(array, 24));
        var store = p.StoreByte(R(found));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }
}
