using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>write has copied the bytes when it returns, as Stream.Write promises.</summary>
public sealed unsafe partial class CopyingStream(int pipe) : OutputStream
{
    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, void* buffer, nuint count);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (int sent = 0; sent < buffer.Length;)
            {
                nint written = write(pipe, start + sent, (nuint)(buffer.Length - sent));
                if (written < 0)
                    throw new Win32Exception();

                sent += (int)written;
            }
        }
    }
}
