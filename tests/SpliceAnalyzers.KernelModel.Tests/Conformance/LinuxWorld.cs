using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>The running kernel with real pipes, memory, files and sockets.</summary>
internal sealed unsafe class LinuxWorld : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int SharedAnonymous = 0x21;
    private const int MapShared = 1;
    private const int MapPrivate = 2;

    private static readonly string Folder = Path.GetTempPath();

    private const int FixedButFree = 0x100000;

    private static long _nextAddress = 0x1000_0000_0000;

    private readonly List<int> _descriptors = [];
    private readonly byte*[] _regions = new byte*[World.RegionNames.Length];
    private readonly long[] _sizes = new long[World.RegionNames.Length];
    private readonly Libc.Vector* _vector = (Libc.Vector*)NativeMemory.AllocZeroed(16 * 16);
    private readonly long* _cell = (long*)NativeMemory.AllocZeroed(8);

    public LinuxWorld()
    {
        var ends = stackalloc int[2];
        foreach (var flags in World.PipeFlags)
        {
            Check(Libc.pipe2(ends, (flags & Libc.O_NONBLOCK) | ((flags & 0x4000) != 0 ? Libc.O_DIRECT : 0)));
            _descriptors.AddRange([ends[0], ends[1]]);
        }
        _descriptors.Add(Check(Libc.memfd_create("conformance", 0)));
        OpenFile();
        foreach (var type in new[] { Libc.SOCK_STREAM, Libc.SOCK_DGRAM })
        {
            Check(Libc.socketpair(Libc.AF_UNIX, type | Libc.O_NONBLOCK, 0, ends));
            _descriptors.AddRange([ends[0], ends[1]]);
        }
        _descriptors.Add(Check(Libc.open("/dev/null", Libc.O_RDWR, 0)));
        _descriptors.Add(-1);
        MapRegions();
        FillFiles();
    }

    /// <summary>True when the file lives in memory, where pages never written are the zero page to splice.</summary>
    public bool IsFileInMemory { get; private set; }

    private void OpenFile()
    {
        var path = Path.Combine(Folder, $"splice-conformance-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        var file = Check(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL, 0x180));
        _descriptors.Add(file);
        _descriptors.Add(Check(Libc.open(path, Libc.O_WRONLY | Libc.O_APPEND, 0)));
        Check(Libc.unlink(path));
        var status = stackalloc long[64];
        Check(Libc.fstatfs(file, status));
        IsFileInMemory = status[0] == Libc.TMPFS_MAGIC;
    }

    private void MapRegions()
    {
        var file = _descriptors[World.File];
        var memfd = _descriptors[World.Memfd];
        Map(World.Private, PrivateAnonymous, -1);
        Map(World.Movable, PrivateAnonymous, -1);
        Map(World.SharedAnonymous, SharedAnonymous, -1);
        Map(World.MemfdShared, MapShared, memfd);
        Map(World.MemfdPrivate, MapPrivate, memfd);
        Map(World.FileShared, MapShared, file);
        Map(World.Sink, PrivateAnonymous, -1);
    }

    private void Map(int region, int flags, int fd)
    {
        _sizes[region] = World.RegionPages[region] * World.Page;
        _regions[region] = Libc.mmap(FreeAddress(_sizes[region]), (nint)_sizes[region], ReadWrite, flags | FixedButFree, fd, 0);
        if (_regions[region] == (byte*)-1) throw new InvalidOperationException($"mmap: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>
    /// Addresses far from those that the kernel chooses by itself: what a sequence unmaps there, no other thread maps something at before the sequence uses it again.
    /// </summary>
    private static byte* FreeAddress(long size)
    {
        var room = (size + World.Page - 1) / World.Page * World.Page;
        return (byte*)(Interlocked.Add(ref _nextAddress, room + World.Page) - room);
    }

    /// <summary>Page by page, so that every page of the file is one of its own in the page cache.</summary>
    private void FillFiles()
    {
        Check(Libc.ftruncate(_descriptors[World.Memfd], World.MemfdPages * World.Page));
        for (var page = 0; page < World.MemfdPages; page++)
        {
            if (page < World.FirstHole || page >= World.FirstHole + World.HolePages) Fill(World.Memfd, page, World.Page);
        }
        for (var page = 0; page <= World.FilePages; page++) Fill(World.File, page, page < World.FilePages ? World.Page : World.FileTail);
    }

    private void Fill(int descriptor, int page, int length)
    {
        fixed (byte* bytes = KernelCall.Pattern(descriptor * 16 + page, length))
            Check((int)Libc.pwrite(_descriptors[descriptor], bytes, length, page * World.Page));
    }

    private static int Check(int result) => result >= 0 ? result : throw new InvalidOperationException($"A call failed: errno {Marshal.GetLastPInvokeError()}");

    public Outcome Run(KernelCall call)
    {
        var a = stackalloc long[6];
        for (var i = 0; i < call.Arguments.Length; i++) a[i] = Convert(call.Arguments[i]);
        if (call.Kind is not { } kind)
        {
            Marshal.Copy(KernelCall.Pattern(call.Seed, a[1]), 0, (nint)a[0], (int)a[1]);
            return default;
        }
        var result = Call(kind, call, a);
        return new Outcome(result, result < 0 ? Marshal.GetLastPInvokeError() : 0);
    }

    private long Convert(Argument argument) => argument.Kind switch
    {
        ArgumentKind.Descriptor => _descriptors[(int)argument.A],
        ArgumentKind.Address => (long)(_regions[argument.A] + argument.B),
        ArgumentKind.Vector => (long)FillVector(argument.Parts!),
        ArgumentKind.Cell => (long)FillCell(argument.A),
        _ => argument.A,
    };

    private Libc.Vector* FillVector(Part[] parts)
    {
        for (var i = 0; i < parts.Length; i++) _vector[i] = new Libc.Vector { Base = _regions[parts[i].Region] + parts[i].Offset, Length = (nint)parts[i].Length };
        return _vector;
    }

    private long* FillCell(long value)
    {
        *_cell = value;
        return _cell;
    }

    private long Call(SystemCallKind kind, KernelCall call, long* a) => kind switch
    {
        SystemCallKind.Vmsplice => Libc.vmsplice((int)a[0], (Libc.Vector*)a[1], (nint)a[2], (uint)a[3]),
        SystemCallKind.Write => Libc.write((int)a[0], (void*)a[1], (nint)a[2]),
        SystemCallKind.Writev => Libc.writev((int)a[0], (Libc.Vector*)a[1], (int)a[2]),
        SystemCallKind.Read => Libc.read((int)a[0], (void*)a[1], (nint)a[2]),
        SystemCallKind.Readv => Libc.readv((int)a[0], (Libc.Vector*)a[1], (int)a[2]),
        SystemCallKind.Splice => Libc.splice((int)a[0], (long*)a[1], (int)a[2], (long*)a[3], (nint)a[4], (uint)a[5]),
        SystemCallKind.Tee => Libc.tee((int)a[0], (int)a[1], (nint)a[2], (uint)a[3]),
        SystemCallKind.Sendfile => Libc.sendfile((int)a[0], (int)a[1], (long*)a[2], (nint)a[3]),
        SystemCallKind.SetPipeSize => Libc.fcntl((int)a[0], Libc.F_SETPIPE_SZ, a[1]),
        SystemCallKind.GetPipeSize => Libc.fcntl((int)a[0], Libc.F_GETPIPE_SZ, 0),
        SystemCallKind.Close => Close((int)call.Arguments[0].A),
        SystemCallKind.Dup => Keep(Libc.dup((int)a[0])),
        SystemCallKind.Reopen => Keep(Libc.open($"/proc/self/fd/{a[0]}", (int)a[1], 0)),
        SystemCallKind.Lseek => Libc.lseek((int)a[0], a[1], (int)a[2]),
        SystemCallKind.Pwrite => Libc.pwrite((int)a[0], (void*)a[1], (nint)a[2], a[3]),
        SystemCallKind.Pread => Libc.pread((int)a[0], (void*)a[1], (nint)a[2], a[3]),
        SystemCallKind.Ftruncate => Libc.ftruncate((int)a[0], a[1]),
        SystemCallKind.Fallocate => Libc.fallocate((int)a[0], (int)a[1], a[2], a[3]),
        SystemCallKind.Mmap => Libc.mmap((void*)a[0], (nint)a[1], (int)a[2], (int)a[3], (int)a[4], a[5]) == (byte*)-1 ? -1 : 0,
        SystemCallKind.Munmap => Munmap((void*)a[0], (nint)a[1]),
        SystemCallKind.Madvise => Libc.madvise((void*)a[0], (nint)a[1], (int)a[2]),
        SystemCallKind.Mprotect => Libc.mprotect((void*)a[0], (nint)a[1], (int)a[2]),
        SystemCallKind.Mremap => Mremap((int)call.Arguments[0].A, a[2]),
        SystemCallKind.Fork => Libc.ForkAndWait(),
        _ => throw new NotSupportedException(kind.ToString()),
    };

    private int Close(int index)
    {
        var result = Libc.close(_descriptors[index]);
        // The number may be given out again; a stale one stays closed in the model.
        if (result == 0) _descriptors[index] = -1;
        return result;
    }

    private int Keep(int descriptor)
    {
        if (descriptor < 0) return -1;
        _descriptors.Add(descriptor);
        return 0;
    }

    /// <summary>Unmaps, and keeps others in this process from mapping something there that the sequence would then change.</summary>
    private static int Munmap(void* address, nint length)
    {
        if (Libc.munmap(address, length) < 0) return -1;
        if (Libc.mmap(address, length, 0, PrivateAnonymous | FixedButFree, -1, 0) != address) throw new InvalidOperationException("Somebody else took the addresses.");
        return 0;
    }

    /// <summary>Moves the region for certain, to an address that was something else's.</summary>
    private int Mremap(int region, long size)
    {
        var target = Libc.mmap(FreeAddress(size), (nint)size, 0, PrivateAnonymous | FixedButFree, -1, 0);
        if (target == (byte*)-1) return -1;
        var moved = Libc.mremap(_regions[region], (nint)_sizes[region], (nint)size, Libc.MREMAP_MAYMOVE | Libc.MREMAP_FIXED, target);
        if (moved == (byte*)-1) return -1;
        _regions[region] = moved;
        _sizes[region] = size;
        return 0;
    }

    /// <summary>How many bytes a pipe holds, asked at any end that is open; -1 where none is.</summary>
    public int BytesQueued(int pipe)
    {
        int bytes;
        foreach (var end in new[] { _descriptors[2 * pipe], _descriptors[2 * pipe + 1] })
        {
            if (end >= 0 && Libc.ioctl(end, Libc.FIONREAD, &bytes) == 0) return bytes;
        }
        return -1;
    }

    public long CellValue => *_cell;

    public byte[] Load(int region, long offset, long length)
    {
        var bytes = new byte[length];
        Marshal.Copy((nint)(_regions[region] + offset), bytes, 0, (int)length);
        return bytes;
    }

    public void Dispose()
    {
        foreach (var descriptor in _descriptors)
        {
            if (descriptor >= 0) _ = Libc.close(descriptor);
        }
        for (var i = 0; i < _regions.Length; i++) _ = Libc.munmap(_regions[i], (nint)_sizes[i]);
        NativeMemory.Free(_vector);
        NativeMemory.Free(_cell);
    }
}
