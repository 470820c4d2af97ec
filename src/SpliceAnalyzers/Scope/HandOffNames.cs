using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Lowering;

namespace SpliceAnalyzers.Scope;

/// <summary>By which names the code of a compilation hands memory off: those of the functions, and what it or a library calls them.</summary>
internal static class HandOffNames
{
    /// <summary>The names, given those of the functions.</summary>
    public static IEnumerable<string> Of(Compilation compilation, MemberIndex index, IReadOnlyList<string> functions, CancellationToken cancellation) =>
        functions.Concat(In(index, functions)).Concat(compilation.ExternalReferences.SelectMany(reference => In(reference, functions, cancellation))).Distinct();

    private static IEnumerable<string> In(MemberIndex index, IReadOnlyList<string> functions) =>
        index.ImportedAs(functions).Concat(index.LoadedAs(functions)).Concat(index.MarkedWith(Promise.InFlight));

    private static IEnumerable<string> In(MetadataReference reference, IReadOnlyList<string> functions, CancellationToken cancellation) => reference switch
    {
        PortableExecutableReference file => NativeReferences.In(file).Where(entry => entry.Function is null || functions.Contains(entry.Function)).Select(static entry => entry.Name),
        CompilationReference project => In(new MemberIndex(project.Compilation.SyntaxTrees.Where(tree => (NativeMentions.Of(tree, cancellation) & NativeMention.HandOff) != 0), cancellation), functions),
        _ => [],
    };
}
