using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>What is found where a region keeps no value.</summary>
internal enum Background : byte
{
    /// <summary>Zeros.</summary>
    Zero,
    /// <summary>Anything.</summary>
    Unknown,
    /// <summary>Something the explorer stopped following.</summary>
    Widened,
}

/// <summary>What is known about a region that is a file.</summary>
[Flags]
internal enum FileTraits : byte
{
    /// <summary>Nothing: it may be a pipe, a socket or a device.</summary>
    None = 0,
    /// <summary>Taken for a file: a splice into it copies, and a write changes its pages.</summary>
    IsRegular = 1,
    /// <summary><see cref="Region.Name"/> is a path; otherwise it is a descriptor of which only the value is known.</summary>
    IsPath = 2,
    /// <summary>Its pages are a page each, so that a whole-page punch leaves slots alone (KERNEL.md rule 17); not known otherwise.</summary>
    HasSmallFolios = 4,
    /// <summary>In memory only: pages never written are the zero page to splice.</summary>
    IsInMemory = 8,
    /// <summary>Made by the program: no FIFO that was there before.</summary>
    IsNew = 16,
}

/// <summary>
/// A piece of memory of its own. Its pages are mapped one to one to frames of the same numbers until the region ends, except where windows show
/// a file's; a slot in a pipe names a frame by region and offset, and by no region once no mapping can change the frame any more.
/// </summary>
internal sealed class Region
{
    public RegionKind Kind;
    public Value Size;
    public int Pins;

    /// <summary>The frame on the call stack that a stack region ends with.</summary>
    public int Owner;

    /// <summary>Which instruction of the whole program made it, or the load that found it missing.</summary>
    public int Origin;

    /// <summary>The site of the instruction that made it; -1 where it was there before.</summary>
    public int Site;

    /// <summary>Given up: the address remains, the memory is somebody else's.</summary>
    public bool Released;

    /// <summary>Known to code outside the program, so never unreachable.</summary>
    public bool Escaped;

    public Background Background;
    public readonly KeptValues Kept = new();

    /// <summary>Bytes of a private mapping, or of a file in memory, whose pages were written and so have frames of their own (KERNEL.md rule 3).</summary>
    public readonly ByteRanges Populated = new();

    /// <summary>Bytes of a file in memory that fallocate made room for: still zero pages to splice, until fallocate comes across them again.</summary>
    public readonly ByteRanges Reserved = new();

    /// <summary>Bytes that show pages of files, in no order; they do not overlap.</summary>
    public readonly List<Window> Windows = [];

    /// <summary>Bytes of private pages whose next store goes to another frame: a child process shares them (KERNEL.md rule 5), or a kernel protected them.</summary>
    public readonly ByteRanges CopiedOnWrite = new();

    /// <summary>Bytes that are not mapped any more.</summary>
    public readonly ByteRanges Unmapped = new();

    /// <summary>Bytes that are mapped, and not readable.</summary>
    public readonly ByteRanges Barred = new();

    /// <summary>What a file is known by; the integer 0 for one that is known by its descriptors only.</summary>
    public Value Name;

    public FileTraits Traits;

    /// <summary>Bytes handed off with SPLICE_F_GIFT, drained or not: by its documented contract they are never modified again. Each is of region 0.</summary>
    public readonly RunSet Gifts = new();

    /// <summary>So many pins that nobody counts them any more.</summary>
    public const int PinnedForGood = 16;

    /// <summary>A number for witnesses: unique in one run of the program, no part of the state.</summary>
    public int Identity;

    /// <summary>True when the collector may move the bytes and reuse the frames unless the region is pinned.</summary>
    public bool IsMovable => Kind is RegionKind.Managed or RegionKind.Pooled or RegionKind.CallerArray;

    /// <summary>True when its bytes are memory that a system call can hand off.</summary>
    public bool HasFrames => Kind is not (RegionKind.Object or RegionKind.ForeignObject or RegionKind.ReadOnly);

    /// <summary>True when a child process gets a copy of its bytes.</summary>
    public bool IsPrivateMemory => HasFrames && Kind is not (RegionKind.SharedMapping or RegionKind.File);

    /// <summary>True when callers of the program own it.</summary>
    public bool IsForeign => Kind is RegionKind.ForeignObject or RegionKind.Caller or RegionKind.CallerArray;

    public void Reset(RegionKind kind, Value size, int origin, int site)
    {
        Kind = kind;
        Size = size;
        Origin = origin;
        Site = site;
        Pins = Owner = Identity = 0;
        Released = Escaped = false;
        Name = default;
        Traits = FileTraits.None;
        Background = kind switch
        {
            RegionKind.Managed or RegionKind.PinnedHeap or RegionKind.Stack or RegionKind.PrivateMapping or RegionKind.Object => Background.Zero,
            _ => Background.Unknown,
        };
        Kept.Clear();
        Gifts.Clear();
        ForgetPages();
    }

    /// <summary>Forgets what it holds; what is left is an address and, perhaps, bytes in flight.</summary>
    public void Empty()
    {
        Kept.Clear();
        Gifts.Clear();
        ForgetPages();
        Background = Background.Unknown;
    }

    private void ForgetPages()
    {
        Populated.Clear();
        Windows.Clear();
        CopiedOnWrite.Clear();
        Unmapped.Clear();
        Reserved.Clear();
        Barred.Clear();
    }

    /// <summary>True when every byte is an own frame of the region that was there from the beginning.</summary>
    public bool IsPlain => Windows.Count == 0 && Barred.Count == 0 && Unmapped.Count == 0 && !HasZeroPages;

    /// <summary>True when pages that were never written are the zero page.</summary>
    public bool HasZeroPages => Kind == RegionKind.PrivateMapping || (Traits & FileTraits.IsInMemory) != 0;

    /// <summary>The window that shows a byte, of file -1 where none does, and where that ends.</summary>
    public Window WindowAt(long position, out long end)
    {
        end = long.MaxValue;
        foreach (var window in Windows)
        {
            if (position >= window.From && position < window.To)
            {
                end = window.To;
                return window;
            }
            if (window.From > position && window.From < end) end = window.From;
        }
        return new Window { File = -1 };
    }

    /// <summary>Takes away the windows, or parts of them, in a range.</summary>
    public void CutWindows(long from, long to)
    {
        for (var i = Windows.Count - 1; i >= 0; i--)
        {
            var window = Windows[i];
            if (window.From >= to || window.To <= from) continue;
            Windows.RemoveAt(i);
            if (window.From < from) Windows.Add(window with { To = from });
            if (window.To > to) Windows.Add(window with { From = to });
        }
        Windows.Sort(static (a, b) => a.From.CompareTo(b.From));
    }

    /// <summary>The bytes of the region that an access touches; a place or length that is not known exactly is stretched as far as it can reach.</summary>
    public Extent Resolve(Value address, Value length)
    {
        var size = Size.IsExactNumber ? Size.Number : long.MaxValue;
        var blurred = address.IsBlurred || length.IsBlurred;
        if (length is { IsExactNumber: true, Number: <= 0 }) return new Extent(0, 0, false, blurred);
        if (!address.HasExactNumber) return new Extent(0, size, true, blurred);
        var from = address.Number;
        var to = length.IsExactNumber && from < long.MaxValue - length.Number ? from + length.Number : size;
        return new Extent(from < 0 ? 0 : from, to > size ? size : to, false, blurred);
    }
}

/// <summary>A range of bytes of a region.</summary>
internal readonly struct Extent(long from, long to, bool anyPlace, bool blurred)
{
    public readonly long From = from;
    public readonly long To = to;

    /// <summary>True when the access is somewhere in the range, not everywhere.</summary>
    public readonly bool AnyPlace = anyPlace;

    /// <summary>True when a widened value decided the place.</summary>
    public readonly bool Blurred = blurred;

    public bool IsEmpty => From >= To;
}
