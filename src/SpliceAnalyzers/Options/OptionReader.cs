using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.KernelModel.Exploration;

namespace SpliceAnalyzers.Options;

/// <summary>A value that no option takes.</summary>
internal sealed record UnknownValue(string Key, string Value, string Allowed);

/// <summary>Reads the options of a file: its .editorconfig, or the global configuration. A key with a rule's id in it goes before the one without.</summary>
internal sealed class OptionReader(AnalyzerConfigOptionsProvider provider)
{
    private readonly ConcurrentDictionary<(SyntaxTree Tree, string Rule), ExplorationOptions> _known = new();

    /// <summary>What a rule assumes about code in a file. A value that is not known leaves the default; <see cref="UnknownValues"/> tells.</summary>
    public ExplorationOptions Of(SyntaxTree tree, string rule) => _known.GetOrAdd((tree, rule), key =>
    {
        var options = new ExplorationOptions();
        AnalyzerConfigOptions values = provider.GetOptions(key.Tree);
        foreach (SpliceOption option in SpliceOption.All)
        {
            foreach (string name in KeysOf(option, key.Rule))
            {
                if (values.TryGetValue(name, out string? value))
                    option.TryApply(value.Trim().ToLowerInvariant(), options);
            }
        }

        return options;
    });

    /// <summary>Every value in the configuration of these files that no option takes.</summary>
    public IEnumerable<UnknownValue> UnknownValues(IEnumerable<SyntaxTree> trees, IEnumerable<string> rules)
    {
        string[] known = [.. rules];
        return trees.Select(provider.GetOptions).Distinct().SelectMany(values => UnknownValues(values, known)).Distinct();
    }

    private static IEnumerable<UnknownValue> UnknownValues(AnalyzerConfigOptions values, string[] rules)
    {
        foreach (SpliceOption option in SpliceOption.All)
        {
            foreach (string key in rules.SelectMany(rule => KeysOf(option, rule)).Distinct())
            {
                if (values.TryGetValue(key, out string? value) && !option.TryApply(value.Trim().ToLowerInvariant(), new ExplorationOptions()))
                    yield return new UnknownValue(key, value, option.Allowed);
            }
        }
    }

    /// <summary>The general key, then the one of the rule; keys are case-insensitive there.</summary>
    private static IEnumerable<string> KeysOf(SpliceOption option, string rule) =>
        [SpliceOption.Prefix + option.Name, SpliceOption.Prefix + rule.ToLowerInvariant() + "." + option.Name];
}
