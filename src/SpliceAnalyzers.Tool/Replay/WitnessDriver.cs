using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SpliceAnalyzers.KernelModel;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Replay;

/// <summary>
/// Replays a witness on the running kernel: real pages, real pipes, and at the end a consumer that reads. Memory that was given up is used again by
/// a store at its address, as an allocator, a pool or the collector does. The bytes are the letters of the timeline.
/// </summary>
internal sealed unsafe class WitnessDriver : IDisposable
{
    /// <summary>The most memory a replay takes.</summary>
    private const long MostBytes = 64L << 20;

    private const int SmallestPipe = 1 << 20;

    /// <summary>What memory holds that an allocator had before.</summary>
    private const byte AtFirst = (byte)'.';

    /// <summary>So many stores write different bytes: none of them is 0 or what was there at first.</summary>
    private const int Letters = 256 - 'A';

    private readonly Dictionary<int, Memory> _regions = [];
    private readonly Dictionary<int, (int Read, int Write)> _pipes = [];

    /// <summary>The bytes that were handed off and are still in each pipe.</summary>
    private readonly Dictionary<int, Queue<byte>> _expected = [];

    private readonly IReadOnlyList<TraceStep> _trace;
    private readonly int _pipeSize;
    private int _stores;

    private sealed class Memory
    {
        public byte* Start;
        public long Size;
        public int File = -1;
    }

    /// <param name="trace">A trace that can happen, see <see cref="WitnessReplay"/>.</param>
    /// <exception cref="KernelRefusalException">This is not Linux, or the trace needs too much memory.</exception>
    public WitnessDriver(IReadOnlyList<TraceStep> trace)
    {
        if (!OperatingSystem.IsLinux()) throw new KernelRefusalException("This is not Linux, and only Linux has vmsplice. Replay in the model, without --real.");
        var needed = trace.Where(static step => step.Action is TraceAction.Region or TraceAction.HandOff).Sum(static step => Math.Max(step.Size, 0) + step.Length);
        if (needed > MostBytes || trace.Max(static step => step.Offset) > MostBytes)
            throw new KernelRefusalException($"The witness needs more than the {MostBytes >> 20} MiB that a replay takes. Replay in the model, without --real.");
        _trace = trace;
        var slots = trace.Where(static step => step.Action == TraceAction.HandOff).Sum(static step => (step.Offset + step.Length - 1) / PageSize.Bytes - step.Offset / PageSize.Bytes + 1);
        _pipeSize = (int)Math.Max(SmallestPipe, BitOperations.RoundUpToPowerOf2((ulong)(slots * PageSize.Bytes)));
    }

    /// <summary>What the last step reads; null where no step reads.</summary>
    /// <exception cref="KernelRefusalException">The kernel refused a call.</exception>
    public ReadBytes? Run()
    {
        foreach (var step in _trace)
        {
            if (step.Action == TraceAction.Read)
            {
                Read(step.Pipe, step.Offset);
                return Read(step.Pipe, step.Length);
            }
            Take(step);
        }
        return null;
    }

    private void Take(TraceStep step)
    {
        switch (step.Action)
        {
            case TraceAction.Region: Map(step, _trace.Where(other => other.Region == step.Region).Max(static other => other.Offset + other.Length)); break;
            case TraceAction.Fill or TraceAction.Store or TraceAction.Reuse: Store(step, (byte)('A' + _stores++ % Letters)); break;
            case TraceAction.HandOff: HandOff(step); break;
            case TraceAction.CopyOut: Read(step.Pipe, step.Length); break;
            case TraceAction.Move: Move(step); break;
            case TraceAction.Duplicate: Duplicate(step); break;
            case TraceAction.GiveUp when step.End == RegionEnd.Unmap: Unmap(_regions[step.Region]); break;
            case TraceAction.GiveUp: break;
            default: throw new NotSupportedException(step.Action.ToString());
        }
    }

    private void Map(TraceStep step, long used)
    {
        var memory = new Memory { Size = Math.Max(step.Size, used) + PageSize.Bytes };
        _regions.Add(step.Region, memory);
        if (step.Kind == RegionKind.File)
        {
            memory.File = Check(Libc.memfd_create("witness", 0), "memfd_create");
            Check(Libc.ftruncate(memory.File, memory.Size), "ftruncate");
        }
        var start = Libc.mmap(null, (nint)memory.Size, Libc.PROT_READ_WRITE, memory.File >= 0 ? Libc.MAP_SHARED : Libc.MAP_PRIVATE_ANONYMOUS, memory.File, 0);
        Check((nint)start, "mmap");
        memory.Start = start;
        // A fork meanwhile, by whichever thread, would have the next store copy the page (KERNEL.md rule 5).
        Check(Libc.madvise(start, (nint)memory.Size, Libc.MADV_DONTFORK), "madvise");
        // Memory of an allocator has been written before; a mapping of its own has not, and hands off zeros.
        if (step.Kind != RegionKind.PrivateMapping) Store(new TraceStep { Region = step.Region, Length = memory.Size - PageSize.Bytes }, AtFirst);
    }

    private void Store(TraceStep step, byte letter) => Unsafe.InitBlockUnaligned(_regions[step.Region].Start + step.Offset, letter, (uint)step.Length);

    private void HandOff(TraceStep step)
    {
        var memory = _regions[step.Region];
        var (_, write) = PipeOf(step.Pipe);
        var taken = memory.File >= 0 ? Splice(memory, step, write) : Vmsplice(memory, step, write);
        if (taken != step.Length) throw new KernelRefusalException($"The pipe took {taken} of {step.Length} bytes, although it has room for them.");
        for (var i = 0L; i < step.Length; i++) _expected[step.Pipe].Enqueue(memory.Start[step.Offset + i]);
    }

    private static long Vmsplice(Memory memory, TraceStep step, int write)
    {
        var vector = new Libc.Vector { Base = memory.Start + step.Offset, Length = (nint)step.Length };
        return Check(Libc.vmsplice(write, &vector, 1, step.Gift ? Libc.SPLICE_F_GIFT : 0), "vmsplice");
    }

    /// <summary>A splice from a file takes what it likes at a time.</summary>
    private static long Splice(Memory memory, TraceStep step, int write)
    {
        var offset = step.Offset;
        while (offset < step.Offset + step.Length)
        {
            if (Check(Libc.splice(memory.File, &offset, write, null, (nint)(step.Offset + step.Length - offset), 0), "splice") == 0) break;
        }
        return offset - step.Offset;
    }

    private void Move(TraceStep step)
    {
        Check(Libc.splice(PipeOf(step.Pipe).Read, null, PipeOf(step.Target).Write, null, (nint)step.Length, 0), "splice");
        for (var i = 0L; i < step.Length; i++) _expected[step.Target].Enqueue(_expected[step.Pipe].Dequeue());
    }

    private void Duplicate(TraceStep step)
    {
        Check(Libc.tee(PipeOf(step.Pipe).Read, PipeOf(step.Target).Write, (nint)step.Length, 0), "tee");
        foreach (var expected in _expected[step.Pipe].Take((int)step.Length).ToArray()) _expected[step.Target].Enqueue(expected);
    }

    /// <summary>Reads bytes and compares them with those handed off.</summary>
    private ReadBytes Read(int pipe, long length)
    {
        var read = new ReadBytes();
        var bytes = new byte[Math.Min(length, SmallestPipe)];
        while (read.Count < length)
        {
            long count;
            fixed (byte* buffer = bytes) count = Check(Libc.read(PipeOf(pipe).Read, buffer, (nint)Math.Min(bytes.Length, length - read.Count)), "read");
            if (count == 0) throw new KernelRefusalException($"The pipe ended after {read.Count} of {length} bytes.");
            for (var i = 0; i < count; i++) read = Compare(read, _expected[pipe].Dequeue(), bytes[i]);
        }
        return read;
    }

    private static ReadBytes Compare(ReadBytes read, byte handedOff, byte got)
    {
        var isFirst = read.Differing == 0 && (handedOff != got || read.Count == 0);
        if (isFirst) read = read with { Index = read.Count, HandedOff = handedOff, Got = got };
        return read with { Count = read.Count + 1, Differing = read.Differing + (handedOff == got ? 0 : 1) };
    }

    private (int Read, int Write) PipeOf(int number)
    {
        if (_pipes.TryGetValue(number, out var pipe)) return pipe;
        var ends = stackalloc int[2];
        // What is not there is an error, not something to wait for.
        Check(Libc.pipe2(ends, Libc.O_NONBLOCK), "pipe2");
        _pipes.Add(number, pipe = (ends[0], ends[1]));
        if (Libc.fcntl(pipe.Write, Libc.F_SETPIPE_SZ, _pipeSize) < 0)
            throw new KernelRefusalException($"The witness needs a pipe of {_pipeSize >> 20} MiB, and the system does not give one: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. /proc/sys/fs/pipe-max-size says how large one may be. Replay in the model, without --real.");
        _expected.Add(number, new Queue<byte>());
        return pipe;
    }

    private static int Check(int result, string call) => (int)Check((nint)result, call);

    private static nint Check(nint result, string call) => result != -1 ? result : throw new KernelRefusalException(call, Marshal.GetLastPInvokeError());

    private static void Unmap(Memory memory)
    {
        if (memory.Start is not null) _ = Libc.munmap(memory.Start, (nint)memory.Size);
        memory.Start = null;
    }

    public void Dispose()
    {
        foreach (var (read, write) in _pipes.Values)
        {
            _ = Libc.close(read);
            _ = Libc.close(write);
        }
        foreach (var memory in _regions.Values)
        {
            Unmap(memory);
            if (memory.File >= 0) _ = Libc.close(memory.File);
        }
    }
}
