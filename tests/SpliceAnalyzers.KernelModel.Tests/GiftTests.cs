using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

public class GiftTests
{
    [Theory]
    [InlineData(GiftContract.Documented, HazardKind.StoreAfterGift)]
    [InlineData(GiftContract.Actual, HazardKind.Store)]
    public void Store_after_a_gift(GiftContract contract, HazardKind kind)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(C(1), buffer, 4096, Gift);
        var handOff = p.Here - 1;
        var store = p.StoreByte(R(buffer));
        p.Return();
        var witness = Expect.Hazards(p.Explore(gift: contract), (kind, handOff, store))[0];
        Assert.True(witness.Gifted);
        Assert.Equal("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0!g,s0@0+1,r0@0+1", witness.Text);
    }

    private static ProgramBuilder Drained(out int handOff, out int store, out int free)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, 4096);
        var copy = p.Allocate(RegionKind.Native, 4096);
        var sent = p.Vmsplice(R(write), buffer, 4096, Gift);
        handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(sent)), "done");
        p.System(SystemCallKind.Read, R(read), R(copy), C(4096));
        store = p.StoreByte(R(buffer));
        free = p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Label("done");
        p.Return();
        return p;
    }

    [Fact]
    public void A_drain_does_not_end_the_documented_contract()
    {
        var p = Drained(out var handOff, out var store, out var free);
        var witnesses = Expect.Hazards(p.Explore(), (HazardKind.StoreAfterGift, handOff, store), (HazardKind.Release, handOff, free));
        Assert.Equal("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0!g,c0+4096,s0@0+1", witnesses[0].Text);
    }

    [Fact]
    public void A_drain_ends_what_kernels_do() => Expect.Safe(Drained(out _, out _, out _).Explore(gift: GiftContract.Actual));

    [Fact]
    public void Unmapping_is_how_a_gift_is_given_up()
    {
        var p = new ProgramBuilder();
        var buffer = p.System(SystemCallKind.MapPrivate, C(4096));
        p.Unless(Op(R(buffer), BinaryOperator.NotEqual, C(-1)), "done");
        p.StoreBytes(R(buffer), C(4096));
        p.Vmsplice(C(1), buffer, 4096, Gift);
        p.Release(R(buffer), ReleaseKind.Unmap);
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }
}
