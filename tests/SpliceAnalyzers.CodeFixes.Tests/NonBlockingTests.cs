using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>Calls that ask not to be blocked: pwritev2 with RWF_NOWAIT, except on a named FIFO, which answers EOPNOTSUPP.</summary>
public class NonBlockingTests
{
    private const string Fifo = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Sender
        {
            [DllImport("libc")] private static extern nint vmsplice(int fd, iovec* iov, nuint n, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] private static extern nint vmspliceHandle(SafeHandle fd, iovec* iov, nuint n, uint flags);
            [DllImport("libc")] private static extern nint writev(int fd, iovec* iov, int n);
            [DllImport("libc")] private static extern int open(string path, int flags);
            [DllImport("libc")] private static extern int dup(int fd);
            [DllImport("libc")] private static extern int pipe(int* ends);

            public static void Run(string path, int given, iovec* iov, uint flags)
            {
                /*body*/
            }
        }
        """;

    private const string Declaration = """[DllImport("libc")] private static extern nint vmsplice(int fd, iovec* iov, nuint n, uint flags);""";

    [Theory]
    [InlineData("vmsplice(open(path, 1), iov, 1, 2);")]
    [InlineData("int fd = open(path, 1); vmsplice(fd, iov, 1, 2);")]
    [InlineData("int fd = -1; fd = open(path, 1); vmsplice(fd, iov, 1, 2);")]
    [InlineData("int fd = open(path, 1); int other = dup(fd); vmsplice(other, iov, 1, 2);")]
    [InlineData("int fd = open(path, 1); vmsplice(fd, iov, 1, flags);")]
    [InlineData("using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write); vmsplice((int)handle.DangerousGetHandle(), iov, 1, 2);")]
    [InlineData("using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write); vmspliceHandle(handle, iov, 1, 2);")]
    [InlineData("using FileStream stream = File.OpenWrite(path); int fd = stream.SafeFileHandle.DangerousGetHandle().ToInt32(); vmsplice(fd, iov, 1, 2);")]
    [InlineData("using var stream = new FileStream(path, FileMode.Open); vmspliceHandle(stream.SafeFileHandle, iov, 1, 2);")]
    public Task Writev_is_not_offered_where_a_path_was_opened(string body) => Verify.NotOfferedAsync(FixTitles.UseWritev, Fifo.Replace("/*body*/", body));

    [Theory]
    [InlineData("int fd = open(path, 1); vmsplice(fd, iov, 1, 0);", "int fd = open(path, 1); writev(fd, iov, 1);")]
    [InlineData("int fd = open(path, 1); vmsplice(fd, iov, 1, 8);", "int fd = open(path, 1); writev(fd, iov, 1);")]
    public Task Writev_is_offered_there_where_waiting_is_allowed(string before, string after) =>
        Verify.WritevAsync(Fifo.Replace("/*body*/", before), Fifo.Replace("/*body*/", after).Replace(Declaration + "\n    ", ""));

    [Theory]
    [InlineData("vmsplice(given, iov, 1, 2);", "pwritev2(given, iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("int* ends = stackalloc int[2]; pipe(ends); vmsplice(ends[1], iov, 1, 2);", "int* ends = stackalloc int[2]; pipe(ends); pwritev2(ends[1], iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("const uint NoWait = 2; vmsplice(given, iov, 1, NoWait | 8);", "pwritev2(given, iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("int fd = open(path, 0); vmsplice(given, iov, 1, 2);", "int fd = open(path, 0); pwritev2(given, iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    public Task Any_other_descriptor_gets_pwritev2(string before, string after) => Verify.WritevAsync(
        Fifo.Replace("/*body*/", before),
        Fifo.Replace("/*body*/", after).Replace(
            Declaration,
            """[DllImport("libc")] private static extern nint pwritev2(int fd, iovec* iov, int n, long offset, int flags);"""));

    [Theory]
    [InlineData("vmsplice(given, iov, 1, 2);")]
    [InlineData("vmsplice(given, iov, 1, flags);")]
    [InlineData("vmsplice(open(path, 1), iov, 1, 2);")]
    public Task Write_would_wait_and_is_not_offered(string body) => Verify.NotOfferedAsync(FixTitles.UseWrite, Fifo.Replace("/*body*/", body));

    [Fact]
    public Task A_LibraryImport_and_a_constant_of_another_type() => Verify.WritevAsync(
        """
        using System.Runtime.InteropServices;

        public static class Flags
        {
            public const int NoWait = 0x2;
        }

        internal static unsafe partial class Native
        {
            [LibraryImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            internal static partial nint Vmsplice(int fd, void* iov, nuint count, uint flags);
        }

        internal static unsafe class Sender
        {
            public static nint Run(int fd, void* iov, nuint count) => Native.Vmsplice(fd, iov, count, (uint)Flags.NoWait);
        }
        """,
        """
        using System.Runtime.InteropServices;

        public static class Flags
        {
            public const int NoWait = 0x2;
        }

        internal static unsafe partial class Native
        {
            [LibraryImport("libc", EntryPoint = "pwritev2", SetLastError = true)]
            internal static partial nint Pwritev2(int fd, void* iov, int count, long offset, int flags);
        }

        internal static unsafe class Sender
        {
            public static nint Run(int fd, void* iov, nuint count) => Native.Pwritev2(fd, iov, (int)count, -1, 8 /* RWF_NOWAIT */);
        }
        """);
}
