using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Xunit;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>
/// The analyzer against random methods whose truth is known: each is also run, statement by statement and on every path, on the model of the
/// kernel. Nothing may be missed; what is said and not true is a false alarm, allowed only where the method's truth depends on a number that the
/// analyzer does not follow.
/// </summary>
public class GeneratedMethodTests(ITestOutputHelper output)
{
    private const int Methods = 5_100;
    private const int MethodsPerCompilation = 510;
    private const string Seed = "0N0XIzNsQ0O2";

    [Fact]
    public async Task Nothing_is_missed_and_nothing_invented()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var watch = Stopwatch.StartNew();
        var counts = new Counts();
        foreach ((Plan Plan, Judgement Truth)[] batch in Judged(Methods).Chunk(MethodsPerCompilation))
        {
            var said = await GeneratedMethods.AnalyseAsync([.. batch.Select(static b => b.Plan)], cancellation);
            for (int i = 0; i < batch.Length; i++)
            {
                if (Complaint(batch[i].Plan, batch[i].Truth, said[i], counts) is not null)
                    Assert.Fail(await ExplainAsync(batch[i].Plan, cancellation));
            }
        }

        output.WriteLine($"{Methods} methods in {watch.Elapsed.TotalSeconds:0} s: {counts.Remarks} lifetime diagnostics on {counts.Unsafe} of them, none missed. "
            + $"{counts.FalseAlarms} false alarms on {counts.Alarmed} methods ({100.0 * counts.Alarmed / Methods:0.00} %), all of the {counts.Undecidable} that ask about an unknown number twice. {counts.GivenUp} given up, and said so.");
        Assert.InRange(counts.GivenUp, 0, Methods / 100);
        Assert.True(counts.Unsafe > Methods / 4 && counts.Unsafe < Methods * 3 / 4, "A fair share of the methods should be safe, and a fair share not.");
    }

    private sealed class Counts
    {
        public int Remarks, Unsafe, FalseAlarms, Alarmed, Undecidable, GivenUp;
    }

    /// <summary>Plans with what is true of them; those with too many paths to run them all are left out.</summary>
    private static IEnumerable<(Plan Plan, Judgement Truth)> Judged(int count)
    {
        PCG random = PCG.Parse(Seed);
        while (count > 0)
        {
            Plan plan = Plans.Any.Generate(random, null, out _);
            if (Judgement.Of(plan) is not { } truth)
                continue;
            count--;
            yield return (plan, truth);
        }
    }

    /// <summary>What is wrong with what was said of a plan; null when nothing is.</summary>
    private static string? Complaint(Plan plan, Judgement truth, IReadOnlyCollection<Remark> said, Counts counts)
    {
        if (said.Any(static r => r.Rule == Rules.RuleIds.NotAnalysedCompletely))
        {
            counts.GivenUp++;
            return null;
        }

        string[] missed = [.. truth.Missed(said)], invented = [.. truth.Invented(said)];
        int remarks = said.Count(static r => r.Rule != Rules.RuleIds.PreferWrite);
        counts.Remarks += remarks;
        counts.Unsafe += remarks > 0 ? 1 : 0;
        counts.FalseAlarms += invented.Length;
        counts.Alarmed += invented.Length > 0 ? 1 : 0;
        counts.Undecidable += plan.IsUndecidable ? 1 : 0;
        if (missed.Length > 0)
            return "missed " + string.Join(", ", missed);
        return invented.Length > 0 && !plan.IsUndecidable ? "invented " + string.Join(", ", invented) : null;
    }

    /// <summary>Makes a method that the analyzer is wrong about as small as it gets, and says all about it.</summary>
    private static async Task<string> ExplainAsync(Plan plan, CancellationToken cancellation)
    {
        async Task<(string?, IReadOnlyCollection<Remark>)> JudgeAsync(Plan candidate)
        {
            if (Judgement.Of(candidate) is not { } truth)
                return (null, []);
            IReadOnlyCollection<Remark> said = (await GeneratedMethods.AnalyseAsync([candidate], cancellation))[0];
            return (Complaint(candidate, truth, said, new Counts()), said);
        }

        for (bool shrunk = true; shrunk;)
        {
            shrunk = false;
            foreach (Plan smaller in Smaller.Than(plan))
            {
                if (await JudgeAsync(smaller) is (null, _))
                    continue;
                (plan, shrunk) = (smaller, true);
                break;
            }
        }

        (string? complaint, IReadOnlyCollection<Remark> said) = await JudgeAsync(plan);
        (string text, IReadOnlyList<int> owners) = MethodText.Write(plan, "Generated");
        string[] lines = [.. text.TrimEnd('\n').Split('\n').Select((line, i) => $"{(owners[i] > 0 ? owners[i].ToString(System.Globalization.CultureInfo.InvariantCulture) : ""),4} {line}")];
        return $"The analyzer {complaint}.\nIt said: {string.Join(", ", said)}.\n{string.Join('\n', lines)}";
    }
}
