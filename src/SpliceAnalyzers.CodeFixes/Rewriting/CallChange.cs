using System.Collections.Generic;
using System.Linq;
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
/// <param name="Declarations">The declarations that it needs and the code lacks.</param>
/// <param name="Leftovers">What may have lost its last use.</param>
/// <param name="Needed">What the new text names.</param>
internal sealed record CallChange(
    HandOff HandOff,
    IReadOnlyList<TextChange> Changes,
    IReadOnlyList<TextSpan> Moved,
    IReadOnlyList<NewDeclaration> Declarations,
    IReadOnlyList<ISymbol> Leftovers,
    IReadOnlyList<ISymbol> Needed)
{
    /// <summary>Null where the call cannot be rewritten so. What a directive leaves out of a call would be left behind.</summary>
    public static async Task<CallChange?> ForAsync(HandOff handOff, Replacement replacement, NewNames names, CancellationToken cancellationToken)
    {
        if (handOff.Syntax.DescendantTrivia().Any(trivia => trivia.IsDirective && handOff.Syntax.Span.Contains(trivia.Span)))
            return null;
        return replacement switch
        {
            Replacement.Writev => await WritevCall.ForAsync(handOff, NativeFunction.Writev, NativeFunction.Pwritev2, names, cancellationToken).ConfigureAwait(false),
            Replacement.Readv => await WritevCall.ForAsync(handOff, NativeFunction.Readv, NativeFunction.Preadv2, names, cancellationToken).ConfigureAwait(false),
            _ => await WriteCall.ForAsync(handOff, names, cancellationToken).ConfigureAwait(false),
        };
    }
}
