using System.Collections.Generic;
using System.Linq;
using System.Text;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Full;

/// <summary>A value of the full exploration: an integer, a pointer, a descriptor or nothing that is known.</summary>
internal readonly record struct Word(char Kind, long Number, int Region)
{
    public static Word Int(long number) => new('i', number, -1);

    public static Word Pointer(int region, long offset) => new('p', offset, region);

    public static Word Descriptor(int index) => new('d', index, -1);

    public static readonly Word Unknown = new('u', 0, -1);
}

/// <summary>What a cell holds: which write of the run it was, and what allowed it. When the collector moved an array away, also how often that had been unpinned.</summary>
internal readonly record struct Content(int Write, HazardKind Cause, int Unpins);

/// <summary>A page of memory: who wrote each cell last. A cell is a quarter of a page; programs use nothing finer.</summary>
internal sealed class Frame
{
    public readonly Content[] Cells = new Content[FullState.CellsPerPage];
}

internal sealed class FullThread(int procedure, Word[] registers)
{
    public int Procedure { get; } = procedure;
    public Word[] Registers { get; } = registers;
    public int Pc;
    public bool Returned;
}

internal sealed class FullRegion
{
    /// <summary>The thread that made it.</summary>
    public int Owner;
    public RegionKind Kind;
    public int Pages;
    public int Pins;
    public bool Dead;
    public bool Unmapped;

    /// <summary>How the last pin ended, and how often one did.</summary>
    public HazardKind UnpinCause = HazardKind.LifetimeEnd;
    public int Unpins;

    /// <summary>Who may write to it though the program does not.</summary>
    public readonly SortedSet<HazardKind> Reusers = [];

    /// <summary>Frame numbers; 0 is the zero page.</summary>
    public List<int> Frames = [];
    public readonly SortedDictionary<long, Word> Kept = [];
}

/// <summary>A slot of a pipe, with what its cells held when they were handed off.</summary>
internal sealed record Slot(int Frame, int From, int To, int HandOff, int Region, int Unpins, bool CanMerge, int Serial);

internal sealed class FullPipe
{
    public List<Slot> Slots = [];
    public int Capacity = 16;
    public bool ReadOpen = true;
    public bool WriteOpen = true;

    /// <summary>Somebody outside reads it.</summary>
    public bool Outside;
}

/// <summary>
/// A state in which nothing is left out: frames with contents, slots with what they should hold, a consumer that reads when it likes, and an
/// environment that writes when it likes.
/// </summary>
internal sealed class FullState
{
    public const int CellsPerPage = 4;
    public const int Cell = 1024;

    /// <summary>The threads that were started, and which of them the next instruction is of.</summary>
    public List<FullThread> Threads = [];
    public int Running;

    public FullThread Thread => Threads[Running];

    public Word[] Registers => Thread.Registers;

    public List<FullRegion> Regions = [];
    public List<Frame> Frames = [new()];
    public List<FullPipe> Pipes = [];
    public List<(char End, int Pipe)> Descriptors = [];

    /// <summary>What each slot's cells held at the hand-off, by the slot's serial number.</summary>
    public List<int[]> Expected = [];
    public int Writes;

    public FullState Clone()
    {
        var copy = (FullState)MemberwiseClone();
        copy.Threads = [.. Threads.Select(static thread => new FullThread(thread.Procedure, (Word[])thread.Registers.Clone()) { Pc = thread.Pc, Returned = thread.Returned })];
        copy.Regions = [.. Regions.Select(CloneRegion)];
        copy.Frames = [.. Frames.Select(static frame => { var made = new Frame(); frame.Cells.CopyTo(made.Cells, 0); return made; })];
        copy.Pipes = [.. Pipes.Select(static pipe => new FullPipe { Slots = [.. pipe.Slots], Capacity = pipe.Capacity, ReadOpen = pipe.ReadOpen, WriteOpen = pipe.WriteOpen, Outside = pipe.Outside })];
        copy.Descriptors = [.. Descriptors];
        copy.Expected = [.. Expected];
        return copy;
    }

    private static FullRegion CloneRegion(FullRegion region)
    {
        var copy = new FullRegion
        {
            Owner = region.Owner, Kind = region.Kind, Pages = region.Pages, Pins = region.Pins, Dead = region.Dead, Unmapped = region.Unmapped,
            UnpinCause = region.UnpinCause, Unpins = region.Unpins, Frames = [.. region.Frames],
        };
        copy.Reusers.UnionWith(region.Reusers);
        foreach (var (offset, word) in region.Kept) copy.Kept[offset] = word;
        return copy;
    }

    public int AddFrame()
    {
        Frames.Add(new Frame());
        return Frames.Count - 1;
    }

    public void WriteCell(int frame, int cell, HazardKind cause, int unpins = -1) => Frames[frame].Cells[cell] = new Content(++Writes, cause, unpins);

    /// <summary>Which cells of a slot no longer hold what was handed off, by whom they were changed.</summary>
    public IEnumerable<HazardKind> Changed(Slot slot)
    {
        for (var cell = slot.From; cell < slot.To; cell++)
        {
            var content = Frames[slot.Frame].Cells[cell];
            if (slot.Serial < 0 || Expected[slot.Serial][cell] == content.Write) continue;
            // Handed off while nothing pinned it, or pinned then and not any more: the last unpin is to blame only in the second case.
            yield return content.Unpins >= 0 && slot.Unpins == content.Unpins ? HazardKind.LifetimeEnd : content.Cause;
        }
    }

    /// <summary>A string that two states share if and only if they behave alike: of contents only what a slot can still show. Its characters are plain numbers.</summary>
    public string Key()
    {
        var key = new StringBuilder(256);
        foreach (var thread in Threads)
        {
            Put(key, thread.Pc * 2 + (thread.Returned ? 1 : 0));
            foreach (var word in thread.Registers) Put(key, word);
        }
        foreach (var region in Regions) PutRegion(key, region);
        foreach (var pipe in Pipes)
        {
            Put(key, pipe.Capacity * 8L + (pipe.ReadOpen ? 1 : 0) + (pipe.WriteOpen ? 2 : 0) + (pipe.Outside ? 4 : 0));
            Put(key, pipe.Slots.Count);
            foreach (var slot in pipe.Slots) PutSlot(key, slot);
        }
        foreach (var (end, pipe) in Descriptors) Put(key, pipe * 256L + end);
        return key.ToString();
    }

    private static void PutRegion(StringBuilder key, FullRegion region)
    {
        Put(key, region.Pins * 64L + region.Unpins * 1024L + (int)region.UnpinCause * 4L + (region.Dead ? 1 : 0) + (region.Unmapped ? 2 : 0));
        Put(key, region.Frames.Count);
        foreach (var frame in region.Frames) Put(key, frame);
        Put(key, region.Reusers.Count);
        foreach (var reuser in region.Reusers) Put(key, (int)reuser);
        Put(key, region.Kept.Count);
        foreach (var (offset, word) in region.Kept)
        {
            Put(key, offset);
            Put(key, word);
        }
    }

    private void PutSlot(StringBuilder key, Slot slot)
    {
        Put(key, slot.Frame);
        Put(key, slot.From * 16 + slot.To * 2 + (slot.CanMerge ? 1 : 0));
        Put(key, slot.HandOff);
        Put(key, slot.Region * 1024L + slot.Unpins);
        foreach (var cause in Changed(slot)) Put(key, 1 + (int)cause);
        Put(key, 0);
    }

    private static void Put(StringBuilder key, Word word)
    {
        key.Append(word.Kind);
        Put(key, word.Number);
        Put(key, word.Region);
    }

    private static void Put(StringBuilder key, long number)
    {
        // One character for what is small, which nearly everything is.
        if (number is >= 0 and < 0x8000) key.Append((char)number);
        else key.Append('\uFFFF').Append((char)(number >> 48)).Append((char)(number >> 32)).Append((char)(number >> 16)).Append((char)number);
    }
}
