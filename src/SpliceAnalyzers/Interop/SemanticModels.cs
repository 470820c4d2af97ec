using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>One semantic model for each tree of a compilation: every new one would bind the whole method again that it is asked about.</summary>
internal static class SemanticModels
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, SemanticModel>> Known = new();

    /// <summary>The model of a tree of the compilation.</summary>
    public static SemanticModel ModelOf(this Compilation compilation, SyntaxTree tree) =>
        Known.GetValue(compilation, static _ => new ConcurrentDictionary<SyntaxTree, SemanticModel>()).GetOrAdd(tree, key => compilation.GetSemanticModel(key));
}
