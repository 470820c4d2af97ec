using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// What authors say of their methods by attributes that they declare themselves; only the attribute's name counts. On a method they are about all
/// memory, or all that it is given; on a parameter about that one.
/// </summary>
internal static class Promise
{
    /// <summary>The attribute's name: when the method returns, the buffer is still in a pipe.</summary>
    public const string InFlight = NativeMentions.PromiseWord;

    private const string Drained = "DrainedOnReturn";

    /// <summary>When the method returns, whoever got any bytes has copied them.</summary>
    public static bool DrainsAll(IMethodSymbol method) => Has(method, Drained);

    /// <summary>When the method returns, whoever got bytes of this buffer has copied them.</summary>
    public static bool Drains(IParameterSymbol parameter) => Has(parameter, Drained);

    /// <summary>When the method returns, this buffer is in a pipe.</summary>
    public static bool LeavesInFlight(IParameterSymbol parameter) =>
        Has(parameter, InFlight) || Has(parameter.ContainingSymbol, InFlight) && TypeShape.HoldsReferences(parameter.Type);

    private static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(a => a.AttributeClass is { } type && (type.Name == attribute || type.Name == attribute + "Attribute"));
}
