using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>How one call is rewritten, before anything is.</summary>
/// <param name="HandOff">The call.</param>
/// <param name="Changes">The changes to its document.</param>
/// <param name="Moved">Parts of what the changes remove that they put elsewhere.</param>
/// <param name="Declaration">The declaration that it needs and the code lacks.</param>
/// <param name="Leftovers">What may have lost its last use.</param>
internal sealed record CallChange(
    HandOff HandOff,
    IReadOnlyList<TextChange> Changes,
    IReadOnlyList<TextSpan> Moved,
    NewDeclaration? Declaration,
    IReadOnlyList<ISymbol> Leftovers)
{
    /// <summary>Null where the call cannot be rewritten so.</summary>
    public static Task<CallChange?> ForAsync(HandOff handOff, Replacement replacement, CancellationToken cancellationToken) =>
        replacement == Replacement.Writev
            ? WritevCall.ForAsync(handOff, cancellationToken)
            : WriteCall.ForAsync(handOff, cancellationToken);
}
