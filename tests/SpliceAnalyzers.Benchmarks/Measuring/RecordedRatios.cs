using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace SpliceAnalyzers.Benchmarks.Measuring;

/// <summary>Ratios as they were once measured, a line each: the name, a tab, the value.</summary>
internal static class RecordedRatios
{
    /// <summary>More than so many times what is recorded is a failure; less may be the machine.</summary>
    private const double Tolerance = 2;

    /// <summary>Below this it is a millisecond that is compared with a second, and twice as much is chance: then so much is allowed, but no more than what is wanted.</summary>
    private const double Least = 0.01, LeastAllowed = 0.1;

    /// <summary>What became worse than the record allows, and what has none.</summary>
    public static IEnumerable<string> Failures(IEnumerable<Ratio> ratios, string path)
    {
        Dictionary<string, double> recorded = File.ReadLines(path).Select(static line => line.Split('\t'))
            .ToDictionary(static parts => parts[0], static parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        foreach (Ratio ratio in ratios)
        {
            if (!recorded.TryGetValue(ratio.Name, out double known))
                yield return $"'{ratio.Name}' is not recorded in {Path.GetFileName(path)}: run with --short --record.";
            else if (ratio.Value > (known < Least ? Math.Min(ratio.Wanted, LeastAllowed) : Tolerance * known))
                yield return string.Create(CultureInfo.InvariantCulture, $"'{ratio.Name}' is {ratio.Value:0.####}, more than {Tolerance} times the {known:0.####} recorded: see what became slow. If it has to be, run with --short --record.");
        }
    }

    /// <summary>Records them.</summary>
    public static void Write(IEnumerable<Ratio> ratios, string path) =>
        File.WriteAllLines(path, ratios.Select(static ratio => string.Create(CultureInfo.InvariantCulture, $"{ratio.Name}\t{ratio.Value:0.####}")));
}
