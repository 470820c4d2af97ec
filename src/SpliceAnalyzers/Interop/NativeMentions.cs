using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>What a text says that can matter to the rules.</summary>
[Flags]
internal enum NativeMention
{
    None = 0,
    /// <summary>A call that can hand pages to a pipe: by name, or by the number of the system call.</summary>
    HandOff = 1,
    /// <summary>Another function of the table.</summary>
    Function = 2,
    /// <summary>A native function is declared.</summary>
    Import = 4,
    /// <summary>A delegate is made of a pointer.</summary>
    Delegate = 8,
}

/// <summary>The cheap gate before everything else: a compilation that never says one of these words, nor uses a library that renames them, has none of the calls.</summary>
internal static class NativeMentions
{
    private static readonly (string Word, NativeMention Mention)[] Words =
    [
        ("splice", NativeMention.HandOff), ("sendfile", NativeMention.HandOff), ("syscall", NativeMention.HandOff), ("LeavesInFlight", NativeMention.HandOff),
        ("tee(", NativeMention.Function), ("\"tee", NativeMention.Function), ("writev", NativeMention.Function), ("readv", NativeMention.Function),
        ("pipe(", NativeMention.Function), ("pipe2", NativeMention.Function), ("\"pipe", NativeMention.Function), ("fcntl", NativeMention.Function),
        ("DllImport", NativeMention.Import), ("LibraryImport", NativeMention.Import), ("GetDelegateForFunctionPointer", NativeMention.Delegate),
    ];

    /// <summary>A tree's text does not change, so each is searched once, also while its neighbours are being typed in.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<NativeMention>> Known = new();

    /// <summary>True if the compilation can have a call of the kind: some text of it says a word, or a library has a word of its own for it.</summary>
    public static bool Any(Compilation compilation, NativeMention mentions, CancellationToken cancellation) =>
        AnyText(compilation, mentions, cancellation) || NativeReferences.AnyRenames(compilation, cancellation);

    /// <summary>True if some text of the compilation says one of the words.</summary>
    public static bool AnyText(Compilation compilation, NativeMention mentions, CancellationToken cancellation) =>
        compilation.SyntaxTrees.Any(tree => (Of(tree, cancellation) & mentions) != 0);

    /// <summary>What the tree's text says.</summary>
    public static NativeMention Of(SyntaxTree tree, CancellationToken cancellation)
    {
        if (Known.TryGetValue(tree, out StrongBox<NativeMention> known))
            return known.Value;
        string text = tree.GetText(cancellation).ToString();
        NativeMention found = NativeMention.None;
        foreach ((string word, NativeMention mention) in Words)
        {
            if ((found & mention) == 0 && text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                found |= mention;
        }

        return Known.GetValue(tree, _ => new StrongBox<NativeMention>(found)).Value;
    }
}
