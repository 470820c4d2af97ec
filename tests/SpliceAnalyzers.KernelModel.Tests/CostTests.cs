using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using SpliceAnalyzers.KernelModel.Costs;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Tests;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>What Torvalds's mail of 29 June 2023 says about costs, reproduced by pricing programs; docs/model.md shows the figures, and is held to them here.</summary>
public class CostTests
{
    private const long Page = 4096;
    private const int Turns = 16;
    private const string Marker = "<!-- the mail's claims -->";

    private enum Call
    {
        Write,
        Vmsplice,
        Gift,
    }

    /// <summary>A producer that sends a buffer again and again, and a reader that copies each time: how many pages are stored to while in flight, and how many afterwards.</summary>
    private static SpliceProgram Producer(Call call, int pages = 16, int storedInFlight = 0, int storedAfterwards = 0, int offset = 0, bool isFresh = false)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var buffer = isFresh ? p.NewRegister() : p.Allocate(RegionKind.Native, (pages + 1) * Page);
        var turn = p.Let(C(0));
        p.Label("again");
        p.LoopHead();
        p.Unless(Op(R(turn), BinaryOperator.Less, C(Turns)), "done");
        if (isFresh)
        {
            p.Set(buffer, R(p.System(SystemCallKind.MapPrivate, C(pages * Page))));
            p.StoreBytes(R(buffer), C(pages * Page));
        }
        if (call == Call.Write) p.System(SystemCallKind.Write, R(write), Add(buffer, offset), C(pages * Page));
        else p.Vmsplice(R(write), Add(buffer, offset), C(pages * Page), call == Call.Gift ? Gift : 0);
        if (isFresh) p.SystemIgnoringResult(SystemCallKind.Munmap, R(buffer), C(pages * Page));
        if (storedInFlight > 0) p.StoreBytes(R(buffer), C(storedInFlight * Page));
        p.System(SystemCallKind.Read, R(read), Unknown, C(pages * Page));
        if (storedAfterwards > 0) p.StoreBytes(R(buffer), C(storedAfterwards * Page));
        p.Set(turn, Add(turn, 1));
        p.Jump("again");
        p.Label("done");
        p.Return();
        return p.ToProgram();
    }

    private static double PerPage(SpliceProgram program, KernelKind kernel, CostTable? table = null)
    {
        var price = ProgramPricing.Of(program, kernel, table ?? new CostTable(), TestContext.Current.CancellationToken);
        Assert.True(price.IsComplete && price.Pages > 0, $"The program was not run to its end, or sent nothing: {price.Pages} pages.");
        return price.PerPage;
    }

    private static double Copying => PerPage(Producer(Call.Write), KernelKind.Linux);

    private static double Stealing(int storedInFlight = 0, int storedAfterwards = 0, int offset = 0, int pages = 16, CostTable? table = null) =>
        PerPage(Producer(Call.Write, pages, storedInFlight, storedAfterwards, offset), KernelKind.CowSnapshot, table) / Copying;

    /// <summary>The share of pages stored to at which taking pages costs as much as copying, between the sixteenths.</summary>
    private static double BreakEven(Func<int, double> ratioAt)
    {
        var stored = Enumerable.Range(0, 16).First(k => ratioAt(k + 1) > 1);
        return (stored + (1 - ratioAt(stored)) / (ratioAt(stored + 1) - ratioAt(stored))) / 16;
    }

    [Fact]
    public void A_write_that_takes_pages_wins_when_nobody_touches_them() => Assert.InRange(Stealing(), 0.3, 0.6);

    [Fact]
    public void It_loses_when_the_source_is_always_used_again()
    {
        Assert.InRange(Stealing(storedInFlight: 16), 1.5, 3.4);
        Assert.InRange(Stealing(storedAfterwards: 16), 1.5, 2);
    }

    [Fact]
    public void It_breaks_even_at_few_pages_stored_to()
    {
        Assert.InRange(BreakEven(static k => Stealing(storedInFlight: k)), 0.15, 0.25);
        Assert.InRange(BreakEven(static k => Stealing(storedAfterwards: k)), 0.35, 0.48);
    }

    [Fact]
    public void Buffers_that_are_not_aligned_gain_nothing() => Assert.Equal(1, Stealing(offset: 100, pages: 15), 6);

    [Fact]
    public void With_another_thread_running_it_never_wins() => Assert.True(Stealing(table: new CostTable { OtherThreadsRun = true }) > 1);

    [Fact]
    public void Without_vmsplice_a_hand_off_costs_what_a_write_costs()
    {
        foreach (var kernel in new[] { KernelKind.VmspliceCopies, KernelKind.Decommissioned })
            Assert.Equal(Copying, PerPage(Producer(Call.Vmsplice), kernel), 6);
    }

    [Fact]
    public void Unmapping_from_the_source_makes_vmsplice_slower_than_it_is()
    {
        var today = PerPage(Producer(Call.Gift), KernelKind.Linux);
        Assert.True(PerPage(Producer(Call.Gift), KernelKind.HowellsRfc) < Copying);
        Assert.True(PerPage(Producer(Call.Vmsplice), KernelKind.HowellsRfc) > 3 * today);
        Assert.True(PerPage(FreshGift(), KernelKind.HowellsRfc) > 3 * today);
    }

    private static SpliceProgram FreshGift() => Producer(Call.Gift, isFresh: true);

    [Fact]
    public void Fresh_memory_for_every_hand_off_is_safe_and_slow() => Assert.InRange(PerPage(Producer(Call.Vmsplice, isFresh: true), KernelKind.Linux) / Copying, 2.4, 3);

    [Fact]
    public void Every_program_has_a_price_on_every_kernel()
    {
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            foreach (var call in Enum.GetValues<Call>())
            {
                var price = ProgramPricing.Of(Producer(call, storedInFlight: 4), kernel, new CostTable(), TestContext.Current.CancellationToken);
                // What was taken away costs its owner more than the call.
                Assert.True(price.IsComplete && price.Total > 0, $"{call} on {kernel}");
                Assert.Equal(price.Total, price.Copying + price.References + price.Protection + price.Faults + price.FreshMemory, 6);
            }
        }
    }

    [Fact]
    public void A_program_without_an_end_says_so()
    {
        var p = new ProgramBuilder();
        p.Label("again");
        p.LoopHead();
        p.Jump("again");
        Assert.False(ProgramPricing.Of(p.ToProgram(), KernelKind.Linux, new CostTable(), TestContext.Current.CancellationToken).IsComplete);
    }

    [Fact]
    public void Prices_follow_the_table()
    {
        var twice = new CostTable { Copy = 2100 };
        Assert.Equal(2 * Copying, PerPage(Producer(Call.Write), KernelKind.Linux, twice), 6);
        Assert.Equal(0.5, new CostTable().Reference(16384) / new CostTable().Copy, 6);
        Assert.Equal(189, new CostTable().Protection(16), 6);
        Assert.Equal(101, new CostTable().Protection(1000), 6);
        Assert.InRange(new CostTable().Protection(4), 189, 1692);
    }

    private static IEnumerable<string> Table()
    {
        static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture) + "x";
        yield return "| the mail | the model, against copying |";
        yield return "|---|---|";
        yield return $"| \"stupendously great benchmarks\": nobody touches the pages again | {Times(Stealing())} |";
        yield return $"| \"it would then re-use the buffer and take a COW fault\": every page stored to while in flight | {Times(Stealing(storedInFlight: 16))} |";
        yield return $"| the same, after the reader has copied | {Times(Stealing(storedAfterwards: 16))} |";
        yield return $"| it breaks even with this share of pages stored to while in flight | {Times(BreakEven(static k => Stealing(storedInFlight: k))).TrimEnd('x')} |";
        yield return $"| or with this share stored to afterwards | {Times(BreakEven(static k => Stealing(storedAfterwards: k))).TrimEnd('x')} |";
        yield return $"| \"not usually be page-aligned anyway\": a buffer that starts inside a page | {Times(Stealing(offset: 100, pages: 15))} |";
        yield return $"| another thread of the process runs, and nobody touches the pages | {Times(Stealing(table: new CostTable { OtherThreadsRun = true }))} |";
        yield return $"| \"just making vmsplice() be exactly the same as write\" | {Times(PerPage(Producer(Call.Vmsplice), KernelKind.VmspliceCopies) / Copying)} |";
        yield return $"| vmsplice as it is, where it may be used | {Times(PerPage(Producer(Call.Vmsplice), KernelKind.Linux) / Copying)} |";
        yield return $"| \"actively slower in the process\": gifts of fresh pages, taken away from the source | {Times(PerPage(FreshGift(), KernelKind.HowellsRfc) / Copying)} |";
        yield return $"| today's safe way: fresh memory for every hand-off, unmapped after it | {Times(PerPage(Producer(Call.Vmsplice, isFresh: true), KernelKind.Linux) / Copying)} |";
    }

    [Fact]
    public void The_documentation_shows_the_figures()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "model.md"));
        var start = Array.IndexOf(lines, Marker);
        Assert.True(start >= 0, $"docs/model.md has no line {Marker}");
        var shown = lines.Skip(start + 1).SkipWhile(static line => line.Length == 0).TakeWhile(static line => line.StartsWith('|'));
        Assert.True(Table().SequenceEqual(shown), "The table is:\n" + string.Join("\n", Table()));
    }
}
