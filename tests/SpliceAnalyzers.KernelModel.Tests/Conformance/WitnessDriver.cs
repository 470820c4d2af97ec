using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>
/// Replays a witness on the running kernel: real pages, real pipes, and at the end a consumer that reads. Memory that was given up is used again by
/// a store at its address, as an allocator, a pool or the collector does.
/// </summary>
internal sealed unsafe class WitnessDriver : IDisposable
{
    private const int LargePipe = 1 << 20;

    private readonly Dictionary<int, Memory> _regions = [];
    private readonly Dictionary<int, (int Read, int Write)> _pipes = [];

    /// <summary>The bytes that were handed off and are still in each pipe.</summary>
    private readonly Dictionary<int, Queue<byte>> _expected = [];

    private int _seed;

    private sealed class Memory
    {
        public byte* Start;
        public long Size;
        public int File = -1;
    }

    /// <summary>How many of the bytes that the last step reads are not those handed off; null where no step reads.</summary>
    public int? Run(IReadOnlyList<TraceStep> steps)
    {
        foreach (var step in steps)
        {
            if (step.Action == TraceAction.Read) return Read(step);
            Take(step, steps);
        }
        return null;
    }

    private void Take(TraceStep step, IReadOnlyList<TraceStep> steps)
    {
        switch (step.Action)
        {
            case TraceAction.Region: Map(step, steps.Where(other => other.Region == step.Region).Max(static other => other.Offset + other.Length)); break;
            case TraceAction.Fill or TraceAction.Store or TraceAction.Reuse: Store(step); break;
            case TraceAction.HandOff: HandOff(step); break;
            case TraceAction.CopyOut: Read(step.Pipe, step.Length); break;
            case TraceAction.Move: Move(step); break;
            case TraceAction.Duplicate: Duplicate(step); break;
            case TraceAction.GiveUp: break;
            default: throw new NotSupportedException(step.Action.ToString());
        }
    }

    private void Map(TraceStep step, long used)
    {
        const int readWrite = 3, shared = 1, privateAnonymous = 0x22;
        var memory = new Memory { Size = Math.Max(step.Size, used) + World.Page };
        if (step.Kind == RegionKind.File)
        {
            memory.File = (int)Check(Libc.memfd_create("witness", 0));
            Check(Libc.ftruncate(memory.File, memory.Size));
        }
        memory.Start = Libc.mmap(null, (nint)memory.Size, readWrite, memory.File >= 0 ? shared : privateAnonymous, memory.File, 0);
        Check((nint)memory.Start);
        // Memory of an allocator has been written before; a mapping of its own has not, and hands off zeros.
        _regions.Add(step.Region, memory);
        if (step.Kind != RegionKind.PrivateMapping) Store(new TraceStep { Region = step.Region, Length = memory.Size - World.Page });
    }

    private void Store(TraceStep step)
    {
        var memory = _regions[step.Region];
        // Every store changes every byte.
        _seed++;
        for (var i = 0L; i < step.Length; i++) memory.Start[step.Offset + i] = (byte)(memory.Start[step.Offset + i] + 1 + _seed % 7);
    }

    private void HandOff(TraceStep step)
    {
        var memory = _regions[step.Region];
        var (_, write) = PipeOf(step.Pipe);
        var taken = memory.File >= 0 ? Splice(memory, step, write) : Vmsplice(memory, step, write);
        if (taken != step.Length) throw new InvalidOperationException($"The pipe took {taken} of {step.Length} bytes.");
        for (var i = 0L; i < step.Length; i++) _expected[step.Pipe].Enqueue(memory.Start[step.Offset + i]);
    }

    private static long Vmsplice(Memory memory, TraceStep step, int write)
    {
        var vector = new Libc.Vector { Base = memory.Start + step.Offset, Length = (nint)step.Length };
        return Check(Libc.vmsplice(write, &vector, 1, step.Gift ? 8u : 0));
    }

    private static long Splice(Memory memory, TraceStep step, int write)
    {
        var offset = step.Offset;
        return Check(Libc.splice(memory.File, &offset, write, null, (nint)step.Length, 0));
    }

    private void Move(TraceStep step)
    {
        Check(Libc.splice(PipeOf(step.Pipe).Read, null, PipeOf(step.Target).Write, null, (nint)step.Length, 0));
        for (var i = 0L; i < step.Length; i++) _expected[step.Target].Enqueue(_expected[step.Pipe].Dequeue());
    }

    private void Duplicate(TraceStep step)
    {
        Check(Libc.tee(PipeOf(step.Pipe).Read, PipeOf(step.Target).Write, (nint)step.Length, 0));
        foreach (var expected in _expected[step.Pipe].Take((int)step.Length).ToArray()) _expected[step.Target].Enqueue(expected);
    }

    private int Read(TraceStep step)
    {
        Read(step.Pipe, step.Offset);
        return Read(step.Pipe, step.Length);
    }

    /// <summary>Reads bytes and counts those that are not the ones handed off.</summary>
    private int Read(int pipe, long length)
    {
        var differing = 0;
        while (length > 0)
        {
            var bytes = new byte[Math.Min(length, LargePipe)];
            long count;
            fixed (byte* buffer = bytes) count = Check(Libc.read(PipeOf(pipe).Read, buffer, bytes.Length));
            for (var i = 0; i < count; i++) differing += bytes[i] == _expected[pipe].Dequeue() ? 0 : 1;
            length -= count;
        }
        return differing;
    }

    private (int Read, int Write) PipeOf(int number)
    {
        if (_pipes.TryGetValue(number, out var pipe)) return pipe;
        var ends = stackalloc int[2];
        // What is not there is an error, not something to wait for.
        Check(Libc.pipe2(ends, Libc.O_NONBLOCK));
        Check(Libc.fcntl(ends[1], Libc.F_SETPIPE_SZ, LargePipe));
        _expected.Add(number, new Queue<byte>());
        return _pipes[number] = (ends[0], ends[1]);
    }

    private static nint Check(nint result) =>
        result != -1 ? result : throw new InvalidOperationException($"A call failed: errno {Marshal.GetLastPInvokeError()}");

    public void Dispose()
    {
        foreach (var (read, write) in _pipes.Values)
        {
            _ = Libc.close(read);
            _ = Libc.close(write);
        }
        foreach (var memory in _regions.Values)
        {
            _ = Libc.munmap(memory.Start, (nint)memory.Size);
            if (memory.File >= 0) _ = Libc.close(memory.File);
        }
    }
}
