using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Scope;

/// <summary>A declaration with code of its own: a method, an accessor, a constructor, an operator, the top-level statements.</summary>
/// <param name="Declaration">Its syntax; for top-level statements the compilation unit.</param>
/// <param name="Name">What callers call it: the method's or property's name, a constructor's type; empty where nothing can.</param>
/// <param name="Mentions">Every identifier in it, and the marks of <see cref="MemberIndex"/>.</param>
internal sealed record Member(SyntaxNode Declaration, string Name, HashSet<string> Mentions);
