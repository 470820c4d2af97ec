using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>The function that is called instead of vmsplice.</summary>
/// <param name="Text">How it is named at the call.</param>
/// <param name="ParameterNames">Its parameters, for calls that name their arguments.</param>
/// <param name="ParameterTypes">What the arguments have to convert to.</param>
/// <param name="ReturnType">What it returns.</param>
/// <param name="Declarations">What has to be declared for it.</param>
/// <param name="Leftovers">What the call named and may not be needed any more.</param>
internal sealed record Callee(
    string Text,
    IReadOnlyList<string> ParameterNames,
    IReadOnlyList<ITypeSymbol> ParameterTypes,
    ITypeSymbol ReturnType,
    IReadOnlyList<NewDeclaration> Declarations,
    IReadOnlyList<ISymbol> Leftovers)
{
    /// <summary>How many arguments a call has at least.</summary>
    public int RequiredParameters { get; init; } = ParameterTypes.Count;
}
