using System;
using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Benchmarks.Measuring;

/// <summary>Something to measure.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Prepare">Makes what is measured anew, which is no part of the time, and gives what to run; that may know its own time.</param>
internal sealed record Contestant(string Name, Func<Func<TimeSpan?>> Prepare)
{
    /// <summary>One whose processor time counts.</summary>
    public static Contestant Of<T>(string name, Func<T> prepare, Action<T> run) => new(name, () =>
    {
        T prepared = prepare();
        return () =>
        {
            run(prepared);
            return null;
        };
    });
}

/// <summary>
/// Contestants measured in turn, round after round, in one process: whatever else the machine does meets all of them. It is processor time that is taken, since
/// the others on a machine do not change that; unless a contestant knows its own time.
/// </summary>
internal sealed class Contest
{
    private readonly Dictionary<string, List<double>> _milliseconds = [];

    private Contest()
    {
    }

    /// <summary>Runs them all so many times, after one round that does not count.</summary>
    public static Contest Of(int rounds, params IReadOnlyList<Contestant> contestants)
    {
        var contest = new Contest();
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Contestant contestant in contestants)
                contest.Run(contestant, counts: round > 0);
        }

        return contest;
    }

    /// <summary>The median of a contestant's time in milliseconds.</summary>
    public double Of(string name) => Median(_milliseconds[name]);

    /// <summary>The median over the rounds of the one's time divided by the other's in the same round.</summary>
    public double Ratio(string name, string other) => Median(_milliseconds[name].Zip(_milliseconds[other], static (one, two) => one / two));

    public static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }

    private void Run(Contestant contestant, bool counts)
    {
        Func<TimeSpan?> run = contestant.Prepare();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        TimeSpan? own = run();
        TimeSpan taken = own ?? Environment.CpuUsage.TotalTime - before;
        if (!counts)
            return;
        if (!_milliseconds.TryGetValue(contestant.Name, out List<double>? times))
            _milliseconds.Add(contestant.Name, times = []);
        times.Add(taken.TotalMilliseconds);
    }
}
