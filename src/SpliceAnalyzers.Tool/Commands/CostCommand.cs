using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel;
using SpliceAnalyzers.KernelModel.Costs;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Costs;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Prices a producer on each kernel.</summary>
internal static class CostCommand
{
    private const int LargestPipe = 1 << 20;

    private static readonly (Reuse Reuse, string Name, string Words)[] Reuses =
    [
        (Reuse.Never, "never", "sent again as it is"),
        (Reuse.AfterRead, "after-read", "written again after the reader has read"),
        (Reuse.InFlight, "in-flight", "written again while it is in the pipe"),
        (Reuse.Fresh, "fresh", "unmapped, and a new one mapped and filled"),
    ];

    private static readonly (SendCall Call, string Name)[] Calls = [(SendCall.Write, "write"), (SendCall.Vmsplice, "vmsplice"), (SendCall.Gift, "vmsplice, gift")];

    private sealed record Row(KernelKind Kernel, string Call, double Price, VerdictKind Verdict);

    public static Command Create(Terminal terminal)
    {
        var size = NumberOption.Create("--size", "BYTES", "Bytes of a call.", 65536, 1, LargestPipe);
        var offset = NumberOption.Create("--offset", "BYTES", "Where the buffer begins in its first page; 0 is aligned.", 0, 0, PageSize.Bytes - 1);
        var share = NumberOption.Create("--share", "PERCENT", "How much of the buffer is written again.", 100, 1, 100);
        var reuse = new Option<string>("--reuse") { Description = "What happens to the buffer after the call.", DefaultValueFactory = static _ => "after-read" };
        reuse.AcceptOnlyFromAmong([.. Reuses.Select(static item => item.Name)]);
        var threads = new Option<bool>("--threads") { Description = "Another thread of the process runs: changing a page's protection interrupts it." };
        return new Command("cost", "Prices a producer on each kernel of the model, by its size, reuse and alignment: a table, and a chart.") { size, reuse, share, offset, threads }
            .WithAction(terminal, (parsed, cancellation) =>
            {
                var (how, _, words) = Array.Find(Reuses, item => item.Name == parsed.GetRequiredValue(reuse));
                var producer = new Producer(parsed.GetValue(size), parsed.GetValue(offset), how, parsed.GetValue(share));
                var table = new CostTable { OtherThreadsRun = parsed.GetValue(threads) };
                Print(producer, words, Rows(producer, table, terminal, cancellation), table.OtherThreadsRun, terminal);
                return ExitCode.Done;
            });
    }

    private static List<Row> Rows(Producer producer, CostTable table, Terminal terminal, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        var kernels = Enum.GetValues<KernelKind>();
        for (var i = 0; i < kernels.Length; i++)
        {
            terminal.ShowProgress("pricing kernel", i, kernels.Length);
            foreach (var (call, name) in Calls)
            {
                var program = producer.ToProgram(call);
                var verdict = Explorer.Explore(program, new ExplorationOptions { Kernel = kernels[i], GiftContract = GiftContract.Actual }, cancellation);
                rows.Add(new Row(kernels[i], name, ProgramPricing.Of(program, kernels[i], table, cancellation).PerPage, verdict.Kind));
            }
        }
        terminal.ShowProgress("pricing kernel", kernels.Length, kernels.Length);
        return rows;
    }

    private static void Print(Producer producer, string words, List<Row> rows, bool withThreads, Terminal terminal)
    {
        var part = producer.Share < 100 && producer.Reuse is Reuse.AfterRead or Reuse.InFlight ? FormattableString.Invariant($" ({producer.Share} % of it)") : "";
        Say(terminal, FormattableString.Invariant($"A buffer of {producer.Size} bytes that begins at byte {producer.Offset} of a page, {words}{part}{(withThreads ? "; another thread runs" : "")}."));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"{"kernel",-16} {"call",-15} {"ns/page",8} {"ratio",6}  {"reader gets",-12} chart");
        var copy = rows[0].Price;
        var most = rows.Max(static row => row.Price);
        var room = Math.Max(terminal.Width - 64, 10);
        foreach (var row in rows)
        {
            var bar = new string('#', Math.Max((int)Math.Round(row.Price / most * room), 1));
            var kernel = row.Call == Calls[0].Name ? KernelNames.Of(row.Kernel) : "";
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel,-16} {row.Call,-15} {row.Price,8:0} {row.Price / copy,6:0.00}  ") + Verdict(row.Verdict, terminal) + " " + bar);
        }
        terminal.Out.WriteLine();
        Say(terminal, "Ratio: to write on linux. The prices are medians of one machine (Linux 6.18, x86-64): their ratios mean something, their nanoseconds do not.");
    }

    private static void Say(Terminal terminal, string sentences)
    {
        foreach (var line in TimelineText.Fold(sentences, terminal.Width)) terminal.Out.WriteLine(line);
    }

    private static string Verdict(VerdictKind verdict, Terminal terminal) => verdict switch
    {
        VerdictKind.Hazards => terminal.Red($"{"wrong bytes",-12}"),
        VerdictKind.Proved => terminal.Green($"{"right bytes",-12}"),
        _ => $"{"not known",-12}",
    };
}
