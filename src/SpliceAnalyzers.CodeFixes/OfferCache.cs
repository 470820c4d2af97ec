using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Remembers which fixes of a version of the code were found clean: one hand-off can have several diagnostics.</summary>
internal sealed class OfferCache
{
    private readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<(SyntaxTree, TextSpan, Replacement), bool>> known = new();

    public async Task<bool> IsOfferedAsync(
        HandOff handOff, Replacement replacement, Func<CancellationToken, Task<bool>> verify, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<(SyntaxTree, TextSpan, Replacement), bool> offers = known.GetOrCreateValue(handOff.Model.Compilation);
        (SyntaxTree, TextSpan, Replacement) key = (handOff.Syntax.SyntaxTree, handOff.Syntax.Span, replacement);
        if (offers.TryGetValue(key, out bool isOffered))
            return isOffered;

        isOffered = await verify(cancellationToken).ConfigureAwait(false);
        offers.TryAdd(key, isOffered);
        return isOffered;
    }
}
