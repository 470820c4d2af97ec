using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Xml.Linq;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tests;
using SpliceAnalyzers.Tool.Replay;
using Xunit;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>Replays on the running kernel.</summary>
public partial class RunningKernelTests
{
    private const int Runs = 100;

    [Theory]
    [InlineData(Tool.Store, 0, "Handed off was 41 'A', the consumer got 42 'B' (the byte read, on the running kernel).")]
    [InlineData("v1:a0=pooled:8192,f0@0+8192,h0@100+8000>p0,x0:pool,u0@0+8192,r0@0+8000", 0, "got 42 'B' (byte 0 of 8000, the first of 8000 that differ read")]
    [InlineData("v1:a0=file:?,f0@0+8192,h0@0+8192>p0,s0@5000+1,r0@0+8192", 0, "got 42 'B' (byte 5000 of 8192, the first of 1 that differ read")]
    [InlineData("v1:a0=managed:8192,f0@0+8192,h0@0+8192>p0!g,m0>p1+8192,d1>p2+4096,s0@100+1,r2@100+1", 0, "got 42 'B'")]
    [InlineData("v1:a0=native:1048576,f0@0+1048576,h0@0+1048576>p0,s0@1048575+1,r0@1048575+1", 0, "got 42 'B'")]
    [InlineData(Tool.Drained, 1, "The consumer got what was handed off, 41 'A' (on the running kernel).")]
    [InlineData("v1:a0=mapping:4096,h0@0+4096>p0,s0@0+4096,r0@0+1", 1, "The consumer got what was handed off, 00 (on the running kernel).")]
    [InlineData("v1:a0=mapping:4096,f0@0+4096,h0@0+4096>p0,x0:unmap,r0@0+1", 1, "The consumer got what was handed off, 41 'A' (on the running kernel).")]
    [InlineData(Tool.Gift, 1, "Nobody reads, so nothing can be seen")]
    [InlineData("v1:a0=native:90000000,f0@0+90000000,h0@0+90000000>p0,s0@0+1,r0@0+1", 3, "The witness needs more than the 64 MiB that a replay takes.")]
    public void What_the_consumer_got_is_said(string witness, int code, string said)
    {
        RunningKernel.Require();
        var printed = Tool.Run("replay", "--real", witness);

        Assert.True(printed.ExitCode == code && (printed.Out + printed.Error).Contains(said, StringComparison.Ordinal), printed.ToString());
    }

    [Theory]
    [InlineData("SPL1001")]
    [InlineData("SPL1002")]
    [InlineData("SPL1003")]
    [InlineData("SPL1004")]
    [InlineData("SPL1005")]
    [InlineData("SPL1006")]
    [InlineData("SPL1007")]
    public void What_a_rules_page_shows_is_what_happens(string rule)
    {
        RunningKernel.Require();
        var picture = XDocument.Load(Path.Combine(Repository.Root, "docs", "rules", rule + ".svg")).Root!;
        var witness = picture.Elements().Single(static element => element.Name.LocalName == "desc").Value.Split('\n')[0];
        var printed = Tool.Run("replay", "--real", witness);

        Assert.True(printed.ExitCode == 0, printed.ToString());
    }

    [Fact]
    public void More_than_the_systems_largest_pipe_is_said_where_it_has_a_bound()
    {
        RunningKernel.Require();
        var printed = Tool.Run("replay", "--real", "v1:a0=native:16777216,f0@0+16777216,h0@0+16777216>p0,s0@0+1,r0@0+1");

        // Who has CAP_SYS_RESOURCE gets any pipe.
        Assert.True(printed.ExitCode == 0 ? printed.Out.Contains("corrupted", StringComparison.Ordinal) : printed.ExitCode == 3 && printed.Error.Contains("needs a pipe of 16 MiB", StringComparison.Ordinal), printed.ToString());
    }

    [Theory]
    [InlineData(1, "vmsplice is forbidden here (EPERM), as by the seccomp profile of a container.")]
    [InlineData(38, "vmsplice is not there (ENOSYS)")]
    [InlineData(12, "vmsplice failed: ")]
    public void A_system_that_forbids_it_is_named(int error, string said)
    {
        RunningKernel.Require();
        var printed = OnThread(() =>
        {
            ForbidVmsplice(error);
            return Tool.Run("replay", "--real", Tool.Store);
        });

        Assert.Equal((3, ""), (printed.ExitCode, printed.Out));
        Assert.Contains($"not replayed. {said}", printed.Error, StringComparison.Ordinal);
        Assert.Contains("without --real", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_driver_gives_back_what_it_took()
    {
        RunningKernel.Require();
        Assert.True(WitnessText.TryDecode("v1:a0=file:?,f0@0+8192,h0@0+8192>p0,m0>p1+4096,s0@0+1,r1@0+4096", out var steps, out var error), error);
        // The first run may open what the runtime keeps.
        Run();
        var before = OpenDescriptors();
        for (var i = 0; i < Runs; i++) Run();
        // Other tests have files open, too, but not as many.
        Assert.InRange(OpenDescriptors() - before, int.MinValue, Runs - 1);

        void Run()
        {
            using var driver = new WitnessDriver(steps);
            Assert.Equal(1, driver.Run()?.Differing);
        }
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static T OnThread<T>(Func<T> run)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = run();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException("The thread failed.", failure);
    }

    /// <summary>From now on, and for this thread only, vmsplice fails with this number.</summary>
    private static unsafe void ForbidVmsplice(int error)
    {
        const int noNewPrivileges = 38, setSeccomp = 22, filter = 2;
        const uint allow = 0x7fff0000, fail = 0x00050000;
        var number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 278u : 75u;
        // Load the call's number; unless it is vmsplice's, skip one; fail; allow.
        Span<Instruction> code = [new(0x20, 0, 0, 0), new(0x15, 0, 1, number), new(0x06, 0, 0, fail | (uint)error), new(0x06, 0, 0, allow)];
        fixed (Instruction* start = code)
        {
            var program = new Filter { Length = (ushort)code.Length, Start = start };
            Assert.Equal(0, prctl(noNewPrivileges, 1, null));
            Assert.Equal(0, prctl(setSeccomp, filter, &program));
        }
    }

    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Filter
    {
        public ushort Length;
        public Instruction* Start;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int prctl(int option, nint argument, void* more, nint third = 0, nint fourth = 0);
}
