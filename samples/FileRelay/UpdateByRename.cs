using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Samples;

/// <summary>The update is a new file that takes the old one's name: the pages in flight belong to the old file, and nobody changes them.</summary>
internal static unsafe partial class UpdateByRename
{
    public static void SendAndUpdate(string path, int socket)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        long offset = 0;
        if (sendfile(socket, file, &offset, Connection.Length) != Connection.Length)
            throw new Win32Exception();

        byte[] content = File.ReadAllBytes(path);
        content[0] = (byte)'2';
        string next = path + ".new";
        File.WriteAllBytes(next, content);
        File.Move(next, path, overwrite: true);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int target, SafeFileHandle source, long* offset, nuint count);
}
