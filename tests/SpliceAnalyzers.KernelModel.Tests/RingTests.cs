using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>KERNEL.md, "When a handed-off buffer may be used again", 2: N buffers of B bytes in rotation are safe if and only if the pipe is no larger than (N-1)*B.</summary>
public class RingTests
{
    private const long Asked = 65536;

    public enum Check
    {
        /// <summary>The size is set and the result compared with what was asked.</summary>
        Equal,
        /// <summary>The size is set and the result only compared with 0.</summary>
        Failure,
        /// <summary>The size is read back and bounded.</summary>
        ReadBack,
        /// <summary>The size is set, and the code goes on where the result is not another.</summary>
        NotUnequal,
        /// <summary>The size is set and bounded from above.</summary>
        Upper,
        /// <summary>The size is set and bounded from below, which says nothing.</summary>
        Lower,
        /// <summary>The size is set and compared as unsigned with 0, which is always true.</summary>
        UnsignedFailure,
        /// <summary>The size is read back and bounded by twice the number.</summary>
        ReadBackTwice,
        /// <summary>Nothing is known.</summary>
        None,
    }

    [Theory]
    [InlineData(2, 65536, Check.Equal, ConsumerKind.Copies, true)]
    [InlineData(3, 32768, Check.Equal, ConsumerKind.Copies, true)]
    [InlineData(2, 131072, Check.Equal, ConsumerKind.Copies, true)]
    [InlineData(2, 65536, Check.ReadBack, ConsumerKind.Copies, true)]
    [InlineData(2, 32768, Check.Equal, ConsumerKind.Copies, false)]
    [InlineData(2, 65535, Check.Equal, ConsumerKind.Copies, true)]
    [InlineData(2, 61440, Check.Equal, ConsumerKind.Copies, false)]
    [InlineData(3, 28672, Check.Equal, ConsumerKind.Copies, false)]
    [InlineData(2, 65536, Check.Failure, ConsumerKind.Copies, false)]
    [InlineData(2, 65536, Check.None, ConsumerKind.Copies, false)]
    [InlineData(2, 65536, Check.NotUnequal, ConsumerKind.Copies, true)]
    [InlineData(2, 65536, Check.Upper, ConsumerKind.Copies, true)]
    [InlineData(2, 65536, Check.Lower, ConsumerKind.Copies, false)]
    [InlineData(2, 65536, Check.UnsignedFailure, ConsumerKind.Copies, false)]
    [InlineData(2, 65536, Check.ReadBackTwice, ConsumerKind.Copies, false)]
    [InlineData(2, 131072, Check.ReadBackTwice, ConsumerKind.Copies, true)]
    [InlineData(3, 65536, Check.ReadBackTwice, ConsumerKind.Copies, true)]
    [InlineData(2, 65536, Check.Upper, ConsumerKind.Unknown, false)]
    [InlineData(2, 65536, Check.Equal, ConsumerKind.Unknown, false)]
    [InlineData(2, 65536, Check.ReadBack, ConsumerKind.Unknown, false)]
    public void Buffers_in_rotation(int buffers, long size, Check check, ConsumerKind consumer, bool safe)
    {
        foreach (var descriptor in new[] { C(1), Unknown })
        {
            var verdict = Rotation(descriptor, buffers, size, check).Explore(consumer);
            if (safe) Expect.Safe(verdict);
            else Assert.True(verdict.Witnesses.Count == 1 && verdict.Witnesses[0].Hazard == HazardKind.Store, "Expected a store, but found: " + Expect.Describe(verdict));
        }
    }

    /// <summary>An endless loop that fills and hands off one buffer after the other, each whole.</summary>
    internal static ProgramBuilder Rotation(Expression descriptor, int buffers, long size, Check check)
    {
        var p = new ProgramBuilder();
        var fd = p.Let(descriptor);
        var memory = p.Allocate(RegionKind.Native, buffers * ((size + 4095) / 4096 * 4096));
        Establish(p, fd, check);
        var i = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        var buffer = p.Let(Add(R(memory), Op(Op(R(i), BinaryOperator.Remainder, C(buffers)), BinaryOperator.Multiply, C((size + 4095) / 4096 * 4096))));
        p.StoreBytes(R(buffer), C(size));
        var sent = p.Let(C(0));
        p.Label("rest");
        p.LoopHead();
        p.Unless(Op(R(sent), BinaryOperator.Less, C(size)), "sent");
        var result = p.Vmsplice(R(fd), Add(R(buffer), R(sent)), Op(C(size), BinaryOperator.Subtract, R(sent)));
        p.Unless(Op(C(0), BinaryOperator.Less, R(result)), "done");
        p.Set(sent, Add(R(sent), R(result)));
        p.Jump("rest");
        p.Label("sent");
        p.Set(i, Add(i, 1));
        p.Jump("again");
        p.Label("done");
        p.Return();
        return p;
    }

    private static void Establish(ProgramBuilder p, int fd, Check check)
    {
        if (check is Check.ReadBack or Check.ReadBackTwice)
        {
            var found = p.System(SystemCallKind.GetPipeSize, R(fd));
            p.Unless(Op(R(found), BinaryOperator.LessOrEqual, C(check == Check.ReadBack ? Asked : 2 * Asked)), "done");
            p.Unless(Op(C(0), BinaryOperator.Less, R(found)), "done");
        }
        else if (check != Check.None)
        {
            var set = p.System(SystemCallKind.SetPipeSize, R(fd), C(Asked));
            if (check == Check.Upper) p.Unless(Op(C(0), BinaryOperator.Less, R(set)), "done");
            if (check == Check.NotUnequal) p.Branch(Op(R(set), BinaryOperator.NotEqual, C(Asked)), "done", "established");
            else p.Unless(Passes(check, R(set)), "done");
            p.Label("established");
        }
    }

    private static Expression Passes(Check check, Expression result) => check switch
    {
        Check.Equal => Op(result, BinaryOperator.Equal, C(Asked)),
        Check.Upper => Op(result, BinaryOperator.LessOrEqual, C(Asked)),
        Check.Lower => Op(C(Asked), BinaryOperator.LessOrEqual, result),
        Check.UnsignedFailure => Op(C(0), BinaryOperator.UnsignedLessOrEqual, result),
        _ => Op(C(0), BinaryOperator.LessOrEqual, result),
    };

    [Fact]
    public void A_descriptor_kept_in_a_field_is_the_same_in_every_turn()
    {
        foreach (var (size, safe) in new[] { (65536L, true), (32768L, false) })
        {
            var p = new ProgramBuilder();
            var self = p.Allocate(RegionKind.ForeignObject, 8);
            Establish(p, p.Load(R(self)), Check.Equal);
            var buffers = new[] { p.Allocate(RegionKind.Native, size), p.Allocate(RegionKind.Native, size) };
            foreach (var buffer in buffers)
                p.Unless(Op(R(p.Vmsplice(R(p.Load(R(self))), buffer, size)), BinaryOperator.Equal, C(size)), "done");
            p.StoreBytes(R(buffers[0]), C(size));
            p.Label("done");
            p.Return();
            var verdict = p.Explore(ConsumerKind.Copies);
            Assert.True(verdict.Kind == (safe ? VerdictKind.Proved : VerdictKind.Hazards), Expect.Describe(verdict));
            Assert.Equal(VerdictKind.Hazards, p.Explore().Kind);
        }
    }

    [Fact]
    public void A_pipe_of_the_program_given_to_a_copying_reader_has_sixteen_slots()
    {
        foreach (var (size, safe) in new[] { (65536L, true), (32768L, false) })
        {
            var p = new ProgramBuilder();
            var (read, write) = p.Pipe();
            p.Escape(R(read));
            var first = p.Allocate(RegionKind.Native, size);
            var second = p.Allocate(RegionKind.Native, size);
            p.Unless(Op(R(p.Vmsplice(R(write), first, size)), BinaryOperator.Equal, C(size)), "done");
            p.Unless(Op(R(p.Vmsplice(R(write), second, size)), BinaryOperator.Equal, C(size)), "done");
            p.StoreBytes(R(first), C(size));
            p.Label("done");
            p.Return();
            var verdict = p.Explore(ConsumerKind.Copies);
            Assert.True(verdict.Kind == (safe ? VerdictKind.Proved : VerdictKind.Hazards), Expect.Describe(verdict));
        }
    }

    [Fact]
    public void Two_descriptors_do_not_drain_each_other()
    {
        var p = new ProgramBuilder();
        var one = p.Let(Unknown);
        var other = p.Let(Unknown);
        Establish(p, one, Check.Equal);
        var first = p.Allocate(RegionKind.Native, 65536);
        var second = p.Allocate(RegionKind.Native, 65536);
        p.Unless(Op(R(p.Vmsplice(R(one), first, 65536)), BinaryOperator.Equal, C(65536)), "done");
        p.Unless(Op(R(p.Vmsplice(R(other), second, 65536)), BinaryOperator.Equal, C(65536)), "done");
        p.StoreBytes(R(first), C(65536));
        p.Label("done");
        p.Return();
        Assert.Equal(VerdictKind.Hazards, p.Explore(ConsumerKind.Copies).Kind);
    }
}
