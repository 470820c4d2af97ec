using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>The bug: the pipe may hold both buffers, and then the next block goes where one is that nobody has read.</summary>
internal static unsafe partial class UncheckedSize
{
    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    public static void Generate(LogPipe pipe, int blocks)
    {
        int fd = pipe.WriteEnd;
        byte* buffers = (byte*)NativeMemory.AlignedAlloc(2 * Program.BlockSize, LogPipe.RecordSize);
        for (int number = 0; number < blocks; number++)
        {
            byte* buffer = buffers + number % 2 * Program.BlockSize;
            NativeMemory.Fill(buffer, Program.BlockSize, (byte)number);
            pipe.Filled = number + 1;
            IoVec segment = new() { Base = buffer, Length = Program.BlockSize };
            while (segment.Length > 0)
            {
                nint queued = vmsplice(fd, &segment, 1, 0);
                if (queued < 0)
                    throw new Win32Exception();

                segment.Base = (byte*)segment.Base + queued;
                segment.Length -= (nuint)queued;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);
}
