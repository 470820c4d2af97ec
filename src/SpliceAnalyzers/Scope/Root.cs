using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Scope;

/// <summary>A method that nobody in the program calls, seen from outside.</summary>
/// <param name="Method">The method.</param>
/// <param name="Procedure">Its procedure.</param>
/// <param name="Declaration">Its declaration.</param>
/// <param name="CallersUnknown">True when code outside the compilation, or a delegate, may call it with memory of its own.</param>
internal sealed record EntryMethod(IMethodSymbol Method, int Procedure, SyntaxNode Declaration, bool CallersUnknown);

/// <summary>
/// Where a program begins: one method, or a type whose methods share state and so are called in any order.
/// </summary>
/// <param name="Type">The type whose object the methods are called on.</param>
/// <param name="Methods">The methods, at least one.</param>
/// <param name="IsLoop">True when any of them is called after any other.</param>
internal sealed record Root(INamedTypeSymbol Type, IReadOnlyList<EntryMethod> Methods, bool IsLoop);
