using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>The new declaration is written as vmsplice's is. vmsplice is public here and stays.</summary>
public class DeclarationStyleTests
{
    private const string Segment = """
        using System;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        """;

    [Fact]
    public Task DllImport_with_a_library_constant() => WritevAsync(
        """
        public static unsafe class Native
        {
            private const string LibC = "libc";

            [DllImport(LibC)]
            public static extern long vmsplice(int fd, iovec* iov, ulong nr_segs, uint flags);

            public static long Run(int fd, iovec* iov, ulong n) => vmsplice(fd, iov, n, 0);
        }
        """,
        """
        public static unsafe class Native
        {
            private const string LibC = "libc";

            [DllImport(LibC)]
            public static extern long vmsplice(int fd, iovec* iov, ulong nr_segs, uint flags);

            [DllImport(LibC)]
            public static extern long writev(int fd, iovec* iov, int nr_segs);

            public static long Run(int fd, iovec* iov, ulong n) => writev(fd, iov, (int)n);
        }
        """);

    [Fact]
    public Task LibraryImport_with_an_entry_point_and_its_own_casing() => WritevAsync(
        """
        public static unsafe partial class Native
        {
            [LibraryImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            public static partial nint VmSplice(int fd, iovec* iov, nuint count, uint flags);
            [LibraryImport("libc", EntryPoint = "getpid")]
            public static partial int GetPid();

            public static nint Run(int fd, iovec* iov) => VmSplice(fd, iov, 1, 0);
        }
        """,
        """
        public static unsafe partial class Native
        {
            [LibraryImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            public static partial nint VmSplice(int fd, iovec* iov, nuint count, uint flags);
            [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
            public static partial nint WriteV(int fd, iovec* iov, int count);
            [LibraryImport("libc", EntryPoint = "getpid")]
            public static partial int GetPid();

            public static nint Run(int fd, iovec* iov) => WriteV(fd, iov, 1);
        }
        """);

    [Fact]
    public Task LibraryImport_of_a_ref_in_a_partial_type() => WriteAsync(
        """
        internal static partial class Sys
        {
            [LibraryImport("libc", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
            public static partial nint vmsplice(
                int fd,
                in iovec iov,
                nuint nr_segs,
                uint flags);
        }

        internal static partial class Sys
        {
            public static unsafe nint Run(int fd, byte[] bytes)
            {
                fixed (byte* p = bytes)
                {
                    var iov = new iovec { iov_base = p, iov_len = (nuint)bytes.Length };
                    return vmsplice(fd, in iov, 1, 0);
                }
            }
        }
        """,
        """
        internal static partial class Sys
        {
            [LibraryImport("libc", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
            public static unsafe partial nint write(
                int fd,
                void* buf,
                nuint count);
        }

        internal static partial class Sys
        {
            public static unsafe nint Run(int fd, byte[] bytes)
            {
                fixed (byte* p = bytes)
                {
                    return write(fd, p, (nuint)bytes.Length);
                }
            }
        }
        """);

    [Fact]
    public Task An_array_of_segments() => WritevAsync(
        """
        public static class Native
        {
            [DllImport("libc", SetLastError = true)]
            public static extern IntPtr vmsplice(int fd, iovec[] iov, UIntPtr nr_segs, uint flags);

            public static IntPtr Run(int fd, iovec[] iov) => vmsplice(fd, iov, (UIntPtr)iov.Length, 0);
        }
        """,
        """
        public static class Native
        {
            [DllImport("libc", SetLastError = true)]
            public static extern IntPtr vmsplice(int fd, iovec[] iov, UIntPtr nr_segs, uint flags);

            [DllImport("libc", SetLastError = true)]
            public static extern IntPtr writev(int fd, iovec[] iov, int nr_segs);

            public static IntPtr Run(int fd, iovec[] iov) => writev(fd, iov, iov.Length);
        }
        """);

    [Fact]
    public Task A_span_of_segments_and_a_safe_handle() => WritevAsync(
        """
        public static partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            public static partial nint vmsplice(SafeFileHandle fd, ReadOnlySpan<iovec> iov, nuint nr_segs, uint flags);

            public static nint Run(SafeFileHandle fd, ReadOnlySpan<iovec> iov) => vmsplice(fd, iov, (nuint)iov.Length, 0);
        }
        """,
        """
        public static partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            public static partial nint vmsplice(SafeFileHandle fd, ReadOnlySpan<iovec> iov, nuint nr_segs, uint flags);

            [LibraryImport("libc", SetLastError = true)]
            public static partial nint writev(SafeFileHandle fd, ReadOnlySpan<iovec> iov, int nr_segs);

            public static nint Run(SafeFileHandle fd, ReadOnlySpan<iovec> iov) => writev(fd, iov, iov.Length);
        }
        """);

    [Fact]
    public Task An_untyped_address_of_segments() => WriteAsync(
        """
        public static class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, nint iov, nuint nr_segs, uint flags);

            public static unsafe nint Run(int fd, iovec iov) => vmsplice(fd, (nint)(&iov), 1, 0);
        }
        """,
        """
        public static class Native
        {
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, nint iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static unsafe extern nint write(int fd, void* buf, nuint count);

            public static unsafe nint Run(int fd, iovec iov) => write(fd, iov.iov_base, iov.iov_len);
        }
        """);

    [Fact]
    public Task Documented_declarations_stay_documented() => WritevAsync(
        """
        public static unsafe class Native
        {
            /// <summary>Hands pages to a pipe.</summary>
            /// <returns>How many bytes.</returns>
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags); // see vmsplice(2)

            /// <summary>Sends.</summary>
            public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0);
        }
        """,
        """
        public static unsafe class Native
        {
            /// <summary>Hands pages to a pipe.</summary>
            /// <returns>How many bytes.</returns>
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags); // see vmsplice(2)

            /// <summary>writev(2): the segments are copied before it returns.</summary>
            [DllImport("libc")]
            public static extern nint writev(int fd, iovec* iov, int nr_segs);

            /// <summary>Sends.</summary>
            public static nint Run(int fd, iovec* iov) => writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task An_interface_and_a_nested_caller() => WritevAsync(
        """
        public unsafe interface INative
        {
            [DllImport("libc")] static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static class Caller
            {
                public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 2);
            }
        }
        """,
        """
        public unsafe interface INative
        {
            [DllImport("libc")] static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")] static extern nint pwritev2(int fd, iovec* iov, int nr_segs, long offset, int flags);

            public static class Caller
            {
                public static nint Run(int fd, iovec* iov) => pwritev2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */);
            }
        }
        """);

    [Fact]
    public Task A_static_using_of_a_nested_type_in_a_file_scoped_namespace() => Verify.FixAsync(
        FixTitles.UseWritev,
        """
        namespace Pipes;

        using System.Runtime.InteropServices;
        using static Pipes.Outer.Native;

        public static class Outer
        {
            public static unsafe class Native
            {
                public struct Segment { public byte* Start; public ulong Size; }

                [DllImport("libc.so.6")]
                public static extern long vmsplice(int fd, Segment* iov, ulong nr_segs, uint flags);
            }
        }

        public static unsafe class Caller
        {
            public static long Run(int fd, Segment* iov) => vmsplice(fd, iov, 1, 0);
        }
        """,
        """
        namespace Pipes;

        using System.Runtime.InteropServices;
        using static Pipes.Outer.Native;

        public static class Outer
        {
            public static unsafe class Native
            {
                public struct Segment { public byte* Start; public ulong Size; }

                [DllImport("libc.so.6")]
                public static extern long vmsplice(int fd, Segment* iov, ulong nr_segs, uint flags);

                [DllImport("libc.so.6")]
                public static extern long writev(int fd, Segment* iov, int nr_segs);
            }
        }

        public static unsafe class Caller
        {
            public static long Run(int fd, Segment* iov) => writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task A_local_function_of_a_top_level_program() => Verify.FixAsync(
        FixTitles.UseWritev,
        """
        using System;
        using System.Runtime.InteropServices;

        unsafe
        {
            byte* page = stackalloc byte[4096];
            var iov = new iovec { iov_base = page, iov_len = 4096 };
            Console.WriteLine(vmsplice(1, &iov, 1, 0));
        }

        [DllImport("libc", SetLastError = true)]
        static extern unsafe nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

        unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        unsafe
        {
            byte* page = stackalloc byte[4096];
            var iov = new iovec { iov_base = page, iov_len = 4096 };
            Console.WriteLine(writev(1, &iov, 1));
        }

        [DllImport("libc", SetLastError = true)]
        static extern unsafe nint writev(int fd, iovec* iov, int nr_segs);

        unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }
        """,
        Microsoft.CodeAnalysis.OutputKind.ConsoleApplication);

    [Fact]
    public Task A_local_function_beside_others() => Verify.FixAsync(
        FixTitles.UseWrite,
        """
        using System.Runtime.InteropServices;

        byte[] bytes = new byte[4096];
        unsafe
        {
            fixed (byte* p = bytes)
            {
                iovec iov;
                iov.iov_base = p;
                iov.iov_len = (nuint)bytes.Length;
                vmsplice(1, &iov, 1, 0);
            }

            [DllImport("libc")] static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
            [DllImport("libc")] static extern int close(int fd);
            close(1);
        }

        unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }
        """,
        """
        using System.Runtime.InteropServices;

        byte[] bytes = new byte[4096];
        unsafe
        {
            fixed (byte* p = bytes)
            {
                write(1, p, (nuint)bytes.Length);
            }

            [DllImport("libc")] static extern nint write(int fd, void* buf, nuint count);
            [DllImport("libc")] static extern int close(int fd);
            close(1);
        }
        """ + "\n\n",
        Microsoft.CodeAnalysis.OutputKind.ConsoleApplication);

    [Fact]
    public Task A_declaration_that_differs_by_target_framework() => WritevAsync(
        """
        public static unsafe partial class Native
        {
        #if NET
            [DllImport("libc", EntryPoint = "vmsplice")]
        #else
            [DllImport("libc", EntryPoint = "vmsplice", ExactSpelling = true)]
        #endif
            public static extern nint Vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, iovec* iov) => Vmsplice(fd, iov, 1, 0);
        }
        """,
        """
        public static unsafe partial class Native
        {
        #if NET
            [DllImport("libc", EntryPoint = "vmsplice")]
        #else
            [DllImport("libc", EntryPoint = "vmsplice", ExactSpelling = true)]
        #endif
            public static extern nint Vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

        #if NET
            [DllImport("libc", EntryPoint = "writev")]
        #else
            [DllImport("libc", EntryPoint = "writev", ExactSpelling = true)]
        #endif
            public static extern nint Writev(int fd, iovec* iov, int nr_segs);

            public static nint Run(int fd, iovec* iov) => Writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task A_warning_not_to_use_vmsplice_is_not_passed_on() => WritevAsync(
        """
        public static unsafe class Native
        {
            [Obsolete("Use write.")]
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0);
        }
        """,
        """
        public static unsafe class Native
        {
            [Obsolete("Use write.")]
            [DllImport("libc")]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc")]
            public static extern nint writev(int fd, iovec* iov, int nr_segs);

            public static nint Run(int fd, iovec* iov) => writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task Windows_line_ends_stay() => WritevAsync(
        "public static unsafe class Native\r\n{\r\n    [DllImport(\"libc\")]\r\n    public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);\r\n\r\n    public static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0);\r\n}\r\n",
        "public static unsafe class Native\r\n{\r\n    [DllImport(\"libc\")]\r\n    public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);\r\n\r\n    [DllImport(\"libc\")]\r\n    public static extern nint writev(int fd, iovec* iov, int nr_segs);\r\n\r\n    public static nint Run(int fd, iovec* iov) => writev(fd, iov, 1);\r\n}\r\n");

    [Fact]
    public Task One_line_stays_one_line() => WritevAsync(
        """public static unsafe class Native { [DllImport("libc")] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags); static nint Run(int fd, iovec* iov) => vmsplice(fd, iov, 1, 0); }""",
        """public static unsafe class Native { [DllImport("libc")] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags); [DllImport("libc")] public static extern nint writev(int fd, iovec* iov, int nr_segs); static nint Run(int fd, iovec* iov) => writev(fd, iov, 1); }""");

    [Fact]
    public Task One_line_stays_one_line_when_vmsplice_goes() => Verify.FixAsync(
        FixTitles.UseWritev,
        """
        using System.Runtime.InteropServices;

        namespace Pipes
        {
            static unsafe class Native { [DllImport("libc")] private static extern nint vmsplice(int fd, void** iov, nuint nr_segs, uint flags); public static nint Run(int fd, void** iov) => vmsplice(fd, iov, 1, 0); }
        }
        """,
        """
        using System.Runtime.InteropServices;

        namespace Pipes
        {
            static unsafe class Native { [DllImport("libc")] private static extern nint writev(int fd, void** iov, int nr_segs); public static nint Run(int fd, void** iov) => writev(fd, iov, 1); }
        }
        """);

    private static Task WritevAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWritev, Segment + before, Segment + after);

    private static Task WriteAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWrite, Segment + before, Segment + after);
}
