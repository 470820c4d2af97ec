using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>The bug: a caller of Stream.Write may use its buffer again when the call returns, and here the pipe still shows it.</summary>
public sealed unsafe partial class ReferencingStream(int pipe) : OutputStream
{
    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (int sent = 0; sent < buffer.Length;)
            {
                IoVec segment = new() { Base = start + sent, Length = (nuint)(buffer.Length - sent) };
                nint queued = vmsplice(pipe, &segment, 1, 0);
                if (queued < 0)
                    throw new Win32Exception();

                sent += (int)queued;
            }
        }
    }
}
