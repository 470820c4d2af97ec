using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>vmsplice through a delegate: the other function gets a delegate type and a delegate of its own.</summary>
public class DelegateTests
{
    [Fact]
    public Task Type_and_field_give_way() => FixAsync(
        """
            private delegate nint Vmsplice(int fd, iovec* iov, nuint count, uint flags);

            private static readonly Vmsplice s_vmsplice = Marshal.GetDelegateForFunctionPointer<Vmsplice>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"));
        """,
        "s_vmsplice(fd, iov, (nuint)n, 0);",
        """
            private delegate nint Writev(int fd, iovec* iov, int count);

            private static readonly Writev s_writev = Marshal.GetDelegateForFunctionPointer<Writev>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "writev"));
        """,
        "s_writev(fd, iov, n);");

    [Fact]
    public Task The_attribute_comes_along_and_Invoke_stays() => FixAsync(
        """
            [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
            private delegate nint VmspliceFn(int fd, iovec* iov, nuint count, uint flags);

            private static readonly VmspliceFn Vmsplice = (VmspliceFn)Marshal.GetDelegateForFunctionPointer(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"), typeof(VmspliceFn));
        """,
        "if (Vmsplice.Invoke(fd, iov, 1, 2) < 0) throw new System.Exception();",
        """
            [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
            private delegate nint Pwritev2Fn(int fd, iovec* iov, int count, long offset, int flags);

            private static readonly Pwritev2Fn Pwritev2 = (Pwritev2Fn)Marshal.GetDelegateForFunctionPointer(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "pwritev2"), typeof(Pwritev2Fn));
        """,
        "if (Pwritev2.Invoke(fd, iov, 1, -1, 8 /* RWF_NOWAIT */) < 0) throw new System.Exception();");

    [Fact]
    public Task A_local_and_an_address_in_a_variable() => FixAsync(
        "    private delegate nint Splice(int fd, iovec* iov, nuint count, uint flags);",
        "nint address = NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\"); var call = Marshal.GetDelegateForFunctionPointer<Splice>(address); call(fd, iov, 1, 0);",
        "    private delegate nint Writev(int fd, iovec* iov, int count);",
        "nint writev = NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"writev\"); var libc_writev = Marshal.GetDelegateForFunctionPointer<Writev>(writev); libc_writev(fd, iov, 1);");

    [Fact]
    public Task The_type_stays_for_others() => FixAsync(
        """
            public delegate nint Vmsplice(int fd, iovec* iov, nuint count, uint flags);
            private static readonly Vmsplice vmsplice = Marshal.GetDelegateForFunctionPointer<Vmsplice>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"));
        """,
        "vmsplice(fd, iov, 1, 0);",
        """
            public delegate nint Vmsplice(int fd, iovec* iov, nuint count, uint flags);
            public delegate nint Writev(int fd, iovec* iov, int count);
            private static readonly Writev writev = Marshal.GetDelegateForFunctionPointer<Writev>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "writev"));
        """,
        "writev(fd, iov, 1);");

    [Fact]
    public Task A_delegate_of_an_import_gives_way_to_an_import_like_it() => FixAsync(
        """
            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, nint iov, nuint count, uint flags);
        """,
        "System.Func<int, nint, nuint, uint, nint> call = vmsplice; call(fd, (nint)iov, 1, 0);",
        """
            [DllImport("libc", SetLastError = true)] private static extern nint writev(int fd, nint iov, int count);
        """,
        "writev(fd, (nint)iov, 1);");

    [Fact]
    public Task A_delegate_that_is_loaded_elsewhere_leaves_room_for_an_import_that_keeps_errno() => FixAsync(
        """
            [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
            public delegate nint VmspliceFn(int fd, iovec* iov, nuint count, uint flags);
            private static readonly VmspliceFn s_vmsplice;
            static Sender() => s_vmsplice = Marshal.GetDelegateForFunctionPointer<VmspliceFn>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"));
        """,
        "s_vmsplice(fd, iov, 1, 0);",
        """
            [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
            public delegate nint VmspliceFn(int fd, iovec* iov, nuint count, uint flags);
            private static readonly VmspliceFn s_vmsplice;
            [DllImport("libc", SetLastError = true)]
            private static extern nint writev(int fd, iovec* iov, int iovcnt);
            static Sender() => s_vmsplice = Marshal.GetDelegateForFunctionPointer<VmspliceFn>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"));
        """,
        "writev(fd, iov, 1);");

    private static Task FixAsync(string members, string body, string membersAfter, string bodyAfter) => Verify.WritevAsync(
        Program.Replace("/*members*/", members).Replace("/*body*/", body),
        Program.Replace("/*members*/", membersAfter).Replace("/*body*/", bodyAfter));

    private const string Program = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Sender
        {
        /*members*/

            public static void Run(int fd, iovec* iov, int n, uint flags)
            {
                /*body*/
            }
        }
        """;
}
