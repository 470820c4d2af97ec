using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>Safe as long as every reader copies and nobody enlarges the pipe: SPL1007, which is only a suggestion, says so.</summary>
internal static unsafe partial class CheckedSize
{
    private const int SetPipeSize = 1031;

    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    public static void Generate(LogPipe pipe, int blocks)
    {
        int fd = pipe.WriteEnd;
        if (fcntl(fd, SetPipeSize, Program.BlockSize) != Program.BlockSize)
            throw new Win32Exception();

        // Never freed: the last blocks may still be in the pipe when this returns.
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);
}
