using System;
using System.Linq;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>What most cases begin with: the usings and one way to declare the calls. Cases about declarations bring their own.</summary>
internal static class Prelude
{
    public const string Text = """
        using System;
        using System.Buffers;
        using System.Buffers.Binary;
        using System.Buffers.Text;
        using System.Collections.Generic;
        using System.IO;
        using System.IO.MemoryMappedFiles;
        using System.IO.Pipes;
        using System.Net.Sockets;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Security.Cryptography;
        using System.Text;
        using System.Text.Unicode;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Win32.SafeHandles;
        using static Libc;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Libc
        {
            public const uint SPLICE_F_MOVE = 1, SPLICE_F_NONBLOCK = 2, SPLICE_F_MORE = 4, SPLICE_F_GIFT = 8;
            public const int PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20;
            public const int MADV_DONTNEED = 4, MADV_FREE = 8, F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;

            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint splice(int fd_in, long* off_in, int fd_out, long* off_out, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint tee(int fd_in, int fd_out, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint write(int fd, void* buf, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint writev(int fd, iovec* iov, int iovcnt);
            [DllImport("libc", SetLastError = true)] public static extern nint read(int fd, void* buf, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint readv(int fd, iovec* iov, int iovcnt);
            [DllImport("libc", SetLastError = true)] public static extern nint recv(int fd, void* buf, nuint len, int flags);
            [DllImport("libc", SetLastError = true)] public static extern int pipe(int* fds);
            [DllImport("libc", SetLastError = true)] public static extern int pipe2(int* fds, int flags);
            [DllImport("libc", SetLastError = true)] public static extern int close(int fd);
            [DllImport("libc", SetLastError = true)] public static extern int fcntl(int fd, int cmd, int arg);
            [DllImport("libc", SetLastError = true)] public static extern void* mmap(void* addr, nuint length, int prot, int flags, int fd, long offset);
            [DllImport("libc", SetLastError = true)] public static extern int munmap(void* addr, nuint length);
            [DllImport("libc", SetLastError = true)] public static extern int madvise(void* addr, nuint length, int advice);
            [DllImport("libc")] public static extern void* malloc(nuint size);
            [DllImport("libc")] public static extern void* calloc(nuint count, nuint size);
            [DllImport("libc")] public static extern void* realloc(void* ptr, nuint size);
            [DllImport("libc")] public static extern int posix_memalign(void** ptr, nuint alignment, nuint size);
            [DllImport("libc")] public static extern void* aligned_alloc(nuint alignment, nuint size);
            [DllImport("libc")] public static extern void free(void* ptr);
            [DllImport("libc")] public static extern void* memset(void* s, int c, nuint n);
            [DllImport("libc")] public static extern void* memcpy(void* dest, void* src, nuint n);
            [DllImport("libc")] public static extern int pause();
        }

        """ + "\n";

    /// <summary>Its usings alone, for further files of the same compilation.</summary>
    public static readonly string Usings = string.Concat(Text.Split('\n').Where(static line => line.StartsWith("using ", StringComparison.Ordinal)).Select(static line => line + "\n"));
}
