using System;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>What open makes of a pipe: ends opened by a name, for both directions, or as a path only (KERNEL.md, flags and errors).</summary>
public class NamedPipeTests
{
    private const int AnyPath = 77;
    private const long WriteOnly = 1;
    private const long ReadWrite = 2;
    private const long PathOnly = 0x200000;
    private const long NonBlock = 2;

    /// <summary>A page handed off through what <paramref name="open"/> gives, and stored to where the call succeeded.</summary>
    private static SpliceProgram HandOffThrough(Func<ProgramBuilder, int> open)
    {
        var p = new ProgramBuilder();
        var end = open(p);
        p.Unless(Op(R(end), BinaryOperator.NotEqual, C(-1)), "done");
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var count = p.Vmsplice(R(end), buffer, 4096);
        p.Unless(Op(C(0), BinaryOperator.Less, R(count)), "done");
        p.StoreBytes(R(buffer), C(1));
        p.Label("done");
        p.Return();
        return p.ToProgram();
    }

    private static HazardKind[] Hazards(SpliceProgram program, KernelKind kernel = KernelKind.Linux, ConsumerKind consumer = ConsumerKind.Unknown) =>
        [.. Explorer.Explore(program, new ExplorationOptions { Kernel = kernel, Consumer = consumer }, CancellationToken.None).Witnesses.Select(static witness => witness.Hazard)];

    private static int Reopened(ProgramBuilder p, bool isReadEnd, long flags)
    {
        var (read, write) = p.Pipe();
        return p.System(SystemCallKind.Reopen, R(isReadEnd ? read : write), C(flags));
    }

    [Theory]
    [InlineData(ConsumerKind.Unknown, WriteOnly)]
    [InlineData(ConsumerKind.Copies, WriteOnly)]
    [InlineData(ConsumerKind.Unknown, 0x41)]
    [InlineData(ConsumerKind.Copies, 0x41)]
    public void What_was_opened_by_a_path_may_be_a_FIFO(ConsumerKind consumer, long flags) =>
        Assert.Equal([HazardKind.Store], Hazards(HandOffThrough(p => p.System(SystemCallKind.Open, C(AnyPath), C(flags))), consumer: consumer));

    [Fact]
    public void What_O_EXCL_made_is_none() =>
        Assert.Empty(Hazards(HandOffThrough(static p => p.System(SystemCallKind.Open, C(AnyPath), C(0xC1)))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_pipe_open_for_both_the_write_direction_wins(bool isReadEnd) =>
        Assert.Equal([HazardKind.Store], Hazards(HandOffThrough(p => Reopened(p, isReadEnd, ReadWrite))));

    [Fact]
    public void A_pipe_open_for_reading_only_is_copied_out_of() =>
        Assert.Empty(Hazards(HandOffThrough(static p => Reopened(p, isReadEnd: false, 0))));

    [Fact]
    public void Nothing_goes_through_a_path_only() =>
        Assert.Empty(Hazards(HandOffThrough(static p => Reopened(p, isReadEnd: false, PathOnly))));

    [Fact]
    public void A_path_only_can_be_opened_again() =>
        Assert.Equal([HazardKind.Store], Hazards(HandOffThrough(static p => p.System(SystemCallKind.Reopen, R(Reopened(p, isReadEnd: false, PathOnly)), C(WriteOnly)))));

    [Theory]
    [InlineData(0, false)]
    [InlineData(NonBlock, true)]
    public void A_FIFO_refuses_what_must_not_wait_where_vmsplice_is_write(long flags, bool refuses)
    {
        var p = new ProgramBuilder();
        var end = Reopened(p, isReadEnd: false, WriteOnly);
        p.Unless(Op(R(end), BinaryOperator.NotEqual, C(-1)), "done");
        var (sink, kept) = (p.Pipe().Write, p.Allocate(RegionKind.Stack, 8192));
        var count = p.Vmsplice(R(end), kept, 4096, flags);
        // A store to what was handed off elsewhere tells whether the program came here.
        p.Unless(Op(R(count), BinaryOperator.Equal, C(4096)), "done");
        var file = p.System(SystemCallKind.Open, C(AnyPath), C(0x42));
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        p.SystemIgnoringResult(SystemCallKind.Sendfile, R(sink), R(file), C(0), C(4096));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(4096), C(0));
        p.Label("done");
        p.Return();
        Assert.Equal(refuses ? [] : [HazardKind.SourceFileWrite], Hazards(p.ToProgram(), KernelKind.VmspliceCopies));
    }
}
