using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Statements among correct declarations; {|SPLxxxx:call|} marks what is reported.</summary>
internal static class CallRules
{
    public const string Declarations = """
        public unsafe struct IoVec { public void* Base; public nuint Length; }

        [System.Flags] public enum SpliceFlags : uint { None = 0, Move = 1, NonBlock = 2, More = 4, Gift = 8 }

        internal static unsafe partial class Libc
        {
            public const uint SPLICE_F_MOVE = 1, SPLICE_F_NONBLOCK = 2, SPLICE_F_MORE = 4, SPLICE_F_GIFT = 8;
            public const int F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032, O_WRONLY = 1, O_APPEND = 0x400;
            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "vmsplice")] public static extern nint vmspliceHandle(SafeHandle fd, in IoVec iov, nuint n, SpliceFlags flags);
            [DllImport("libc", SetLastError = true)] public static extern nint splice(int fdIn, long* offIn, int fdOut, long* offOut, nuint len, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "splice")] public static extern nint spliceRef(int fdIn, ref long offIn, int fdOut, nint offOut, nuint len, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "splice")] public static extern nint spliceHandles(SafeHandle fdIn, long* offIn, SafeHandle fdOut, long* offOut, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint tee(int fdIn, int fdOut, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint sendfile(int outFd, int inFd, long* offset, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint writev(int fd, IoVec* iov, int n);
            [DllImport("libc", SetLastError = true)] public static extern nint readv(int fd, IoVec* iov, int n);
            [DllImport("libc", SetLastError = true)] public static extern nint write(int fd, void* buf, nuint n);
            [DllImport("libc", SetLastError = true)] public static extern int pipe(int* ends);
            [DllImport("libc", SetLastError = true)] public static extern int pipe2(int[] ends, int flags);
            [DllImport("libc", SetLastError = true)] public static extern int fcntl(int fd, int cmd, int arg);
            [DllImport("libc", SetLastError = true, EntryPoint = "fcntl")] public static extern int fcntl2(int fd, int cmd);
            [DllImport("libc", SetLastError = true)] public static extern int memfd_create(string name, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern int socket(int domain, int type, int protocol);
            [DllImport("libc", SetLastError = true)] public static extern int open(string path, int flags, int mode);
            [DllImport("libc", SetLastError = true)] public static extern int dup(int fd);
            [DllImport("libc", SetLastError = true)] public static extern nint syscall(long number, int fd, void* a, nuint b, uint c);
            [DllImport("libc", SetLastError = true, EntryPoint = "syscall")] public static extern nint syscall6(long number, int fd, long* a, int fd2, long* b, nuint len, uint flags);
        }
        """;

    private const string Usings = """
        using System; using System.IO; using System.IO.Pipes; using System.Net.Sockets; using System.Runtime.InteropServices; using System.Threading.Tasks;
        using Microsoft.Win32.SafeHandles; using static Libc;
        """;

    public static Task VerifyAsync(string body, string members = "") => AnalyzerVerifier<CallAnalyzer>.VerifyAsync(Source(body, members));

    public static string Source(string body, string members) => $$"""
        {{Usings}}
        {{Declarations}}
        internal static unsafe class C
        {
            static void Use(object o) { }
            static void Throw() => throw new IOException();
            {{members}}
            static void Run(int fd, int other, IoVec* iov, nuint len, uint flags, bool b, SafeHandle handle)
            {
                {{body}}
            }
        }
        """;
}
