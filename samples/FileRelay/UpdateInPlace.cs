using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Samples;

/// <summary>The bug: sendfile has returned, and the socket still shows the pages that the update then changes.</summary>
internal static unsafe partial class UpdateInPlace
{
    public static void SendAndUpdate(string path, int socket)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        long offset = 0;
        if (sendfile(socket, file, &offset, Connection.Length) != Connection.Length)
            throw new Win32Exception();

        RandomAccess.Write(file, "2"u8, 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int target, SafeFileHandle source, long* offset, nuint count);
}
