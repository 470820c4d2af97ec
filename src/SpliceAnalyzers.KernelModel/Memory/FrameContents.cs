using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Pipes;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>
/// The bytes themselves. The search needs none of them; where the model is held against a running kernel, they are kept beside the same state
/// that the search uses, and the same rules move both.
/// </summary>
internal sealed class FrameContents
{
    private readonly Dictionary<int, byte[]> _regions = [];
    private readonly List<byte[]> _stable = [];

    /// <summary>The bytes of a region from its start, at least so many.</summary>
    public byte[] Of(int region, long atLeast)
    {
        if (!_regions.TryGetValue(region, out var bytes)) bytes = [];
        if (bytes.Length < atLeast) Array.Resize(ref bytes, (int)atLeast);
        return _regions[region] = bytes;
    }

    public void Store(int region, long offset, byte[] source, long start, long length) =>
        Array.Copy(source, start, Of(region, offset + length), offset, length);

    public void Zero(int region, long from, long to)
    {
        var bytes = Of(region, 0);
        to = Math.Min(to, bytes.Length);
        if (from < to) Array.Clear(bytes, (int)from, (int)(to - from));
    }

    /// <summary>Keeps the bytes of slots as they are now; the result is the content of the stable slots.</summary>
    public int Keep(in SlotRun run) => Keep(Read(run), (int)(run.Offset % PageSize.Bytes));

    /// <summary>Keeps bytes that lie so far into their first page.</summary>
    public int Keep(byte[] bytes, int inPage)
    {
        var kept = new byte[inPage + bytes.Length];
        bytes.CopyTo(kept, inPage);
        _stable.Add(kept);
        return SlotRun.NoContent - _stable.Count;
    }

    /// <summary>Keeps some of the bytes.</summary>
    public int Keep(byte[] bytes, long from, long length)
    {
        var part = new byte[length];
        Array.Copy(bytes, from, part, 0, length);
        return Keep(part, 0);
    }

    /// <summary>A write went into the last slot of a copy.</summary>
    public void Append(int content, byte[] bytes, long count)
    {
        var index = SlotRun.NoContent - 1 - content;
        var kept = _stable[index];
        var end = kept.Length;
        Array.Resize(ref kept, end + (int)count);
        Array.Copy(bytes, 0, kept, end, count);
        _stable[index] = kept;
    }

    /// <summary>The bytes that slots show now.</summary>
    public byte[] Read(in SlotRun run)
    {
        var result = new byte[run.Length];
        // Slots of the zero page have no content.
        if (run.Region == SlotRun.NoContent) return result;
        var source = run.IsStable ? _stable[SlotRun.NoContent - 1 - run.Region] : Of(run.Region, run.End);
        Array.Copy(source, run.Offset, result, 0, run.Length);
        return result;
    }
}
