using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>What the kernel knows: memory, pipes, descriptors, and references that went where nobody can follow.</summary>
internal sealed class KernelState
{
    private readonly Stack<Pipe> _sparePipes = new();

    public readonly AddressSpace Memory = new();

    public readonly List<Pipe> Pipes = [];

    public readonly List<Descriptor> Descriptors = [];

    /// <summary>References held by an outside consumer that may keep them for ever.</summary>
    public readonly RunSet Held = new();

    /// <summary>The bytes, where somebody wants them; null while searching.</summary>
    public FrameContents? Contents { get; set; }

    public void Clear()
    {
        Memory.Clear();
        foreach (var pipe in Pipes) _sparePipes.Push(pipe);
        Pipes.Clear();
        Descriptors.Clear();
        Held.Clear();
    }

    public Pipe AddPipe()
    {
        var pipe = _sparePipes.Count > 0 ? _sparePipes.Pop() : new Pipe();
        pipe.Reset();
        Pipes.Add(pipe);
        return pipe;
    }

    public void RemovePipe(int index)
    {
        _sparePipes.Push(Pipes[index]);
        Pipes.RemoveAt(index);
        for (var i = 0; i < Descriptors.Count; i++)
        {
            var descriptor = Descriptors[i];
            if (descriptor.Pipe > index) descriptor.Pipe--;
            if (descriptor.Outgoing > index) descriptor.Outgoing--;
            Descriptors[i] = descriptor;
        }
    }

    /// <summary>Opens a descriptor. Its number is a new one: a stale copy of a closed descriptor stays closed, which says more about a program than an accident of numbers.</summary>
    public Value Open(Descriptor descriptor)
    {
        descriptor.First = Descriptors.Count;
        Descriptors.Add(descriptor);
        return Value.Descriptor(Descriptors.Count - 1);
    }

    /// <summary>Moves the position of a file, for all duplicates of the descriptor.</summary>
    public void Seek(int index, Value position)
    {
        var first = Descriptors[index].First;
        for (var i = 0; i < Descriptors.Count; i++)
        {
            var descriptor = Descriptors[i];
            if (descriptor.Kind == DescriptorKind.Closed || descriptor.First != first) continue;
            descriptor.Position = position;
            Descriptors[i] = descriptor;
        }
    }

    /// <summary>Puts slots into a pipe, or where its consumer may keep them for ever.</summary>
    public void Push(Pipe? pipe, in SlotRun run)
    {
        if (pipe is null || pipe.Readership == Readership.Anybody) Held.Add(run);
        else pipe.Push(run);
    }

    /// <summary>Somebody outside holds the pipe from now on and may do anything with what is or comes in it.</summary>
    public void LoseTrackOf(Pipe pipe)
    {
        pipe.Readership = Readership.Anybody;
        pipe.Slots = 0;
        for (var i = 0; i < pipe.Older.Count; i++) Held.Add(pipe.Older[i]);
        foreach (var run in pipe.Ring) Held.Add(run);
        pipe.Older.Clear();
        pipe.Ring.Clear();
    }

    /// <summary>The frames of a region can no longer be changed: slots keep them as they are (KERNEL.md rule 6).</summary>
    public void MakeStable(int region) => Detach(region, 0, long.MaxValue);

    /// <summary>The same for the frames of some bytes of a region.</summary>
    public void Detach(int region, long from, long to)
    {
        if (from >= to) return;
        foreach (var pipe in Pipes)
        {
            Detach(pipe.Ring, region, from, to);
            pipe.Older.Detach(region, from, to);
        }
        Held.Detach(region, from, to);
    }

    private void Detach(List<SlotRun> ring, int region, long from, long to)
    {
        for (var i = 0; i < ring.Count; i++)
        {
            var run = ring[i];
            if (!run.IsCoveredPartly(region, from, to)) continue;
            var before = Math.Max(0, from - run.Offset);
            var end = to >= run.End ? run.Length : to - run.Offset;
            if ((run.Flags & SlotFlags.AnyPlace) != 0) (before, end) = (0, run.Length);
            ring[i] = Stable(run.Skip(before).Take(end - before));
            if (end < run.Length) ring.Insert(i + 1, run.Skip(end));
            if (before > 0) ring.Insert(i, run.Take(before));
        }
    }

    /// <summary>Slots as they are now, whatever is stored later.</summary>
    public SlotRun Stable(in SlotRun run) => run.IsStable ? run : run.Stable(Contents?.Keep(run) ?? SlotRun.NoContent);

    /// <summary>Collects the slots that may hold bytes [from, to) of a region, oldest hand-offs of a pipe first.</summary>
    public void FindInFlight(int region, long from, long to, List<SlotRun> found)
    {
        found.Clear();
        for (var i = 0; i < Held.Count; i++) AddIfOverlapping(Held[i], region, from, to, found);
        foreach (var pipe in Pipes)
        {
            for (var i = 0; i < pipe.Older.Count; i++) AddIfOverlapping(pipe.Older[i], region, from, to, found);
            foreach (var run in pipe.Ring) AddIfOverlapping(run, region, from, to, found);
        }
    }

    public bool IsInFlight(int region, List<SlotRun> scratch)
    {
        FindInFlight(region, long.MinValue, long.MaxValue, scratch);
        return scratch.Count > 0;
    }

    private static void AddIfOverlapping(in SlotRun run, int region, long from, long to, List<SlotRun> found)
    {
        if (run.Overlaps(region, from, to)) found.Add(run);
    }
}
