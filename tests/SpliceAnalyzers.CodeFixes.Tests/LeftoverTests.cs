using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>What goes because the fixed call was its last use, and what stays because it may have another.</summary>
public class LeftoverTests
{
    [Fact]
    public Task Everything_that_served_vmsplice_alone_goes() => Verify.FixAsync(
        FixTitles.UseWrite,
        """
        using System.Runtime.InteropServices;

        internal static unsafe class Native
        {
            internal const uint SPLICE_F_MOVE = 1;
            internal const uint SPLICE_F_GIFT = 8;

            /// <summary>Hands pages to a pipe.</summary>
            [DllImport("libc")]
            internal static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            internal static extern nint write(int fd, void* buf, nuint count);
        }

        /// <summary>One segment.</summary>
        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Sender
        {
            public static nint Run(int fd, byte* p, nuint n)
            {
                uint flags = Native.SPLICE_F_GIFT;
                var iov = new iovec { iov_base = p, iov_len = n };
                return Native.vmsplice(fd, &iov, 1, flags);
            }
        }
        """,
        """
        using System.Runtime.InteropServices;

        internal static unsafe class Native
        {
            internal const uint SPLICE_F_MOVE = 1;

            [DllImport("libc")]
            internal static extern nint write(int fd, void* buf, nuint count);
        }

        public static unsafe class Sender
        {
            public static nint Run(int fd, byte* p, nuint n)
            {
                return Native.write(fd, p, n);
            }
        }
        """);

    [Fact]
    public Task What_a_generated_half_names_goes_with_it() => Verify.FixAsync(
        FixTitles.UseWrite,
        """
        using System.Runtime.InteropServices;

        unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        static unsafe partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            private static partial nint vmsplice(int fd, in iovec iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, byte* p, nuint n) => vmsplice(fd, new iovec { iov_base = p, iov_len = n }, 1, 0);
        }
        """,
        """
        using System.Runtime.InteropServices;

        static unsafe partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            private static partial nint write(int fd, void* buf, nuint count);

            public static nint Run(int fd, byte* p, nuint n) => write(fd, p, n);
        }
        """);

    [Theory]
    [InlineData("", "private static readonly string name = nameof(vmsplice);")]
    [InlineData("", "/// <summary>See <see cref=\"vmsplice\"/>.</summary>\n    private static void Other() { }")]
    [InlineData("", "#if OTHER\n    private static nint Other() => vmsplice(1, null, 0, 0);\n#endif")]
    [InlineData("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Friend\")]\n", "")]
    public Task What_another_use_may_need_stays(string attribute, string use)
    {
        string source = $$"""
            using System.Runtime.InteropServices;
            {{attribute}}
            public unsafe struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            internal static unsafe class Native
            {
                {{use}}

                [DllImport("libc")]
                internal static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

                /*added*/public static nint Run(int fd, iovec* iov) => /*call*/;
            }
            """;
        return Verify.FixAsync(
            FixTitles.UseWritev,
            source.Replace("/*added*/", "").Replace("/*call*/", "vmsplice(fd, iov, 1, 0)"),
            source.Replace("/*added*/", "[DllImport(\"libc\")]\n    internal static extern nint writev(int fd, iovec* iov, int nr_segs);\n\n    ").Replace("/*call*/", "writev(fd, iov, 1)"));
    }

    [Fact]
    public Task A_constant_that_something_else_uses_stays() => Verify.FixAsync(
        FixTitles.UseWritev,
        """
        using System.Runtime.InteropServices;

        internal static unsafe class Native
        {
            private const uint SPLICE_F_MOVE = 1; // does nothing
            private const uint SPLICE_F_GIFT = 8;
            private const uint SPLICE_F_ALL = SPLICE_F_GIFT | SPLICE_F_MORE;
            private const uint SPLICE_F_MORE = 4;

            [DllImport("libc")] private static extern nint vmsplice(int fd, void** iov, nuint nr_segs, uint flags);
            [DllImport("libc")] private static extern nint writev(int fd, void** iov, int iovcnt);
            [DllImport("libc")] private static extern nint splice(int fdIn, long* offIn, int fdOut, long* offOut, nuint len, uint flags);

            public static void Run(int fd, void** iov)
            {
                vmsplice(fd, iov, 1, SPLICE_F_ALL | SPLICE_F_MOVE);
                splice(fd, null, 1, null, 1, SPLICE_F_MORE);
            }
        }
        """,
        """
        using System.Runtime.InteropServices;

        internal static unsafe class Native
        {
            private const uint SPLICE_F_GIFT = 8;
            private const uint SPLICE_F_MORE = 4;

            [DllImport("libc")] private static extern nint writev(int fd, void** iov, int iovcnt);
            [DllImport("libc")] private static extern nint splice(int fdIn, long* offIn, int fdOut, long* offOut, nuint len, uint flags);

            public static void Run(int fd, void** iov)
            {
                writev(fd, iov, 1);
                splice(fd, null, 1, null, 1, SPLICE_F_MORE);
            }
        }
        """);
}
