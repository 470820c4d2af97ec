using System;
using System.IO;
using System.Linq;

namespace Samples;

/// <summary>A log that collects a page and has it flushed by a thread of its own: with vmsplice, and with write.</summary>
internal static class Program
{
    private static void Main()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("This sample needs Linux: vmsplice is a Linux system call.");
            return;
        }

        Console.WriteLine($"flushed by reference, corrupted pages: {CountCorrupted(static pipe => new ReferencedLog(pipe))}");
        Console.WriteLine($"flushed by copy, corrupted pages: {CountCorrupted(static pipe => new CopiedLog(pipe))}");
    }

    /// <summary>Fills the pipe before anybody reads it, as a program does whose reader is slow.</summary>
    private static int CountCorrupted(Func<LogPipe, Log> open)
    {
        var pipe = new LogPipe();
        using (Log log = open(pipe))
        {
            for (int number = 1; number <= pipe.Capacity; number++)
                log.Append((byte)number);
        }

        using var reader = new FileStream(pipe.ReadEnd, FileAccess.Read, bufferSize: 0);
        byte[] page = new byte[LogPipe.RecordSize];
        int corrupted = 0;
        for (int number = 1; number <= pipe.Capacity; number++)
        {
            reader.ReadExactly(page);
            corrupted += page.All(b => b == number) ? 0 : 1;
        }

        return corrupted;
    }
}
