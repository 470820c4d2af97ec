using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Where spliced pages go (KERNEL.md rules 15 and 16).</summary>
public class SocketTests
{
    private const long Page = 4096;
    private const long Unix = 1;
    private const long Internet = 2;
    private const long Stream = 1;
    private const long Datagram = 2;

    public enum Target
    {
        UnixStream,
        UnixDatagram,
        InternetDatagram,
        StreamPair,
        DatagramPair,
        Null,
        Memfd,
        CreatedFile,
        OpenedPath,
        Unknown,
    }

    private static int Open(ProgramBuilder p, Target target) => target switch
    {
        Target.UnixStream => p.System(SystemCallKind.Socket, C(Unix), C(Stream)),
        Target.UnixDatagram => p.System(SystemCallKind.Socket, C(Unix), C(Datagram)),
        Target.InternetDatagram => p.System(SystemCallKind.Socket, C(Internet), C(Datagram)),
        Target.StreamPair => Pair(p, Stream).First,
        Target.DatagramPair => Pair(p, Datagram).First,
        Target.Null => p.System(SystemCallKind.OpenNull),
        Target.Memfd => p.System(SystemCallKind.MemfdCreate),
        Target.CreatedFile => p.System(SystemCallKind.Open, C(5), C(0x41)),
        Target.OpenedPath => p.System(SystemCallKind.Open, C(5), C(1)),
        _ => p.Let(Unknown),
    };

    private static (int First, int Second) Pair(ProgramBuilder p, long type)
    {
        var ends = p.Allocate(RegionKind.Stack, 8);
        p.Unless(Op(R(p.System(SystemCallKind.SocketPair, C(Unix), C(type), R(ends))), BinaryOperator.Equal, C(0)), "done");
        return (p.Load(R(ends), 4), p.Load(Add(ends, 4), 4));
    }

    [Theory]
    [InlineData(Target.UnixStream, true)]
    [InlineData(Target.UnixDatagram, false)]
    [InlineData(Target.InternetDatagram, true)]
    [InlineData(Target.StreamPair, true)]
    [InlineData(Target.DatagramPair, false)]
    [InlineData(Target.Null, false)]
    [InlineData(Target.Memfd, false)]
    [InlineData(Target.CreatedFile, false)]
    [InlineData(Target.OpenedPath, true)]
    [InlineData(Target.Unknown, true)]
    public void A_store_after_splicing_on(Target target, bool isHazard)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var to = Open(p, target);
        p.Unless(Op(R(to), BinaryOperator.NotEqual, C(-1)), "done");
        var buffer = p.Allocate(RegionKind.Native, Page);
        var handOff = p.Here + 3;
        p.Unless(Op(R(p.Vmsplice(R(write), buffer, Page)), BinaryOperator.Equal, C(Page)), "done");
        p.Unless(Op(R(p.System(SystemCallKind.Splice, R(read), C(0), R(to), C(0), C(Page), C(0))), BinaryOperator.Equal, C(Page)), "done");
        var culprit = p.StoreByte(R(buffer));
        p.Label("done");
        p.Return(R(to));
        if (isHazard) Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, culprit));
        else Expect.Safe(p.Explore());
    }

    [Fact]
    public void What_the_peer_received_is_a_copy()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var (first, second) = Pair(p, Stream);
        var buffer = p.Allocate(RegionKind.Native, Page);
        p.Unless(Op(R(p.Vmsplice(R(write), buffer, Page)), BinaryOperator.Equal, C(Page)), "done");
        p.System(SystemCallKind.Splice, R(read), C(0), R(first), C(0), C(Page), C(0));
        p.System(SystemCallKind.Read, R(second), Unknown, C(Page));
        p.StoreByte(R(buffer));
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void A_socket_known_to_others_keeps_what_it_was_given()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var (first, second) = Pair(p, Stream);
        p.Escape(R(second));
        var buffer = p.Allocate(RegionKind.Native, Page);
        var handOff = p.Here + 3;
        p.Unless(Op(R(p.Vmsplice(R(write), buffer, Page)), BinaryOperator.Equal, C(Page)), "done");
        p.System(SystemCallKind.Splice, R(read), C(0), R(first), C(0), C(Page), C(0));
        p.System(SystemCallKind.Read, R(second), Unknown, C(Page));
        var culprit = p.StoreByte(R(buffer));
        p.Label("done");
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void Closing_both_ends_drops_what_was_queued()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, Page);
        p.Vmsplice(R(write), buffer, Page);
        var copy = p.System(SystemCallKind.Dup, R(read));
        p.SystemIgnoringResult(SystemCallKind.Close, R(read));
        p.SystemIgnoringResult(SystemCallKind.Close, R(copy));
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        p.StoreByte(R(buffer));
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void A_duplicate_keeps_a_pipe_open()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, Page);
        var handOff = p.Here + 3;
        p.Vmsplice(R(write), buffer, Page);
        var copy = p.System(SystemCallKind.Dup, R(read));
        p.SystemIgnoringResult(SystemCallKind.Close, R(read));
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        var culprit = p.StoreByte(R(buffer));
        p.Return(R(copy));
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void A_pipe_end_given_away_as_a_duplicate_is_given_away()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        p.Escape(R(p.System(SystemCallKind.Dup, R(read))));
        var buffer = p.Allocate(RegionKind.Native, Page);
        var handOff = p.Here + 3;
        p.Vmsplice(R(write), buffer, Page);
        p.System(SystemCallKind.Read, R(read), Unknown, C(Page));
        var culprit = p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, culprit));
    }
}
