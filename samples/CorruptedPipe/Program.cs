using System;
using System.Threading.Tasks;

namespace Samples;

internal static class Program
{
    private const int Records = 100;

    private static async Task Main()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("This sample needs Linux: vmsplice is a Linux system call.");
            return;
        }

        var pipe = new LogPipe();
        Task<int> reader = Task.Run(() => LogReader.CountCorrupted(pipe, Records));
        LogWriter.Write(pipe, Records);
        Console.WriteLine($"corrupted records: {await reader} of {Records}");
    }
}
