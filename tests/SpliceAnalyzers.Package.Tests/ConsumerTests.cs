using System;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>What someone gets who adds the package to a project: with the real SDK, on Linux.</summary>
public class ConsumerTests
{
    // Hands the same page to the pipe twice, and prints the first byte of each half that comes out.
    private const string ReusesItsBuffer = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        internal static unsafe class Program
        {
            private const int Size = 4096;

            private struct IoVec
            {
                public void* Base;
                public nuint Length;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern int pipe(int* ends);

            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

            private static void Main()
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) != 0)
                    throw new InvalidOperationException();

                Produce(ends[1]);

                byte[] received = new byte[2 * Size];
                using var reader = new FileStream(new SafeFileHandle(ends[0], ownsHandle: true), FileAccess.Read, 0);
                reader.ReadExactly(received);
                Console.WriteLine($"received: {(char)received[0]} {(char)received[Size]}");
            }

            private static void Produce(int fd)
            {
                byte* buffer = (byte*)NativeMemory.AlignedAlloc(Size, Size);
                IoVec segment = new() { Base = buffer, Length = Size };

                new Span<byte>(buffer, Size).Fill((byte)'A');
                if (vmsplice(fd, &segment, 1, 0) != Size)
                    throw new InvalidOperationException();

                new Span<byte>(buffer, Size).Fill((byte)'B');
                if (vmsplice(fd, &segment, 1, 0) != Size)
                    throw new InvalidOperationException();
            }
        }
        """;

    [Fact]
    public void A_build_warns()
    {
        using var project = new ConsumerProject(ReusesItsBuffer);

        CommandResult build = project.Dotnet("build");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.True(build.Output.Contains("warning SPL1001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void A_build_that_takes_the_rule_as_an_error_fails()
    {
        using var project = new ConsumerProject(ReusesItsBuffer);

        CommandResult build = project.Dotnet("build -warnaserror:SPL1001");

        Assert.True(build.ExitCode != 0, build.ToString());
        Assert.True(build.Output.Contains("error SPL1001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void The_fix_from_the_command_line_makes_the_bytes_intact()
    {
        using var project = new ConsumerProject(ReusesItsBuffer);

        CommandResult corrupted = project.Dotnet("run");
        CommandResult format = project.Dotnet("format analyzers --diagnostics SPL1001 --severity info --verbosity normal");
        CommandResult build = project.Dotnet("build --no-incremental -warnaserror:SPL1001");
        CommandResult intact = project.Dotnet("run --no-build");

        Assert.True(corrupted.Output.Contains("received: B B", StringComparison.Ordinal), corrupted.ToString());
        Assert.True(format.ExitCode == 0, format.ToString());
        Assert.True(CallsWrite(project.Read("Program.cs")), $"{format}\n{project.Read("Program.cs")}");
        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL1", StringComparison.Ordinal), build.ToString());
        Assert.True(intact.Output.Contains("received: A B", StringComparison.Ordinal), intact.ToString());
    }

    [Fact]
    public void The_log_of_a_build_carries_the_witness_and_its_steps()
    {
        using var project = new ConsumerProject(ReusesItsBuffer);

        CommandResult build = project.Dotnet("build -p:ErrorLog=log.sarif%2Cversion=2.1");

        Assert.True(build.ExitCode == 0, build.ToString());
        JsonElement result = project.ReadJson("log.sarif").GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .First(entry => entry.GetProperty("ruleId").GetString() == "SPL1001");
        string? witness = result.GetProperty("properties").GetProperty("customProperties").GetProperty("witness").GetString();
        Assert.StartsWith("v1:", witness, StringComparison.Ordinal);
        Assert.NotEmpty(result.GetProperty("relatedLocations").EnumerateArray());
    }

    // A call, not the declaration that the fix adds.
    private static bool CallsWrite(string program) =>
        program.Contains("write(fd, ", StringComparison.Ordinal) || program.Contains("writev(fd, ", StringComparison.Ordinal);
}
