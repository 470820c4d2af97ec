using System;
using System.IO;

namespace Samples;

/// <summary>Sends a file to a socket by sendfile, then brings the file up to date: in place, and by a new file in its stead.</summary>
internal static class Program
{
    private static void Main()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("This sample needs Linux: sendfile between files and sockets is a Linux system call.");
            return;
        }

        Console.WriteLine($"updated in place, received: {Receive(UpdateInPlace.SendAndUpdate)}");
        Console.WriteLine($"replaced by a new file, received: {Receive(UpdateByRename.SendAndUpdate)}");
    }

    /// <summary>What a peer gets that is slow to receive.</summary>
    private static string Receive(Action<string, int> sendAndUpdate)
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] content = new byte[Connection.Length];
            content.AsSpan().Fill((byte)'1');
            File.WriteAllBytes(path, content);
            var connection = new Connection();
            sendAndUpdate(path, connection.Near);
            return connection.ReceiveFirst() == '1' ? "the old head" : "the new head";
        }
        finally
        {
            File.Delete(path);
        }
    }
}
