using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Samples;

/// <summary>A Linux pipe that carries log records of one page each. Every byte of a record is the record's number.</summary>
internal sealed unsafe partial class LogPipe
{
    public const int RecordSize = 4096;

    private const int GetPipeSize = 1032;

    private int filled;

    public LogPipe()
    {
        int* ends = stackalloc int[2];
        if (pipe(ends) != 0)
            throw new Win32Exception();

        ReadEnd = new SafeFileHandle(ends[0], ownsHandle: true);
        WriteEnd = ends[1];
        Capacity = fcntl(WriteEnd, GetPipeSize) / Environment.SystemPageSize;
    }

    public SafeFileHandle ReadEnd { get; }

    public int WriteEnd { get; }

    /// <summary>How many records the pipe takes before the writer has to wait.</summary>
    public int Capacity { get; }

    /// <summary>How many records the writer has put into its buffer so far.</summary>
    public int Filled
    {
        get => Volatile.Read(ref filled);
        set => Volatile.Write(ref filled, value);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe(int* ends);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command);
}
