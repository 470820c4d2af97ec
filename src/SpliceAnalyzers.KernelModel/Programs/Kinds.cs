namespace SpliceAnalyzers.KernelModel.Programs;

/// <summary>Where a region's memory comes from: what it holds at first, and who may take it back.</summary>
public enum RegionKind
{
    /// <summary>From an allocator (malloc, NativeMemory, Marshal): undefined at first, stays until released.</summary>
    Native,
    /// <summary>An array rented from a pool: movable by the collector unless pinned.</summary>
    Pooled,
    /// <summary>An ordinary managed array: zero at first, movable unless pinned.</summary>
    Managed,
    /// <summary>An array on the pinned heap: never moves, its memory is reused once nothing reaches it.</summary>
    PinnedHeap,
    /// <summary>Stack memory of the running procedure: ends when that returns.</summary>
    Stack,
    /// <summary>Bytes of the image: never written, never released.</summary>
    ReadOnly,
    /// <summary>A private anonymous mapping from the kernel.</summary>
    PrivateMapping,
    /// <summary>A shared or file-backed mapping.</summary>
    SharedMapping,
    /// <summary>Memory behind a pointer that the caller passed in and owns.</summary>
    Caller,
    /// <summary>A managed array that the caller passed in and owns: movable unless pinned.</summary>
    CallerArray,
    /// <summary>An object whose fields hold values and whose bytes nobody hands off; zero at first.</summary>
    Object,
    /// <summary>An object that existed before: its fields hold anything.</summary>
    ForeignObject,
}

/// <summary>To whom memory is given up.</summary>
public enum ReleaseKind
{
    /// <summary>To an allocator that may reuse or scribble on it (free and its like).</summary>
    ToAllocator,
    /// <summary>To a pool: the next renter writes.</summary>
    ToPool,
    /// <summary>A pin held by a handle ends: the collector may move the array and reuse its frames.</summary>
    PinHandle,
    /// <summary>A pin held by a lexical scope (`fixed`) ends.</summary>
    PinScope,
    /// <summary>The mapping goes: slots keep the frames with stable bytes (KERNEL.md rule 6).</summary>
    Unmap,
}

/// <summary>System calls a program can make, with their arguments. The kernel decides what each does.</summary>
public enum SystemCallKind
{
    /// <summary>fd, iov (16 bytes a segment: pointer at 0, length at 8), nr_segs, flags.</summary>
    Vmsplice,
    /// <summary>fd, buffer, length.</summary>
    Write,
    /// <summary>fd, iov, iovcnt.</summary>
    Writev,
    /// <summary>fd, buffer, length: a store into the buffer.</summary>
    Read,
    /// <summary>fd, iov, iovcnt.</summary>
    Readv,
    /// <summary>fd_in, off_in, fd_out, off_out, length, flags.</summary>
    Splice,
    /// <summary>fd_in, fd_out, length, flags.</summary>
    Tee,
    /// <summary>out_fd, in_fd, offset, count.</summary>
    Sendfile,
    /// <summary>pointer to two 4-byte descriptors: read end, write end.</summary>
    Pipe,
    /// <summary>fd.</summary>
    Close,
    /// <summary>fd, bytes: the result is the size the kernel chose.</summary>
    SetPipeSize,
    /// <summary>fd.</summary>
    GetPipeSize,
    /// <summary>size: a private anonymous mapping; the result is its address or -1.</summary>
    MapPrivate,
    /// <summary>no arguments: a descriptor of a file, the kind whose splice target copies.</summary>
    OpenCopyingTarget,
}
