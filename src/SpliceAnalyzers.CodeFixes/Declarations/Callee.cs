using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>The function that is called instead of vmsplice.</summary>
/// <param name="Text">How it is named at the call.</param>
/// <param name="ParameterNames">Its parameters, for calls that name their arguments.</param>
/// <param name="ParameterTypes">What the arguments have to convert to.</param>
/// <param name="ReturnType">What it returns.</param>
/// <param name="Declaration">Its declaration, if it has to be written.</param>
internal sealed record Callee(
    string Text,
    IReadOnlyList<string> ParameterNames,
    IReadOnlyList<ITypeSymbol> ParameterTypes,
    ITypeSymbol ReturnType,
    NewDeclaration? Declaration);
