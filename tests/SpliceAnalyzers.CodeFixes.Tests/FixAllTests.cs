using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>Several hand-offs, in several documents and projects, at once.</summary>
public class FixAllTests
{
    private const string Native = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Native
        {
            [DllImport("libc")]
            internal static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
        }
        """;

    private const string NativeWithBoth = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Native
        {
            [DllImport("libc")]
            internal static extern nint pwritev2(int fd, iovec* iov, int nr_segs, long offset, int flags);

            [DllImport("libc")]
            internal static extern nint writev(int fd, iovec* iov, int nr_segs);
        }
        """;

    private const string First = """
        public static unsafe class First
        {
            public static void Run(int fd, iovec* iov, nuint n)
            {
                Native.vmsplice(fd, iov, n, 0); Native.vmsplice(fd, iov, 1, 2);
                Native.vmsplice(fd, iov, 1, 8);
            }
        }
        """;

    private const string FirstFixed = """
        public static unsafe class First
        {
            public static void Run(int fd, iovec* iov, nuint n)
            {
                Native.writev(fd, iov, (int)n); Native.pwritev2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */);
                Native.writev(fd, iov, 1);
            }
        }
        """;

    private const string Second = """
        public static unsafe class Second
        {
            public static void Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 0);
        }
        """;

    private const string SecondFixed = """
        public static unsafe class Second
        {
            public static void Run(int fd, iovec* iov) => Native.writev(fd, iov, 1);
        }
        """;

    [Theory]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public Task Everywhere(FixAllScope scope) => Verify.FixAllAsync(
        FixTitles.UseWritev, scope, ("First.cs", First, FirstFixed), ("Native.cs", Native, NativeWithBoth), ("Second.cs", Second, SecondFixed));

    [Fact]
    public Task Without_a_key_as_for_writev() => Verify.FixAllAsync(
        null, FixAllScope.Solution, ("First.cs", First, FirstFixed), ("Native.cs", Native, NativeWithBoth), ("Second.cs", Second, SecondFixed));

    [Fact]
    public Task In_one_document_vmsplice_stays_for_the_others() => Verify.FixAllAsync(
        FixTitles.UseWritev,
        FixAllScope.Document,
        ("First.cs", First, FirstFixed),
        ("Native.cs", Native, """
            using System.Runtime.InteropServices;

            public unsafe struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            internal static unsafe class Native
            {
                [DllImport("libc")]
                internal static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

                [DllImport("libc")]
                internal static extern nint pwritev2(int fd, iovec* iov, int nr_segs, long offset, int flags);

                [DllImport("libc")]
                internal static extern nint writev(int fd, iovec* iov, int nr_segs);
            }
            """),
        ("Second.cs", Second, Second));

    [Fact]
    public Task Write_leaves_what_only_writev_can_do() => Verify.FixAllAsync(
        FixTitles.UseWrite,
        FixAllScope.Solution,
        ("First.cs", First, """
            public static unsafe class First
            {
                public static void Run(int fd, iovec* iov, nuint n)
                {
                    Native.vmsplice(fd, iov, n, 0); Native.vmsplice(fd, iov, 1, 2);
                    Native.write(fd, iov->iov_base, iov->iov_len);
                }
            }
            """),
        ("Native.cs", Native, """
            using System.Runtime.InteropServices;

            public unsafe struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            internal static unsafe class Native
            {
                [DllImport("libc")]
                internal static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

                [DllImport("libc")]
                internal static extern nint write(int fd, void* buf, nuint count);
            }
            """),
        ("Second.cs", Second, """
            public static unsafe class Second
            {
                public static void Run(int fd, iovec* iov) => Native.write(fd, iov->iov_base, iov->iov_len);
            }
            """));

    [Theory]
    [InlineData(FixAllScope.Solution)]
    public Task The_declaration_is_in_another_project(FixAllScope scope) => Verify.FixAllAsync(
        FixTitles.UseWritev,
        scope,
        [
            [("Native.cs", Native.Replace("internal", "public"), Native.Replace("internal", "public").Replace("\n}\n", "\n}\n").TrimEnd('}').TrimEnd() + """


                    [DllImport("libc")]
                    public static extern nint pwritev2(int fd, iovec* iov, int nr_segs, long offset, int flags);

                    [DllImport("libc")]
                    public static extern nint writev(int fd, iovec* iov, int nr_segs);
                }
                """)],
            [("First.cs", First, FirstFixed), ("Second.cs", Second, SecondFixed)],
        ]);

    [Fact]
    public Task A_constant_that_one_call_loses_and_another_begins_to_name_stays() => Verify.FixAllAsync(
        FixTitles.UseWritev,
        FixAllScope.Document,
        ("Program.cs", """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                private const uint SPLICE_F_NONBLOCK = 2;

                [DllImport("libc")] private static extern nint vmsplice(int fd, void** iov, nuint nr_segs, uint flags);

                public static void Run(int fd, void** iov, uint flags)
                {
                    vmsplice(fd, iov, 1, SPLICE_F_NONBLOCK);
                    vmsplice(fd, iov, 1, flags);
                }
            }
            """, """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                private const uint SPLICE_F_NONBLOCK = 2;

                [DllImport("libc")] private static extern nint pwritev2(int fd, void** iov, int nr_segs, long offset, int flags);

                public static void Run(int fd, void** iov, uint flags)
                {
                    pwritev2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */);
                    pwritev2(fd, iov, 1, -1, (flags & SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);
                }
            }
            """));

    [Fact]
    public Task Several_calls_share_one_iovec() => Verify.FixAllAsync(
        FixTitles.UseWrite,
        FixAllScope.Document,
        ("Program.cs", """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                private struct iovec { public byte* iov_base; public nuint iov_len; }

                [DllImport("libc")] private static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

                public static void Run(int fd, byte* p, nuint n)
                {
                    iovec own = new() { iov_base = p, iov_len = n };
                    vmsplice(fd, &own, 1, 0);

                    iovec iov = new() { iov_base = p, iov_len = n };
                    vmsplice(fd, &iov, 1, 0);
                    vmsplice(fd, &iov, 1, 8);
                }
            }
            """, """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                private struct iovec { public byte* iov_base; public nuint iov_len; }

                [DllImport("libc")] private static extern nint write(int fd, byte* buf, nuint count);

                public static void Run(int fd, byte* p, nuint n)
                {
                    write(fd, p, n);

                    iovec iov = new() { iov_base = p, iov_len = n };
                    write(fd, iov.iov_base, iov.iov_len);
                    write(fd, iov.iov_base, iov.iov_len);
                }
            }
            """));

    [Fact]
    public Task Calls_inside_one_another_and_beside_one_another_on_one_line() => Verify.FixAllAsync(
        FixTitles.UseWritev,
        FixAllScope.Document,
        ("Program.cs", """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                [DllImport("libc")] private static extern nint vmsplice(int fd, void** iov, nuint n, uint flags);

                public static nint Run(int fd, void** iov) => vmsplice(fd, iov, 1, 0) + vmsplice(fd, iov + 2, (nuint)vmsplice(fd, iov, 1, 8), 0) - vmsplice((int)vmsplice(fd, iov, 1, 2), iov, 1, 0);
            }
            """, """
            using System.Runtime.InteropServices;

            internal static unsafe class Program
            {
                [DllImport("libc")] private static extern nint pwritev2(int fd, void** iov, int n, long offset, int flags);

                [DllImport("libc")] private static extern nint writev(int fd, void** iov, int n);

                public static nint Run(int fd, void** iov) => writev(fd, iov, 1) + writev(fd, iov + 2, (int)(nuint)writev(fd, iov, 1)) - writev((int)pwritev2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */), iov, 1);
            }
            """));
}
