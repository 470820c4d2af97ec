using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>Copies of what corrupts bytes, fixed from the command line by the packed package: they build with the lifetime rules as errors, and every byte arrives.</summary>
public class FixedSampleTests
{
    private static readonly string[] Lifetimes = ["SPL1001", "SPL1002", "SPL1003", "SPL1004", "SPL1006"];

    /// <summary>The samples with a hand-off that is warned about. FileRelay has none: what it modifies is the file, and no other call mends that.</summary>
    [Theory]
    [InlineData("CorruptedPipe", 1)]
    [InlineData("BackgroundFlush", 2)]
    [InlineData("StreamWrapper", 2)]
    [InlineData("TwoBuffers", 2)]
    public void A_sample_is_intact_after_the_fix(string sample, int counts)
    {
        using var project = new ConsumerProject("");
        foreach (string file in FilesOf(sample))
            project.Write(Path.GetFileName(file), File.ReadAllText(file));

        CommandResult run = FixAndRun(project);

        string[] corrupted = [.. Regex.Matches(run.Output, @"corrupted \w+: (\d+)").Select(match => match.Groups[1].Value)];
        Assert.True(run.ExitCode == 0 && corrupted.Length == counts && corrupted.All(count => count == "0"), run.ToString());
    }

    [Fact]
    public void Every_way_to_call_vmsplice_is_intact_after_the_fix()
    {
        using var project = new ConsumerProject(EveryWay);

        CommandResult corrupted = project.Dotnet("run");
        CommandResult intact = FixAndRun(project);

        Assert.Equal("BB BB BB BB BB BB", Received(corrupted));
        Assert.Equal("AB AB AB AB AB AB", Received(intact));
        Assert.DoesNotContain("vmsplice", project.Read("Program.cs"), StringComparison.Ordinal);
    }

    private static CommandResult FixAndRun(ConsumerProject project)
    {
        CommandResult format = project.Dotnet($"format analyzers --diagnostics {string.Join(' ', Lifetimes)} --severity warn --verbosity normal");
        CommandResult build = project.Dotnet($"build --no-incremental \"-warnaserror:{string.Join(';', Lifetimes)}\"");
        Assert.True(format.ExitCode == 0, format.ToString());
        Assert.True(build.ExitCode == 0, $"{build}\n{format}");
        return project.Dotnet("run --no-build");
    }

    private static string Received(CommandResult run) => string.Join(' ', Regex.Matches(run.Output, "received: (..)").Select(match => match.Groups[1].Value));

    /// <summary>The sample's own sources, and those that its project takes from others.</summary>
    private static string[] FilesOf(string sample)
    {
        string folder = Path.Combine(Repository.Root, "samples", sample);
        XElement project = XElement.Load(Path.Combine(folder, sample + ".csproj"));
        return [.. Directory.EnumerateFiles(folder, "*.cs"), .. project.Descendants("Compile").Select(item => Path.Combine(folder, item.Attribute("Include")!.Value))];
    }

    private const string EveryWay = """
        using System;
        using System.Runtime.InteropServices;

        internal struct IoVec
        {
            public nint Base;
            public nuint Length;
        }

        internal static unsafe partial class Program
        {
            private const int Size = 4096;
            private const uint SPLICE_F_NONBLOCK = 2;
            private const long SYS_vmsplice = 278;

            [DllImport("libc", SetLastError = true)]
            private static extern int pipe(int* ends);

            [DllImport("libc", SetLastError = true)]
            private static extern nint read(int fd, void* buffer, nuint count);

            [LibraryImport("libc", SetLastError = true)]
            private static partial nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

            [DllImport("libc", SetLastError = true)]
            private static extern nint syscall(long number, int fd, IoVec* segments, nuint count, uint flags);

            [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
            private delegate nint VmspliceDelegate(int fd, IoVec* segments, nuint count, uint flags);

            private static readonly VmspliceDelegate s_delegate =
                Marshal.GetDelegateForFunctionPointer<VmspliceDelegate>(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "vmsplice"));

            private static readonly delegate* unmanaged<int, IoVec*, nuint, uint, nint> s_pointer =
                (delegate* unmanaged<int, IoVec*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "vmsplice");

            private static void Main()
            {
                Run(&ByImport);
                Run(&ByImportWithoutWaiting);
                Run(&ByNumber);
                Run(&ByNumberWithoutWaiting);
                Run(&ByDelegate);
                Run(&ByPointer);
            }

            /// <summary>Sends a page of A and the same page again with B in it, and says what arrives.</summary>
            private static void Run(delegate*<int, byte*, void> send)
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) != 0)
                    throw new InvalidOperationException();
                byte* page = (byte*)NativeMemory.AlignedAlloc(Size, Size);
                send(ends[1], page);
                byte* received = (byte*)NativeMemory.Alloc(Size);
                Console.Write("received: ");
                for (int i = 0; i < 2; i++)
                {
                    if (read(ends[0], received, Size) != Size)
                        throw new InvalidOperationException();
                    Console.Write((char)received[0]);
                }

                Console.WriteLine();
            }

            private static void ByImport(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (vmsplice(fd, &segment, 1, 0) != Size)
                        throw new InvalidOperationException();
                }
            }

            private static void ByImportWithoutWaiting(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (vmsplice(fd, &segment, 1, SPLICE_F_NONBLOCK) != Size)
                        throw new InvalidOperationException();
                }
            }

            private static void ByNumber(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (syscall(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 75 : 278, fd, &segment, 1, 0) != Size)
                        throw new InvalidOperationException();
                }
            }

            private static void ByNumberWithoutWaiting(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (RuntimeInformation.ProcessArchitecture == Architecture.X64 && syscall(SYS_vmsplice, fd, &segment, 1, SPLICE_F_NONBLOCK) != Size)
                        throw new InvalidOperationException();
                }
            }

            private static void ByDelegate(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (s_delegate(fd, &segment, 1, 0) != Size)
                        throw new InvalidOperationException();
                }
            }

            private static void ByPointer(int fd, byte* page)
            {
                for (byte content = (byte)'A'; content <= 'B'; content++)
                {
                    new Span<byte>(page, Size).Fill(content);
                    IoVec segment = new() { Base = (nint)page, Length = Size };
                    if (s_pointer(fd, &segment, 1, 0) != Size)
                        throw new InvalidOperationException();
                }
            }
        }
        """;
}
