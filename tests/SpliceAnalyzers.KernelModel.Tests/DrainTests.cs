using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class DrainTests
{
    [Fact]
    public void Read_through_a_pipe_of_the_program_ends_the_flight()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        var copy = p.Allocate(RegionKind.Native, 8192);
        var sent = p.Vmsplice(R(write), buffer, 8192);
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.System(SystemCallKind.Read, R(read), R(copy), C(8192));
        p.StoreBytes(R(buffer), C(8192));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Reading_only_a_part_leaves_the_rest_in_flight()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        var copy = p.Allocate(RegionKind.Native, 8192);
        var sent = p.Vmsplice(R(write), buffer, 8192);
        var handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.System(SystemCallKind.Read, R(read), R(copy), C(5000));
        p.StoreBytes(R(buffer), C(4999));
        var store = p.StoreBytes(Add(buffer, 4999), C(2));
        p.Label("done");
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal((5000, 1), (witness.Culprit.Offset, witness.Culprit.Length));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4096)]
    [InlineData(100)]
    public void Loop_of_partial_reads_drains(long piece)
    {
        var p = LoopOfReads(piece, 8192, out var buffer, out _);
        p.StoreBytes(R(buffer), C(8192));
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Loop_of_partial_reads_that_ends_early_does_not()
    {
        var p = LoopOfReads(1000, 8191, out var buffer, out var handOff, pieces: 8);
        var store = p.StoreBytes(R(buffer), C(8192));
        p.Label("done");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    private static ProgramBuilder LoopOfReads(long piece, long total, out int buffer, out int handOff, int pieces = int.MaxValue)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        buffer = p.Allocate(RegionKind.Native, 8192);
        var copy = p.Allocate(RegionKind.Native, 8192);
        var sent = p.Vmsplice(R(write), buffer, 8192);
        handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        var drained = p.Let(C(0));
        var turns = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Op(R(drained), BinaryOperator.Less, C(total)), "drained");
        p.Unless(Op(R(turns), BinaryOperator.Less, C(pieces)), "drained");
        var got = p.System(SystemCallKind.Read, R(read), R(copy), C(piece));
        p.Set(drained, Expression.Add(R(drained), R(got)));
        p.Set(turns, Add(turns, 1));
        p.Jump("again");
        p.Label("drained");
        return p;
    }

    [Fact]
    public void Read_into_the_buffer_in_flight_is_a_store()
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 8192);
        p.Vmsplice(C(1), buffer, 4096);
        var handOff = p.Here - 1;
        p.System(SystemCallKind.Read, C(0), Add(buffer, 4000), C(4192));
        var store = p.Here - 1;
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal((4000, 96), (witness.Culprit.Offset, witness.Culprit.Length));
    }

    [Fact]
    public void Closing_both_ends_drops_the_slots()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        p.System(SystemCallKind.Close, R(write));
        var store = p.StoreByte(R(buffer));
        p.System(SystemCallKind.Close, R(read));
        p.StoreByte(R(buffer));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void A_read_end_that_escaped_proves_nothing()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var copy = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        p.Escape(R(read));
        p.System(SystemCallKind.Read, R(read), R(copy), C(4096));
        var store = p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void A_read_end_that_escaped_inside_an_array_proves_nothing()
    {
        var p = new ProgramBuilder();
        var ends = p.Allocate(RegionKind.Stack, 8);
        p.System(SystemCallKind.Pipe, R(ends));
        p.Escape(R(ends));
        var read = p.Load(R(ends), 4);
        var write = p.Load(Add(ends, 4), 4);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var copy = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        p.System(SystemCallKind.Read, R(read), R(copy), C(4096));
        var store = p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void A_pipe_that_nobody_reads_keeps_its_slots()
    {
        var p = new ProgramBuilder();
        var (_, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        var store = p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Splice_into_a_file_copies()
    {
        var p = SpliceSomewhere(static p => p.System(SystemCallKind.OpenCopyingTarget), out var buffer, out _);
        p.StoreByte(R(buffer));
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void Splice_to_an_unknown_target_keeps_the_references()
    {
        var p = SpliceSomewhere(static p => p.Let(C(7)), out var buffer, out var handOff);
        var store = p.StoreByte(R(buffer));
        p.Label("done");
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,m0>p1+4096,s0@0+1,r1@0+1", witness.Text);
        Assert.Equal(WitnessAction.MoveOn, witness.Steps[2].Action);
    }

    private static ProgramBuilder SpliceSomewhere(System.Func<ProgramBuilder, int> open, out int buffer, out int handOff)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var target = open(p);
        buffer = p.Allocate(RegionKind.Native, 4096);
        var sent = p.Vmsplice(R(write), buffer, 4096);
        handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.System(SystemCallKind.Splice, R(read), C(0), R(target), C(0), C(65536), C(0));
        return p;
    }

    [Fact]
    public void Tee_and_then_read_leaves_the_duplicate_in_flight()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var (read2, write2) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var copy = p.Allocate(RegionKind.Native, 4096);
        var sent = p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.System(SystemCallKind.Tee, R(read), R(write2), C(4096), C(0));
        p.System(SystemCallKind.Read, R(read), R(copy), C(4096));
        var store = p.StoreByte(R(buffer));
        p.System(SystemCallKind.Read, R(read2), R(copy), C(4096));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Label("done");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Vmsplice_on_the_read_end_copies_out()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var copy = p.Allocate(RegionKind.Native, 4096);
        var sent = p.Vmsplice(R(write), buffer, 4096);
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.Vmsplice(R(read), copy, 4096);
        p.StoreByte(R(buffer));
        p.StoreByte(R(copy));
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void A_full_pipe_takes_what_fits()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 20 * 4096);
        var sent = p.Vmsplice(R(write), buffer, 20 * 4096);
        var handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.StoreByte(Add(buffer, 16 * 4096));
        var store = p.StoreByte(Add(buffer, 16 * 4096 - 1));
        p.System(SystemCallKind.Close, R(read));
        p.Label("done");
        p.Return();
        var witness = Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store))[0];
        Assert.Equal(65536, witness.HandOff.Length);
    }

    [Fact]
    public void Nothing_follows_a_read_that_blocks_for_ever()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Stack, 4096);
        p.System(SystemCallKind.Read, R(read), R(buffer), C(1));
        p.Vmsplice(C(1), buffer, 4096);
        p.System(SystemCallKind.Close, R(write));
        p.Return();
        Expect.Safe(p.Explore());
    }
}
