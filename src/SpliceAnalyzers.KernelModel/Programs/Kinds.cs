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
    /// <summary>The pages of a file, or of a memfd, in the page cache. The kernel makes these; a program maps them, and splices from them.</summary>
    File,
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
    /// <summary>
    /// Nothing is given up: whoever had references to the pages has copied them, as the program's author says. At address 0 that is so for all memory.
    /// </summary>
    Drained,
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
    /// <summary>pointer to two 4-byte descriptors, read end and write end; then flags (0 where left out): O_NONBLOCK, O_DIRECT (a slot is a packet).</summary>
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
    /// <summary>
    /// address, length, prot, flags, fd, offset, as of x86-64 and arm64 (MAP_SHARED 1, MAP_PRIVATE 2, MAP_FIXED 0x10, MAP_ANONYMOUS 0x20); the result is an
    /// address or -1. Shared mappings of one file alias each other; with MAP_FIXED the new pages lie in the region that the address points into.
    /// </summary>
    Mmap,
    /// <summary>address, length: the pages go, slots keep their frames. Unknown lengths reach to the end of the region.</summary>
    Munmap,
    /// <summary>address, length, advice (MADV_DONTNEED 4, MADV_FREE 8, MADV_REMOVE 9; any other changes nothing).</summary>
    Madvise,
    /// <summary>address, old length, new length, flags; the result is the new address or -1. Stores at the new address reach the same frames.</summary>
    Mremap,
    /// <summary>address, length, prot: without PROT_READ the pages cannot be handed off; nothing else changes.</summary>
    Mprotect,
    /// <summary>
    /// path, flags as of x86-64 (O_WRONLY 1, O_RDWR 2, O_CREAT 0x40, O_EXCL 0x80, O_TRUNC 0x200, O_APPEND 0x400, O_DIRECT 0x4000, O_PATH 0x200000, O_TMPFILE 0x410000); the
    /// result is a descriptor or -1. Equal paths are the same file: a number, a pointer, or an unknown value that went through the same register. With O_CREAT or
    /// O_TMPFILE it is certainly a file; otherwise it may be anything.
    /// </summary>
    Open,
    /// <summary>no arguments: a descriptor of a new empty file in memory, or -1.</summary>
    MemfdCreate,
    /// <summary>no arguments: a descriptor of /dev/null, or -1.</summary>
    OpenNull,
    /// <summary>fd: another descriptor of the same open file, with the same position.</summary>
    Dup,
    /// <summary>
    /// fd, flags as of open with O_PATH 0x200000: opens what the descriptor refers to anew, as open of /proc/self/fd/N does; the result is a descriptor or -1.
    /// </summary>
    Reopen,
    /// <summary>fd, offset, whence (0 set, 1 current, 2 end).</summary>
    Lseek,
    /// <summary>fd, buffer, length, offset: changes the file's pages; so do stores to a shared mapping.</summary>
    Pwrite,
    /// <summary>fd, iov, iovcnt, offset (-1: the position).</summary>
    Pwritev,
    /// <summary>fd, buffer, length, offset: a store into the buffer.</summary>
    Pread,
    /// <summary>fd, size: what is left of the last page is zeroed in place, whole pages are detached.</summary>
    Ftruncate,
    /// <summary>fd, mode (FALLOC_FL_KEEP_SIZE 1, PUNCH_HOLE 2, COLLAPSE_RANGE 8, ZERO_RANGE 0x10, INSERT_RANGE 0x20), offset, length.</summary>
    Fallocate,
    /// <summary>domain, type: one end of a connection whose other end is outside. AF_UNIX (1) with SOCK_DGRAM (2) copies what is spliced into it.</summary>
    Socket,
    /// <summary>domain, type, pointer to two 4-byte descriptors: both ends of a connection.</summary>
    SocketPair,
    /// <summary>no arguments: the process ends. Nothing runs any more and no memory is reused; slots keep their frames (KERNEL.md rule 6).</summary>
    Exit,
    /// <summary>no arguments: 0 in the child, 1 in the parent, or -1. The program goes on in both; private pages are copied when either writes.</summary>
    Fork,
}
