using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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
}

/// <summary>
/// The cheap gate before everything else. Code reaches a native function by an import, by an export that it asks for, or through a library that has one of these:
/// a compilation without any is recognised by one look for each at its texts. Only where there is a way do the words of the functions themselves matter.
/// </summary>
internal static class NativeMentions
{
    private static readonly (string Word, NativeMention Mention)[] Words =
    [
        ("splice", NativeMention.HandOff), ("sendfile", NativeMention.HandOff), ("syscall", NativeMention.HandOff), (PromiseWord, NativeMention.HandOff),
        ("tee(", NativeMention.Function), ("\"tee", NativeMention.Function), ("writev", NativeMention.Function), ("readv", NativeMention.Function),
        ("pipe(", NativeMention.Function), ("pipe2", NativeMention.Function), ("\"pipe", NativeMention.Function), ("fcntl", NativeMention.Function),
    ];

    /// <summary>An attribute by which users say of their own methods that they hand memory off.</summary>
    public const string PromiseWord = "LeavesInFlight";

    /// <summary>Some text has to name the namespace in which every way to a native function begins, and most compilations have none that does.</summary>
    private static readonly TextSearch Namespace = new("InteropServices", PromiseWord);

    /// <summary>What every text has in it that declares a native function, as C# spells it; dlsym has to be imported itself.</summary>
    private static readonly TextSearch Ways = new("DllImport", "LibraryImport", "GetExport", PromiseWord);

    /// <summary>A tree's text does not change, so each is searched once, also while its neighbours are being typed in.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<NativeMention>> Known = new();

    /// <summary>What all texts of a compilation say together: every analyzer asks for that.</summary>
    private static readonly ConditionalWeakTable<Compilation, StrongBox<NativeMention>> KnownTogether = new();

    /// <summary>True if the compilation can have a call of the kind: some text of it says a word, or a library has a word of its own for it.</summary>
    public static bool Any(Compilation compilation, NativeMention mentions, CancellationToken cancellation)
    {
        if (KnownTogether.TryGetValue(compilation, out StrongBox<NativeMention> known))
            return (known.Value & mentions) != 0;
        NativeMention together = Together(compilation, cancellation);
        return (KnownTogether.GetValue(compilation, _ => new StrongBox<NativeMention>(together)).Value & mentions) != 0;
    }

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

    private static NativeMention Together(Compilation compilation, CancellationToken cancellation)
    {
        NativeImports imported = NativeReferences.Of(compilation, cancellation);
        if (imported == NativeImports.Renamed)
            return NativeMention.HandOff | NativeMention.Function;
        if (imported == NativeImports.None && !AnyWay(compilation, cancellation))
            return NativeMention.None;
        return compilation.SyntaxTrees.Aggregate(NativeMention.None, (together, tree) => together | Of(tree, cancellation));
    }

    /// <summary>True if some text of the compilation declares native functions, whichever they are.</summary>
    public static bool AnyWay(Compilation compilation, CancellationToken cancellation) =>
        (HasHiddenUsings(compilation) || Namespace.FindsAny(compilation, cancellation)) && Ways.FindsAny(compilation, cancellation);

    /// <summary>What a script uses may be said by its host or by what ran before it.</summary>
    private static bool HasHiddenUsings(Compilation compilation) =>
        compilation.ScriptCompilationInfo is not null || compilation.Options is CSharpCompilationOptions { Usings.IsEmpty: false };

    /// <summary>Looks for words in texts, in each once.</summary>
    private sealed class TextSearch
    {
        private readonly ConditionalWeakTable<SyntaxTree, StrongBox<bool>> _known = new();
        private readonly ConditionalWeakTable<SyntaxTree, StrongBox<bool>>.CreateValueCallback _search;

        public TextSearch(params string[] words) => _search = tree =>
        {
            string text = tree.GetText().ToString();
            return new StrongBox<bool>(Array.Exists(words, word => text.IndexOf(word, StringComparison.Ordinal) >= 0));
        };

        public bool FindsAny(Compilation compilation, CancellationToken cancellation) => compilation.SyntaxTrees.Any(tree =>
        {
            cancellation.ThrowIfCancellationRequested();
            return _known.GetValue(tree, _search).Value;
        });
    }
}
