using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>System calls one by one, held against the numbered rules of KERNEL.md. Where a call has several results, the first is the one of a machine on which all goes well.</summary>
public class LinuxKernelTests
{
    private const long Page = PageSize.Bytes;
    private const long Gift = 8;

    private readonly KernelState _state = new();
    private readonly Choices _choices = new();
    private readonly LinuxKernel _kernel;
    private readonly Value _buffer;
    private readonly Value _vector;

    private sealed class Nobody : Observer
    {
        public override void Found(in Hazard hazard) { }
    }

    public LinuxKernelTests()
    {
        _kernel = new LinuxKernel(_state, new HazardMonitor(_state, GiftContract.Documented, new Nobody()), _choices, ConsumerKind.Copies);
        _buffer = Value.Pointer(_state.Memory.Add(RegionKind.Native, Value.Exact(64 * Page), 0, 0), 0);
        _vector = Value.Pointer(_state.Memory.Add(RegionKind.Native, Value.Exact(1 << 20), 0, 0), 0);
    }

    /// <summary>The result with the given choices; null where the call blocks for ever.</summary>
    private long? Call(SystemCallKind kind, ulong choices, params Value[] arguments)
    {
        _choices.Follow(choices);
        return _kernel.TryCall(kind, arguments, new CallContext(0, 0, 1, true), out var result) ? result.Number : null;
    }

    private long? Call(SystemCallKind kind, params Value[] arguments) => Call(kind, 0, arguments);

    private (Value Read, Value Write, Pipe Pipe) MakePipe(long slots = 16)
    {
        Call(SystemCallKind.Pipe, _vector);
        var write = Value.Descriptor(_state.Descriptors.Count - 1);
        var pipe = _state.Pipes[^1];
        pipe.Slots = slots;
        return (Value.Descriptor(_state.Descriptors.Count - 2), write, pipe);
    }

    private long? Vmsplice(Value descriptor, long flags, params (Value Address, long Length)[] segments)
    {
        var memory = _state.Memory[_vector.Region];
        for (var i = 0; i < segments.Length; i++)
        {
            ValueMemory.Store(memory, Value.Exact(16 * i), 8, segments[i].Address);
            ValueMemory.Store(memory, Value.Exact(16 * i + 8), 8, Value.Exact(segments[i].Length));
        }
        return Call(SystemCallKind.Vmsplice, descriptor, _vector, Value.Exact(segments.Length), Value.Exact(flags));
    }

    private long? Vmsplice(Value descriptor, long offset, long length) => Vmsplice(descriptor, 0, (At(offset), length));

    private Value At(long offset) => Value.Pointer(_buffer.Region, offset);

    private static Value N(long number) => Value.Exact(number);

    [Fact]
    public void Rule_1_one_slot_for_every_page_that_a_segment_touches()
    {
        var (_, write, pipe) = MakePipe();
        Assert.Equal(8192, Vmsplice(write, 0, 8192));
        Assert.Equal(2, pipe.Occupied);
        Assert.Equal(8192, Vmsplice(write, 100, 8192));
        Assert.Equal(5, pipe.Occupied);
    }

    [Fact]
    public void Rule_9_a_huge_page_is_one_slot_for_every_page_of_4_KiB()
    {
        const int hugePage = 2 << 20;
        var huge = Value.Pointer(_state.Memory.Add(RegionKind.Native, Value.Exact(2 * hugePage), 0, 0), 0);
        var (_, write, pipe) = MakePipe(256);
        Assert.Equal(256 * Page, Vmsplice(write, 0, (huge, hugePage)));
        Assert.Equal(256, pipe.Occupied);
        Assert.Equal(huge.Region, pipe.Ring[0].Region);
    }

    [Fact]
    public void Rule_10_capacity_counts_slots_and_segments_do_not_coalesce()
    {
        var (_, write, pipe) = MakePipe();
        var segments = Enumerable.Range(0, 32).Select(i => (At(100 * i), 100L)).ToArray();
        Assert.Equal(1600, Vmsplice(write, 0, segments));
        Assert.Equal(16, pipe.Occupied);
    }

    [Fact]
    public void Rule_10_empty_segments_use_no_slot()
    {
        var (_, write, pipe) = MakePipe();
        Assert.Equal(10, Vmsplice(write, 0, (At(0), 0), (At(0), 10), (At(0), 0)));
        Assert.Equal(1, pipe.Occupied);
        Assert.Equal(0, Vmsplice(write, 0, (At(0), 0)));
        Assert.Equal(0, Call(SystemCallKind.Vmsplice, write, _vector, N(0), N(0)));
    }

    [Fact]
    public void Rule_10_sizes_round_up_and_full_slots_must_fit()
    {
        var (_, write, pipe) = MakePipe();
        Assert.Equal(131072, Call(SystemCallKind.SetPipeSize, write, N(70000)));
        Assert.Equal(131072, Call(SystemCallKind.GetPipeSize, write));
        Assert.Equal(32, pipe.Slots);
        Vmsplice(write, 0, 3 * Page);
        Assert.Equal(-1, Call(SystemCallKind.SetPipeSize, write, N(2 * Page)));
        Assert.Equal(32, pipe.Slots);
        Assert.Equal(4 * Page, Call(SystemCallKind.SetPipeSize, write, N(3 * Page)));
        Assert.Equal(-1, Call(SystemCallKind.SetPipeSize, write, N(0)));
    }

    [Fact]
    public void Rule_11_what_fits_is_taken_and_a_partly_read_slot_stays_occupied()
    {
        var (read, write, pipe) = MakePipe(4);
        Assert.Equal(4 * Page, Vmsplice(write, 0, 6 * Page));
        Assert.Equal(-1, Vmsplice(write, 0, Page));
        Assert.Equal(4095, Call(SystemCallKind.Read, read, _vector, N(4095)));
        Assert.Equal(4, pipe.Occupied);
        Assert.Equal(-1, Vmsplice(write, 0, Page));
        Assert.Equal(1, Call(SystemCallKind.Read, read, _vector, N(1)));
        Assert.Equal(100, Vmsplice(write, 0, 100));
    }

    [Fact]
    public void Rule_12_the_remainder_of_a_write_merges_if_it_fits_whole()
    {
        var (_, write, pipe) = MakePipe();
        Call(SystemCallKind.Write, write, _buffer, N(4000));
        Call(SystemCallKind.Write, write, _buffer, N(96));
        Assert.Equal(1, pipe.Occupied);
        Call(SystemCallKind.Write, write, _buffer, N(4000));
        Call(SystemCallKind.Write, write, _buffer, N(97));
        Assert.Equal(3, pipe.Occupied);
        Call(SystemCallKind.Write, write, _buffer, N(2 * Page + 10));
        Assert.Equal(5, pipe.Occupied);
        Assert.Equal(4000 + 96 + 4000 + 97 + 2 * Page + 10, pipe.Available);
    }

    [Fact]
    public void Rule_12_nothing_merges_into_a_page_of_the_program()
    {
        var (_, write, pipe) = MakePipe();
        Vmsplice(write, 0, 100);
        Call(SystemCallKind.Write, write, _buffer, N(10));
        Assert.Equal(2, pipe.Occupied);
    }

    [Fact]
    public void Rule_12_splice_takes_the_leave_to_merge_along_and_tee_does_not()
    {
        var (read, write, _) = MakePipe();
        var (read2, write2, pipe2) = MakePipe();
        Call(SystemCallKind.Write, write, _buffer, N(100));
        Assert.Equal(100, Call(SystemCallKind.Tee, read, write2, N(1000), N(0)));
        Call(SystemCallKind.Write, write2, _buffer, N(10));
        Assert.Equal(2, pipe2.Occupied);
        Assert.Equal(110, Call(SystemCallKind.Read, read2, _vector, N(1000)));
        Assert.Equal(100, Call(SystemCallKind.Splice, read, N(0), write2, N(0), N(1000), N(0)));
        Call(SystemCallKind.Write, write2, _buffer, N(10));
        Assert.Equal(1, pipe2.Occupied);
    }

    [Fact]
    public void Rule_12_half_a_slot_moved_on_takes_no_more_bytes()
    {
        var (read, write, _) = MakePipe();
        var (_, write2, pipe2) = MakePipe();
        Call(SystemCallKind.Write, write, _buffer, N(100));
        Call(SystemCallKind.Splice, read, N(0), write2, N(0), N(50), N(0));
        Call(SystemCallKind.Write, write2, _buffer, N(10));
        Assert.Equal(2, pipe2.Occupied);
    }

    [Fact]
    public void A_write_that_does_not_fit_blocks()
    {
        var (_, write, pipe) = MakePipe(2);
        Assert.Null(Call(SystemCallKind.Write, write, _buffer, N(2 * Page + 1)));
        Assert.Equal(Page + 1, Call(SystemCallKind.Write, write, _buffer, N(Page + 1)));
        Assert.Null(Call(SystemCallKind.Write, write, _buffer, N(Page)));
        Assert.Equal(Page - 1, Call(SystemCallKind.Write, write, _buffer, N(Page - 1)));
        Assert.Equal(2 * Page, pipe.Available);
    }

    [Fact]
    public void Rule_13_reading_drops_what_was_consumed()
    {
        var (read, write, pipe) = MakePipe();
        Vmsplice(write, 0, 3 * Page);
        Assert.Equal(5000, Call(SystemCallKind.Read, read, _vector, N(5000)));
        Assert.Equal((5000, 3 * Page - 5000), (pipe.Ring[0].Offset, pipe.Available));
        Assert.Equal(3 * Page - 5000, Call(SystemCallKind.Read, read, _vector, N(100000)));
        Assert.Null(Call(SystemCallKind.Read, read, _vector, N(1)));
        Call(SystemCallKind.Close, write);
        Assert.Equal(0, Call(SystemCallKind.Read, read, _vector, N(1)));
    }

    [Fact]
    public void Rule_13_readv_and_vmsplice_on_the_read_end_fill_segment_after_segment()
    {
        var (read, write, _) = MakePipe();
        Vmsplice(write, 0, 1000);
        Assert.Equal(300, Vmsplice(read, 0, (At(20 * Page), 100), (At(21 * Page), 200)));
        Assert.Equal(700, Call(SystemCallKind.Readv, read, _vector, N(1)).GetValueOrDefault() + Call(SystemCallKind.Read, read, At(22 * Page), N(1000)).GetValueOrDefault());
    }

    [Fact]
    public void Rule_14_splice_moves_slots_and_duplicates_the_partial_one()
    {
        var (read, write, pipe) = MakePipe();
        var (_, write2, pipe2) = MakePipe(2);
        Vmsplice(write, 0, 4 * Page);
        Assert.Equal(Page + 1, Call(SystemCallKind.Splice, read, N(0), write2, N(0), N(Page + 1), N(0)));
        Assert.Equal((3, 2), (pipe.Occupied, pipe2.Occupied));
        Assert.Equal((0, Page + 1), (pipe2.Ring[0].Offset, pipe2.Available));
        Assert.Null(Call(SystemCallKind.Splice, read, N(0), write2, N(0), N(Page), N(0)));
        Assert.Equal(3 * Page - 1, pipe.Available);
    }

    [Fact]
    public void Rule_14_a_full_target_takes_whole_slots()
    {
        var (read, write, pipe) = MakePipe();
        var (_, write2, pipe2) = MakePipe(2);
        Vmsplice(write, 100, 4 * Page);
        Assert.Equal(2 * Page - 100, Call(SystemCallKind.Splice, read, N(0), write2, N(0), N(100 * Page), N(0)));
        Assert.Equal(2, pipe2.Occupied);
        Assert.Equal(2 * Page + 100, pipe.Available);
    }

    [Fact]
    public void Rule_14_tee_leaves_the_source_as_it_is()
    {
        var (read, write, pipe) = MakePipe();
        var (_, write2, pipe2) = MakePipe();
        Vmsplice(write, 0, 2 * Page);
        Assert.Equal(5000, Call(SystemCallKind.Tee, read, write2, N(5000), N(0)));
        Assert.Equal((2 * Page, 5000), (pipe.Available, pipe2.Available));
    }

    [Fact]
    public void Rule_15_splice_to_a_file_copies()
    {
        var (read, write, pipe) = MakePipe();
        Call(SystemCallKind.OpenCopyingTarget);
        var file = Value.Descriptor(_state.Descriptors.Count - 1);
        Vmsplice(write, 0, 2 * Page);
        Assert.Equal(5000, Call(SystemCallKind.Splice, read, N(0), file, N(0), N(5000), N(0)));
        Assert.Equal((2 * Page - 5000, 0), (pipe.Available, _state.Held.Count));
    }

    [Fact]
    public void Rule_3_pages_never_written_hand_off_the_zero_page()
    {
        var (_, write, pipe) = MakePipe();
        Call(SystemCallKind.MapPrivate, N(4 * Page));
        var region = _state.Memory.Count - 1;
        _state.Memory[region].Populated.Add(Page, 2 * Page);
        _state.Memory[region].Populated.Add(3 * Page, 4 * Page);
        Assert.Equal(4 * Page - 10, Vmsplice(write, 0, (Value.Pointer(region, 10), 4 * Page - 10)));
        Assert.Equal([-1, region, -1, region], pipe.Ring.Select(static run => run.Region));
        Assert.Equal([Page - 10, Page, Page, Page], pipe.Ring.Select(static run => run.Length));
        Assert.Equal(4, pipe.Occupied);
    }

    [Fact]
    public void Rule_18_the_last_end_drops_the_slots()
    {
        var (read, write, pipe) = MakePipe();
        Vmsplice(write, 0, Page);
        Call(SystemCallKind.Close, read);
        Assert.Equal(1, pipe.Occupied);
        Assert.Equal(-1, Vmsplice(write, 0, Page));
        Assert.Equal(-1, Call(SystemCallKind.Write, write, _buffer, N(1)));
        Call(SystemCallKind.Close, write);
        Assert.Equal(0, pipe.Occupied);
        Assert.Equal(-1, Call(SystemCallKind.Close, write));
    }

    [Fact]
    public void Rule_19_a_gift_is_a_mark_on_the_slot()
    {
        var (_, write, pipe) = MakePipe();
        Assert.Equal(100, Vmsplice(write, Gift, (At(7), 100)));
        Assert.True(pipe.Ring[0].Tag.Gifted);
    }

    [Fact]
    public void Flags_and_errors()
    {
        var (read, write, _) = MakePipe();
        Assert.Equal(-1, Vmsplice(write, 16, (At(0), 1)));
        Assert.Equal(-1, Vmsplice(N(-1), 0, 1));
        Assert.Equal(-1, Call(SystemCallKind.Vmsplice, write, _vector, N(1025), N(0)));
        Assert.Equal(-1, Call(SystemCallKind.Vmsplice, write, _vector, N(-1), N(0)));
        Assert.Equal(-1, Vmsplice(write, 0, (At(0), 1), (At(0), -1)));
        Assert.Equal(-1, Vmsplice(write, 0, (N(0), 1)));
        Assert.Equal(10, Vmsplice(write, 0, (At(0), 10), (N(0), 1), (At(0), 10)));
        Assert.Equal(-1, Call(SystemCallKind.Read, write, _buffer, N(1)));
        Assert.Equal(-1, Call(SystemCallKind.Write, read, _buffer, N(1)));
        Assert.Equal(-1, Call(SystemCallKind.Splice, read, N(0), write, N(0), N(1), N(0)));
        Assert.Equal(-1, Call(SystemCallKind.Tee, read, write, N(1), N(0)));
        Call(SystemCallKind.OpenCopyingTarget);
        Assert.Equal(-1, Vmsplice(Value.Descriptor(_state.Descriptors.Count - 1), 0, 1));
    }

    [Fact]
    public void Ring_what_was_there_before_the_size_was_known_leaves_when_as_many_slots_followed()
    {
        var outside = N(1);
        Vmsplice(outside, 0, Page);
        Assert.Equal(2 * Page, Call(SystemCallKind.SetPipeSize, outside, N(2 * Page)));
        Vmsplice(outside, Page, Page);
        Assert.Equal((1, 1), (_state.Pipes[0].Older.Count, _state.Pipes[0].Ring.Count));
        Vmsplice(outside, 2 * Page, Page);
        Assert.Equal((0, 2), (_state.Pipes[0].Older.Count, _state.Pipes[0].Ring.Count));
        Vmsplice(outside, 3 * Page, Page + 1);
        Assert.Equal([3 * Page], _state.Pipes[0].Ring.Select(static run => run.Offset));
        Assert.Equal(2 * Page, Call(SystemCallKind.GetPipeSize, outside));
    }

    [Fact]
    public void Ring_a_call_takes_no_more_than_the_pipe_holds()
    {
        var outside = N(1);
        Call(SystemCallKind.SetPipeSize, outside, N(2 * Page));
        Assert.Equal(2 * Page, Vmsplice(outside, 0, 5 * Page));
    }
}
