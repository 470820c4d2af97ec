using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class ReleaseTests
{
    private static readonly Expression Outside = C(1);

    [Theory]
    [InlineData(RegionKind.Native, ReleaseKind.ToAllocator, "allocator")]
    [InlineData(RegionKind.Native, ReleaseKind.ToPool, "pool")]
    public void Release_in_flight_lets_the_next_owner_write(RegionKind kind, ReleaseKind release, string text)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(kind, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var culprit = p.Release(R(buffer), release);
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Release, handOff, culprit))[0];
        Assert.Equal($"v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,x0:{text},u0@0+4096,r0@0+1", witness.Text);
        Assert.Equal([WitnessAction.Allocate, WitnessAction.HandOff, WitnessAction.Release, WitnessAction.Reuse, WitnessAction.Read], witness.Steps.Select(step => step.Action));
        Assert.Equal([Actor.Producer, Actor.Producer, Actor.Producer, Actor.Environment, Actor.Consumer], witness.Steps.Select(step => step.Actor));
        Assert.Equal(0, witness.Steps[0].RegionSite);
    }

    [Fact]
    public void Unmap_leaves_the_frames_to_the_pipe()
    {
        var p = new ProgramBuilder();
        var buffer = p.System(SystemCallKind.MapPrivate, C(4096));
        p.Unless(Op(R(buffer), BinaryOperator.NotEqual, C(-1)), "done");
        p.StoreBytes(R(buffer), C(4096));
        p.Vmsplice(Outside, buffer, 4096);
        p.Release(R(buffer), ReleaseKind.Unmap);
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Fresh_mapping_for_every_turn_is_safe()
    {
        var p = new ProgramBuilder();
        p.Label("again");
        p.LoopHead();
        var buffer = p.System(SystemCallKind.MapPrivate, C(65536));
        p.Unless(Op(R(buffer), BinaryOperator.NotEqual, C(-1)), "done");
        p.StoreBytes(R(buffer), C(65536));
        p.Vmsplice(Outside, buffer, 65536);
        p.Release(R(buffer), ReleaseKind.Unmap);
        p.Branch(Unknown, "again", "done");
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Release_on_the_error_path_only_is_safe()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var result = p.Vmsplice(Outside, buffer, 4096);
        p.Unless(Op(R(result), BinaryOperator.Less, C(0)), "done");
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Unpinned_stored_and_returned_fires_three_times()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Pooled, 4096);
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var unpin = p.Release(R(buffer), ReleaseKind.PinScope);
        var store = p.StoreByte(R(buffer));
        var give = p.Release(R(buffer), ReleaseKind.ToPool);
        p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(),
            (HazardKind.LifetimeEnd, handOff, unpin),
            (HazardKind.Store, handOff, store),
            (HazardKind.Release, handOff, give));
    }

    [Fact]
    public void Freed_handle_is_a_release()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Managed, 4096);
        p.Pin(R(buffer));
        p.Pin(R(buffer));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        p.Release(R(buffer), ReleaseKind.PinScope);
        var free = p.Release(R(buffer), ReleaseKind.PinHandle);
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Release, handOff, free));
    }

    [Fact]
    public void Release_of_a_null_or_unknown_pointer_does_nothing()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(Outside, buffer, 4096);
        p.Release(C(0), ReleaseKind.ToAllocator);
        p.Release(Unknown, ReleaseKind.ToPool);
        p.Pin(C(0));
        p.Return();
        Expect.Safe(p.Explore());
    }
}
