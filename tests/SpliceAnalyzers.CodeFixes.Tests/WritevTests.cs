using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>What "Use writev" makes of a call.</summary>
public class WritevTests
{
    [Fact]
    public Task The_declaration_takes_vmsplices_place_when_that_was_its_only_call() => Verify.WritevAsync(
        """
        using System.Runtime.InteropServices;

        static unsafe class Native
        {
            struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Send(int fd, byte* p, nuint n)
            {
                iovec iov = new iovec { iov_base = p, iov_len = n };
                return vmsplice(fd, &iov, 1, 0);
            }
        }
        """,
        """
        using System.Runtime.InteropServices;

        static unsafe class Native
        {
            struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern nint writev(int fd, iovec* iov, int nr_segs);

            public static nint Send(int fd, byte* p, nuint n)
            {
                iovec iov = new iovec { iov_base = p, iov_len = n };
                return writev(fd, &iov, 1);
            }
        }
        """);

    [Fact]
    public Task The_segment_is_written_when_it_is_known() => Verify.WriteAsync(
        """
        using System.Runtime.InteropServices;

        static unsafe class Native
        {
            struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Send(int fd, byte* p, nuint n)
            {
                // The whole buffer.
                iovec iov = new iovec { iov_base = p, iov_len = n }; // one segment
                return vmsplice(fd, &iov, 1, 0);
            }
        }
        """,
        """
        using System.Runtime.InteropServices;

        static unsafe class Native
        {
            [DllImport("libc", SetLastError = true)]
            private static extern nint write(int fd, void* buf, nuint count);

            public static nint Send(int fd, byte* p, nuint n)
            {
                // The whole buffer.
                // one segment
                return write(fd, p, n);
            }
        }
        """);
}
