using System;
using System.IO;
using System.Threading;

namespace Samples;

/// <summary>A reader that is slower than the writer, and checks every record it gets.</summary>
internal static class LogReader
{
    public static int CountCorrupted(LogPipe pipe, int records)
    {
        using var stream = new FileStream(pipe.ReadEnd, FileAccess.Read, bufferSize: 0);
        byte[] record = new byte[LogPipe.RecordSize];
        int corrupted = 0;

        // The pipe is full, and the writer has filled its buffer for the record after that.
        SpinWait.SpinUntil(() => pipe.Filled > pipe.Capacity);

        for (int number = 0; number < records; number++)
        {
            stream.ReadExactly(record);
            if (record.AsSpan().ContainsAnyExcept((byte)number))
                corrupted++;

            Thread.Sleep(1);
        }

        return corrupted;
    }
}
