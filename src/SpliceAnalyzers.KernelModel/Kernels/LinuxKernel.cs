using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>
/// The system calls as today's kernel does them (KERNEL.md, transition rules). Each works on segments and slots through the same few steps, so
/// that another kernel overrides the steps it does differently. What a call may return is asked of <see cref="Choices"/>.
/// </summary>
internal partial class LinuxKernel(KernelState state, HazardMonitor monitor, Choices choices, ConsumerKind consumer)
{
    /// <summary>SPLICE_F_NONBLOCK.</summary>
    private const long NonBlockFlag = 2;

    /// <summary>SPLICE_F_GIFT.</summary>
    private const long GiftFlag = 8;

    private const long KnownFlags = 0xF;
    private const long MostSegments = 1024;

    /// <summary>The default of /proc/sys/fs/pipe-max-size.</summary>
    private const long LargestUnprivilegedPipe = 1 << 20;

    private readonly List<Segment> _segments = [];
    private readonly List<SlotRun> _moved = [];
    private readonly List<Piece> _pieces = [];

    /// <summary>Why the last call that returned -1 failed.</summary>
    public int Error { get; private set; }

    /// <summary>True when other threads of the program may wake one that waits for room in a pipe.</summary>
    public bool CanBeWoken { get; set; }

    /// <summary>Runs a call; false when it blocks: for ever, where no other thread is left who could wake it.</summary>
    public bool TryCall(SystemCallKind kind, Value[] arguments, in CallContext context, out Value result)
    {
        var returned = IsOnMemoryOrFiles(kind) ? CallOnMemoryOrFiles(kind, arguments, context) : CallOnPipes(kind, arguments, context);
        result = returned.GetValueOrDefault();
        return returned.HasValue;
    }

    /// <summary>The kinds are in that order: pipes first.</summary>
    private static bool IsOnMemoryOrFiles(SystemCallKind kind) => kind >= SystemCallKind.MapPrivate;

    private Value? CallOnPipes(SystemCallKind kind, Value[] a, in CallContext context) => kind switch
    {
        SystemCallKind.Vmsplice => Vmsplice(a[0], a[1], a[2], a[3], context),
        SystemCallKind.Write => Write(a[0], One(a[1], a[2]), context),
        SystemCallKind.Writev => Write(a[0], Gather(a[1], a[2]), context),
        SystemCallKind.Read => Read(a[0], One(a[1], a[2]), context),
        SystemCallKind.Readv => Read(a[0], Gather(a[1], a[2]), context),
        SystemCallKind.Splice => Splice(a[0], a[1], a[2], a[3], a[4], a[5], context),
        SystemCallKind.Tee => Tee(a[0], a[1], a[2], a[3], context),
        SystemCallKind.Sendfile => Sendfile(a[0], a[1], a[2], a[3], context),
        SystemCallKind.Pipe => MakePipe(a[0], a.Length > 1 ? a[1] : default),
        SystemCallKind.Close => Close(a[0]),
        SystemCallKind.SetPipeSize => SetPipeSize(a[0], a[1]),
        SystemCallKind.GetPipeSize => GetPipeSize(a[0]),
        _ => Value.Unknown(),
    };

    private Value? CallOnMemoryOrFiles(SystemCallKind kind, Value[] a, in CallContext context) => kind switch
    {
        SystemCallKind.MapPrivate => MapPrivate(a[0], context),
        SystemCallKind.OpenCopyingTarget => OpenCopyingTarget(context),
        SystemCallKind.Mmap => Mmap(a[0], a[1], a[2], a[3], a[4], a[5], context),
        SystemCallKind.Munmap => Munmap(a[0], a[1]),
        SystemCallKind.Madvise => Madvise(a[0], a[1], a[2]),
        SystemCallKind.Mremap => Mremap(a[0], a[2]),
        SystemCallKind.Mprotect => Mprotect(a[0], a[1], a[2]),
        SystemCallKind.Open => Open(a[0], a[1], context),
        SystemCallKind.MemfdCreate => MemfdCreate(context),
        SystemCallKind.OpenNull => OpenNull(),
        SystemCallKind.Dup => Dup(a[0]),
        SystemCallKind.Reopen => Reopen(a[0], a[1]),
        SystemCallKind.Lseek => Lseek(a[0], a[1], a[2]),
        SystemCallKind.Pwrite => WriteAt(a[0], One(a[1], a[2]), a[3], context),
        SystemCallKind.Pwritev => WriteAt(a[0], Gather(a[1], a[2]), a[3], context),
        SystemCallKind.Pread => ReadAt(a[0], One(a[1], a[2]), a[3], context),
        SystemCallKind.Ftruncate => Ftruncate(a[0], a[1], context),
        SystemCallKind.Fallocate => Fallocate(a[0], a[1], a[2], a[3], context),
        SystemCallKind.Socket => OpenSocket(a[0], a[1]),
        SystemCallKind.SocketPair => OpenSocketPair(a[0], a[1], a[2]),
        SystemCallKind.Exit => null,
        SystemCallKind.Fork => Fork(),
        _ => Value.Unknown(),
    };

    /// <summary>The result of a call that failed.</summary>
    protected Value Fail(int error)
    {
        Error = error;
        return Value.Exact(-1);
    }

    protected Endpoint Resolve(Value descriptor)
    {
        var end = new Endpoint { Descriptor = -1, File = -1, Position = Value.Unknown() };
        if (descriptor.IsDescriptor)
        {
            ResolveOwn(ref end, (int)descriptor.Number);
        }
        else if (descriptor is not { IsExactNumber: true, Number: < 0 })
        {
            end.Kind = EndpointKind.Foreign;
            if (!CanBeNamed(descriptor)) return end;
            end.Name = NameOf(descriptor);
            if (consumer == ConsumerKind.Copies) end.Input = end.Output = ForeignPipe(descriptor);
            end.File = FindFile(end.Name, isPath: false);
        }
        return end;
    }

    private void ResolveOwn(ref Endpoint end, int index)
    {
        if (index >= state.Descriptors.Count) return;
        var entry = state.Descriptors[index];
        var pipe = entry.Pipe >= 0 ? state.Pipes[entry.Pipe] : null;
        (end.Descriptor, end.Flags, end.File, end.Position) = (index, entry.Flags, entry.File, entry.Position);
        (end.Kind, end.Input, end.Output) = entry.Kind switch
        {
            DescriptorKind.ReadEnd => (EndpointKind.ReadEnd, pipe, null),
            DescriptorKind.WriteEnd => (EndpointKind.WriteEnd, null, pipe),
            DescriptorKind.BothEnds => (EndpointKind.BothEnds, pipe, pipe),
            DescriptorKind.Socket => (EndpointKind.Socket, pipe, state.Pipes[entry.Outgoing]),
            DescriptorKind.File => (IsNew(entry.File) ? EndpointKind.File : EndpointKind.Named, pipe, pipe),
            DescriptorKind.Null => (EndpointKind.Null, null, null),
            DescriptorKind.OutsideDatagram => (EndpointKind.OutsideDatagram, null, null),
            DescriptorKind.OutsideStream => (EndpointKind.Foreign, null, null),
            _ => (EndpointKind.Bad, null, (Pipe?)null),
        };
    }

    /// <summary>True when two uses of the value certainly mean the same descriptor.</summary>
    private static bool CanBeNamed(Value descriptor) =>
        descriptor.IsExactNumber || (descriptor is { IsPointer: false, Knowledge: Knowledge.Unknown } && descriptor.Number != 0);

    /// <summary>0 stands for no name, and is a descriptor.</summary>
    private static Value NameOf(Value descriptor) => descriptor.IsZero ? Value.Exact(long.MinValue) : descriptor;

    private Pipe ForeignPipe(Value name)
    {
        foreach (var pipe in state.Pipes)
        {
            if (pipe.IsForeign && pipe.Name.Equals(name)) return pipe;
        }
        var added = state.AddPipe();
        added.ResetForeign(name);
        return added;
    }

    /// <summary>A count between 0 and all, or an error: what a call returns whose other side nobody knows.</summary>
    private Value AnyResult(long length, bool mayBeZero, in CallContext context)
    {
        if (!context.ResultMatters) return Value.Exact(length);
        var some = Math.Min(100, length / 2);
        var choice = choices.Choose(mayBeZero ? 4 : 3);
        return choice switch
        {
            0 => Value.Exact(length),
            1 => Value.Exact(some),
            2 => Fail(Errno.EINTR),
            _ => Value.Exact(0),
        };
    }

    private static long LengthOf(Value length) =>
        length.IsExactNumber ? length.Number : Segment.TypicalLength;
}
