using System;
using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Costs;

/// <summary>
/// What steps cost, in nanoseconds for a page of 4 KiB. The defaults are medians measured on Linux 6.18 in a virtual machine (KERNEL.md, Cost): their
/// ratios mean something, their absolute values do not. Every one can be replaced by what was measured elsewhere.
/// </summary>
public sealed class CostTable
{
    /// <summary>write and read: both copies.</summary>
    public double Copy { get; set; } = 1050;

    /// <summary>A store to a page that a slot still holds: fault, allocate, copy.</summary>
    public double CopyFault { get; set; } = 2900;

    /// <summary>A store to a write-protected page that nobody else holds: fault, reuse.</summary>
    public double ReuseFault { get; set; } = 1365;

    /// <summary>A page of fresh memory: its part of mmap, the first touch, its part of munmap.</summary>
    public double FreshPage { get; set; } = 2490;

    /// <summary>vmsplice and read, as a multiple of <see cref="Copy"/>, by the bytes of the call; ascending.</summary>
    public IReadOnlyList<(double Bytes, double Ratio)> ReferenceRatios { get; set; } = [(4096, 1.15), (8192, 1.04), (16384, 0.50), (65536, 0.28), (1048576, 0.25)];

    /// <summary>Changing a page's protection or taking it away, with its part of flushing, by the pages of the call; ascending.</summary>
    public IReadOnlyList<(double Pages, double Cost)> Protections { get; set; } = [(1, 1692), (16, 189), (64, 101)];

    /// <summary>The same while another thread of the process runs, which has to be interrupted.</summary>
    public IReadOnlyList<(double Pages, double Cost)> ProtectionsWithThreads { get; set; } = [(1, 18463), (16, 1067), (64, 329)];

    /// <summary>True when another thread of the process runs meanwhile.</summary>
    public bool OtherThreadsRun { get; set; }

    /// <summary>vmsplice and read of a page, in a call of so many bytes.</summary>
    public double Reference(double bytes) => Copy * At(ReferenceRatios, bytes);

    /// <summary>Protecting a page, in a call of so many pages.</summary>
    public double Protection(double pages) => At(OtherThreadsRun ? ProtectionsWithThreads : Protections, pages);

    /// <summary>Between two points the logarithms are followed; beyond the ends the ends hold.</summary>
    private static double At(IReadOnlyList<(double X, double Y)> points, double x)
    {
        if (x <= points[0].X) return points[0].Y;
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            if (x > b.X) continue;
            var part = Math.Log(x / a.X) / Math.Log(b.X / a.X);
            return a.Y * Math.Pow(b.Y / a.Y, part);
        }
        return points[points.Count - 1].Y;
    }
}

/// <summary>What the run of a program costs, in nanoseconds, and on what that goes.</summary>
public sealed class Price
{
    /// <summary>How many pages' worth of bytes went into pipes and files.</summary>
    public double Pages { get; internal set; }

    /// <summary>Copying.</summary>
    public double Copying { get; internal set; }

    /// <summary>Handing off by reference, and the reader's copy.</summary>
    public double References { get; internal set; }

    /// <summary>Protecting pages, or taking them away, at the hand-off.</summary>
    public double Protection { get; internal set; }

    /// <summary>Stores to protected pages.</summary>
    public double Faults { get; internal set; }

    /// <summary>First stores to fresh memory.</summary>
    public double FreshMemory { get; internal set; }

    /// <summary>All of it.</summary>
    public double Total => Copying + References + Protection + Faults + FreshMemory;

    /// <summary>All of it for one page handed off; 0 where none was.</summary>
    public double PerPage => Pages > 0 ? Total / Pages : 0;

    /// <summary>False when the program was not run to its end, because it has none in sight.</summary>
    public bool IsComplete { get; internal set; }
}
