using System;
using System.CommandLine;
using System.Globalization;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>An option that is a number within bounds.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, string unit, string description, int usual, int least, int most) => new(name)
    {
        Description = FormattableString.Invariant($"{description} {least} to {most}."),
        HelpName = unit,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            result.AddError(FormattableString.Invariant($"{name} is '{given}', and must be a number from {least} to {most}."));
            return usual;
        },
    };
}
