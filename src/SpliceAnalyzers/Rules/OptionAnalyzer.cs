using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Options;

namespace SpliceAnalyzers.Rules;

/// <summary>SPL0001: says which option has a value that is not known, instead of going on as if it were not there.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.UnknownOption);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationAction(static end =>
        {
            if (!NativeMentions.Any(end.Compilation, NativeMention.HandOff, end.CancellationToken))
                return;
            var reader = new OptionReader(end.Options.AnalyzerConfigOptionsProvider);
            foreach (UnknownValue unknown in reader.UnknownValues(end.Compilation.SyntaxTrees, Descriptors.HandOffs.Select(static rule => rule.Id)))
                end.ReportDiagnostic(Diagnostic.Create(Descriptors.UnknownOption, Location.None, unknown.Key, unknown.Value, unknown.Allowed));
        });
    }
}
