using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.Edits;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>A declaration that has lost its last use, and can go.</summary>
/// <param name="Document">The document that it is in.</param>
/// <param name="Syntax">The member or statement that declares it and nothing else.</param>
/// <param name="Symbol">What it declares.</param>
internal sealed record Leftover(Document Document, SyntaxNode Syntax, ISymbol Symbol)
{
    /// <summary>What of the candidates nothing uses any more, once the edits and the leftovers themselves are gone.</summary>
    public static async Task<IReadOnlyList<Leftover>> FindAsync(
        Solution solution, IEnumerable<ISymbol> candidates, SolutionEdits edits, CancellationToken cancellationToken)
    {
        List<Leftover> open = [.. candidates
            .Distinct<ISymbol>(SymbolEqualityComparer.Default)
            .Where(IsHidden)
            .Select(symbol => Of(solution, symbol))
            .OfType<Leftover>()];
        var gone = new List<Leftover>();
        bool again = true;
        while (again)
        {
            again = false;
            foreach (Leftover leftover in open.ToArray())
            {
                if (await SymbolUses.IsUsedAsync(solution, leftover.Symbol, edits, gone, cancellationToken).ConfigureAwait(false))
                    continue;
                gone.Add(leftover);
                open.Remove(leftover);
                again = true;
            }
        }

        return [.. gone];
    }

    private static Leftover? Of(Solution solution, ISymbol symbol)
    {
        ISymbol definition = symbol is IMethodSymbol { PartialDefinitionPart: { } part } ? part : symbol;
        if (definition.DeclaringSyntaxReferences is not [{ } reference]
            || solution.GetDocument(reference.SyntaxTree) is not { } document
            || document is SourceGeneratedDocument)
        {
            return null;
        }

        SyntaxNode? syntax = SourceDeclaration.Of(definition, reference.GetSyntax());
        return syntax is null || HasDirectiveInside(syntax) ? null : new Leftover(document, syntax, definition);
    }

    /// <summary>True if no code that this solution does not show can use it.</summary>
    private static bool IsHidden(ISymbol symbol)
    {
        if (symbol is ILocalSymbol or IMethodSymbol { MethodKind: MethodKind.LocalFunction })
            return true;

        bool isInternal = false;
        for (ISymbol? each = symbol; each is not null and not INamespaceSymbol; each = each.ContainingSymbol)
        {
            if (each.DeclaredAccessibility == Accessibility.Private)
                return true;
            isInternal |= each.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal;
        }

        return isInternal && !symbol.ContainingAssembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute");
    }

    private static bool HasDirectiveInside(SyntaxNode node) =>
        node.DescendantTrivia().Any(trivia => trivia.IsDirective && trivia.SpanStart >= Removal.StartWithDocumentation(node) && trivia.Span.End <= node.Span.End);
}
