using System;
using System.IO;
using System.Linq;

namespace Samples;

/// <summary>A Stream over a pipe, whose callers use their array again after each Write, as everybody does: with vmsplice, and with write.</summary>
internal static class Program
{
    private static void Main()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("This sample needs Linux: vmsplice is a Linux system call.");
            return;
        }

        Console.WriteLine($"stream by reference, corrupted records: {CountCorrupted(static fd => new ReferencingStream(fd))}");
        Console.WriteLine($"stream by copy, corrupted records: {CountCorrupted(static fd => new CopyingStream(fd))}");
    }

    /// <summary>Fills the pipe through one array before anybody reads it.</summary>
    private static int CountCorrupted(Func<int, Stream> open)
    {
        var pipe = new LogPipe();
        byte[] record = GC.AllocateArray<byte>(LogPipe.RecordSize, pinned: true);
        using (Stream stream = open(pipe.WriteEnd))
        {
            // Half the slots: an array may begin in the middle of a page, and then a record takes two.
            for (int number = 1; number <= pipe.Capacity / 2; number++)
            {
                record.AsSpan().Fill((byte)number);
                stream.Write(record);
            }
        }

        using var reader = new FileStream(pipe.ReadEnd, FileAccess.Read, bufferSize: 0);
        byte[] received = new byte[LogPipe.RecordSize];
        int corrupted = 0;
        for (int number = 1; number <= pipe.Capacity / 2; number++)
        {
            reader.ReadExactly(received);
            corrupted += received.All(b => b == number) ? 0 : 1;
        }

        return corrupted;
    }
}
