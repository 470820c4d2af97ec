using System;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Numbers that decide nothing are not told apart; those that decide something are, however they are reached.</summary>
public class InfluenceTests
{
    private const long Page = 4096;
    private const long CreateNew = 0x42;

    private static readonly Expression Outside = C(1);

    /// <summary>Hands the same page off again and again, and does something with the count after each.</summary>
    private static ProgramBuilder Sender(Action<ProgramBuilder, int, int> afterEach)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, Page);
        var fields = p.Allocate(RegionKind.Managed, 32);
        var total = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Unknown, "done");
        p.Vmsplice(Outside, buffer, Page);
        afterEach(p, fields, total);
        p.Jump("again");
        p.Label("done");
        p.Return(R(total));
        return p;
    }

    private static long StatesWith(Action<ProgramBuilder, int, int> afterEach)
    {
        var verdict = Sender(afterEach).Explore();
        Expect.Safe(verdict);
        return verdict.States;
    }

    [Fact]
    public void A_total_in_a_register_or_a_field_costs_no_states()
    {
        var none = StatesWith(static (_, _, _) => { });
        Assert.Equal(none, StatesWith(static (p, _, total) => p.Set(total, Add(total, 1))));
        Assert.Equal(none, StatesWith(static (p, fields, _) => p.Keep(Add(fields, 8), Add(p.Load(Add(fields, 8)), 1))));
    }

    [Fact]
    public void A_total_that_is_compared_is_counted()
    {
        var none = StatesWith(static (_, _, _) => { });
        Assert.True(none < StatesWith(static (p, fields, _) =>
        {
            p.Keep(Add(fields, 8), Add(p.Load(Add(fields, 8)), 1));
            p.Unless(Op(R(p.Load(Add(fields, 8))), BinaryOperator.Less, C(3)), "done");
        }));
    }

    /// <summary>A page handed off, a number kept in an object, and a store so far behind the page's beginning as the number read back.</summary>
    private static (ProgramBuilder Program, int HandOff) StoreAt(long number, Func<ProgramBuilder, int, int> readBack)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 2 * Page);
        var fields = p.Allocate(RegionKind.Managed, 32);
        p.Keep(Add(fields, 8), C(number));
        p.Vmsplice(Outside, buffer, Page);
        var handOff = p.Here - 1;
        p.StoreByte(Expression.Add(R(buffer), R(readBack(p, fields))));
        p.Return();
        return (p, handOff);
    }

    private static int AtAnOffset(ProgramBuilder p, int fields) => p.Load(Add(fields, 8));

    private static int AtAnIndex(ProgramBuilder p, int fields) => p.Load(Expression.Add(R(fields), Expression.Multiply(R(p.Let(C(1))), C(8))));

    private static int FromTheMiddle(ProgramBuilder p, int fields)
    {
        var copy = p.Allocate(RegionKind.Stack, 8);
        p.Copy(R(copy), Add(fields, 8), C(8));
        return p.Load(R(copy));
    }

    private static int ThroughAnotherField(ProgramBuilder p, int fields)
    {
        p.Keep(Add(fields, 16), R(p.Load(Add(fields, 8))));
        return AtAnIndexOf(p, fields, 2);
    }

    private static int AtAnIndexOf(ProgramBuilder p, int fields, int index) => p.Load(Expression.Add(R(fields), Expression.Multiply(R(p.Let(C(index))), C(8))));

    public static TheoryData<string> Ways => [nameof(AtAnOffset), nameof(AtAnIndex), nameof(FromTheMiddle), nameof(ThroughAnotherField)];

    private static Func<ProgramBuilder, int, int> WayOf(string name) => name switch
    {
        nameof(AtAnOffset) => AtAnOffset,
        nameof(AtAnIndex) => AtAnIndex,
        nameof(FromTheMiddle) => FromTheMiddle,
        _ => ThroughAnotherField,
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_number_read_back_decides_where_a_store_goes(string way)
    {
        Expect.Safe(StoreAt(Page, WayOf(way)).Program.Explore());
        var (program, handOff) = StoreAt(0, WayOf(way));
        Expect.Hazards(program.Explore(), (HazardKind.Store, handOff, program.Here - 2));
    }

    [Theory]
    [InlineData(Page, false)]
    [InlineData(0, true)]
    public void Many_numbers_are_needed_after_all(long last, bool isBad)
    {
        const int Fields = 8;
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 2 * Page);
        var fields = p.Allocate(RegionKind.Managed, 8 * Fields);
        for (var i = 0; i < Fields; i++) p.Keep(Add(fields, 8 * i), C(i == Fields - 1 ? last : 0));
        p.Vmsplice(Outside, buffer, Page);
        var handOff = p.Here - 1;
        var address = R(buffer);
        for (var i = 0; i < Fields; i++) address = Expression.Add(address, R(AtAnIndexOf(p, fields, i)));
        var store = p.StoreByte(address);
        p.Return();
        if (isBad) Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
        else Expect.Safe(p.Explore());
    }

    [Theory]
    [InlineData(Page, false)]
    [InlineData(2 * Page, true)]
    public void The_kernel_reads_lengths_in_a_segment_that_lies_in_an_array(long length, bool isBad)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, 2 * Page);
        var segments = p.Allocate(RegionKind.Managed, 16);
        p.Pin(R(segments));
        p.Keep(R(segments), R(buffer));
        p.Keep(Add(segments, 8), C(length));
        p.System(SystemCallKind.Vmsplice, Outside, R(segments), C(1), C(0));
        var handOff = p.Here - 1;
        var store = p.StoreByte(Add(buffer, Page));
        p.Return();
        if (isBad) Expect.Hazards(p.Explore(), (HazardKind.Store, handOff, store));
        else Expect.Safe(p.Explore());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(Page, true)]
    public void The_kernel_reads_an_offset_in_a_field(long from, bool isBad)
    {
        var p = new ProgramBuilder();
        var file = p.System(SystemCallKind.Open, C(77), C(CreateNew));
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        var fields = p.Allocate(RegionKind.Managed, 16);
        p.Keep(Add(fields, 8), C(from));
        p.System(SystemCallKind.Splice, R(file), Add(fields, 8), Outside, C(0), C(Page), C(0));
        var handOff = p.Here - 1;
        var write = p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(10), C(Page));
        p.Label("done");
        p.Return();
        if (isBad) Expect.Hazards(p.Explore(), (HazardKind.SourceFileWrite, handOff, write));
        else Expect.Safe(p.Explore());
    }
}
