using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Options;

namespace SpliceAnalyzers.Rules;

/// <summary>Reports what the kernel model finds in the methods that hand memory to a pipe by reference, and in those that call them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandOffAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.HandOffs;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (!NativeMentions.Any(start.Compilation, NativeMention.HandOff, start.CancellationToken))
                return;
            var findings = new CompilationFindings(start.Compilation, new OptionReader(start.Options.AnalyzerConfigOptionsProvider));
            start.RegisterOperationBlockAction(block => Report(block, findings));
        });
    }

    private static void Report(OperationBlockAnalysisContext context, CompilationFindings findings)
    {
        if (context.OwningSymbol is not IMethodSymbol method)
            return;
        foreach (Diagnostic diagnostic in findings.In(method, method.DeclaringSyntaxReferences.Select(r => r.GetSyntax(context.CancellationToken)), context.CancellationToken))
            context.ReportDiagnostic(diagnostic);
    }
}
