using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>What solves one diagnostic.</summary>
/// <param name="Changes">The changes, in positions of the old texts.</param>
internal sealed record Correction(IReadOnlyList<SourceChange> Changes)
{
    /// <summary>A name that other documents may use, and that means something else afterwards; null where nothing else is concerned.</summary>
    public string? ChangedName { get; init; }

    /// <summary>What may have lost its last use.</summary>
    public IReadOnlyList<ISymbol> Leftovers { get; init; } = [];

    public static Correction? Of(IEnumerable<SourceChange>? changes) => changes?.ToArray() is { Length: > 0 } some ? new Correction(some) : null;
}
