using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>Writes numbered log records through one buffer that it uses again and again, without copying: the bug.</summary>
internal static unsafe partial class LogWriter
{
    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

    public static void Write(LogPipe pipe, int records)
    {
        byte* record = (byte*)NativeMemory.AlignedAlloc(LogPipe.RecordSize, LogPipe.RecordSize);
        try
        {
            for (int number = 0; number < records; number++)
            {
                new Span<byte>(record, LogPipe.RecordSize).Fill((byte)number);
                pipe.Filled = number + 1;

                IoVec segment = new() { Base = record, Length = LogPipe.RecordSize };
                nint sent = vmsplice(pipe.WriteEnd, &segment, 1, 0);
                if (sent != LogPipe.RecordSize)
                    throw new Win32Exception();
            }
        }
        finally
        {
            NativeMemory.AlignedFree(record);
        }
    }
}
