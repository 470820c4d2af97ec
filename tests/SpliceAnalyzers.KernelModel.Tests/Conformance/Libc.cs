using System.Runtime.InteropServices;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>The system calls of the running kernel: those of a replay, and what else the model is held against.</summary>
internal abstract unsafe partial class Libc : Tool.Replay.Libc
{
    public const int FIONREAD = 0x541B;
    public const int F_GETPIPE_SZ = 1032;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_WRONLY = 1;
    public const int O_APPEND = 0x400;
    public const int AF_UNIX = 1;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int MREMAP_MAYMOVE = 1;
    public const int MREMAP_FIXED = 2;
    public const long TMPFS_MAGIC = 0x01021994;

    /// <summary>The one flag that differs between the architectures.</summary>
    public static readonly int O_DIRECT = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint sendfile(int fdOut, int fdIn, long* offset, nint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint writev(int fd, Vector* vector, int count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint readv(int fd, Vector* vector, int count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pwrite(int fd, void* buffer, nint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pread(int fd, void* buffer, nint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial long lseek(int fd, long offset, int whence);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fallocate(int fd, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int socketpair(int domain, int type, int protocol, int* ends);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, int* argument);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fstatfs(int fd, long* status);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int dup(int fd);

    [LibraryImport(Library, SetLastError = true)]
    public static partial byte* mremap(void* address, nint oldLength, nint newLength, int flags, void* target);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mprotect(void* address, nint length, int protection);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pwritev2(int fd, Vector* vector, int count, long offset, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sigaction(int signal, void* action, void* before);

    [LibraryImport(Library)]
    public static partial int gettid();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int tgkill(int process, int thread, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int clone(nint function, void* stack, int flags, nint argument);

    private const int StackBytes = 65536;
    private static readonly byte* ChildStack = (byte*)NativeMemory.AlignedAlloc(StackBytes, 16);
    private static readonly nint ExitFunction = NativeLibrary.GetExport(NativeLibrary.Load(Library, typeof(Libc).Assembly, null), "_exit");

    /// <summary>
    /// Forks a child that ends at once. Only one thread goes on in it, and nothing of the runtime may run there, not even the check for a collection
    /// after a call: the child begins in libc's _exit.
    /// </summary>
    public static int ForkAndWait()
    {
        const int childEnds = 17, interrupted = 4;
        var pid = clone(ExitFunction, ChildStack + StackBytes, childEnds, 0);
        if (pid < 0) return -1;
        int status;
        while (waitpid(pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == interrupted) { }
        return 1;
    }
}
