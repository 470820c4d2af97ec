using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// The stored form of a state: the bytes that two states are compared by. Everything that decides what can happen next is in it, in a fixed
/// order, and nothing else.
/// </summary>
internal static class StateCodec
{
    private const int HasMore = 128;

    public static void Write(Machine machine, StateBytes bytes)
    {
        bytes.Clear();
        bytes.WriteByte(machine.Monitor.PathBlurred ? 1 : 0);
        WriteThreads(machine.Threads, bytes);
        var memory = machine.Kernel.Memory;
        bytes.Write(memory.Count);
        for (var i = 0; i < memory.Count; i++) WriteRegion(memory[i], bytes);
        WritePipes(machine.Kernel, bytes);
        bytes.Pad();
    }

    public static void Read(Machine machine, StateBytes bytes)
    {
        machine.Monitor.PathBlurred = bytes.ReadByte() != 0;
        ReadThreads(machine, bytes);
        machine.Kernel.Clear();
        for (var i = bytes.ReadInt(); i > 0; i--) ReadRegion(machine.Kernel.Memory.Add(), bytes);
        ReadPipes(machine.Kernel, bytes);
    }

    /// <summary>Nearly always there is one.</summary>
    private static void WriteThreads(ThreadSet threads, StateBytes bytes)
    {
        threads.Trim();
        bytes.WriteByte(threads.Count | threads.Running << 4);
        for (var i = 0; i < threads.Count; i++)
        {
            if (threads.Count > 1)
            {
                bytes.WriteByte((int)threads[i].Waiting);
                bytes.Write(threads[i].Origin);
            }
            WriteStack(threads[i], bytes);
        }
    }

    private static void ReadThreads(Machine machine, StateBytes bytes)
    {
        var head = bytes.ReadByte();
        var threads = machine.Threads;
        threads.Clear(head & 15, head >> 4);
        for (var i = 0; i < threads.Count; i++)
        {
            if (threads.Count > 1)
            {
                threads[i].Waiting = (Waiting)bytes.ReadByte();
                threads[i].Origin = bytes.ReadInt();
            }
            ReadStack(threads[i], bytes);
        }
        machine.Resume();
    }

    private static void WriteStack(CallStack stack, StateBytes bytes)
    {
        bytes.Write(stack.Depth);
        for (var frame = 0; frame < stack.Depth; frame++)
        {
            bytes.Write(stack.ProcedureIndex(frame));
            bytes.Write(stack.Pc(frame));
        }
        for (var frame = 0; frame < stack.Depth; frame++)
        {
            foreach (var register in stack.LiveRegisters(frame)) bytes.Write(stack.Register(frame, register));
        }
    }

    private static void ReadStack(CallStack stack, StateBytes bytes)
    {
        var depth = bytes.ReadInt();
        for (var frame = 0; frame < depth; frame++)
        {
            stack.Push(bytes.ReadInt());
            stack.Pc(frame) = bytes.ReadInt();
        }
        for (var frame = 0; frame < depth; frame++)
        {
            foreach (var register in stack.LiveRegisters(frame)) stack.Register(frame, register) = bytes.ReadValue();
        }
    }

    private static void WriteRegion(Region region, StateBytes bytes)
    {
        var hasMore = !region.Name.IsZero || region.Traits != 0 || region.Windows.Count > 0 || region.CopiedOnWrite.Count > 0 || region.Barred.Count > 0
            || region.Unmapped.Count > 0;
        bytes.WriteByte((int)region.Kind | (hasMore ? HasMore : 0));
        bytes.WriteByte((int)region.Background | (region.Released ? 4 : 0) | (region.Escaped ? 8 : 0));
        bytes.Write(region.Size);
        bytes.Write(region.Pins);
        bytes.Write(region.Owner);
        bytes.Write(region.Origin);
        bytes.Write(region.Site);
        bytes.Write(region.Kept.Count);
        for (var i = 0; i < region.Kept.Count; i++)
        {
            ref var kept = ref region.Kept[i];
            bytes.WriteByte(kept.Width | (kept.Astray ? 64 : 0));
            bytes.Write(kept.Offset);
            bytes.Write(kept.Value);
        }
        WriteRanges(region.Populated, bytes);
        WriteRuns(region.Gifts, bytes);
        if (hasMore) WriteMore(region, bytes);
    }

    /// <summary>What only files, mappings of files and forks need.</summary>
    private static void WriteMore(Region region, StateBytes bytes)
    {
        bytes.Write(region.Name);
        bytes.WriteByte((int)region.Traits);
        bytes.Write(region.Windows.Count);
        foreach (var window in region.Windows)
        {
            bytes.Write(window.From);
            bytes.Write(window.To);
            bytes.Write(window.File);
            bytes.Write(window.Shift);
            bytes.WriteByte(window.IsPrivate ? 1 : 0);
        }
        WriteRanges(region.CopiedOnWrite, bytes);
        WriteRanges(region.Reserved, bytes);
        WriteRanges(region.Unmapped, bytes);
        WriteRanges(region.Barred, bytes);
    }

    private static void ReadMore(Region region, StateBytes bytes)
    {
        region.Name = bytes.ReadValue();
        region.Traits = (FileTraits)bytes.ReadByte();
        for (var i = bytes.ReadInt(); i > 0; i--)
        {
            region.Windows.Add(new Window
            {
                From = bytes.Read(), To = bytes.Read(), File = bytes.ReadInt(), Shift = bytes.Read(), IsPrivate = bytes.ReadByte() != 0,
            });
        }
        ReadRanges(region.CopiedOnWrite, bytes);
        ReadRanges(region.Reserved, bytes);
        ReadRanges(region.Unmapped, bytes);
        ReadRanges(region.Barred, bytes);
    }

    private static void WriteRanges(ByteRanges ranges, StateBytes bytes)
    {
        bytes.Write(ranges.Count);
        for (var i = 0; i < ranges.Count; i++)
        {
            bytes.Write(ranges[i].From);
            bytes.Write(ranges[i].To);
        }
    }

    private static void ReadRanges(ByteRanges ranges, StateBytes bytes)
    {
        for (var i = bytes.ReadInt(); i > 0; i--) ranges.Append(bytes.Read(), bytes.Read());
    }

    private static void ReadRegion(Region region, StateBytes bytes)
    {
        var head = bytes.ReadByte();
        var kind = (RegionKind)(head & ~HasMore);
        var flags = bytes.ReadByte();
        var size = bytes.ReadValue();
        var (pins, owner) = (bytes.ReadInt(), bytes.ReadInt());
        var (origin, site) = (bytes.ReadInt(), bytes.ReadInt());
        region.Reset(kind, size, origin, site);
        region.Background = (Background)(flags & 3);
        region.Released = (flags & 4) != 0;
        region.Escaped = (flags & 8) != 0;
        region.Pins = pins;
        region.Owner = owner;
        for (var i = bytes.ReadInt(); i > 0; i--)
        {
            var width = bytes.ReadByte();
            region.Kept.Append(new KeptValue { Width = width & 63, Astray = (width & 64) != 0, Offset = bytes.Read(), Value = bytes.ReadValue() });
        }
        ReadRanges(region.Populated, bytes);
        ReadRuns(region.Gifts, bytes);
        if ((head & HasMore) != 0) ReadMore(region, bytes);
    }

    private static void WritePipes(KernelState kernel, StateBytes bytes)
    {
        bytes.Write(kernel.Descriptors.Count);
        foreach (var descriptor in kernel.Descriptors)
        {
            bytes.WriteByte((int)descriptor.Kind);
            bytes.WriteByte((int)descriptor.Flags);
            bytes.Write(descriptor.Pipe);
            bytes.Write(descriptor.Outgoing);
            bytes.Write(descriptor.File);
            bytes.Write(descriptor.Position);
            bytes.Write(descriptor.First);
        }
        bytes.Write(kernel.Pipes.Count);
        foreach (var pipe in kernel.Pipes) WritePipe(pipe, bytes);
        WriteRuns(kernel.Held, bytes);
    }

    private static void ReadPipes(KernelState kernel, StateBytes bytes)
    {
        for (var i = bytes.ReadInt(); i > 0; i--)
        {
            kernel.Descriptors.Add(new Descriptor
            {
                Kind = (DescriptorKind)bytes.ReadByte(), Flags = (OpenFlags)bytes.ReadByte(), Pipe = bytes.ReadInt(), Outgoing = bytes.ReadInt(),
                File = bytes.ReadInt(), Position = bytes.ReadValue(), First = bytes.ReadInt(),
            });
        }
        for (var i = bytes.ReadInt(); i > 0; i--) ReadPipe(kernel.AddPipe(), bytes);
        ReadRuns(kernel.Held, bytes);
    }

    private static void WritePipe(Pipe pipe, StateBytes bytes)
    {
        bytes.WriteByte((int)pipe.Readership | (pipe.ReadEndOpen ? 4 : 0) | (pipe.WriteEndOpen ? 8 : 0) | (pipe.WriteEndShared ? 16 : 0) | (pipe.IsForeign ? 32 : 0)
            | (pipe.IsQueue ? 64 : 0) | (pipe.IsDatagram ? 128 : 0));
        bytes.Write(pipe.Slots);
        if (pipe.IsForeign) bytes.Write(pipe.Name);
        bytes.Write(pipe.Ring.Count);
        foreach (var run in pipe.Ring) WriteRun(run, bytes);
        WriteRuns(pipe.Older, bytes);
    }

    private static void ReadPipe(Pipe pipe, StateBytes bytes)
    {
        var flags = bytes.ReadByte();
        pipe.Readership = (Readership)(flags & 3);
        pipe.ReadEndOpen = (flags & 4) != 0;
        pipe.WriteEndOpen = (flags & 8) != 0;
        pipe.WriteEndShared = (flags & 16) != 0;
        pipe.IsForeign = (flags & 32) != 0;
        pipe.IsQueue = (flags & 64) != 0;
        pipe.IsDatagram = (flags & 128) != 0;
        pipe.Slots = bytes.Read();
        if (pipe.IsForeign) pipe.Name = bytes.ReadValue();
        for (var i = bytes.ReadInt(); i > 0; i--) pipe.Ring.Add(ReadRun(bytes));
        ReadRuns(pipe.Older, bytes);
    }

    private static void WriteRuns(RunSet runs, StateBytes bytes)
    {
        bytes.Write(runs.Count);
        for (var i = 0; i < runs.Count; i++) WriteRun(runs[i], bytes);
    }

    private static void ReadRuns(RunSet runs, StateBytes bytes)
    {
        for (var i = bytes.ReadInt(); i > 0; i--) runs.Add(ReadRun(bytes));
    }

    private static void WriteRun(in SlotRun run, StateBytes bytes)
    {
        bytes.Write(run.Region);
        bytes.Write(run.Offset);
        bytes.Write(run.Length);
        bytes.WriteByte((int)run.Flags | (run.Tag.Gifted ? 64 : 0) | (run.Tag.Blurred ? 128 : 0));
        bytes.Write(run.Tag.Place);
    }

    private static SlotRun ReadRun(StateBytes bytes)
    {
        var run = new SlotRun { Region = bytes.ReadInt(), Offset = bytes.Read(), Length = bytes.Read() };
        var flags = bytes.ReadByte();
        run.Flags = (SlotFlags)(flags & 63);
        run.Tag.Gifted = (flags & 64) != 0;
        run.Tag.Blurred = (flags & 128) != 0;
        run.Tag.Place = bytes.ReadInt();
        return run;
    }
}
