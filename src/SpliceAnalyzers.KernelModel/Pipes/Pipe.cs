using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Pipes;

/// <summary>Who may take bytes out of a pipe.</summary>
internal enum Readership : byte
{
    /// <summary>Only the program: a ring of known size, first in, first out.</summary>
    Private,
    /// <summary>Somebody who only copies (or waits): slots leave when later ones need their place, and not before.</summary>
    Copying,
    /// <summary>Anybody, who may pass references on or enlarge the pipe: nothing is known to leave.</summary>
    Anybody,
}

/// <summary>A pipe as a ring of slots (KERNEL.md rules 10 to 14).</summary>
internal sealed class Pipe
{
    public const int DefaultSlots = 16;

    /// <summary>What a socket holds is bounded in bytes, and not looked at here.</summary>
    private const int MostQueued = 1 << 20;

    public Readership Readership;

    /// <summary>How many slots the ring has; 0 where nobody established it.</summary>
    public long Slots;

    /// <summary>True for a pipe that was there before the program.</summary>
    public bool IsForeign;

    /// <summary>The number (or unknown) that the program uses as a descriptor of a foreign pipe.</summary>
    public Value Name;

    /// <summary>The program made the pipe, and has not closed this end.</summary>
    public bool ReadEndOpen;

    public bool WriteEndOpen;

    /// <summary>Somebody else may write, too.</summary>
    public bool WriteEndShared;

    /// <summary>The queue of a socket: it has no slots that could run out.</summary>
    public bool IsQueue;

    /// <summary>The queue of a datagram socket.</summary>
    public bool IsDatagram;

    /// <summary>The slots, oldest first.</summary>
    public readonly List<SlotRun> Ring = [];

    /// <summary>What was put in before the size was established; it is older than the ring and leaves as a whole.</summary>
    public readonly RunSet Older = new();

    public void Reset()
    {
        Readership = Readership.Private;
        Slots = DefaultSlots;
        Name = default;
        ReadEndOpen = WriteEndOpen = true;
        WriteEndShared = IsForeign = IsQueue = IsDatagram = false;
        Ring.Clear();
        Older.Clear();
    }

    public void ResetForeign(Value name)
    {
        Reset();
        Readership = Readership.Copying;
        Slots = 0;
        Name = name;
        IsForeign = true;
        ReadEndOpen = WriteEndOpen = false;
    }

    public void ResetQueue(bool isDatagram)
    {
        Reset();
        Slots = MostQueued;
        IsQueue = true;
        IsDatagram = isDatagram;
    }

    public bool IsEmpty => Ring.Count == 0 && Older.Count == 0;

    public long Available
    {
        get
        {
            long bytes = 0;
            foreach (var run in Ring) bytes += run.Length;
            return bytes;
        }
    }

    public long Occupied
    {
        get
        {
            long slots = 0;
            foreach (var run in Ring) slots += run.Slots;
            return slots;
        }
    }

    /// <summary>Appends slots. Where the size is known and somebody copies, the oldest ones have left to make room (KERNEL.md, ring).</summary>
    public void Push(SlotRun run)
    {
        if (run.Length == 0) return;
        if (Slots == 0)
        {
            Older.Add(run);
            return;
        }
        Ring.Add(run);
        if (Readership == Readership.Copying) KeepNewest(Slots);
    }

    /// <summary>
    /// Appends a copy made by write: full pages of its own, and a remainder that goes into the last slot if it fits there whole (KERNEL.md rule 12).
    /// In packet mode every new page is a packet. The bytes are kept where somebody keeps contents.
    /// </summary>
    public void PushCopy(long length, bool asPackets = false, FrameContents? contents = null, byte[]? bytes = null)
    {
        var merged = MergeableBytes(length);
        if (merged > 0)
        {
            var last = Ring[Ring.Count - 1];
            contents?.Append(last.Region, bytes!, merged);
            last.Length += merged;
            Ring[Ring.Count - 1] = last;
        }
        for (var at = merged; at < length;)
        {
            var part = asPackets ? Math.Min(PageSize.Bytes, length - at) : length - at;
            var content = contents?.Keep(bytes!, at, part) ?? SlotRun.NoContent;
            Push(new SlotRun { Region = content, Length = part, Flags = asPackets ? SlotFlags.Packet : SlotFlags.CanMerge });
            at += part;
        }
    }

    /// <summary>How many slots a write needs.</summary>
    public long SlotsForCopy(long length) => new SlotRun { Region = -1, Length = length - MergeableBytes(length) }.Slots;

    /// <summary>How many bytes of a write that does not wait are taken.</summary>
    public long BytesThatFit(long length)
    {
        var merged = MergeableBytes(length);
        return Math.Min(length, merged + (Slots - Occupied) * PageSize.Bytes);
    }

    private long MergeableBytes(long length)
    {
        var remainder = length % PageSize.Bytes;
        if (remainder == 0 || Ring.Count == 0) return 0;
        var last = Ring[Ring.Count - 1];
        var endInPage = (last.End - 1) % PageSize.Bytes + 1;
        return (last.Flags & SlotFlags.CanMerge) != 0 && endInPage + remainder <= PageSize.Bytes ? remainder : 0;
    }

    /// <summary>Takes bytes off the front, a run or a part of one at a time.</summary>
    public SlotRun PopUpTo(long bytes, out bool isWhole)
    {
        var run = Ring[0];
        isWhole = run.Length <= bytes;
        if (isWhole)
        {
            Ring.RemoveAt(0);
            return run;
        }
        Ring[0] = run.Skip(bytes);
        return run.Take(bytes);
    }

    /// <summary>Slots that nobody can change matter only for what they push out: the first ones of a ring that nobody in the program reads push nothing out.</summary>
    public void Canonicalise(bool keepHandOffsApart)
    {
        Older.Canonicalise(keepHandOffsApart);
        if (Readership != Readership.Copying || Older.Count > 0) return;
        var first = 0;
        while (first < Ring.Count && Ring[first].IsStable) first++;
        Ring.RemoveRange(0, first);
    }

    /// <summary>Drops the oldest slots until at most <paramref name="slots"/> are left.</summary>
    public void KeepNewest(long slots)
    {
        var excess = Occupied - slots;
        if (excess >= 0) Older.Clear();
        while (excess > 0)
        {
            var run = Ring[0];
            if (run.Slots <= excess)
            {
                excess -= run.Slots;
                Ring.RemoveAt(0);
            }
            else
            {
                Ring[0] = run.Skip(run.BytesIn(excess));
                excess = 0;
            }
        }
    }
}
