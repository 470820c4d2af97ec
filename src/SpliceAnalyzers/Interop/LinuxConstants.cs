using System;
using System.Collections.Generic;

namespace SpliceAnalyzers.Interop;

/// <summary>
/// Constants of the C headers by their names, with the values of x86-64, which are those that the kernel model goes by. A binding such as Tmds.LibC has them
/// as properties, whose values metadata does not tell.
/// </summary>
internal static class LinuxConstants
{
    private static readonly Dictionary<string, long> Values = new(StringComparer.Ordinal)
    {
        // fcntl-linux.h
        ["SPLICE_F_MOVE"] = NativeSignatures.Move, ["SPLICE_F_NONBLOCK"] = NativeSignatures.NonBlock, ["SPLICE_F_MORE"] = NativeSignatures.More, ["SPLICE_F_GIFT"] = NativeSignatures.Gift,
        ["F_SETPIPE_SZ"] = NativeSignatures.SetPipeSize, ["F_GETPIPE_SZ"] = NativeSignatures.GetPipeSize,
        ["F_DUPFD"] = 0, ["F_GETFD"] = 1, ["F_SETFD"] = 2, ["F_GETFL"] = 3, ["F_SETFL"] = 4,
        ["O_RDONLY"] = 0, ["O_WRONLY"] = 1, ["O_RDWR"] = 2, ["O_CREAT"] = 0x40, ["O_EXCL"] = 0x80, ["O_TRUNC"] = 0x200, ["O_APPEND"] = 0x400, ["O_NONBLOCK"] = 0x800,
        ["O_DIRECT"] = 0x4000, ["O_DIRECTORY"] = 0x10000, ["O_NOFOLLOW"] = 0x20000, ["O_CLOEXEC"] = 0x80000, ["O_PATH"] = 0x200000, ["O_TMPFILE"] = 0x410000,
        ["FALLOC_FL_KEEP_SIZE"] = 1, ["FALLOC_FL_PUNCH_HOLE"] = 2, ["FALLOC_FL_COLLAPSE_RANGE"] = 8, ["FALLOC_FL_ZERO_RANGE"] = 0x10, ["FALLOC_FL_INSERT_RANGE"] = 0x20,
        // stdio.h
        ["SEEK_SET"] = 0, ["SEEK_CUR"] = 1, ["SEEK_END"] = 2,
        // mman-linux.h
        ["PROT_NONE"] = 0, ["PROT_READ"] = 1, ["PROT_WRITE"] = 2, ["PROT_EXEC"] = 4,
        ["MAP_SHARED"] = 1, ["MAP_PRIVATE"] = 2, ["MAP_SHARED_VALIDATE"] = 3, ["MAP_FIXED"] = 0x10, ["MAP_ANONYMOUS"] = 0x20, ["MAP_ANON"] = 0x20, ["MAP_LOCKED"] = 0x2000,
        ["MAP_NORESERVE"] = 0x4000, ["MAP_POPULATE"] = 0x8000, ["MAP_STACK"] = 0x20000, ["MAP_HUGETLB"] = 0x40000, ["MAP_FIXED_NOREPLACE"] = 0x100000, ["MAP_FAILED"] = -1,
        ["MADV_NORMAL"] = 0, ["MADV_RANDOM"] = 1, ["MADV_SEQUENTIAL"] = 2, ["MADV_WILLNEED"] = 3, ["MADV_DONTNEED"] = 4, ["MADV_FREE"] = 8, ["MADV_REMOVE"] = 9,
        ["MADV_DONTFORK"] = 10, ["MADV_DOFORK"] = 11, ["MADV_HUGEPAGE"] = 14, ["MADV_NOHUGEPAGE"] = 15,
        ["MREMAP_MAYMOVE"] = 1, ["MREMAP_FIXED"] = 2,
        // socket.h
        ["AF_UNIX"] = 1, ["AF_LOCAL"] = 1, ["AF_INET"] = 2, ["AF_INET6"] = 10,
        ["SOCK_STREAM"] = 1, ["SOCK_DGRAM"] = 2, ["SOCK_SEQPACKET"] = 5, ["SOCK_NONBLOCK"] = 0x800, ["SOCK_CLOEXEC"] = 0x80000,
    };

    /// <summary>The names that have a value here.</summary>
    public static IReadOnlyCollection<string> Names => Values.Keys;

    /// <summary>The value; null for other names.</summary>
    public static long? Named(string name) => Values.TryGetValue(name, out long value) ? value : null;
}
