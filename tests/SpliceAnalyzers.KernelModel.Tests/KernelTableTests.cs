using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Tests;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>The same programs on all kernels; docs/model.md shows the outcome, and is held to it here.</summary>
public class KernelTableTests
{
    private const long Page = 4096;
    private const string Marker = "<!-- hazards by kernel -->";

    private static readonly KernelKind[] Kernels = Enum.GetValues<KernelKind>();

    private static readonly (string Name, ConsumerKind Consumer, Func<ProgramBuilder> Write)[] Rows =
    [
        ("store after vmsplice", ConsumerKind.Unknown, static () => StoreAfter(static _ => { })),
        ("gift, then store", ConsumerKind.Unknown, static () => StoreAfter(static _ => { }, Gift)),
        ("free", ConsumerKind.Unknown, static () => After(static (p, buffer) => p.Release(R(buffer), ReleaseKind.ToAllocator))),
        ("return from the stack's owner", ConsumerKind.Unknown, static () => After(static (_, _) => { }, RegionKind.Stack)),
        ("munmap", ConsumerKind.Unknown, static () => After(static (p, buffer) => p.SystemIgnoringResult(SystemCallKind.Munmap, R(buffer), C(Page)), RegionKind.PrivateMapping)),
        ("file rewritten after splice", ConsumerKind.Unknown, FileRewritten),
        ("read, then store", ConsumerKind.Unknown, static () => Drained(static (p, read) => p.System(SystemCallKind.Read, R(read), Unknown, C(Page)))),
        ("splice to a pipe, then store", ConsumerKind.Unknown, static () => Drained(static (p, read) => Splice(p, read, p.Pipe().Write))),
        ("splice to a stream socket, then store", ConsumerKind.Unknown, static () => Drained(static (p, read) => Splice(p, read, p.System(SystemCallKind.Socket, C(1), C(1))))),
        ("splice to a file, then store", ConsumerKind.Unknown, static () => Drained(static (p, read) => Splice(p, read, p.System(SystemCallKind.MemfdCreate)))),
        ("ring of 2, half the pipe each, consumer copies", ConsumerKind.Copies, static () => RingTests.Rotation(C(1), 2, 32768, RingTests.Check.Equal)),
        ("ring of 3, half the pipe each, consumer copies", ConsumerKind.Copies, static () => RingTests.Rotation(C(1), 3, 32768, RingTests.Check.Equal)),
        ("ring of 3, half the pipe each, consumer unknown", ConsumerKind.Unknown, static () => RingTests.Rotation(C(1), 3, 32768, RingTests.Check.Equal)),
    ];

    private static ProgramBuilder After(Action<ProgramBuilder, int> act, RegionKind kind = RegionKind.Native, long flags = 0)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(kind, Page);
        p.StoreBytes(R(buffer), C(Page));
        p.Vmsplice(C(1), buffer, Page, flags);
        act(p, buffer);
        p.Return();
        return p;
    }

    private static ProgramBuilder StoreAfter(Action<ProgramBuilder> between, long flags = 0) => After((p, buffer) =>
    {
        between(p);
        p.StoreByte(R(buffer));
    }, flags: flags);

    private static ProgramBuilder FileRewritten()
    {
        var p = new ProgramBuilder();
        var file = p.System(SystemCallKind.Open, C(100), C(0x42));
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        p.System(SystemCallKind.Sendfile, C(1), R(file), C(0), C(Page));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(Page), C(0));
        p.Label("done");
        p.Return();
        return p;
    }

    private static ProgramBuilder Drained(Func<ProgramBuilder, int, int> drain)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = p.Allocate(RegionKind.Native, Page);
        p.StoreBytes(R(buffer), C(Page));
        p.Unless(Op(R(p.Vmsplice(R(write), buffer, Page)), BinaryOperator.Equal, C(Page)), "done");
        p.Unless(Op(R(drain(p, read)), BinaryOperator.Equal, C(Page)), "done");
        p.StoreByte(R(buffer));
        p.Label("done");
        p.Return();
        return p;
    }

    private static int Splice(ProgramBuilder p, int from, int to) => p.System(SystemCallKind.Splice, R(from), C(0), R(to), C(0), C(Page), C(0));

    private static string Outcome(ProgramBuilder program, KernelKind kernel, ConsumerKind consumer)
    {
        var options = new ExplorationOptions { Kernel = kernel, Consumer = consumer };
        var verdict = Explorer.Explore(program.ToProgram(), options, TestContext.Current.CancellationToken);
        Assert.NotEqual(VerdictKind.BoundReached, verdict.Kind);
        return verdict.Kind == VerdictKind.Proved ? "safe" : "**" + verdict.Witnesses[0].Hazard + "**";
    }

    private static IEnumerable<string> Table()
    {
        yield return "| program | " + string.Join(" | ", Kernels.Select(static kernel => $"`{KernelNames.Of(kernel)}`")) + " |";
        yield return "|---|" + string.Concat(Kernels.Select(static _ => "---|"));
        foreach (var (name, consumer, write) in Rows)
            yield return $"| {name} | " + string.Join(" | ", Kernels.Select(kernel => Outcome(write(), kernel, consumer))) + " |";
    }

    [Fact]
    public void The_documentation_shows_what_the_model_finds()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "model.md"));
        var start = Array.IndexOf(lines, Marker);
        Assert.True(start >= 0, $"docs/model.md has no line {Marker}");
        var shown = lines.Skip(start + 1).SkipWhile(static line => line.Length == 0).TakeWhile(static line => line.StartsWith('|'));
        Assert.True(Table().SequenceEqual(shown), "The table is:\n" + string.Join("\n", Table()));
    }

    [Fact]
    public void Names_of_kernels()
    {
        foreach (var kernel in Kernels)
        {
            Assert.True(KernelNames.TryParse(KernelNames.Of(kernel), out var parsed));
            Assert.Equal(kernel, parsed);
        }
        Assert.Equal(["linux", "vmsplice_copies", "howells_rfc", "cow_snapshot", "decommissioned"], Kernels.Select(KernelNames.Of));
        Assert.False(KernelNames.TryParse("minix", out _));
    }

    [Fact]
    public void Under_the_actual_contract_a_stolen_gift_may_be_stored_to()
    {
        foreach (var (kernel, isSafe) in new[] { (KernelKind.Linux, false), (KernelKind.HowellsRfc, true) })
        {
            var options = new ExplorationOptions { Kernel = kernel, GiftContract = GiftContract.Actual };
            var verdict = Explorer.Explore(StoreAfter(static _ => { }, Gift).ToProgram(), options, TestContext.Current.CancellationToken);
            Assert.Equal(isSafe ? VerdictKind.Proved : VerdictKind.Hazards, verdict.Kind);
        }
    }

    [Fact]
    public void A_store_at_an_unknown_place_of_protected_pages_changes_none_in_flight()
    {
        var program = After(static (p, buffer) => p.StoreByte(Add(R(buffer), Op(Unknown, BinaryOperator.And, C(4095)))));
        Assert.Equal("safe", Outcome(program, KernelKind.CowSnapshot, ConsumerKind.Unknown));
        Assert.Equal("**Store**", Outcome(program, KernelKind.Linux, ConsumerKind.Unknown));
    }

    [Fact]
    public void What_a_snapshot_cannot_share_it_copies()
    {
        foreach (var (kind, offset, length) in new[] { (RegionKind.Native, 10L, 100L), (RegionKind.SharedMapping, 0L, Page), (RegionKind.Managed, 0L, Page) })
        {
            var p = new ProgramBuilder();
            var buffer = p.Allocate(kind, 2 * Page);
            p.Vmsplice(C(1), Add(buffer, offset), C(length));
            p.StoreBytes(R(buffer), C(2 * Page));
            p.Return();
            Assert.Equal("safe", Outcome(p, KernelKind.CowSnapshot, ConsumerKind.Unknown));
        }
    }
}
