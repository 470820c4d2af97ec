using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Tests;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>A call that waits is left by a signal: EINTR, and nothing was transferred.</summary>
public unsafe class SignalTests
{
    private const int SIGUSR2 = 12;
    private const int EINTR = 4;

    /// <summary>struct sigaction of glibc and musl: handler, 128 bytes of mask, flags, restorer.</summary>
    private const int SizeOfAction = 8 + 128 + 8 + 8;

    [Fact]
    public void Vmsplice_to_a_full_pipe_on_the_running_kernel()
    {
        RunningKernel.Require();
        const int pipe = 1, writeEnd = 3, pages = 8;
        using var world = new LinuxWorld();
        var handOff = KernelCall.Of(SystemCallKind.Vmsplice, Argument.Descriptor(writeEnd), Argument.Vector(new Part(World.Private, 0, pages * World.Page)), 1, 0);
        for (var i = 0; i < 2; i++) Assert.Equal(new Outcome(pages * World.Page, 0), world.Run(handOff));
        var outcome = Interrupt(() => world.Run(handOff));
        Assert.Equal((new Outcome(-1, EINTR), 2 * pages * World.Page), (outcome, world.BytesQueued(pipe)));
    }

    [Fact]
    public void Vmsplice_to_a_full_pipe_in_the_model()
    {
        // The store is reached only where the second call fails, and what it hands off was not.
        var p = new ProgramBuilder();
        var (_, write) = p.Pipe();
        var first = p.Allocate(RegionKind.Native, 65536);
        var second = p.Allocate(RegionKind.Native, 4096);
        p.Vmsplice(R(write), R(first), C(65536));
        var result = p.Vmsplice(R(write), R(second), C(4096));
        p.Unless(Op(R(result), BinaryOperator.Equal, C(-1)), "done");
        p.StoreBytes(R(second), C(4096));
        p.Label("done");
        p.Return();
        Assert.DoesNotContain(p.Explore().Witnesses, static witness => witness.Hazard == HazardKind.Store);
    }

    /// <summary>Runs a call on a thread, and sends the thread a signal once it waits in the kernel.</summary>
    private static Outcome Interrupt(Func<Outcome> call)
    {
        var before = stackalloc byte[SizeOfAction];
        var action = stackalloc byte[SizeOfAction];
        new Span<byte>(action, SizeOfAction).Clear();
        // A function that does nothing, and that the runtime knows nothing of; no SA_RESTART.
        *(nint*)action = NativeLibrary.GetExport(NativeLibrary.Load("libc", typeof(Libc).Assembly, null), "getpid");
        Assert.Equal(0, Libc.sigaction(SIGUSR2, action, before));
        var id = 0;
        Outcome result = default;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref id, Libc.gettid());
            result = call();
        });
        thread.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref id) != 0 && Waits(id));
        Assert.Equal(0, Libc.tgkill(Environment.ProcessId, id, SIGUSR2));
        thread.Join();
        Assert.Equal(0, Libc.sigaction(SIGUSR2, before, null));
        return result;
    }

    /// <summary>True when a thread is asleep in vmsplice.</summary>
    private static bool Waits(int thread)
    {
        var number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "75 " : "278 ";
        return File.ReadAllText($"/proc/self/task/{thread}/syscall").StartsWith(number, StringComparison.Ordinal);
    }
}
