using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
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
public abstract class GeneratedMethodTests(ITestOutputHelper output)
{
    private const int MethodsPerCompilation = 510;
    private const int MostExplained = 8;

    /// <summary>Of a hundred methods, how many may have too many states.</summary>
    private const int MostGivenUp = 3;

    private const string Seed = "0N0XIzNsQ0O2";

    /// <summary>How many new methods of each grammar to try, with a new seed; without it, the same as always.</summary>
    private static readonly string? Fresh = Environment.GetEnvironmentVariable("SPLICE_GENERATED_METHODS");

    private protected async Task NothingIsMissedAndNothingInventedAsync(Gen<Plan> grammar, int methods, (string Name, Func<Plan, bool> IsIn)[] features)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        methods = Fresh is null ? methods : int.Parse(Fresh, CultureInfo.InvariantCulture);
        PCG random = Fresh is null ? PCG.Parse(Seed) : new PCG(1);
        output.WriteLine($"Seed {random}.");
        var watch = Stopwatch.StartNew();
        var counts = new Counts();
        int[] shares = new int[features.Length];
        var wrong = new List<(Plan Plan, string Complaint)>();
        foreach ((Plan Plan, Judgement Truth)[] batch in Judged(grammar, random, methods).Chunk(MethodsPerCompilation))
        {
            var said = await GeneratedMethods.AnalyseAsync([.. batch.Select(static b => b.Plan)], cancellation);
            for (int i = 0; i < features.Length; i++)
                shares[i] += batch.Count(b => features[i].IsIn(b.Plan));
            for (int i = 0; i < batch.Length; i++)
            {
                if (Complaint(batch[i].Plan, batch[i].Truth, said[i], counts) is { } complaint)
                    wrong.Add((batch[i].Plan, complaint));
            }
        }

        output.WriteLine($"{methods} methods in {watch.Elapsed.TotalSeconds:0} s: {counts.Remarks} lifetime diagnostics on {counts.Unsafe} of them. "
            + $"{counts.FalseAlarms} false alarms on {counts.Alarmed} methods ({Percent(counts.Alarmed)}), of the {Percent(counts.Reasons.Values.Sum())} that are undecidable. {counts.GivenUp} given up, and said so.");
        foreach ((string reason, int times) in counts.Reasons)
            output.WriteLine($"{Percent(times)} undecidable: {reason}.");
        output.WriteLine(string.Join(", ", features.Zip(shares, (feature, share) => $"{feature.Name} {Percent(share)}")));
        string Percent(int count) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / methods:0.0} %");
        if (wrong.Count > 0)
            Assert.Fail($"Wrong about {wrong.Count} methods.\n" + string.Join("\n\n", await Task.WhenAll(wrong.Take(MostExplained).Select(w => ExplainAsync(w.Plan, w.Complaint, cancellation)))));
        Assert.All(features.Zip(shares), pair => Assert.True(pair.Second >= methods / 50, $"Only {pair.Second} methods have {pair.First.Name}."));
        Assert.InRange(counts.GivenUp, 0, methods * MostGivenUp / 100);
        Assert.True(counts.Unsafe > methods / 4 && counts.Unsafe < methods * 3 / 4, "A fair share of the methods should be safe, and a fair share not.");
    }

    private sealed class Counts
    {
        public readonly SortedDictionary<string, int> Reasons = [];
        public int Remarks, Unsafe, FalseAlarms, Alarmed, GivenUp;
    }

    /// <summary>Plans with what is true of them; those with too many paths to run them all are left out.</summary>
    private static IEnumerable<(Plan Plan, Judgement Truth)> Judged(Gen<Plan> grammar, PCG random, int count)
    {
        while (count > 0)
        {
            Plan plan = grammar.Generate(random, null, out _);
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

        string[] missed = [.. truth.Missed(said, plan.Undecidable is null)], invented = [.. truth.Invented(said)];
        int remarks = said.Count(static r => r.Rule != Rules.RuleIds.PreferWrite);
        counts.Remarks += remarks;
        counts.Unsafe += remarks > 0 ? 1 : 0;
        counts.FalseAlarms += invented.Length;
        counts.Alarmed += invented.Length > 0 ? 1 : 0;
        if (plan.Undecidable is { } reason)
            counts.Reasons[reason] = counts.Reasons.GetValueOrDefault(reason) + 1;
        if (missed.Length > 0)
            return "missed " + string.Join(", ", missed);
        return invented.Length > 0 && plan.Undecidable is null ? "invented " + string.Join(", ", invented) : null;
    }

    /// <summary>Makes a method that the analyzer is wrong about as small as it gets, and says all about it.</summary>
    private static async Task<string> ExplainAsync(Plan plan, string first, CancellationToken cancellation)
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
        string[] lines = [.. text.TrimEnd('\n').Split('\n').Select((line, i) => $"{(owners[i] > 0 ? owners[i].ToString(CultureInfo.InvariantCulture) : ""),4} {line}")];
        return $"The analyzer {complaint ?? first + " among others, but not alone"}.\nIt said: {string.Join(", ", said)}.\n{string.Join('\n', lines)}";
    }
}

/// <summary>Buffers, pipes, hand-offs, stores and releases in one method.</summary>
public class PlainMethodTests(ITestOutputHelper output) : GeneratedMethodTests(output)
{
    [Fact]
    public Task Nothing_is_missed_and_nothing_invented() => NothingIsMissedAndNothingInventedAsync(Plans.Any, 2_000, []);
}

/// <summary>The same in functions, types and statements of many kinds.</summary>
public class WrappedMethodTests(ITestOutputHelper output) : GeneratedMethodTests(output)
{
    [Fact]
    public Task Nothing_is_missed_and_nothing_invented() => NothingIsMissedAndNothingInventedAsync(Wrapping.Any, 1_600, Features.OfWraps);
}

/// <summary>The same over variables that are members of the method's type, which its methods share.</summary>
public class TypeMethodTests(ITestOutputHelper output) : GeneratedMethodTests(output)
{
    [Fact]
    public Task Nothing_is_missed_and_nothing_invented() => NothingIsMissedAndNothingInventedAsync(Wrapping.OfTypes, 800, Features.OfTypes);
}

/// <summary>Files that are sent and modified.</summary>
public class FileMethodTests(ITestOutputHelper output) : GeneratedMethodTests(output)
{
    [Fact]
    public Task Nothing_is_missed_and_nothing_invented() => NothingIsMissedAndNothingInventedAsync(Wrapping.OfFiles, 800, Features.OfFiles);
}
