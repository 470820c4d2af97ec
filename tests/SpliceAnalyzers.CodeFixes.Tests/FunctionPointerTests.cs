using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>vmsplice through a pointer: the other function is loaded as vmsplice was, into a pointer of its own; where that cannot be copied, it is imported.</summary>
public class FunctionPointerTests
{
    private const string Vmsplice = "delegate* unmanaged<int, iovec*, nuint, uint, nint>";
    private const string Writev = "delegate* unmanaged<int, iovec*, int, nint>";
    private const string Pwritev2 = "delegate* unmanaged<int, iovec*, int, long, int, nint>";

    [Theory]
    [InlineData(
        "private static readonly " + Vmsplice + " s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");", "s_vmsplice(fd, iov, (nuint)n, 0);",
        "private static readonly " + Writev + " s_writev = (" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");", "s_writev(fd, iov, n);")]
    [InlineData(
        "private static " + Vmsplice + " Vmsplice => (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");", "Sender.Vmsplice(fd, iov, 1, 8);",
        "private static " + Writev + " Writev => (" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");", "Sender.Writev(fd, iov, 1);")]
    [InlineData(
        "private static " + Vmsplice + " VmSplice { get; } = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");", "VmSplice(fd, iov, 1, 2);",
        "private static " + Pwritev2 + " PWriteV2 { get; } = (" + Pwritev2 + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"pwritev2\");", "PWriteV2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData(
        "private static readonly nint vmsplice = NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");", "((" + Vmsplice + ")vmsplice)(fd, iov, 1, 0);",
        "private static readonly nint writev = NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");", "((" + Writev + ")writev)(fd, iov, 1);")]
    public Task A_member_that_serves_nothing_else_gives_way(string member, string body, string memberAfter, string bodyAfter) => FixAsync(member, body, memberAfter, bodyAfter);

    [Theory]
    [InlineData(
        "nint lib = NativeLibrary.Load(\"libc\"); var vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(lib, \"vmsplice\"); vmsplice(fd, iov, 1, 0);",
        "nint lib = NativeLibrary.Load(\"libc\"); var writev = (" + Writev + ")NativeLibrary.GetExport(lib, \"writev\"); writev(fd, iov, 1);")]
    [InlineData(
        "nint lib = NativeLibrary.Load(\"libc\"); var vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(lib, \"vmsplice\"); vmsplice(fd, iov, 1, flags);",
        "nint lib = NativeLibrary.Load(\"libc\"); var pwritev2 = (" + Pwritev2 + ")NativeLibrary.GetExport(lib, \"pwritev2\"); pwritev2(fd, iov, 1, -1, (flags & 2 /* SPLICE_F_NONBLOCK */) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    [InlineData(
        "((" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\"))(fd, iov, 1, 0);",
        "((" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\"))(fd, iov, 1);")]
    public Task A_local_that_serves_nothing_else_gives_way(string body, string bodyAfter) => FixAsync("", body, "", bodyAfter);

    [Fact]
    public Task The_old_pointer_stays_for_other_calls() => FixAsync(
        "private static readonly " + Vmsplice + " s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");",
        "s_vmsplice(fd, iov, 1, 0); s_vmsplice(fd, iov, 1, 8);",
        "private static readonly " + Vmsplice + " s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");\n"
        + "    private static readonly " + Writev + " s_writev = (" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");",
        "s_writev(fd, iov, 1); s_vmsplice(fd, iov, 1, 8);");

    [Fact]
    public Task The_pointer_that_an_earlier_fix_made_is_used() => FixAsync(
        "private static readonly " + Vmsplice + " s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");\n"
        + "    private static readonly " + Writev + " s_writev = (" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");",
        "s_writev(fd, iov, 1); s_vmsplice(fd, iov, 1, 8);",
        "private static readonly " + Writev + " s_writev = (" + Writev + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\");",
        "s_writev(fd, iov, 1); s_writev(fd, iov, 1);");

    [Fact]
    public Task A_pointer_that_is_loaded_elsewhere_leaves_room_for_an_import() => FixAsync(
        "private static readonly " + Vmsplice + " s_vmsplice;\n    static Sender() => s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");",
        "s_vmsplice(fd, iov, 1, 0);",
        "private static readonly " + Vmsplice + " s_vmsplice;\n    [DllImport(\"libc\")]\n    private static extern nint writev(int fd, iovec* iov, int iovcnt);\n"
        + "    static Sender() => s_vmsplice = (" + Vmsplice + ")NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");",
        "writev(fd, iov, 1);");

    [Fact]
    public Task An_import_that_is_there_is_used_where_the_pointer_cannot_be_copied() => FixAsync(
        "[DllImport(\"libc\")] private static extern nint writev(int fd, iovec* iov, int iovcnt);",
        "if (NativeLibrary.TryGetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\", out nint address)) ((" + Vmsplice + ")address)(fd, iov, 1, 0);",
        "[DllImport(\"libc\")] private static extern nint writev(int fd, iovec* iov, int iovcnt);",
        "if (NativeLibrary.TryGetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\", out nint address)) writev(fd, iov, 1);");

    [Fact]
    public Task A_pointer_to_an_import_gives_way_to_an_import_like_it() => FixAsync(
        "[DllImport(\"libc\", SetLastError = true)] private static extern nint vmsplice(int fd, iovec* iov, nuint count, uint flags);",
        "delegate*<int, iovec*, nuint, uint, nint> call = &vmsplice; call(fd, iov, 1, 0);",
        "[DllImport(\"libc\", SetLastError = true)] private static extern nint writev(int fd, iovec* iov, int count);",
        "writev(fd, iov, 1);");

    [Fact]
    public Task An_address_in_an_out_variable_leaves_room_for_an_import_beside_the_method() => FixAsync(
        "",
        "if (NativeLibrary.TryGetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\", out nint address)) ((" + Vmsplice + ")address)(fd, iov, 1, 2);",
        "",
        "if (NativeLibrary.TryGetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\", out nint address)) pwritev2(fd, iov, 1, -1, 8 /* RWF_NOWAIT */);\n    }\n\n"
        + "    [DllImport(\"libc\")]\n    private static extern nint pwritev2(int fd, iovec* iov, int iovcnt, long offset, int flags);\n}",
        rest: "\n    }\n}");

    [Fact]
    public Task An_address_in_an_out_variable_of_a_top_level_program() => Verify.WritevProgramAsync(
        """
        using System.Runtime.InteropServices;

        unsafe
        {
            void** iov = stackalloc void*[2];
            if (NativeLibrary.TryGetExport(NativeLibrary.Load("libc"), "vmsplice", out nint address))
                ((delegate* unmanaged<int, void**, nuint, uint, nint>)address)(1, iov, 1, 0);
        }
        """,
        """
        using System.Runtime.InteropServices;

        unsafe
        {
            void** iov = stackalloc void*[2];
            if (NativeLibrary.TryGetExport(NativeLibrary.Load("libc"), "vmsplice", out nint address))
                writev(1, iov, 1);
        }

        [DllImport("libc")]
        static unsafe extern nint writev(int fd, void** iov, int iovcnt);
        """);

    private static Task FixAsync(string member, string body, string memberAfter, string bodyAfter, string rest = "") => Verify.WritevAsync(
        Program.Replace("/*member*/", member).Replace("/*body*/", body),
        Program.Replace("/*member*/", memberAfter).Replace("/*body*/" + rest, bodyAfter));

    private const string Program = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Sender
        {
            /*member*/
            public static void Run(int fd, iovec* iov, int n, uint flags)
            {
                /*body*/
            }
        }
        """;
}
