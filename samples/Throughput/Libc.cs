using System.Runtime.InteropServices;

/// <summary>The system calls of this sample.</summary>
internal static unsafe partial class Libc
{
    public const uint SPLICE_F_GIFT = 8;
    public const int F_SETPIPE_SZ = 1031;
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_PRIVATE = 2;
    public const int MAP_ANONYMOUS = 0x20;

    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public void* Base;
        public nint Length;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe(int* ends);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint vmsplice(int fd, Segment* segments, nint count, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial byte* mmap(void* address, nint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(void* address, nint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int mprotect(void* address, nint length, int protection);
}
