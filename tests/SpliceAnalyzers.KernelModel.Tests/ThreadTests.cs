using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Several threads of one program: who goes on when, and who can be waited for.</summary>
public class ThreadTests
{
    /// <summary>Hands the buffer in register 1 to the pipe end in register 2, and sets the flag in register 0.</summary>
    private static Procedure HandsOff()
    {
        var thread = new ProgramBuilder(parameters: 3, firstSite: 100);
        thread.Vmsplice(R(2), R(1), C(4096));
        thread.KeepSilently(R(0), C(1));
        thread.Return();
        return thread.ToProcedure("Thread");
    }

    [Fact]
    public void What_a_thread_handed_off_is_in_flight_when_it_was_waited_for()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var flag = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Caller, 4096);
        p.Start(1, R(flag), R(buffer), R(write));
        p.WaitFor(R(flag));
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(read), C(65536));
        var leave = p.Return();
        Expect.Hazards(p.Explore(callees: HandsOff()), (HazardKind.CallerKeeps, 103, leave));
    }

    /// <summary>Reads the pipe end in register 1 until it is empty and closed, and sets the flag in register 0.</summary>
    private static Procedure Drains()
    {
        var thread = new ProgramBuilder(parameters: 2, firstSite: 100);
        thread.Label("again");
        thread.LoopHead();
        var count = thread.System(SystemCallKind.Read, R(1), Unknown, C(4096));
        thread.Unless(Op(C(0), BinaryOperator.Less, R(count)), "end");
        thread.Jump("again");
        thread.Label("end");
        thread.KeepSilently(R(0), C(1));
        thread.Return();
        return thread.ToProcedure("Thread");
    }

    /// <summary>Makes room in a pipe of one slot, and stores into the buffer that waits to go there, before or after that.</summary>
    private static (Verdict Verdict, int HandOff, int Store) StoredWhenThereIsRoom(bool storesBefore)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(write), C(4096));
        var first = p.Allocate(RegionKind.Native, 4096);
        var second = p.Allocate(RegionKind.Native, 4096);
        p.VmspliceBlindly(R(write), R(first), C(4096));
        p.Start(1, R(read), R(second));
        p.VmspliceBlindly(R(write), R(second), C(4096));
        var handOff = p.Here - 1;
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(read), C(4096));
        p.Return();
        var thread = new ProgramBuilder(parameters: 2, firstSite: 100);
        var before = storesBefore ? thread.StoreByte(R(1)) : -1;
        thread.SystemIgnoringResult(SystemCallKind.Read, R(0), Unknown, C(4096));
        var after = storesBefore ? -1 : thread.StoreByte(R(1));
        thread.Return();
        return (p.Explore(callees: thread.ToProcedure("Thread")), handOff, storesBefore ? before : after);
    }

    [Fact]
    public void A_thread_that_was_blocked_may_hand_off_before_the_one_that_made_room_goes_on()
    {
        var (verdict, handOff, store) = StoredWhenThereIsRoom(storesBefore: false);
        Expect.Hazards(verdict, (HazardKind.Store, handOff, store));
        Expect.Safe(StoredWhenThereIsRoom(storesBefore: true).Verdict);
    }

    private static (ProgramBuilder Program, int Buffer, int Flag, int HandOff, int Write) WithReader(long bytes)
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var flag = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Native, bytes);
        p.Start(1, R(flag), R(read));
        p.Vmsplice(R(write), buffer, bytes);
        return (p, buffer, flag, p.Here - 1, write);
    }

    [Fact]
    public void Memory_is_free_again_once_the_reader_was_waited_for()
    {
        var (p, buffer, flag, _, write) = WithReader(8192);
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        p.WaitFor(R(flag));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Return();
        Expect.Safe(p.Explore(callees: Drains()));
    }

    [Fact]
    public void Nothing_is_known_of_a_reader_that_was_not_waited_for()
    {
        var (p, buffer, flag, handOff, write) = WithReader(8192);
        var release = p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        p.WaitFor(R(flag));
        p.Return();
        Expect.Hazards(p.Explore(callees: Drains()), (HazardKind.Release, handOff, release));
    }

    /// <summary>The reader waits for an end that nobody closes: the program hangs there, and what follows never happens. Whoever waits for it gives up and says so.</summary>
    [Fact]
    public void Waiting_ends_where_nobody_can_go_on()
    {
        var (p, buffer, flag, _, write) = WithReader(8192);
        p.WaitFor(R(flag));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(write), C(65536));
        p.Return();
        Expect.Safe(p.Explore(callees: Drains()));
    }

    [Fact]
    public void A_full_pipe_is_waited_for_while_another_thread_reads()
    {
        var (p, buffer, flag, _, write) = WithReader(16 * 4096);
        var second = p.Allocate(RegionKind.Native, 4096);
        var count = p.Vmsplice(R(write), second, 4096);
        var handOff = p.Here - 1;
        p.Unless(Op(C(0), BinaryOperator.Less, R(count)), "end");
        // Only a reader that took something lets the second hand-off in; what it took need not be the second one's.
        var store = p.StoreByte(R(second));
        p.Label("end");
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        p.WaitFor(R(flag));
        p.Release(R(buffer), ReleaseKind.ToAllocator);
        p.Return();
        Expect.Hazards(p.Explore(callees: Drains()), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void Another_thread_may_store_right_after_a_hand_off()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var flag = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Start(1, R(flag), R(buffer));
        p.Vmsplice(R(write), buffer, 4096);
        var handOff = p.Here - 1;
        p.SystemIgnoringResult(SystemCallKind.Read, R(read), Unknown, C(4096));
        p.WaitFor(R(flag));
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(read), C(65536));
        p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(write), C(65536));
        p.Return();
        var thread = new ProgramBuilder(parameters: 2, firstSite: 100);
        var store = thread.StoreByte(R(1));
        thread.KeepSilently(R(0), C(1));
        thread.Return();
        Expect.Hazards(p.Explore(callees: thread.ToProcedure()), (HazardKind.Store, handOff, store));
    }

    [Fact]
    public void A_thread_that_never_blocks_lets_others_run_where_it_pauses()
    {
        var p = new ProgramBuilder();
        var stop = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Start(1, R(stop), R(buffer));
        p.Pause();
        var store = p.StoreByte(R(buffer));
        p.KeepSilently(R(stop), C(1));
        p.Return();
        var thread = new ProgramBuilder(parameters: 2, firstSite: 100);
        thread.Label("again");
        thread.LoopHead();
        thread.Vmsplice(C(1), R(1), C(4096));
        thread.Pause();
        thread.Branch(R(thread.Load(R(0))), "end", "again");
        thread.Label("end");
        thread.Return();
        Expect.Hazards(p.Explore(callees: thread.ToProcedure()), (HazardKind.Store, 104, store));
    }

    [Fact]
    public void The_stack_of_a_thread_ends_with_it()
    {
        var p = new ProgramBuilder();
        var flag = p.Allocate(RegionKind.Object, 8);
        var start = p.Start(1, R(flag));
        p.WaitFor(R(flag));
        p.Return();
        var thread = new ProgramBuilder(parameters: 1, firstSite: 100);
        var buffer = thread.Allocate(RegionKind.Stack, 4096);
        thread.Vmsplice(C(1), buffer, 4096);
        thread.KeepSilently(R(0), C(1));
        var leave = thread.Return();
        var witness = Expect.Hazards(p.Explore(callees: thread.ToProcedure()), (HazardKind.LifetimeEnd, 104, leave))[0];
        Assert.Equal([start], witness.Culprit.Calls);
    }

    [Fact]
    public void More_threads_than_can_be_followed_do_no_harm()
    {
        var p = new ProgramBuilder();
        var flag = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        for (var i = 0; i < 8; i++) p.Start(1, R(flag), R(buffer), C(1));
        p.WaitFor(R(flag));
        var store = p.StoreByte(R(buffer));
        p.Return();
        Assert.Contains(p.Explore(callees: HandsOff()).Witnesses, w => w.Hazard == HazardKind.Store && w.Culprit.Site == store);
    }

    /// <summary>A thread that is started after another one waited, and ended, is not taken for that one.</summary>
    [Fact]
    public void A_thread_after_one_that_waited_runs_as_well()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var first = p.Allocate(RegionKind.Object, 8);
        p.Start(1, R(first), R(read));
        p.SystemIgnoringResult(SystemCallKind.Close, R(write));
        p.WaitFor(R(first));
        var second = p.Allocate(RegionKind.Object, 8);
        var buffer = p.Allocate(RegionKind.Native, 4096);
        p.Start(2, R(second), R(buffer), C(1));
        p.WaitFor(R(second));
        var store = p.StoreByte(R(buffer));
        p.Return();
        Expect.Hazards(p.Explore(callees: [Drains(), HandsOff()]), (HazardKind.Store, 103, store));
    }
}
