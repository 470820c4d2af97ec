using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using SpliceAnalyzers.KernelModel.Costs;

// Measures what it costs to send memory through a pipe, by five producers and nine sizes, and what the model of the analyzers predicts for it.
// dotnet run -c Release --project samples/Throughput
const int page = 4096;
const int repeats = 5;

if (!OperatingSystem.IsLinux())
{
    Console.WriteLine("vmsplice is a system call of Linux.");
    return 1;
}

var sizes = Enumerable.Range(0, 9).Select(static power => page << power).ToArray();
(string Name, Action<Producers> Turn)[] producers =
[
    ("write", static p => p.Write()),
    ("vmsplice", static p => p.Vmsplice()),
    ("gift", static p => p.Gift()),
    ("fresh", static p => p.Fresh()),
    ("ring", static p => p.Ring()),
];

var measured = new Dictionary<(string, int), double>();
foreach (var size in sizes)
{
    using var pipe = new Producers(size);
    foreach (var (name, turn) in producers) measured[(name, size)] = NanosecondsPerPage(pipe, turn);
}

// One coefficient is taken from here, what copying costs; the others are the model's own.
var table = new CostTable { Copy = measured[("write", 65536)] };
Console.WriteLine("ns per page of 4 KiB, write and read together; # is 100 ns, | is where the model puts it");
foreach (var (name, _) in producers)
{
    Console.WriteLine();
    Console.WriteLine($"{name,-10}{"bytes",10}{"measured",10}{"model",10}");
    foreach (var size in sizes)
    {
        var (actual, predicted) = (measured[(name, size)], Model.PerPage(name, size, table));
        Console.WriteLine(FormattableString.Invariant($"{"",-10}{size,10}{actual,10:0}{predicted,10:0}  {Bar(actual, predicted)}"));
    }
}
PrintCoefficients();
return 0;

static double NanosecondsPerPage(Producers pipe, Action<Producers> turn)
{
    var turns = Math.Max(4, (8 << 20) / pipe.Size);
    var best = double.MaxValue;
    for (var i = 0; i < repeats; i++)
    {
        turn(pipe);
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < turns; done++) turn(pipe);
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
    }
    return best / turns / (pipe.Size / page);
}

static string Bar(double actual, double predicted)
{
    const int widest = 60;
    static int Columns(double nanoseconds) => Math.Min(widest, (int)Math.Round(nanoseconds / 100));
    var bar = new string('#', Columns(actual)).PadRight(Columns(predicted) + 1).ToCharArray();
    bar[Columns(predicted)] = '|';
    return new string(bar);
}

void PrintCoefficients()
{
    Console.WriteLine();
    Console.WriteLine("coefficients of this machine, to put into a CostTable:");
    Console.WriteLine(FormattableString.Invariant($"Copy = {table.Copy:0}"));
    Console.WriteLine(FormattableString.Invariant($"FreshPage = {measured[("fresh", 65536)] - measured[("vmsplice", 65536)]:0}"));
    Console.WriteLine("ReferenceRatios = [" + string.Join(", ", sizes.Select(size => FormattableString.Invariant($"({size}, {measured[("vmsplice", size)] / measured[("write", size)]:0.00})"))) + "]");
    Console.WriteLine("Protections = [" + string.Join(", ", new[] { 1, 16, 64 }.Select(static pages => FormattableString.Invariant($"({pages}, {ProtectionPerPage(pages):0})"))) + "]");
}

static double ProtectionPerPage(int pages)
{
    using var pipe = new Producers(pages * page);
    // One call takes the right to store, the other gives it back.
    return NanosecondsPerPage(pipe, static p => p.Protect()) / 2;
}
