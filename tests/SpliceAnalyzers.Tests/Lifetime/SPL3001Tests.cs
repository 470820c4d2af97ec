using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Every hand-off that nothing is wrong with gets SPL3001, however it is declared; nothing else does.</summary>
public class SPL3001Tests
{
    [Theory]
    [MemberData(nameof(Iovecs.Shapes), MemberType = typeof(Iovecs))]
    public Task A_hand_off_of_memory_that_is_never_touched_again(string handOff) => Case.Types(Iovecs.Declarations + $$"""
        internal static unsafe partial class Program
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                {{handOff}}
            }
        }
        """);

    // ---- Ways to declare the call

    [Theory]
    [InlineData("""[DllImport("libc")] static extern nint vmsplice(int fd, iovec* iov, nuint nr, uint flags);""")]
    [InlineData("""[DllImport("libc", SetLastError = true)] static extern IntPtr vmsplice(int fd, iovec* iov, UIntPtr nr, uint flags);""")]
    [InlineData("""[DllImport("libc.so.6", SetLastError = true)] static extern long vmsplice(int fd, iovec* iov, ulong nr, int flags);""")]
    [InlineData("""[DllImport("c", EntryPoint = "vmsplice")] static extern nint vmsplice(int fd, iovec* iov, nuint nr, uint flags);""")]
    [InlineData("""[DllImport("libc", ExactSpelling = true, CallingConvention = CallingConvention.Cdecl)] static extern nint vmsplice(int fd, iovec* iov, nint nr, uint flags);""")]
    [InlineData("""[DllImport("/lib/x86_64-linux-gnu/libc.so.6")] static extern nint vmsplice(int fd, iovec* iov, nuint nr, uint flags);""")]
    [InlineData("""const string Library = "libc"; [DllImport(Library)] static extern nint vmsplice(int fd, iovec* iov, nuint nr, uint flags);""")]
    [InlineData("""[System.Runtime.InteropServices.DllImportAttribute("libc", EntryPoint = nameof(vmsplice))] public static extern nint vmsplice(int fd, iovec* iov, nuint nr, uint flags);""")]
    public Task Declared_in_another_way(string declaration) => Case.File($$"""
        using System;
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Program
        {
            {{declaration}}

            private static void Run(int fd)
            {
                byte* clean = (byte*)NativeMemory.Alloc(4096);
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(clean, 4096, 1);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = clean, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                v.iov_base = p;
                vmsplice(fd, &v, 1, 0);
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task Declared_with_LibraryImport() => Case.FileWithLibraryImport("""
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec
        {
            public void* Base;
            public nuint Length;
        }

        internal static unsafe partial class Libc
        {
            [LibraryImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            public static partial nint VmSplice(int fd, IoVec* vector, nuint count, uint flags);
        }

        internal static unsafe class Program
        {
            private static void Run(int fd)
            {
                byte* clean = (byte*)NativeMemory.Alloc(4096);
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(clean, 4096, 1);
                NativeMemory.Fill(p, 4096, 1);
                IoVec v = new() { Base = clean, Length = 4096 };
                {|SPL3001:Libc.VmSplice(fd, &v, 1, 0)|};
                v.Base = p;
                Libc.VmSplice(fd, &v, 1, 0);
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task Declared_with_LibraryImport_without_errors_and_by_reference() => Case.FileWithLibraryImport("""
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public byte* iov_base;
            public nint iov_len;
        }

        internal static unsafe partial class Program
        {
            [LibraryImport("libc")]
            private static partial nint vmsplice(int fd, in iovec vector, nint count, int flags);

            private static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, in v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task The_generated_half_is_in_the_source() => Case.File("""
        using System.CodeDom.Compiler;
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe partial class Libc
        {
            [LibraryImport("libc", SetLastError = true)]
            internal static partial nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
        }

        internal static unsafe partial class Libc
        {
            [GeneratedCode("Microsoft.Interop.LibraryImportGenerator", "10.0.14.0")]
            internal static partial nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags)
            {
                int lastError;
                nint result;
                {
                    Marshal.SetLastSystemError(0);
                    result = __PInvoke(fd, iov, nr_segs, flags);
                    lastError = Marshal.GetLastSystemError();
                }

                Marshal.SetLastPInvokeError(lastError);
                return result;

                [DllImport("libc", EntryPoint = "vmsplice", ExactSpelling = true)]
                static extern unsafe nint __PInvoke(int fd, iovec* iov, nuint nr_segs, uint flags);
            }
        }

        internal static unsafe class Program
        {
            private static void Run(int fd)
            {
                byte* clean = (byte*)NativeMemory.Alloc(4096);
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(clean, 4096, 1);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = clean, iov_len = 4096 };
                {|SPL3001:Libc.vmsplice(fd, &v, 1, 0)|};
                v.iov_base = p;
                Libc.vmsplice(fd, &v, 1, 0);
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task Declared_as_a_local_function() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:Send(fd, &v, 1, 0)|};

            [DllImport("libc", EntryPoint = "vmsplice")]
            static extern nint Send(int fd, iovec* iov, nuint nr_segs, uint flags);
        }
        """);

    /// <summary>Calls that reach the kernel otherwise than by a declared vmsplice.</summary>
    [Theory]
    [InlineData("Send(new SafeFileHandle(fd, false), &v, 1, 0)")]
    [InlineData("syscall(278, fd, &v, 1, 0)")]
    [InlineData("pointer(fd, &v, 1, 0)")]
    [InlineData("function(fd, &v, 1, 0)")]
    [InlineData("function.Invoke(fd, &v, 1, 0)")]
    public Task Called_in_another_way(string handOff) => Case.Types($$"""
        internal unsafe delegate nint Splicer(int fd, iovec* iov, nuint count, uint flags);

        internal static unsafe class Program
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            static extern nint Send(SafeHandle fd, iovec* iov, nuint count, uint flags);

            [DllImport("libc", SetLastError = true)]
            static extern nint syscall(nint number, nint fd, iovec* iov, nuint count, uint flags);

            static void Run(int fd)
            {
                if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
                    return;
                nint address = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "vmsplice");
                delegate* unmanaged<int, iovec*, nuint, uint, nint> pointer = (delegate* unmanaged<int, iovec*, nuint, uint, nint>)address;
                Splicer function = Marshal.GetDelegateForFunctionPointer<Splicer>(address);
                byte* clean = (byte*)NativeMemory.Alloc(4096);
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(clean, 4096, 1);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = clean, iov_len = 4096 };
                {|SPL3001:{{handOff}}|};
                v.iov_base = p;
                {{handOff}};
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Theory]
    [InlineData("0")]
    [InlineData("SPLICE_F_MORE")]
    [InlineData("SPLICE_F_NONBLOCK | SPLICE_F_MORE")]
    [InlineData("2")]
    [InlineData("fd > 4 ? SPLICE_F_NONBLOCK : 0")]
    [InlineData("(uint)fd & 6")]
    public Task Whatever_the_flags(string flags) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, {{flags}})|};
        }
        """);

    [Fact]
    public Task To_standard_output() => Case.Members("""
        static void Run()
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(1, &v, 1, 0)|};
        }
        """);

    // ---- Where the call stands

    [Fact]
    public Task In_a_condition_an_argument_and_an_expression_body() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} < 0)
                return;
            _ = Math.Max(0, {|SPL3001:vmsplice(fd, &v, 1, 0)|});
            nint total = 1 + {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            _ = total > 0 && {|SPL3001:vmsplice(fd, &v, 1, 0)|} > 0;
            Func(fd, p);
        }

        private static nint Func(int fd, byte* p) => Send(fd, new iovec { iov_base = p, iov_len = 4096 });

        private static nint Send(int fd, iovec v) => {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        """);

    [Fact]
    public Task Of_two_hand_offs_the_clean_one() => Case.Members("""
        static void Run(int fd)
        {
            byte* a = (byte*)NativeMemory.Alloc(4096);
            byte* b = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(a, 4096, 1);
            NativeMemory.Fill(b, 4096, 2);
            iovec v = new() { iov_base = a, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            v.iov_base = b;
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            {|SPL1003:NativeMemory.Free(a)|};
        }
        """);

    [Fact]
    public Task A_pointer_that_only_private_callers_pass() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
        }

        private static bool Send(int fd, byte* data, nuint length)
        {
            while (length > 0)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                nint n = {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                if (n <= 0)
                    return false;
                data += n;
                length -= (nuint)n;
            }
            return true;
        }
        """);

    // ---- No hand-off

    [Fact]
    public Task None_on_write_and_its_family() => Case.Members("""
        static void Run(int fd, int file)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            write(fd, p, 4096);
            p[0] = 2;
            writev(fd, &v, 1);
            p[0] = 3;
            splice(file, null, fd, null, 4096, SPLICE_F_MOVE | SPLICE_F_MORE);
            readv(file, &v, 1);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task None_on_a_managed_method_of_that_name() => Case.File("""
        using System.IO;

        internal struct iovec
        {
            public nint iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Program
        {
            private static readonly MemoryStream Log = new();

            private static nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags)
            {
                for (nuint i = 0; i < nr_segs; i++)
                    Log.Write(new System.ReadOnlySpan<byte>((void*)iov[i].iov_base, (int)iov[i].iov_len));
                return 0;
            }

            private static void Run(int fd)
            {
                byte* p = stackalloc byte[4096];
                iovec v = new() { iov_base = (nint)p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                p[0] = 2;
            }
        }
        """);

    [Fact]
    public Task None_on_a_function_of_that_name_in_another_library() => Case.File("""
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Program
        {
            [DllImport("mystreams")]
            private static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            private static void Run(int fd)
            {
                byte* p = stackalloc byte[4096];
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                p[0] = 2;
            }
        }
        """);

    [Fact]
    public Task None_on_a_known_read_end_which_is_a_copy() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = stackalloc byte[4096];
            if (write(fds[1], p, 4096) != 4096)
                return;
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fds[0], &v, 1, 0);
            p[0] = 2;
        }
        """);
}
