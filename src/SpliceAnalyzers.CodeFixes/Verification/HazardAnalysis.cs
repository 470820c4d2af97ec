using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.CodeFixes.Verification;

/// <summary>Runs the analyzer over single documents, once for each version of a document.</summary>
internal sealed class HazardAnalysis
{
    private readonly ImmutableArray<DiagnosticAnalyzer> analyzers;
    private readonly ConditionalWeakTable<Compilation, Analysed> analysed = new();

    public HazardAnalysis(ImmutableArray<DiagnosticAnalyzer> analyzers) => this.analyzers = analyzers;

    public async Task<IEnumerable<Diagnostic>> FindAsync(IEnumerable<Document> documents, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        if (analyzers.IsEmpty)
            return found;

        foreach (Document document in documents)
        {
            SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
            if (model is not null)
                found.AddRange(await FindAsync(document.Project, model, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    private async Task<ImmutableArray<Diagnostic>> FindAsync(Project project, SemanticModel model, CancellationToken cancellationToken)
    {
        Analysed cache = analysed.GetValue(model.Compilation, compilation => new Analysed(compilation.WithAnalyzers(analyzers, project.AnalyzerOptions)));
        if (cache.Diagnostics.TryGetValue(model.SyntaxTree, out ImmutableArray<Diagnostic> known))
            return known;

        ImmutableArray<Diagnostic> all = await cache.Compilation.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, cancellationToken).ConfigureAwait(false);
        ImmutableArray<Diagnostic> hazards = all.Where(Hazard.IsLifetime).ToImmutableArray();
        cache.Diagnostics.TryAdd(model.SyntaxTree, hazards);
        return hazards;
    }

    private sealed record Analysed(CompilationWithAnalyzers Compilation)
    {
        public ConcurrentDictionary<SyntaxTree, ImmutableArray<Diagnostic>> Diagnostics { get; } = new();
    }
}
