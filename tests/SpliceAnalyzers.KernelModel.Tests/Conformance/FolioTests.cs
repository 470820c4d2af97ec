using System;
using System.IO;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Tests;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>
/// A page that is punched out of a file while it is in a pipe (KERNEL.md rule 17): with small folios the pipe keeps the old bytes, out of a large folio
/// they become zeros. Which folios a file on disk has is the file system's choice, so the model takes zeros for possible there.
/// </summary>
public unsafe class FolioTests
{
    private const int FilePages = 16;
    private const int Punched = 5;

    [Fact]
    public void A_file_in_memory_keeps_the_old_bytes()
    {
        RunningKernel.Require();
        Assert.Equal(0, ZerosInPipe(Libc.memfd_create("folios", 0)));
        Assert.Empty(Model(static p => p.System(SystemCallKind.MemfdCreate)));
    }

    [Fact]
    public void A_file_on_disk_may_show_zeros()
    {
        RunningKernel.Require();
        var path = Path.Combine(Path.GetTempPath(), $"splice-folio-{Environment.ProcessId}");
        var zeros = ZerosInPipe(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT, 0x180));
        File.Delete(path);
        Assert.Contains(zeros, new[] { 0, World.Page });
        Assert.Equal([HazardKind.SourceFileWrite], Model(static p => p.System(SystemCallKind.Open, C(1), C(Libc.O_RDWR | Libc.O_CREAT))));
    }

    /// <summary>How many bytes of the punched page come out of the pipe as zeros. The file is written in one piece, which makes for large folios.</summary>
    private static int ZerosInPipe(int file)
    {
        const int keepSizeAndPunch = 3;
        var bytes = Enumerable.Repeat((byte)'a', FilePages * World.Page).ToArray();
        var ends = stackalloc int[2];
        Assert.Equal(0, Libc.pipe2(ends, 0));
        fixed (byte* start = bytes)
        {
            long offset = 0;
            Assert.Equal(bytes.Length, Libc.write(file, start, bytes.Length));
            Assert.Equal(bytes.Length, Libc.splice(file, &offset, ends[1], null, bytes.Length, 0));
            Assert.Equal(0, Libc.fallocate(file, keepSizeAndPunch, Punched * World.Page, World.Page));
            Assert.Equal(bytes.Length, Libc.read(ends[0], start, bytes.Length));
        }
        foreach (var descriptor in new[] { ends[0], ends[1], file }) Libc.close(descriptor);
        Assert.DoesNotContain((byte)0, bytes.AsSpan(0, Punched * World.Page).ToArray());
        return bytes.AsSpan(Punched * World.Page, World.Page).Count((byte)0);
    }

    private static HazardKind[] Model(Func<ProgramBuilder, int> open)
    {
        var p = new ProgramBuilder();
        var file = open(p);
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        p.SystemIgnoringResult(SystemCallKind.Ftruncate, R(file), C(FilePages * World.Page));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(FilePages * World.Page), C(0));
        p.SystemIgnoringResult(SystemCallKind.Sendfile, C(1), R(file), C(0), C(FilePages * World.Page));
        p.SystemIgnoringResult(SystemCallKind.Fallocate, R(file), C(3), C(Punched * World.Page), C(World.Page));
        p.Label("done");
        p.Return();
        return [.. p.Explore().Witnesses.Select(static witness => witness.Hazard)];
    }
}
