using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Programs that differ in their sites only are of one form, and no others are.</summary>
public class ProgramFormTests
{
    private static readonly Expression R = Expression.Register(0), One = Expression.Constant(1);

    private static SpliceProgram Program(params Instruction[] code) => new([new Procedure("Run", 0, 4, [.. code, new Return(-1, [])])], 0);

    private static SpliceProgram HandOff(int site) => Program(
        new Allocate(site, 0, RegionKind.Native, Expression.Constant(4096)),
        new Allocate(site + 1, 1, RegionKind.Stack, Expression.Constant(16)),
        new StoreValue(site + 2, Expression.Register(1), R, 8),
        new StoreValue(site + 3, Expression.Add(Expression.Register(1), Expression.Constant(8)), Expression.Constant(4096), 8),
        new SystemCall(site + 4, 2, SystemCallKind.Vmsplice, [One, Expression.Register(1), One, Expression.Zero]),
        new StoreBytes(site + 5, R, One));

    [Fact]
    public void Sites_make_no_difference()
    {
        Assert.Equal(new ProgramForm(HandOff(10)), new ProgramForm(HandOff(700)));
        Assert.NotEqual(new ProgramForm(Program(new Escape(3, R), new Escape(4, R))), new ProgramForm(Program(new Escape(3, R), new Escape(3, R))));
    }

    [Fact]
    public void The_verdict_has_the_sites_of_the_program_that_was_asked_about()
    {
        Verdict own = Explorer.Explore(HandOff(700), new ExplorationOptions(), CancellationToken.None);
        Verdict shared = Explorer.Explore(new ProgramForm(HandOff(10)).Program, new ExplorationOptions(), CancellationToken.None).At(new ProgramForm(HandOff(700)).Sites);
        Assert.Equal(Expect.Describe(own), Expect.Describe(shared));
        Assert.Equal(own.Witnesses.Select(static w => (w.Text, w.HandOff.Site, w.Culprit.Site, w.MeetingSite, w.HandOff.RegionSite)),
            shared.Witnesses.Select(static w => (w.Text, w.HandOff.Site, w.Culprit.Site, w.MeetingSite, w.HandOff.RegionSite)));
        Assert.Equal(700 + 5, Assert.Single(shared.Witnesses).Culprit.Site);
    }

    /// <summary>Instructions of which no two are the same: each differs from the one before it, or from another, in one thing.</summary>
    public static TheoryData<Instruction[]> Different => new(
        [new Assign(1, 0, R), new Assign(1, 1, R), new Assign(1, 0, One), new Assign(1, 0, Expression.Zero), new Assign(1, 0, Expression.Unknown), new Assign(1, 0, Expression.Register(1))],
        [new Assign(1, 0, Expression.Binary(BinaryOperator.Less, R, One)), new Assign(1, 0, Expression.Binary(BinaryOperator.Less, One, R)), new Assign(1, 0, Expression.Binary(BinaryOperator.Equal, R, One))],
        [new Choose(1, 0, [R]), new Choose(1, 1, [R]), new Choose(1, 0, [R, R])],
        [new Branch(1, R, 0, 1), new Branch(1, R, 1, 1), new Branch(1, R, 0, 0), new Branch(1, One, 0, 1)],
        [new Jump(0), new Jump(1), new LoopHead(), new Pause()],
        [new Allocate(1, 0, RegionKind.Native, One), new Allocate(1, 1, RegionKind.Native, One), new Allocate(1, 0, RegionKind.Stack, One), new Allocate(1, 0, RegionKind.Native, R), new Allocate(1, 0, RegionKind.Native, One, most: 2)],
        [new Load(1, 0, R, 8), new Load(1, 1, R, 8), new Load(1, 0, One, 8), new Load(1, 0, R, 4), new Load(1, 0, R, 8, Missing.Region(RegionKind.Caller, One)),
            new Load(1, 0, R, 8, Missing.Region(RegionKind.CallerArray, One)), new Load(1, 0, R, 8, Missing.OneOf(One)), new Load(1, 0, R, 8, Missing.OneOf(One, One)), new Load(1, 0, R, 8, Missing.OneOf(R)), new Load(1, 0, R, 8, Missing.Anywhere(One))],
        [new StoreValue(1, R, One, 8), new StoreValue(1, One, One, 8), new StoreValue(1, R, R, 8), new StoreValue(1, R, One, 4), new StoreValue(1, R, One, 8, silent: true)],
        [new StoreBytes(1, R, One), new StoreBytes(1, One, One), new StoreBytes(1, R, R), new StoreBytes(1, R, One, possible: true)],
        [new CopyBytes(1, R, R, R), new CopyBytes(1, One, R, R), new CopyBytes(1, R, One, R), new CopyBytes(1, R, R, One), new CopyBytes(1, R, R, R, silent: true)],
        [new Pin(1, R), new Pin(1, One), new Escape(1, R), new Escape(1, One), new Release(1, R, ReleaseKind.ToPool), new Release(1, R, ReleaseKind.Unmap), new Release(1, One, ReleaseKind.ToPool)],
        [new SystemCall(1, 0, SystemCallKind.Close, [R]), new SystemCall(1, 1, SystemCallKind.Close, [R]), new SystemCall(1, 0, SystemCallKind.Dup, [R]), new SystemCall(1, 0, SystemCallKind.Close, [One])],
        [new Call(1, 0, [R], [0], 0), new Call(1, 1, [R], [0], 0), new Call(1, 0, [One], [0], 0), new Call(1, 0, [], [0], 0), new Call(1, 0, [R], [1], 0), new Call(1, 0, [R], [], 0), new Call(1, 0, [R], [0], 1)],
        [new Start(1, 0, 0, [R]), new Start(1, 1, 0, [R]), new Start(1, 0, 1, [R]), new Start(1, 0, 0, [One]), new Start(1, 0, 0, []), new Start(1, 0, 0, [R], runsAtOnce: true)],
        [new Wait(1, 0), new Wait(1, 1), new Throw(1), new Return(1, []), new Return(1, [R]), new Return(1, [One])]);

    [Theory]
    [MemberData(nameof(Different))]
    public void All_else_does(Instruction[] different) => Assert.Equal(different.Length, different.Select(static i => new ProgramForm(Program(i))).Distinct().Count());
}
