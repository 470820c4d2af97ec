using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>A solution in which calls of vmsplice have been replaced.</summary>
/// <param name="Before">The solution as it was.</param>
/// <param name="After">The solution with the calls replaced.</param>
/// <param name="HandOffs">The calls that were replaced.</param>
/// <param name="Documents">The documents that differ.</param>
internal sealed record Rewrite(Solution Before, Solution After, IReadOnlyList<HandOff> HandOffs, IReadOnlyList<DocumentId> Documents)
{
    /// <summary>Replaces the calls, all in one go; null where none of them can be.</summary>
    public static async Task<Rewrite?> ApplyAsync(
        Solution solution, IEnumerable<HandOff> handOffs, Replacement replacement, CancellationToken cancellationToken)
    {
        var edits = new SolutionEdits(solution);
        var names = new NewNames();
        var accepted = new List<CallChange>();
        foreach (HandOff handOff in handOffs)
        {
            if (await CallChange.ForAsync(handOff, replacement, names, cancellationToken).ConfigureAwait(false) is { } change && TryAdd(change, edits))
                accepted.Add(change);
        }

        if (accepted.Count == 0)
            return null;

        IReadOnlyList<Leftover> leftovers = await Leftover
            .FindAsync(solution, Unneeded(accepted), edits, cancellationToken)
            .ConfigureAwait(false);
        foreach (IGrouping<(DocumentId, TextSpan), NewDeclaration> added in NewDeclarations(accepted))
            Place([.. added.OrderBy(declaration => declaration.Name, StringComparer.Ordinal)], leftovers, edits);
        foreach (Leftover leftover in leftovers)
            Remove(leftover, edits);
        return new Rewrite(solution, await edits.ApplyAsync(cancellationToken).ConfigureAwait(false), [.. accepted.Select(change => change.HandOff)], edits.Documents);
    }

    private static IEnumerable<ISymbol> Unneeded(IReadOnlyList<CallChange> changes) =>
        changes.SelectMany(change => change.Leftovers).Except<ISymbol>(changes.SelectMany(change => change.Needed), SymbolEqualityComparer.Default);

    private static bool TryAdd(CallChange change, SolutionEdits edits)
    {
        DocumentEdits document = edits.For(change.HandOff.Document);
        if (!change.Changes.All(document.Accepts))
            return false;
        foreach (TextChange text in change.Changes)
            document.Add(text);
        foreach (TextSpan span in change.Moved)
            document.KeepMoved(span);
        return true;
    }

    private static IEnumerable<IGrouping<(DocumentId, TextSpan), NewDeclaration>> NewDeclarations(IEnumerable<CallChange> changes) =>
        changes.SelectMany(change => change.Declarations)
            .GroupBy(declaration => (Place(declaration.Beside), declaration.Text))
            .Select(same => same.First())
            .GroupBy(declaration => Place(declaration.Beside));

    private static (DocumentId, TextSpan) Place(SourceDeclaration declaration) =>
        (SolutionEdits.FirstLinked(declaration.Document), declaration.Syntax.Span);

    private static void Place(IReadOnlyList<NewDeclaration> added, IReadOnlyList<Leftover> leftovers, SolutionEdits edits)
    {
        SourceDeclaration vmsplice = added[0].Beside;
        TextChange change = leftovers.Any(leftover => leftover.Syntax == vmsplice.Syntax)
            ? DeclarationPlacement.InsteadOf(vmsplice, added)
            : DeclarationPlacement.After(vmsplice, added);
        edits.For(vmsplice.Document).Add(change);
    }

    /// <summary>Removes a declaration, unless a new one has taken its place already.</summary>
    internal static void Remove(Leftover leftover, SolutionEdits edits)
    {
        DocumentEdits document = edits.For(leftover.Document);
        SourceText text = leftover.Syntax.SyntaxTree.GetText();
        TextChange removal = leftover.Symbol is ILocalSymbol ? Removal.OfStatement(text, leftover.Syntax, []) : Removal.OfDeclaration(text, leftover.Syntax);
        if (document.Accepts(removal))
            document.Add(removal);
    }
}
