using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;

namespace SpliceAnalyzers.Options;

/// <summary>One option of .editorconfig or a global config: its key, what it may be, and what it sets.</summary>
/// <param name="Name">The key after the prefix.</param>
/// <param name="Allowed">The values that messages name.</param>
/// <param name="TryApply">Sets it; false for a value that is none of the allowed ones.</param>
internal sealed record SpliceOption(string Name, string Allowed, Func<string, ExplorationOptions, bool> TryApply)
{
    /// <summary>What all keys begin with; `splice_analyzers.SPL1001.kernel` is for one rule.</summary>
    public const string Prefix = "splice_analyzers.";

    /// <summary>All options there are.</summary>
    public static readonly ImmutableArray<SpliceOption> All = ImmutableArray.Create(
        new SpliceOption("kernel", string.Join(", ", KernelNames.All), static (value, options) =>
        {
            bool known = KernelNames.TryParse(value, out KernelKind kernel);
            if (known)
                options.Kernel = kernel;
            return known;
        }),
        Choice("consumer", ("unknown", static o => o.Consumer = ConsumerKind.Unknown), ("copies", static o => o.Consumer = ConsumerKind.Copies)),
        Choice("gift_contract", ("documented", static o => o.GiftContract = GiftContract.Documented), ("actual", static o => o.GiftContract = GiftContract.Actual)),
        new SpliceOption("max_states", "a number above 0", static (value, options) =>
        {
            bool known = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long states) && states > 0;
            if (known)
                options.MaxStates = states;
            return known;
        }));

    private static SpliceOption Choice(string name, params (string Value, Action<ExplorationOptions> Apply)[] values) => new(
        name,
        string.Join(", ", values.Select(static v => v.Value)),
        (value, options) =>
        {
            Action<ExplorationOptions>? apply = values.FirstOrDefault(v => v.Value == value).Apply;
            apply?.Invoke(options);
            return apply is not null;
        });
}
