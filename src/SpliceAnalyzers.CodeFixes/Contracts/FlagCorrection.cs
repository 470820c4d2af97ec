using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Removes flags from the call that a diagnostic is of.</summary>
internal static class FlagCorrection
{
    /// <param name="document">Where the call is.</param>
    /// <param name="place">The place of the call.</param>
    /// <param name="bits">Which bits go, by the function's row in the table.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<Correction?> ForAsync(Document document, Location place, Func<NativeSignature, uint> bits, CancellationToken cancellationToken)
    {
        if (await SourceFix.NodeAsync(document, place, cancellationToken).ConfigureAwait(false) is not var (node, model))
            return null;
        var calls = new NativeCalls(model.Compilation, cancellationToken);
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } syntax || model.GetOperation(syntax, cancellationToken) is not { } operation)
            return null;
        if (calls.Resolve(operation) is not { Signature: { } signature } call || call.Written(NativeRole.Flags) is not { Expression: var flags })
            return null;

        var removal = new FlagRemoval(model, bits(signature));
        return removal.Of(flags) is { } change ? new Correction([new SourceChange(document, change)]) { Leftovers = removal.Leftovers } : null;
    }
}
