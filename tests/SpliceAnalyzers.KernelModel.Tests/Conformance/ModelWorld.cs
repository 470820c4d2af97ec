using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>The model's kernel, the very one that the search uses, with the bytes kept beside its state.</summary>
internal sealed class ModelWorld
{
    private const long AnyPath = 77;
    private const long ReadWrite = 3;
    private const long PrivateAnonymous = 0x22;
    private const long SharedAnonymous = 0x21;

    private readonly KernelState _state = new() { Contents = new FrameContents() };
    private readonly Choices _choices = new();
    private readonly LinuxKernel _kernel;
    private readonly List<Value> _descriptors = [];
    private readonly Value[] _regions = new Value[World.RegionNames.Length];
    private readonly Value _scratch;

    private sealed class Nobody : Observer
    {
        public override void Found(in Hazard hazard) { }
    }

    public ModelWorld(bool isFileInMemory)
    {
        _kernel = new LinuxKernel(_state, new HazardMonitor(_state, GiftContract.Actual, new Nobody()), _choices, ConsumerKind.Unknown);
        _scratch = Value.Pointer(_state.Memory.Add(RegionKind.Native, Value.Exact(1 << 20), 0, 0), 0);
        foreach (var flags in World.PipeFlags) MakeTwo(SystemCallKind.Pipe, _scratch, Value.Exact(flags));
        _descriptors.Add(Succeed(SystemCallKind.MemfdCreate));
        _descriptors.Add(Succeed(SystemCallKind.Open, Value.Exact(AnyPath), Value.Exact(Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL)));
        _descriptors.Add(Succeed(SystemCallKind.Open, Value.Exact(AnyPath), Value.Exact(Libc.O_WRONLY | Libc.O_APPEND)));
        foreach (var type in new[] { Libc.SOCK_STREAM, Libc.SOCK_DGRAM })
            MakeTwo(SystemCallKind.SocketPair, Value.Exact(Libc.AF_UNIX), Value.Exact(type | Libc.O_NONBLOCK), _scratch);
        _descriptors.Add(Succeed(SystemCallKind.OpenNull));
        _descriptors.Add(Value.Exact(-1));
        var file = FileOf(World.File);
        file.Size = Value.Exact(0);
        if (isFileInMemory) file.Traits |= FileTraits.IsInMemory | FileTraits.HasSmallFolios;
        MapRegions();
        FillFiles();
    }

    public int DescriptorCount => _descriptors.Count;

    public Region FileOf(int descriptor) => _state.Memory[_state.Descriptors[(int)_descriptors[descriptor].Number].File];

    private void MapRegions()
    {
        Map(World.Private, PrivateAnonymous, Value.Exact(-1));
        Map(World.Movable, PrivateAnonymous, Value.Exact(-1));
        Map(World.SharedAnonymous, SharedAnonymous, Value.Exact(-1));
        Map(World.MemfdShared, 1, _descriptors[World.Memfd]);
        Map(World.MemfdPrivate, 2, _descriptors[World.Memfd]);
        Map(World.FileShared, 1, _descriptors[World.File]);
        Map(World.Sink, PrivateAnonymous, Value.Exact(-1));
    }

    private void Map(int region, long flags, Value descriptor) =>
        _regions[region] = Succeed(SystemCallKind.Mmap, default, Value.Exact(World.RegionPages[region] * World.Page), Value.Exact(ReadWrite), Value.Exact(flags), descriptor, default);

    private void FillFiles()
    {
        Succeed(SystemCallKind.Ftruncate, _descriptors[World.Memfd], Value.Exact(World.MemfdPages * World.Page));
        for (var page = 0; page < World.MemfdPages; page++)
        {
            if (page < World.FirstHole || page >= World.FirstHole + World.HolePages) Fill(World.Memfd, page, World.Page);
        }
        for (var page = 0; page <= World.FilePages; page++) Fill(World.File, page, page < World.FilePages ? World.Page : World.FileTail);
    }

    private void Fill(int descriptor, int page, int length)
    {
        _kernel.StoreBytes(_scratch, KernelCall.Pattern(descriptor * 16 + page, length));
        Succeed(SystemCallKind.Pwrite, _descriptors[descriptor], _scratch, Value.Exact(length), Value.Exact(page * World.Page));
    }

    private void MakeTwo(SystemCallKind kind, params Value[] arguments)
    {
        Succeed(kind, arguments);
        _descriptors.AddRange([Value.Descriptor(_state.Descriptors.Count - 2), Value.Descriptor(_state.Descriptors.Count - 1)]);
    }

    private Value Succeed(SystemCallKind kind, params Value[] arguments) =>
        TryCall(kind, arguments, out var result) && !result.Equals(Value.Exact(-1)) ? result : throw new InvalidOperationException($"{kind} fails in the model: errno {_kernel.Error}");

    private bool TryCall(SystemCallKind kind, Value[] arguments, out Value result)
    {
        // Of several ways a call can go, the first is the one of a machine on which all goes well.
        _choices.Follow(0);
        return _kernel.TryCall(kind, arguments, new CallContext(0, 0, 1, true), out result);
    }

    /// <summary>Runs a call; null where it would wait, and for ever, since nobody else is there.</summary>
    public Outcome? Run(KernelCall call)
    {
        var arguments = call.Arguments.Select(Convert).ToArray();
        if (call.Kind is not { } kind)
        {
            _kernel.StoreBytes(arguments[0], KernelCall.Pattern(call.Seed, arguments[1].Number));
            return default(Outcome);
        }
        if (!TryCall(kind, arguments, out var result)) return null;
        if (result.Equals(Value.Exact(-1))) return _kernel.Error == Errno.EINTR ? null : new Outcome(-1, _kernel.Error);
        if (kind is SystemCallKind.Dup or SystemCallKind.Reopen) _descriptors.Add(result);
        // As in the other world.
        if (kind == SystemCallKind.Munmap) Succeed(SystemCallKind.Mmap, arguments[0], arguments[1], default, Value.Exact(PrivateAnonymous | 0x10), Value.Exact(-1), default);
        if (kind == SystemCallKind.Mremap) _regions[call.Arguments[0].A] = result;
        return new Outcome(result.IsPointer || result.IsDescriptor ? 0 : result.Number, 0);
    }

    private Value Convert(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Descriptor => _descriptors[(int)argument.A],
        ArgumentKind.Address => AddressOf((int)argument.A, argument.B),
        ArgumentKind.Vector => FillVector(argument.Parts!),
        ArgumentKind.Cell => FillCell(argument.A),
        _ => Value.Exact(argument.A),
    };

    private Value AddressOf(int region, long offset) => Value.Pointer(_regions[region].Region, _regions[region].Number + offset);

    private Value FillVector(Part[] parts)
    {
        var memory = _state.Memory[_scratch.Region];
        for (var i = 0; i < parts.Length; i++)
        {
            ValueMemory.Store(memory, Value.Exact(16 * i), 8, AddressOf(parts[i].Region, parts[i].Offset));
            ValueMemory.Store(memory, Value.Exact(16 * i + 8), 8, Value.Exact(parts[i].Length));
        }
        return _scratch;
    }

    private const long CellOffset = 4096;

    private Value FillCell(long value)
    {
        ValueMemory.Store(_state.Memory[_scratch.Region], Value.Exact(CellOffset), 8, Value.Exact(value));
        return Value.Pointer(_scratch.Region, CellOffset);
    }

    public long CellValue => ValueMemory.Load(_state.Memory[_scratch.Region], Value.Exact(CellOffset), 8, _choices).Number;

    /// <summary>How many bytes a pipe holds; -1 where the ends that the world began with are closed.</summary>
    public int BytesQueued(int pipe) => IsOpen(2 * pipe) || IsOpen(2 * pipe + 1) ? (int)_state.Pipes[pipe].Available : -1;

    private Descriptor Entry(int descriptor) => _descriptors[descriptor].IsDescriptor ? _state.Descriptors[(int)_descriptors[descriptor].Number] : Descriptor.Of(DescriptorKind.Closed);

    public bool IsOpen(int descriptor) => Entry(descriptor).Kind != DescriptorKind.Closed;

    public bool IsPipe(int descriptor) => Entry(descriptor) is { Pipe: >= 0, Outgoing: < 0 };

    public bool IsSocket(int descriptor) => Entry(descriptor).Outgoing >= 0;

    /// <summary>True for what vmsplice copies out of.</summary>
    public bool IsReadEnd(int descriptor) => Entry(descriptor).Kind == DescriptorKind.ReadEnd;

    public bool IsSameFile(int first, int second) => Entry(first).File is >= 0 and var file && Entry(second).File == file;

    /// <summary>How much a socket has still to receive. What it may hold depends on more than bytes, and calls that come near are left out.</summary>
    public (long Bytes, int Slots) QueuedAt(int descriptor)
    {
        var outgoing = Entry(descriptor).Outgoing;
        return outgoing < 0 ? (0, 0) : (_state.Pipes[outgoing].Available, _state.Pipes[outgoing].Ring.Count);
    }

    public long SizeOf(int region) => _state.Memory[_regions[region].Region].Size.Number;

    /// <summary>
    /// True when the program itself can store there, or load from there, without a signal. What is stored behind the end of a file is lost some time, and
    /// a copy to one page at two addresses depends on the order of its bytes; both are left out.
    /// </summary>
    public bool CanTouch(int region, long offset, long length)
    {
        var memory = _state.Memory[_regions[region].Region];
        if (offset + length > memory.Size.Number || !CanRead(memory, offset, offset + length)) return false;
        var windows = memory.Windows.FindAll(window => window.From < offset + length && window.To > offset);
        return windows.Count < 2 && windows.TrueForAll(window => Math.Min(offset + length, window.To) + window.Shift <= _state.Memory[window.File].Size.Number);
    }

    public bool IsAnonymous(int region) => _state.Memory[_regions[region].Region].Windows.Count == 0;

    private static bool CanRead(Region memory, long from, long to) => memory.Barred.FirstFrom(from) >= to && memory.Unmapped.FirstFrom(from) >= to;

    /// <summary>True when a pipe or socket holds pages that a region shows: copying those onto each other depends on how much is copied at once.</summary>
    public bool HoldsPagesOf(int source, int region)
    {
        var memory = _state.Memory[_regions[region].Region];
        return InputOf(source)?.Ring.Exists(run => run.Region == _regions[region].Region || memory.Windows.Exists(window => window.File == run.Region)) == true;
    }

    public bool HoldsPagesOfFile(int source, int descriptor)
    {
        var file = Entry(descriptor).File;
        return file >= 0 && InputOf(source)?.Ring.Exists(run => run.Region == file) == true;
    }

    private Pipe? InputOf(int descriptor)
    {
        var pipe = Entry(descriptor).Pipe;
        return pipe >= 0 ? _state.Pipes[pipe] : null;
    }

    public byte[] Load(int region, long offset, long length) => _kernel.LoadBytes(AddressOf(region, offset), length);
}
