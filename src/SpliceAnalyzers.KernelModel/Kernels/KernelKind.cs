using System;
using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>The kernels that a program can be explored on: today's, and what has been proposed (KERNEL.md, the five kernels).</summary>
public enum KernelKind
{
    /// <summary>Linux as it is.</summary>
    Linux,
    /// <summary>vmsplice is read or write by direction (Torvalds, 29 June 2023).</summary>
    VmspliceCopies,
    /// <summary>A pipe holds only private frames: gifts are taken away from their owner, all else is copied (Howells, RFC of 29 June 2023).</summary>
    HowellsRfc,
    /// <summary>vmsplice and write take whole pages and mark them read-only; a store copies (Torvalds's experiment, told on 29 June 2023).</summary>
    CowSnapshot,
    /// <summary>splice and vmsplice are names for loops of read and write (Torvalds, 29 June 2023).</summary>
    Decommissioned,
}

/// <summary>The kernels' names, as in .editorconfig.</summary>
public static class KernelNames
{
    private static readonly (KernelKind Kind, string Name)[] Names =
    [
        (KernelKind.Linux, "linux"), (KernelKind.VmspliceCopies, "vmsplice_copies"), (KernelKind.HowellsRfc, "howells_rfc"),
        (KernelKind.CowSnapshot, "cow_snapshot"), (KernelKind.Decommissioned, "decommissioned"),
    ];

    /// <summary>The names of all kernels.</summary>
    public static IReadOnlyList<string> All { get; } = Array.ConvertAll(Names, static kernel => kernel.Name);

    /// <summary>The name of a kernel.</summary>
    public static string Of(KernelKind kind) => Names[(int)kind].Name;

    /// <summary>The kernel of that name, in small letters; false where there is none.</summary>
    public static bool TryParse(string name, out KernelKind kind)
    {
        var index = Array.FindIndex(Names, candidate => candidate.Name == name);
        kind = Names[Math.Max(index, 0)].Kind;
        return index >= 0;
    }
}
