using System.Runtime.InteropServices;

namespace SpliceAnalyzers.Tool.Replay;

/// <summary>The system calls that a replay makes. The model's tests make more, and derive from this.</summary>
internal abstract unsafe partial class Libc
{
    public const int F_SETPIPE_SZ = 1031;
    public const int O_NONBLOCK = 0x800;
    public const uint SPLICE_F_GIFT = 8;
    public const int PROT_READ_WRITE = 3;
    public const int MAP_SHARED = 1;
    public const int MADV_DONTFORK = 10;
    public const int MAP_PRIVATE_ANONYMOUS = 0x22;

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Base;
        public nint Length;
    }

    protected const string Library = "libc";

    private protected Libc() { }

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint vmsplice(int fd, Vector* vector, nint count, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint splice(int fdIn, long* offsetIn, int fdOut, long* offsetOut, nint length, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint tee(int fdIn, int fdOut, nint length, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ftruncate(int fd, long size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int pipe2(int* ends, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fcntl(int fd, int command, long argument);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    public static partial byte* mmap(void* address, nint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int munmap(void* address, nint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int madvise(void* address, nint length, int advice);
}
