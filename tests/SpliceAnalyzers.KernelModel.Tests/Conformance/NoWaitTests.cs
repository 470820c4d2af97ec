using System.Runtime.InteropServices;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>
/// Which pipes take RWF_NOWAIT, as pwritev2 and the kernel in which vmsplice is a write use it for SPLICE_F_NONBLOCK: those of pipe2 do, what was opened by a
/// name does not, and no end does any more once references went through it.
/// </summary>
public unsafe class NoWaitTests
{
    private const int EOPNOTSUPP = 95;
    private const int RWF_NOWAIT = 8;

    [Fact]
    public void The_end_that_pipe2_made() => Assert.Equal(World.Page, WriteOn(static end => end));

    [Fact]
    public void The_same_end_opened_by_a_name() => Assert.Equal(-EOPNOTSUPP, WriteOn(static end => Libc.open($"/proc/self/fd/{end}", Libc.O_WRONLY, 0)));

    [Fact]
    public void An_end_that_vmsplice_has_used() => Assert.Equal(-EOPNOTSUPP, WriteOn(static end =>
    {
        var page = stackalloc byte[World.Page];
        var vector = new Libc.Vector { Base = page, Length = World.Page };
        Assert.Equal(World.Page, Libc.vmsplice(end, &vector, 1, 0));
        return end;
    }));

    /// <summary>What writing a page without waiting returns; below zero the error number.</summary>
    private static int WriteOn(System.Func<int, int> prepare)
    {
        RunningKernel.Require();
        var ends = stackalloc int[2];
        var page = stackalloc byte[World.Page];
        Assert.Equal(0, Libc.pipe2(ends, 0));
        var vector = new Libc.Vector { Base = page, Length = World.Page };
        var target = prepare(ends[1]);
        var written = (int)Libc.pwritev2(target, &vector, 1, -1, RWF_NOWAIT);
        var result = written < 0 ? -Marshal.GetLastPInvokeError() : written;
        if (target != ends[1]) Libc.close(target);
        Libc.close(ends[0]);
        Libc.close(ends[1]);
        return result;
    }
}
