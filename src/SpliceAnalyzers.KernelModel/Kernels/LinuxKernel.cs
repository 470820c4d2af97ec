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
    /// <summary>SPLICE_F_GIFT.</summary>
    private const long GiftFlag = 8;

    private const long KnownFlags = 0xF;
    private const long MostSegments = 1024;

    /// <summary>The default of /proc/sys/fs/pipe-max-size.</summary>
    private const long LargestUnprivilegedPipe = 1 << 20;

    private static readonly Value Failed = Value.Exact(-1);

    private readonly List<Segment> _segments = [];
    private readonly List<SlotRun> _moved = [];

    /// <summary>Runs a call; false when it blocks for ever because nobody is left who could wake it.</summary>
    public bool TryCall(SystemCallKind kind, Value[] arguments, in CallContext context, out Value result)
    {
        Value? returned = kind switch
        {
            SystemCallKind.Vmsplice => Vmsplice(arguments[0], arguments[1], arguments[2], arguments[3], context),
            SystemCallKind.Write => Write(arguments[0], One(arguments[1], arguments[2]), context),
            SystemCallKind.Writev => Write(arguments[0], Gather(arguments[1], arguments[2]), context),
            SystemCallKind.Read => Read(arguments[0], One(arguments[1], arguments[2]), context),
            SystemCallKind.Readv => Read(arguments[0], Gather(arguments[1], arguments[2]), context),
            SystemCallKind.Splice => Splice(arguments[0], arguments[2], arguments[4], context),
            SystemCallKind.Tee => Tee(arguments[0], arguments[1], arguments[2], context),
            SystemCallKind.Sendfile => Sendfile(arguments[0], arguments[3], context),
            SystemCallKind.Pipe => MakePipe(arguments[0]),
            SystemCallKind.Close => Close(arguments[0]),
            SystemCallKind.SetPipeSize => SetPipeSize(arguments[0], arguments[1]),
            SystemCallKind.GetPipeSize => GetPipeSize(arguments[0]),
            SystemCallKind.MapPrivate => MapPrivate(arguments[0], context),
            SystemCallKind.OpenCopyingTarget => state.Open(DescriptorKind.CopyingFile, -1),
            _ => Value.Unknown(),
        };
        result = returned.GetValueOrDefault();
        return returned.HasValue;
    }

    /// <summary>What a descriptor argument turned out to be.</summary>
    protected enum Endpoint
    {
        /// <summary>No open descriptor, or one the call cannot use (EBADF).</summary>
        Bad,
        /// <summary>The read end of a pipe.</summary>
        ReadEnd,
        /// <summary>The write end of a pipe.</summary>
        WriteEnd,
        /// <summary>A file, a splice into which copies.</summary>
        CopyingFile,
        /// <summary>Something that was there before the program; the pipe, if one is given, is how much of it can be followed.</summary>
        Foreign,
    }

    private Endpoint Resolve(Value descriptor, out Pipe? pipe)
    {
        pipe = null;
        if (descriptor.IsDescriptor)
        {
            var index = (int)descriptor.Number;
            var entry = index < state.Descriptors.Count ? state.Descriptors[index] : default;
            if (entry.Pipe >= 0 && entry.Kind is DescriptorKind.ReadEnd or DescriptorKind.WriteEnd) pipe = state.Pipes[entry.Pipe];
            return entry.Kind switch
            {
                DescriptorKind.ReadEnd => Endpoint.ReadEnd,
                DescriptorKind.WriteEnd => Endpoint.WriteEnd,
                DescriptorKind.CopyingFile => Endpoint.CopyingFile,
                _ => Endpoint.Bad,
            };
        }
        if (descriptor is { IsExactNumber: true, Number: < 0 }) return Endpoint.Bad;
        if (consumer == ConsumerKind.Copies && CanBeNamed(descriptor)) pipe = ForeignPipe(descriptor);
        return Endpoint.Foreign;
    }

    /// <summary>True when two uses of the value certainly mean the same descriptor.</summary>
    private static bool CanBeNamed(Value descriptor) =>
        descriptor.IsExactNumber || (descriptor is { IsPointer: false, Knowledge: Knowledge.Unknown } && descriptor.Number != 0);

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
            2 => Failed,
            _ => Value.Exact(0),
        };
    }

    private static long LengthOf(Value length) =>
        length.IsExactNumber ? length.Number : Segment.TypicalLength;
}
