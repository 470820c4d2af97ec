using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Samples;

/// <summary>
/// Generates blocks in two buffers by turns. In a pipe that holds both, the third block overwrites the first; in a pipe that was checked to hold
/// only one, vmsplice waits until the reader has the first.
/// </summary>
internal static class Program
{
    /// <summary>Half of what a new pipe holds.</summary>
    public const int BlockSize = 32768;

    private const int Blocks = 50;

    private static async Task Main()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("This sample needs Linux: vmsplice is a Linux system call.");
            return;
        }

        Console.WriteLine($"a pipe for both buffers, corrupted blocks: {await CountCorrupted(UncheckedSize.Generate, waitFor: 3)}");
        Console.WriteLine($"a pipe for one buffer, corrupted blocks: {await CountCorrupted(CheckedSize.Generate, waitFor: 2)}");
    }

    /// <summary>A reader that begins when so many blocks were generated, and only copies.</summary>
    private static async Task<int> CountCorrupted(Action<LogPipe, int> generate, int waitFor)
    {
        var pipe = new LogPipe();
        Task generator = Task.Run(() => generate(pipe, Blocks));
        SpinWait.SpinUntil(() => pipe.Filled >= waitFor);

        using var reader = new FileStream(pipe.ReadEnd, FileAccess.Read, bufferSize: 0);
        byte[] block = new byte[BlockSize];
        int corrupted = 0;
        for (int number = 0; number < Blocks; number++)
        {
            reader.ReadExactly(block);
            corrupted += block.All(b => b == (byte)number) ? 0 : 1;
        }

        await generator;
        return corrupted;
    }
}
