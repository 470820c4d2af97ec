using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Decides what is called instead of vmsplice, by the way that vmsplice was called: something that is there, or something new beside it.</summary>
internal static class CalleeChoice
{
    /// <param name="handOff">The call of vmsplice.</param>
    /// <param name="function">What is to be called.</param>
    /// <param name="operands">What is to be passed.</param>
    /// <param name="segment">The members of the iovec, where they are passed themselves.</param>
    /// <param name="names">The names of what is declared together.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Null where no declaration fits and none can be written.</returns>
    public static async Task<Callee?> FindAsync(
        HandOff handOff, NativeFunction function, IReadOnlyList<Operand> operands, SegmentMembers? segment, NewNames names, CancellationToken cancellationToken)
    {
        if (handOff.IsNumbered)
            return await SystemCallFunction.FindAsync(handOff, function, operands, names, cancellationToken).ConfigureAwait(false);
        if (!handOff.IsImported && await ExportCopy.FindAsync(handOff, function, names, cancellationToken).ConfigureAwait(false) is { } copy)
            return copy;
        return ExistingFunctions.Find(handOff, function, operands, cancellationToken)
            ?? await NewImport.FindAsync(handOff, function, segment, names, cancellationToken).ConfigureAwait(false);
    }
}
