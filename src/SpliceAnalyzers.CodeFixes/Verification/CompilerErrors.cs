using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Verification;

/// <summary>Whether a change breaks the build of the documents it changes.</summary>
internal static class CompilerErrors
{
    /// <summary>A partial method without its other half: the generator of LibraryImport may not have run on the copy.</summary>
    private const string NoImplementation = "CS8795";

    public static async Task<bool> AreNewAsync(Document before, Document after, CancellationToken cancellationToken)
    {
        Dictionary<string, int> old = await CountAsync(before, cancellationToken).ConfigureAwait(false);
        Dictionary<string, int> now = await CountAsync(after, cancellationToken).ConfigureAwait(false);
        return now.Any(error => !old.TryGetValue(error.Key, out int count) || count < error.Value);
    }

    private static async Task<Dictionary<string, int>> CountAsync(Document document, CancellationToken cancellationToken)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        IEnumerable<Diagnostic> diagnostics = model is null ? Enumerable.Empty<Diagnostic>() : model.GetDiagnostics(cancellationToken: cancellationToken);
        return diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != NoImplementation)
            .GroupBy(diagnostic => diagnostic.Id)
            .ToDictionary(errors => errors.Key, errors => errors.Count());
    }
}
