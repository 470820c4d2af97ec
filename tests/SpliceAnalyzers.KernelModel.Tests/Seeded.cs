using System;
using CsCheck;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Random values that are the same on every machine, so that no run of the tests depends on luck.</summary>
internal static class Seeded
{
    private const string Seed = "0N0XIzNsQ0O2";

    /// <summary>Holds a property against <paramref name="count"/> values. One that breaks it is made smaller before it is shown.</summary>
    public static void Check<T>(this Gen<T> values, Action<T> property, long count = 1_000, Func<T, string>? print = null)
    {
        var random = PCG.Parse(Seed);
        for (var i = 0L; i < count; i++)
        {
            var seed = random.ToString();
            var value = values.Generate(random, null, out _);
            try
            {
                property(value);
            }
            catch (Exception)
            {
                values.Sample(property, seed: seed, iter: 2_000, threads: 1, print: print);
                throw;
            }
        }
    }
}
