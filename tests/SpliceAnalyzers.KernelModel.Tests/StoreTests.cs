using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class StoreTests
{
    private static readonly Expression Outside = C(1);

    [Fact]
    public void Store_after_hand_off_is_seen_by_the_reader()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        p.StoreBytes(R(buffer), C(8192));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        var store = p.StoreByte(Add(buffer, 100));
        p.Return();

        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];

        Assert.Equal((0, 4096), (witness.HandOff.Offset, witness.HandOff.Length));
        Assert.Equal((100, 1), (witness.Culprit.Offset, witness.Culprit.Length));
        Assert.Equal("v1:a0=native:8192,f0@0+4096,h0@0+4096>p0,s0@100+1,r0@100+1", witness.Text);
    }

    [Fact]
    public void Store_beside_the_bytes_handed_off_is_none_though_the_page_is_the_same()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        p.Vmsplice(Outside, buffer, 100);
        p.StoreByte(Add(buffer, 100));
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Write_instead_of_vmsplice_is_safe()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        p.System(SystemCallKind.Write, Outside, R(buffer), C(8192));
        p.StoreBytes(R(buffer), C(8192));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Store_only_where_nothing_was_taken_is_safe()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        var result = p.Vmsplice(Outside, buffer, 8192);
        p.Branch(Op(R(result), BinaryOperator.LessOrEqual, C(0)), "failed", "done");
        p.Label("failed");
        p.StoreBytes(R(buffer), C(8192));
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Store_where_something_was_taken_is_a_hazard()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        var result = p.Vmsplice(Outside, buffer, 8192);
        var handOff = p.Here - 1;
        p.Branch(Op(R(result), BinaryOperator.Less, C(8192)), "short", "done");
        p.Label("short");
        var store = p.StoreBytes(R(buffer), C(8192));
        p.Label("done");
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal(4096, witness.HandOff.Length);
    }

    [Fact]
    public void Buffer_reused_by_the_next_turn_of_a_loop_is_a_hazard()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var i = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Op(R(i), BinaryOperator.Less, C(10)), "done");
        var store = p.StoreBytes(R(buffer), C(4096));
        p.Vmsplice(Outside, buffer, 4096);
        var handOff = p.Here - 1;
        p.Set(i, Add(i, 1));
        p.Jump("again");
        p.Label("done");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Zero_page_of_a_mapping_never_written_breaks_away()
    {
        var p = new ProgramBuilder();
        var buffer = p.System(SystemCallKind.MapPrivate, C(8192));
        p.Unless(Op(R(buffer), BinaryOperator.NotEqual, C(-1)), "done");
        p.StoreByte(R(buffer));
        p.Vmsplice(Outside, buffer, 8192);
        var handOff = p.Here - 1;
        p.StoreByte(Add(buffer, 4096));
        var store = p.StoreByte(Add(buffer, 10));
        p.Label("done");
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal(4096, witness.HandOff.Length);
    }
}
