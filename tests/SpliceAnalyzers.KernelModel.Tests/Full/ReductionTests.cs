using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests.Full;

/// <summary>The explorer looks at a few interleavings; here it is held against all of them.</summary>
public class ReductionTests
{
    private const int MostStates = 4_000;

    /// <summary>How many programs for each kind of consumer; SPLICE_REDUCTION_PROGRAMS asks for more.</summary>
    private static readonly long Programs = long.Parse(Environment.GetEnvironmentVariable("SPLICE_REDUCTION_PROGRAMS") ?? "5000", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(ConsumerKind.Unknown)]
    [InlineData(ConsumerKind.Copies)]
    public void Reduced_and_full_exploration_find_the_same(ConsumerKind consumer) => Compare(RandomPrograms.Plans, consumer, Programs, MostStates);

    [Theory]
    [InlineData(ConsumerKind.Unknown)]
    [InlineData(ConsumerKind.Copies)]
    public void Few_interleavings_of_threads_find_what_all_find(ConsumerKind consumer) => Compare(RandomPrograms.ThreadPlans, consumer, Programs / 20, 20 * MostStates);

    private static void Compare(Gen<RandomPrograms.Plan> plans, ConsumerKind consumer, long programs, int mostStates)
    {
        var compared = 0;
        var hazardous = 0;
        plans.Check(plan =>
        {
            var program = RandomPrograms.Write(plan);
            var full = new FullExploration(program, consumer).Run(mostStates);
            if (full is null) return;
            var options = new ExplorationOptions { Consumer = consumer, GiftContract = GiftContract.Actual, MaxStates = 1_000_000 };
            var reduced = Explorer.Explore(program, options, CancellationToken.None);
            var found = reduced.Witnesses.Select(witness => (witness.HandOff.Site, witness.Hazard)).ToHashSet();
            Assert.True(found.SetEquals(full),
                $"The full exploration found {string.Join(", ", full.Except(found))} more, and not {string.Join(", ", found.Except(full))}.\n{Expect.Describe(reduced)}\n{Listing.Of(program)}");
            foreach (var witness in reduced.Witnesses)
            {
                Assert.True(witness.Exact, Expect.Describe(witness));
                Expect.Confirmed(witness);
            }
            Interlocked.Increment(ref compared);
            if (full.Count > 0) Interlocked.Increment(ref hazardous);
        }, programs);
        Assert.True(compared > programs * 9 / 10 && hazardous > programs / 10 && hazardous < compared, $"Only {compared} programs were compared, {hazardous} of them with hazards.");
    }
}
