using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>vmsplice by its number: the number becomes writev's on each architecture, and syscall gets what that takes.</summary>
public class SystemCallTests
{
    private const string Exact = """[DllImport("libc", SetLastError = true)] private static extern nint syscall(nint number, int fd, iovec* iov, nuint count, uint flags);""";
    private const string ExactWritev = """[DllImport("libc", SetLastError = true)] private static extern nint syscall(nint number, int fd, iovec* iov, nuint count);""";
    private const string ExactPwritev2 = """[DllImport("libc", SetLastError = true)] private static extern nint syscall(nint number, int fd, iovec* iov, nuint count, nint pos_l, nint pos_h, int flags);""";
    private const string General = """[DllImport("libc")] private static extern long syscall(long number, long a, long b, long c, long d, long e, long f);""";
    private const string Optional = """[DllImport("libc")] private static extern nint syscall(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0);""";

    [Theory]
    [InlineData("syscall(278, fd, iov, 1, 0);", "syscall(20, fd, iov, 1);")]
    [InlineData("syscall(75, fd, iov, (nuint)n, flags: 8);", "syscall(66, fd, iov, (nuint)n);")]
    [InlineData("if (syscall(316, fd, iov, 1, 0) < 0) throw new Exception();", "if (syscall(146, fd, iov, 1) < 0) throw new Exception();")]
    [InlineData(
        "syscall(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 75 : 278, fd, iov, 1, 0);",
        "syscall(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 66 : 20, fd, iov, 1);")]
    [InlineData(
        "syscall(RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 278, Architecture.Arm64 => 75, Architecture.X86 => 316, _ => throw new PlatformNotSupportedException() }, fd, iov, 1, 0);",
        "syscall(RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 20, Architecture.Arm64 => 66, Architecture.X86 => 146, _ => throw new PlatformNotSupportedException() }, fd, iov, 1);")]
    [InlineData("const nint SYS_vmsplice = 278; syscall(SYS_vmsplice, fd, iov, 1, 0);", "const nint SYS_writev = 20; syscall(SYS_writev, fd, iov, 1);")]
    [InlineData("const int Number = 278; syscall(Number, fd, iov, 1, 0);", "syscall(20 /* writev */, fd, iov, 1);")]
    [InlineData("syscall((nint)Numbers.Vmsplice, fd, iov, 1, 0);", "syscall((nint)20 /* writev */, fd, iov, 1);")]
    public Task The_flags_go(string before, string after) => FixAsync(Exact, before, ExactWritev, after);

    [Theory]
    [InlineData("syscall(278, fd, iov, 1, 2);", "syscall(328, fd, iov, 1, -1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("syscall(75, fd, iov, 1, flags: 2 | 8);", "syscall(287, fd, iov, 1, pos_l: -1, pos_h: -1, flags: 8 /* RWF_NOWAIT */);")]
    [InlineData("syscall(316, fd, iov, 1, flags);", "syscall(379, fd, iov, 1, -1, -1, (flags & 2 /* SPLICE_F_NONBLOCK */) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    public Task What_must_not_wait_gets_an_offset_in_two_halves(string before, string after) => FixAsync(Exact, before, ExactPwritev2, after);

    [Theory]
    [InlineData(General, "syscall(278, fd, (long)iov, 1, 0, 0, 0);", "syscall(20, fd, (long)iov, 1, 0, 0, 0);")]
    [InlineData(General, "syscall(278, fd, (long)iov, 1, 8, 0, 0);", "syscall(20, fd, (long)iov, 1, 0, 0, 0);")]
    [InlineData(General, "syscall(278, fd, (long)iov, 1, 2, 0, 0);", "syscall(328, fd, (long)iov, 1, -1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData(Optional, "syscall(278, fd, (nint)iov, 1, 8);", "syscall(20, fd, (nint)iov, 1);")]
    [InlineData(Optional, "syscall(278, fd, (nint)iov, 1);", "syscall(20, fd, (nint)iov, 1);")]
    [InlineData(Optional, "syscall(278, fd, (nint)iov, 1, 2);", "syscall(328, fd, (nint)iov, 1, -1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData(Optional, "syscall(278, fd, (nint)iov, 1, (nint)flags);", "syscall(328, fd, (nint)iov, 1, -1, -1, ((nint)flags & 2 /* SPLICE_F_NONBLOCK */) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    public Task A_declaration_with_room_for_any_call_stays(string declaration, string before, string after) => FixAsync(declaration, before, declaration, after);

    [Fact]
    public Task Unsigned_places() => FixAsync(
        """[DllImport("libc")] private static extern nint syscall(nuint number, nuint a, nuint b, nuint c, nuint d, nuint e, nuint f);""",
        "syscall(278, (nuint)fd, (nuint)iov, 1, 2, 0, 0); syscall(278, (nuint)fd, (nuint)iov, 1, flags, 0, 0);",
        """[DllImport("libc")] private static extern nint syscall(nuint number, nuint a, nuint b, nuint c, nuint d, nuint e, nuint f);""",
        "syscall(328, (nuint)fd, (nuint)iov, 1, unchecked((nuint)(-1)), unchecked((nuint)(-1)), 8 /* RWF_NOWAIT */); syscall(278, (nuint)fd, (nuint)iov, 1, flags, 0, 0);");

    [Fact]
    public Task An_overload_that_fits_is_used() => FixAsync(
        Exact + "\n    " + ExactWritev, "syscall(278, fd, iov, 1, 0);",
        ExactWritev, "syscall(20, fd, iov, 1);");

    [Fact]
    public Task The_declaration_stays_for_other_calls() => FixAsync(
        Exact, "syscall(278, fd, iov, 1, 0); syscall(1000, fd, iov, 1, 0);",
        Exact + "\n\n    " + ExactWritev, "syscall(20, fd, iov, 1); syscall(1000, fd, iov, 1, 0);");

    [Fact]
    public Task A_declaration_that_is_named_after_vmsplice() => FixAsync(
        """[DllImport("libc", EntryPoint = "syscall")] private static extern nint RawVmsplice(long number, int fd, iovec* iov, nint count, int flags);""",
        "RawVmsplice(278, fd, iov, n, 0);",
        """[DllImport("libc", EntryPoint = "syscall")] private static extern nint RawWritev(long number, int fd, iovec* iov, nint count);""",
        "RawWritev(20, fd, iov, n);");

    [Theory]
    [InlineData("private const long SYS_vmsplice = 278;", "private const long SYS_writev = 20;", "SYS_writev")]
    [InlineData(
        "private static readonly int VmspliceNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 278 : 75;",
        "private static readonly int WritevNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 20 : 66;",
        "WritevNumber")]
    [InlineData(
        "private static long SYS_vmsplice => RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 278, Architecture.Arm64 => 75, _ => -1 };",
        "private static long SYS_writev => RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 20, Architecture.Arm64 => 66, _ => -1 };",
        "SYS_writev")]
    public Task A_named_number_gets_a_sibling(string number, string sibling, string name) => Verify.WritevAsync(
        Program.Replace("/*declaration*/", number + "\n    " + General).Replace("/*body*/", $"syscall({name.Replace("writev", "vmsplice").Replace("Writev", "Vmsplice")}, fd, (long)iov, 1, 0, 0, 0);"),
        Program.Replace("/*declaration*/", sibling + "\n    " + General).Replace("/*body*/", $"syscall({name}, fd, (long)iov, 1, 0, 0, 0);"));

    [Fact]
    public Task Constants_of_two_architectures() => Verify.WritevAsync(
        """
        using System.Runtime.InteropServices;

        internal static class Numbers
        {
            internal const long X64_vmsplice = 278; // asm/unistd_64.h
            internal const long Arm64_vmsplice = 75;
        }

        internal static unsafe class Sender
        {
            [DllImport("libc")]
            private static extern long syscall(long number, long a, long b, long c, long d, long e, long f);

            internal static long Run(int fd, void* iov) =>
                syscall(RuntimeInformation.OSArchitecture == Architecture.X64 ? Numbers.X64_vmsplice : Numbers.Arm64_vmsplice, fd, (long)iov, 1, 0, 0, 0);
        }
        """,
        """
        using System.Runtime.InteropServices;

        internal static class Numbers
        {
            internal const long X64_writev = 20; // asm/unistd_64.h
            internal const long Arm64_writev = 66;
        }

        internal static unsafe class Sender
        {
            [DllImport("libc")]
            private static extern long syscall(long number, long a, long b, long c, long d, long e, long f);

            internal static long Run(int fd, void* iov) =>
                syscall(RuntimeInformation.OSArchitecture == Architecture.X64 ? Numbers.X64_writev : Numbers.Arm64_writev, fd, (long)iov, 1, 0, 0, 0);
        }
        """);

    [Fact]
    public Task A_LibraryImport_of_a_top_level_program() => Verify.WritevProgramAsync(
        """
        using System.Runtime.InteropServices;

        nint iov = Marshal.AllocHGlobal(16);
        return (int)Native.syscall(278, 1, iov, 1, 0);

        internal static partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            internal static partial nint syscall(nint number, int fd, nint iov, nuint count, uint flags);
        }
        """,
        """
        using System.Runtime.InteropServices;

        nint iov = Marshal.AllocHGlobal(16);
        return (int)Native.syscall(20, 1, iov, 1);

        internal static partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            internal static partial nint syscall(nint number, int fd, nint iov, nuint count);
        }
        """);

    [Fact]
    public Task A_declaration_with_room_for_five_arguments_gets_an_overload_for_six() => FixAsync(
        """[DllImport("libc")] private static extern nint syscall(long number, int a, iovec* b, long c, long d, long e);""", "syscall(278, fd, iov, 1, 2, 0);",
        """[DllImport("libc")] private static extern nint syscall(long number, int a, iovec* b, long c, nint pos_l, nint pos_h, int flags);""", "syscall(328, fd, iov, 1, -1, -1, 8 /* RWF_NOWAIT */);");

    [Fact]
    public Task A_number_that_is_made_of_itself_stays() => Verify.NotOfferedAsync(
        FixTitles.UseWritev,
        Program.Replace("/*declaration*/", "private static nint SYS_vmsplice => Environment.Is64BitProcess ? 278 : SYS_vmsplice;\n    " + Exact).Replace("/*body*/", "syscall(SYS_vmsplice, fd, iov, 1, 0);"));

    [Theory]
    [InlineData("nint number = 278; if (n > 1) number = 75; syscall(number, fd, iov, 1, 0);")]
    [InlineData("syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 278 : 343, fd, iov, 1, 0);")]
    public Task A_number_that_cannot_be_told_on_every_architecture_stays(string body) =>
        Verify.NotOfferedAsync(FixTitles.UseWritev, Program.Replace("/*declaration*/", Exact).Replace("/*body*/", body));

    private static Task FixAsync(string declaration, string body, string declarationAfter, string bodyAfter) => Verify.WritevAsync(
        Program.Replace("/*declaration*/", declaration).Replace("/*body*/", body),
        Program.Replace("/*declaration*/", declarationAfter).Replace("/*body*/", bodyAfter));

    private const string Program = """
        using System;
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal enum Numbers { Vmsplice = 278 }

        public static unsafe class Sender
        {
            /*declaration*/

            public static void Run(int fd, iovec* iov, int n, uint flags)
            {
                /*body*/
            }
        }
        """;
}
