using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>Two connected sockets, and a file's length that fits into their queue.</summary>
internal sealed unsafe partial class Connection
{
    public const int Length = 4096;

    private const int LocalFamily = 1, StreamType = 1;

    private readonly int _far;

    public Connection()
    {
        int* ends = stackalloc int[2];
        if (socketpair(LocalFamily, StreamType, 0, ends) != 0)
            throw new Win32Exception();

        (Near, _far) = (ends[0], ends[1]);
    }

    /// <summary>The end that is sent to.</summary>
    public int Near { get; }

    /// <summary>The first byte that arrives at the other end.</summary>
    public byte ReceiveFirst()
    {
        byte* received = stackalloc byte[Length];
        if (read(_far, received, Length) <= 0)
            throw new Win32Exception();

        return received[0];
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* buffer, nuint count);
}
