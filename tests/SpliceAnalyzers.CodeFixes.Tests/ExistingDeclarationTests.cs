using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>A declaration that is there is used; one that does not fit is left alone.</summary>
public class ExistingDeclarationTests
{
    private const string Segment = """
        using System;
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        """;

    [Fact]
    public Task One_in_another_type_is_named_with_it() => WritevAsync(
        """
        internal static unsafe class Io
        {
            [DllImport("libc.so.6", SetLastError = true)]
            internal static extern nint writev(int fd, iovec* iov, int iovcnt);
        }

        public static unsafe class Native
        {
            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0);
        }
        """,
        """
        internal static unsafe class Io
        {
            [DllImport("libc.so.6", SetLastError = true)]
            internal static extern nint writev(int fd, iovec* iov, int iovcnt);
        }

        public static unsafe class Native
        {
            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, iovec* iov) => Io.writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task What_it_returns_is_cast() => WriteAsync(
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc", EntryPoint = "write")]
            private static extern long Write(int fd, nint buf, ulong count);

            public static string Run(int fd, iovec iov) => vmsplice(fd, &iov, 1, 0).ToString();
        }
        """,
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc", EntryPoint = "write")]
            private static extern long Write(int fd, nint buf, ulong count);

            public static string Run(int fd, iovec iov) => ((nint)Write(fd, (nint)iov.iov_base, iov.iov_len)).ToString();
        }
        """);

    [Theory]
    [InlineData("[DllImport(\"libc\")] public static extern nint writev(int fd, iovec* iov, int iovcnt);", "it does not set errno")]
    [InlineData("[DllImport(\"libother\", SetLastError = true)] public static extern nint writev(int fd, iovec* iov, int iovcnt);", "it is another library's")]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"readv\", SetLastError = true)] public static extern nint writev(int fd, iovec* iov, int iovcnt);", "it is another function")]
    [InlineData("public static nint writev(int fd, iovec* iov, int iovcnt) => -1;", "it is the user's own")]
    [InlineData("public const int writev = 20;", "it is no function")]
    public Task One_that_does_not_fit_keeps_its_name(string existing, string reason) => WritevAsync(
        $$"""
        public static unsafe class Native // {{reason}}
        {
            {{existing}}

            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0);
        }
        """,
        $$"""
        public static unsafe class Native // {{reason}}
        {
            {{existing}}

            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc", EntryPoint = "writev", SetLastError = true)]
            public static extern nint libc_writev(int fd, iovec* iov, int nr_segs);

            public static nint Run(int fd, iovec* iov) => libc_writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task One_for_other_buffers_gets_an_overload() => WriteAsync(
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint write(int fd, byte[] buf, nuint count);

            public static nint Run(int fd, iovec iov) => vmsplice(fd, &iov, 1, 0);
        }
        """,
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint write(int fd, void* buf, nuint count);

            [DllImport("libc")]
            public static extern nint write(int fd, byte[] buf, nuint count);

            public static nint Run(int fd, iovec iov) => write(fd, iov.iov_base, iov.iov_len);
        }
        """);

    [Fact]
    public Task A_name_that_means_something_else_at_the_call_is_qualified() => WriteAsync(
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public sealed class Sender
            {
                private void write(string text) => Console.Write(text);

                public nint Run(int fd, iovec iov)
                {
                    write("sending");
                    return vmsplice(fd, &iov, 1, 0);
                }
            }
        }
        """,
        """
        public static unsafe class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint write(int fd, void* buf, nuint count);

            public sealed class Sender
            {
                private void write(string text) => Console.Write(text);

                public nint Run(int fd, iovec iov)
                {
                    write("sending");
                    return Native.write(fd, iov.iov_base, iov.iov_len);
                }
            }
        }
        """);

    [Fact]
    public Task A_users_own_write_in_a_top_level_program_keeps_its_name() => Verify.FixAsync(
        FixTitles.UseWrite,
        """
        using System;
        using System.Runtime.InteropServices;

        unsafe
        {
            byte* page = stackalloc byte[4096];
            var iov = new iovec { iov_base = page, iov_len = 4096 };
            write(vmsplice(1, &iov, 1, 0).ToString());
        }

        static void write(string text) => Console.WriteLine(text);

        [DllImport("libc", SetLastError = true)]
        static extern unsafe nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

        unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        static class Other;
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        unsafe
        {
            byte* page = stackalloc byte[4096];
            write(libc_write(1, page, 4096).ToString());
        }

        static void write(string text) => Console.WriteLine(text);

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        static extern unsafe nint libc_write(int fd, void* buf, nuint count);

        static class Other;
        """,
        Microsoft.CodeAnalysis.OutputKind.ConsoleApplication);

    [Fact]
    public Task A_constant_for_the_flag_is_used() => WritevAsync(
        """
        public static unsafe class Native
        {
            public const int RWF_NOWAIT = 8;

            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint pwritev2(int fd, iovec* iov, int iovcnt, long offset, int flags);
        }

        public static unsafe class Caller
        {
            public static nint Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 2);
        }
        """,
        """
        public static unsafe class Native
        {
            public const int RWF_NOWAIT = 8;

            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint pwritev2(int fd, iovec* iov, int iovcnt, long offset, int flags);
        }

        public static unsafe class Caller
        {
            public static nint Run(int fd, iovec* iov) => Native.pwritev2(fd, iov, 1, -1, Native.RWF_NOWAIT);
        }
        """);

    private static Task WritevAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWritev, Segment + before, Segment + after);

    private static Task WriteAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWrite, Segment + before, Segment + after);
}
