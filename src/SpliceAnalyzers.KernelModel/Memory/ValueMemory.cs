using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>Which of the values that may be found at a place is wanted.</summary>
internal enum Wanted
{
    /// <summary>Any.</summary>
    Anything,
    /// <summary>One that points somewhere.</summary>
    Reference,
    /// <summary>One that does not.</summary>
    Number,
}

/// <summary>Loads and stores of values, at places known exactly or not.</summary>
internal static class ValueMemory
{
    /// <summary>More integers than this are not kept apart: the region is a data buffer, and nobody needs them.</summary>
    private const int MostNumbers = 256;

    /// <summary>More values than this are not kept at all.</summary>
    private const int MostValues = 1024;

    /// <summary>More values than this at unknown places make the background unknown instead.</summary>
    private const int MostAstray = 4;

    /// <summary>More candidates than this for one load, and the numbers among them become one unknown number.</summary>
    private const int MostCandidates = 8;

    /// <summary>What the region holds where no value is kept.</summary>
    public static Value BackgroundOf(Region region) => region.Background switch
    {
        Background.Zero => Value.Exact(0),
        Background.Unknown => Value.Unknown(),
        _ => Value.Widened,
    };

    /// <summary>The value at an offset; where it may be one of several, one of them is chosen.</summary>
    public static Value Load(Region region, Value offset, int width, Choices choices, Wanted wanted = Wanted.Anything)
    {
        var kept = region.Kept;
        var at = offset.HasExactNumber ? kept.Find(offset.Number) : -1;
        var found = CountCandidates(kept, at, offset, wanted);
        // A value kept at the very place is among the candidates; otherwise the background is one more.
        var hasBackground = at < 0 && (offset.HasExactNumber || region.Background != Background.Zero || found == 0);
        var isCrowd = found > MostCandidates && wanted == Wanted.Anything;
        if (isCrowd)
        {
            wanted = Wanted.Reference;
            found = CountCandidates(kept, at, offset, wanted);
            hasBackground = true;
        }
        var choice = choices.Choose(found + (hasBackground ? 1 : 0));
        for (var i = 0; i < kept.Count; i++)
        {
            if (IsCandidate(kept, i, at, offset, wanted) && choice-- == 0) return Narrow(kept[i], width);
        }
        if (isCrowd) return offset.IsBlurred ? Value.Widened : Value.Unknown();
        return offset.HasExactNumber && kept.Overlaps(offset.Number, offset.Number + width) ? Value.Unknown() : BackgroundOf(region);
    }

    /// <summary>Stores a value; a null one stands for bytes that nobody can load again.</summary>
    public static void Store(Region region, Value offset, int width, Value? value)
    {
        var kept = region.Kept;
        if (!offset.HasExactNumber)
        {
            if (value is { } stray && kept.AstrayCount < MostAstray) kept.PutAstray(width, stray);
            else Blur(region, offset.IsBlurred);
            return;
        }
        if (value is { } known) kept.Put(offset.Number, width, known);
        else Erase(region, offset.Number, offset.Number + width);
        if (kept.Count <= MostNumbers) return;
        kept.ForgetNumbers();
        if (kept.Count > MostValues) kept.Clear();
        region.Background = Background.Widened;
    }

    /// <summary>Bytes of unknown value were stored.</summary>
    public static void Erase(Region region, long from, long to)
    {
        region.Kept.Erase(from, to);
        Blur(region, false);
    }

    /// <summary>Copies the values kept in a range.</summary>
    public static void Copy(Region target, in Extent to, Region source, in Extent from)
    {
        if (to.AnyPlace || from.AnyPlace)
        {
            if (!to.AnyPlace) Erase(target, to.From, to.To);
            else Blur(target, to.Blurred);
            return;
        }
        var shift = to.From - from.From;
        // Values are read before the target is erased, since both may be the same region.
        var copied = new List<KeptValue>();
        for (var i = source.Kept.AstrayCount; i < source.Kept.Count; i++)
        {
            var item = source.Kept[i];
            if (item.Offset >= from.From && item.End <= from.To && item.End + shift <= to.To) copied.Add(item);
        }
        target.Kept.Erase(to.From, to.To);
        if (source.Background != Background.Zero) Blur(target, source.Background == Background.Widened);
        foreach (var item in copied) Store(target, Value.Exact(item.Offset + shift), item.Width, item.Value);
        for (var i = 0; i < source.Kept.AstrayCount; i++) target.Kept.PutAstray(source.Kept[i].Width, source.Kept[i].Value);
    }

    private static void Blur(Region region, bool widened)
    {
        if (widened) region.Background = Background.Widened;
        else if (region.Background == Background.Zero) region.Background = Background.Unknown;
    }

    private static int CountCandidates(KeptValues kept, int at, Value offset, Wanted wanted)
    {
        var count = 0;
        for (var i = 0; i < kept.Count; i++)
        {
            if (IsCandidate(kept, i, at, offset, wanted)) count++;
        }
        return count;
    }

    private static bool IsCandidate(KeptValues kept, int index, int at, Value offset, Wanted wanted)
    {
        ref var item = ref kept[index];
        if (index == at) return true;
        if (!item.Astray && offset.HasExactNumber) return false;
        return wanted == Wanted.Anything || (item.Value.IsPointer || item.Value.IsDescriptor) == (wanted == Wanted.Reference);
    }

    private static Value Narrow(in KeptValue item, int width)
    {
        if (item.Width == width || item.Value.IsDescriptor || item.Value.IsIdle) return item.Value;
        var isSmall = item.Value is { IsExactNumber: true, Number: >= 0 } && item.Value.Number < 1L << (8 * Math.Min(width, 4) - 1);
        return isSmall && width < item.Width ? item.Value : item.Value.IsBlurred ? Value.Widened : Value.Unknown();
    }
}
