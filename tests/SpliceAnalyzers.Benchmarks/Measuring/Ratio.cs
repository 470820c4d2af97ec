using System.Globalization;

namespace SpliceAnalyzers.Benchmarks.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="Name">What is compared with what.</param>
/// <param name="Value">The one divided by the other.</param>
/// <param name="Wanted">What it should be at most; not a number where it is only watched.</param>
/// <param name="Figures">What is behind it.</param>
internal sealed record Ratio(string Name, double Value, double Wanted, string Figures)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name,-62} {Value,9:0.####}   {(double.IsNaN(Wanted) ? "" : Verdict),-20} {Figures}");

    private string Verdict => string.Create(CultureInfo.InvariantCulture, $"{(Value <= Wanted ? "at most" : "more than")} {Wanted:0.##}");
}
