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
            if (descriptor.Pipe <= index) continue;
            descriptor.Pipe--;
            Descriptors[i] = descriptor;
        }
    }

    /// <summary>Opens a descriptor. Its number is a new one: a stale copy of a closed descriptor stays closed, which says more about a program than an accident of numbers.</summary>
    public Value Open(DescriptorKind kind, int pipe)
    {
        Descriptors.Add(new Descriptor { Kind = kind, Pipe = pipe });
        return Value.Descriptor(Descriptors.Count - 1);
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
    public void MakeStable(int region)
    {
        foreach (var pipe in Pipes)
        {
            for (var i = 0; i < pipe.Ring.Count; i++)
            {
                if (pipe.Ring[i].Region == region) pipe.Ring[i] = pipe.Ring[i].Stable();
            }
            MakeStable(pipe.Older, region);
        }
        MakeStable(Held, region);
    }

    private static void MakeStable(RunSet runs, int region)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            if (runs[i].Region == region) runs[i] = runs[i].Stable();
        }
    }

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
