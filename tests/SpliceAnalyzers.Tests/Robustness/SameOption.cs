using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>One option, the same for every file.</summary>
internal sealed class SameOption(string key, string value) : AnalyzerConfigOptionsProvider
{
    private readonly AnalyzerConfigOptions _options = new One(key, value);

    public override AnalyzerConfigOptions GlobalOptions => _options;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _options;

    private sealed class One(string key, string value) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string wanted, [NotNullWhen(true)] out string? found) => (found = wanted == key ? value : null) is not null;
    }
}
