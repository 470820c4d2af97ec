using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class LifetimeTests
{
    private static readonly Expression Outside = C(1);

    [Fact]
    public void Stack_memory_ends_with_the_procedure()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var leave = p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, leave));
    }

    [Fact]
    public void Stack_memory_ends_with_an_exception()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var leave = p.Throw();
        Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, leave));
    }

    [Fact]
    public void The_vector_itself_may_end_and_be_overwritten()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var vector = p.Allocate(RegionKind.Stack, 16);
        p.Keep(R(vector), R(buffer));
        p.Keep(Add(vector, 8), C(4096));
        p.System(SystemCallKind.Vmsplice, Outside, R(vector), C(1), C(0));
        p.StoreBytes(R(vector), C(16));
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Array_that_was_never_pinned_ends_at_once()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Managed, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, handOff));
    }

    [Theory]
    [InlineData(RegionKind.Managed)]
    [InlineData(RegionKind.Pooled)]
    public void Scope_left_with_bytes_in_flight(RegionKind kind)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(kind, 4096);
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var leave = p.Release(R(buffer), ReleaseKind.PinScope);
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, leave));
    }

    [Theory]
    [InlineData(RegionKind.Native)]
    [InlineData(RegionKind.PrivateMapping)]
    [InlineData(RegionKind.ReadOnly)]
    public void Scope_left_over_memory_that_does_not_move(RegionKind kind)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(kind, 4096);
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        p.Release(R(buffer), ReleaseKind.PinScope);
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Inner_scope_left_while_an_outer_one_still_pins()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Managed, 4096);
        p.Pin(R(buffer));
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        p.Release(R(buffer), ReleaseKind.PinScope);
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Pinned_heap_array_that_nothing_reaches()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.PinnedHeap, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var leave = p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, leave))[0];
        Assert.Contains("x0:lost", witness.Text);
    }

    [Fact]
    public void Pinned_heap_array_that_is_returned_or_kept_by_the_caller()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.PinnedHeap, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        p.Return(R(buffer));
        Expect.Safe(p.Explore());

        p = new ProgramBuilder();
        var self = p.Allocate(RegionKind.ForeignObject, 8);
        buffer = p.Allocate(RegionKind.PinnedHeap, 4096);
        p.KeepSilently(R(self), R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Pinned_heap_array_lost_in_every_turn_of_a_loop()
    {
        var p = new ProgramBuilder();
        p.Label("again");
        p.LoopHead();
        var buffer = p.Allocate(RegionKind.PinnedHeap, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        p.Branch(Unknown, "again", "done");
        p.Label("done");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.LifetimeEnd, handOff, handOff + 1));
    }

    [Theory]
    [InlineData(RegionKind.Caller)]
    [InlineData(RegionKind.CallerArray)]
    public void Callers_memory_in_flight_at_return(RegionKind kind)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(kind, Unknown);
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var leave = p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.CallerKeeps, handOff, leave));
    }

    [Fact]
    public void Callers_memory_and_an_exception()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Caller, Unknown);
        p.Vmsplice(Outside, buffer, 4096);
        p.Throw();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Missing_memory_is_made_once_and_kept()
    {
        var p = new ProgramBuilder();
        var self = p.Allocate(RegionKind.ForeignObject, 8);
        var first = p.Load(R(self), 8, Missing.Region(RegionKind.Native, C(4096)));
        p.Vmsplice(Outside, first, 4096);
        var handOff = p.Here - 1;
        var second = p.Load(R(self), 8, Missing.Region(RegionKind.Native, C(4096)));
        var store = p.StoreByte(R(second));
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal(-1, witness.HandOff.RegionSite);
    }

    [Fact]
    public void Null_hands_nothing_off()
    {
        var p = new ProgramBuilder();
        var self = p.Allocate(RegionKind.ForeignObject, 8);
        var pointer = p.Load(R(self), 8, Missing.OneOf(C(0)));
        var result = p.Vmsplice(Outside, R(pointer), C(4096));
        p.Branch(Op(R(result), BinaryOperator.Equal, C(-1)), "done", "impossible");
        p.Label("impossible");
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }
}
