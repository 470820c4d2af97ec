using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Contracts;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>A fix that is made of changes to texts: one title, which is its key too, and offered only if the result builds as well as before.</summary>
public abstract class SourceFix : CodeFixProvider
{
    /// <summary>What the light bulb says.</summary>
    internal abstract string Title { get; }

    public sealed override FixAllProvider GetFixAllProvider() => new FixAllSources(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Solution solution = context.Document.Project.Solution;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await ApplyAsync(solution, [(context.Document, diagnostic)], context.CancellationToken).ConfigureAwait(false) is null)
                continue;
            CodeAction action = CodeAction.Create(
                Title,
                async token => await ApplyAsync(solution, [(context.Document, diagnostic)], token).ConfigureAwait(false) ?? solution,
                equivalenceKey: Title);
            context.RegisterCodeFix(action, diagnostic);
        }
    }

    /// <summary>What solves the diagnostic; null where nothing can. New names are taken from those that all corrections made together share.</summary>
    internal abstract Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken);

    /// <summary>Whether the changed solution is free of what the fix is to remove.</summary>
    internal virtual Task<bool> IsCleanAsync(Solution before, Solution after, IReadOnlyList<(Document Document, Diagnostic Diagnostic)> solved, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    /// <summary>The solution with all of the diagnostics solved; null where that cannot be.</summary>
    internal async Task<Solution?> ApplyAsync(Solution solution, IReadOnlyList<(Document Document, Diagnostic Diagnostic)> diagnostics, CancellationToken cancellationToken)
    {
        var names = new FreshNames();
        var corrections = new List<Correction>();
        var solved = new List<(Document, Diagnostic)>();
        foreach ((Document document, Diagnostic diagnostic) in diagnostics)
        {
            if (await CorrectAsync(document, diagnostic, names, cancellationToken).ConfigureAwait(false) is not { } correction)
                continue;
            corrections.Add(correction);
            solved.Add((document, diagnostic));
        }

        if (await Corrections.ApplyAsync(solution, corrections, cancellationToken).ConfigureAwait(false) is not { } changed)
            return null;
        return await IsCleanAsync(solution, changed, solved, cancellationToken).ConfigureAwait(false) ? changed : null;
    }

    internal static async Task<(SyntaxNode Node, SemanticModel Model)?> NodeAsync(Document document, Location place, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(place.SourceSpan))
            return null;
        return (root.FindNode(place.SourceSpan, getInnermostNodeForTie: true), model);
    }
}
