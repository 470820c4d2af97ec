using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>Whether anything still names a symbol after the edits.</summary>
internal static class SymbolUses
{
    public static async Task<bool> IsUsedAsync(
        Solution solution, ISymbol symbol, SolutionEdits edits, IReadOnlyList<Leftover> gone, CancellationToken cancellationToken)
    {
        IEnumerable<ReferencedSymbol> found = await SymbolFinder.FindReferencesAsync(symbol, solution, cancellationToken).ConfigureAwait(false);
        foreach (ReferenceLocation reference in found.SelectMany(referenced => referenced.Locations))
        {
            if (!await IsGoneAsync(reference, edits, gone, cancellationToken).ConfigureAwait(false))
                return true;
        }

        return await IsNamedInDisabledTextAsync(solution, symbol, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> IsGoneAsync(
        ReferenceLocation reference, SolutionEdits edits, IReadOnlyList<Leftover> gone, CancellationToken cancellationToken)
    {
        Document document = reference.Document;
        if (document is SourceGeneratedDocument)
            return await IsImplementationOfAsync(document, reference.Location, gone, cancellationToken).ConfigureAwait(false);

        DocumentId file = SolutionEdits.FirstLinked(document);
        return edits.Removes(document, reference.Location.SourceSpan)
            || gone.Any(leftover => SolutionEdits.FirstLinked(leftover.Document) == file && leftover.Syntax.FullSpan.Contains(reference.Location.SourceSpan));
    }

    /// <summary>The generated half of a declaration goes with the written one.</summary>
    private static async Task<bool> IsImplementationOfAsync(
        Document generated, Location location, IReadOnlyList<Leftover> gone, CancellationToken cancellationToken)
    {
        SemanticModel? model = await generated.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await generated.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        return root?.FindNode(location.SourceSpan).AncestorsAndSelf().OfType<MethodDeclarationSyntax>().FirstOrDefault() is { } method
            && model?.GetDeclaredSymbol(method, cancellationToken)?.PartialDefinitionPart is { } written
            && gone.Any(leftover => SymbolEqualityComparer.Default.Equals(leftover.Symbol, written));
    }

    /// <summary>What this configuration leaves out, another may compile.</summary>
    private static async Task<bool> IsNamedInDisabledTextAsync(Solution solution, ISymbol symbol, CancellationToken cancellationToken)
    {
        IEnumerable<Document> documents = symbol.DeclaringSyntaxReferences
            .Select(reference => solution.GetDocument(reference.SyntaxTree)?.Project)
            .Where(project => project is not null)
            .SelectMany(project => project!.Documents);
        foreach (Document document in documents)
        {
            SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
            if (root is { ContainsDirectives: true } && root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia) && trivia.ToString().Contains(symbol.Name)))
                return true;
        }

        return false;
    }
}
