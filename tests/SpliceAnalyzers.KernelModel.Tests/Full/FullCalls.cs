using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Full;

/// <summary>System calls of the full exploration, slot by slot.</summary>
internal sealed class FullCalls(ConsumerKind consumer, Action<FullState, Slot> look)
{
    private const int PageCells = FullState.CellsPerPage;

    /// <summary>Every way the call can go; none where it waits for what the others may still do, or for ever.</summary>
    public IEnumerable<FullState> Run(FullState state, SystemCall call, Word[] arguments) => call.Kind switch
    {
        SystemCallKind.Vmsplice => Vmsplice(state, call, arguments[0], arguments[1]),
        SystemCallKind.Write => Write(state, call, arguments[0], (int)(arguments[2].Number / FullState.Cell)),
        SystemCallKind.Read => Read(state, call, arguments[0], arguments[1], (int)(arguments[2].Number / FullState.Cell)),
        SystemCallKind.Splice => Splice(state, call, arguments[0], arguments[2], (int)(arguments[4].Number / FullState.Cell), stays: false),
        SystemCallKind.Tee => Splice(state, call, arguments[0], arguments[1], (int)(arguments[2].Number / FullState.Cell), stays: true),
        SystemCallKind.Pipe => [MakePipe(state, call, arguments[0])],
        SystemCallKind.Close => [Close(state, call, arguments[0])],
        SystemCallKind.SetPipeSize => SetPipeSize(state, call, arguments[0], arguments[1].Number),
        SystemCallKind.OpenCopyingTarget => [Open(state, call)],
        SystemCallKind.MapPrivate => [Map(state, call, arguments[0]), Result(state, call, Word.Int(-1))],
        _ => throw new NotSupportedException(call.Kind.ToString()),
    };

    private static FullState Result(FullState state, SystemCall call, Word result)
    {
        var next = state.Clone();
        if (call.Target >= 0) next.Registers[call.Target] = result;
        return next;
    }

    private static FullState Failed(FullState state, SystemCall call) => Result(state, call, Word.Int(-1));

    private static FullState Bytes(FullState state, SystemCall call, int cells) => Result(state, call, Word.Int(cells * (long)FullState.Cell));

    private static FullPipe? PipeOf(FullState state, Word descriptor, char end) =>
        descriptor.Kind == 'i' ? state.Pipes[0]
        : state.Descriptors[(int)descriptor.Number] is var (open, pipe) && open == end ? state.Pipes[pipe]
        : null;

    private static int Index(FullState state, FullPipe pipe) => state.Pipes.IndexOf(pipe);

    private static IEnumerable<FullState> Vmsplice(FullState state, SystemCall call, Word descriptor, Word vector)
    {
        var pipe = PipeOf(state, descriptor, 'w');
        // Nobody looks at the result: then it failed only if it had to.
        var mustSucceed = call.Target < 0 && pipe is { Outside: false, ReadOpen: true } && pipe.Slots.Count < pipe.Capacity;
        if (!mustSucceed) yield return Failed(state, call);
        if (pipe is null or { ReadOpen: false, Outside: false }) yield break;
        var kept = state.Regions[vector.Region].Kept;
        var (address, length) = (kept[vector.Number], kept[vector.Number + 8].Number);
        if (address.Kind != 'p')
        {
            if (mustSucceed) yield return Failed(state, call);
            yield break;
        }
        var slots = SlotsFor(state, call.Site, address, length).ToList();
        var free = Math.Min(slots.Count, pipe.Capacity - pipe.Slots.Count);
        // A private pipe takes what fits; with a reader at the other end, any number of slots may be taken.
        for (var count = pipe.Outside ? 1 : free; count > 0 && count <= free; count++)
        {
            var next = Bytes(state, call, slots.Take(count).Sum(static slot => slot.To - slot.From));
            foreach (var slot in slots.Take(count))
            {
                next.Expected.Add(slot.Frame < 0 ? [] : Array.ConvertAll(next.Frames[slot.Frame].Cells, static cell => cell.Write));
                next.Pipes[Index(state, pipe)].Slots.Add(slot with { Serial = next.Expected.Count - 1 });
            }
            yield return next;
        }
    }

    private static IEnumerable<Slot> SlotsFor(FullState state, int site, Word address, long length)
    {
        var region = state.Regions[address.Region];
        var (first, end) = ((int)(address.Number / FullState.Cell), (int)((address.Number + length) / FullState.Cell));
        for (var at = first; at < end;)
        {
            var stop = Math.Min(end, (at / PageCells + 1) * PageCells);
            // Memory that was given up is no longer the program's: what is there nobody promised to keep.
            var frame = region.Dead || region.Kind == RegionKind.ReadOnly ? 0 : region.Frames[at / PageCells];
            var unpins = region.Pins == 0 ? region.Unpins : -1;
            yield return new Slot(frame, at % PageCells, at % PageCells + stop - at, site, address.Region, unpins, false, 0);
            at = stop;
        }
    }

    private static IEnumerable<FullState> Write(FullState state, SystemCall call, Word descriptor, int cells)
    {
        var pipe = PipeOf(state, descriptor, 'w');
        if (pipe is null or { ReadOpen: false, Outside: false })
        {
            yield return Failed(state, call);
            yield break;
        }
        if (pipe.Outside)
        {
            yield return Failed(state, call);
            for (var count = 1; count < cells; count++)
            {
                if (TryPush(state, call, pipe, count) is { } some) yield return some;
            }
        }
        if (TryPush(state, call, pipe, cells) is { } all) yield return all;
    }

    private static FullState? TryPush(FullState state, SystemCall call, FullPipe pipe, int cells)
    {
        var next = Bytes(state, call, cells);
        var slots = next.Pipes[Index(state, pipe)].Slots;
        var remainder = cells % PageCells;
        if (remainder > 0 && slots.Count > 0 && slots[^1] is { CanMerge: true } last && last.To + remainder <= PageCells)
        {
            slots[^1] = last with { To = last.To + remainder };
            cells -= remainder;
        }
        for (; cells > 0; cells -= PageCells) slots.Add(new Slot(0, 0, Math.Min(cells, PageCells), -1, -1, -1, true, -1));
        return slots.Count <= pipe.Capacity ? next : null;
    }

    private IEnumerable<FullState> Read(FullState state, SystemCall call, Word descriptor, Word buffer, int cells)
    {
        var pipe = PipeOf(state, descriptor, 'r');
        if (pipe is null) return [Failed(state, call)];
        if (pipe.Outside)
        {
            // Nobody tells what is read there: it need not be what the program put in.
            return new[] { cells, 1, 0, -1 }.Select(count =>
            {
                var next = count < 0 ? Failed(state, call) : Bytes(state, call, count);
                FullExploration.Store(next, buffer, Math.Max(count, 0) * FullState.Cell, HazardKind.Store);
                return next;
            });
        }
        if (pipe.Slots.Count == 0) return pipe.WriteOpen ? [] : [Bytes(state, call, 0)];
        var got = Math.Min(cells, pipe.Slots.Sum(static slot => slot.To - slot.From));
        var read = Bytes(state, call, got);
        foreach (var slot in TakeFront(read.Pipes[Index(state, pipe)], got)) look(state, slot);
        FullExploration.Store(read, buffer, got * FullState.Cell, HazardKind.Store);
        return [read];
    }

    private static List<Slot> TakeFront(FullPipe pipe, int cells, int mostSlots = int.MaxValue)
    {
        var taken = new List<Slot>();
        while (cells > 0 && pipe.Slots.Count > 0 && taken.Count < mostSlots)
        {
            var slot = pipe.Slots[0];
            var count = Math.Min(cells, slot.To - slot.From);
            cells -= count;
            if (count == slot.To - slot.From)
            {
                taken.Add(slot);
                pipe.Slots.RemoveAt(0);
            }
            else
            {
                taken.Add(slot with { To = slot.From + count, CanMerge = false });
                pipe.Slots[0] = slot with { From = slot.From + count };
            }
        }
        return taken;
    }

    private IEnumerable<FullState> Splice(FullState state, SystemCall call, Word from, Word to, int cells, bool stays)
    {
        var source = PipeOf(state, from, 'r');
        var isFile = to.Kind == 'd' && state.Descriptors[(int)to.Number].End == 'f';
        var target = isFile ? null : PipeOf(state, to, 'w');
        if (source is null || source == target || (target is null && (stays || !isFile))) return [Failed(state, call)];
        // How much somebody else's pipe gives is anybody's guess, and a pipe of the program would be filled by it.
        if (source.Outside && (consumer == ConsumerKind.Copies || target is { Outside: false })) throw new NotSupportedException("Splice from outside.");
        if (source.Outside) return new[] { cells, 0, -1 }.Select(count => count < 0 ? Failed(state, call) : Bytes(state, call, count));
        if (source is { Slots.Count: 0, WriteOpen: true }) return [];
        if (target is { ReadOpen: false, Outside: false }) return [Failed(state, call)];
        if (source.Slots.Count == 0) return [Bytes(state, call, 0)];
        var next = Result(state, call, default);
        var sourceCopy = next.Pipes[Index(state, source)];
        var kept = sourceCopy.Slots.ToList();
        var taken = TakeFront(sourceCopy, cells, target is { Outside: false } ? target.Capacity - target.Slots.Count : int.MaxValue);
        if (taken.Count == 0) return [];
        if (stays) sourceCopy.Slots = kept;
        foreach (var slot in taken)
        {
            if (target is null) look(state, slot);
            else next.Pipes[Index(state, target)].Slots.Add(stays ? slot with { CanMerge = false } : slot);
        }
        if (call.Target >= 0) next.Registers[call.Target] = Word.Int(taken.Sum(static slot => slot.To - slot.From) * (long)FullState.Cell);
        return [next];
    }

    private static FullState MakePipe(FullState state, SystemCall call, Word ends)
    {
        var next = Result(state, call, Word.Int(0));
        next.Pipes.Add(new FullPipe());
        next.Descriptors.Add(('r', next.Pipes.Count - 1));
        next.Descriptors.Add(('w', next.Pipes.Count - 1));
        next.Regions[ends.Region].Kept[ends.Number] = Word.Descriptor(next.Descriptors.Count - 2);
        next.Regions[ends.Region].Kept[ends.Number + 4] = Word.Descriptor(next.Descriptors.Count - 1);
        return next;
    }

    private static FullState Close(FullState state, SystemCall call, Word descriptor)
    {
        var (end, index) = state.Descriptors[(int)descriptor.Number];
        if (end == 'x') return Failed(state, call);
        var next = Result(state, call, Word.Int(0));
        next.Descriptors[(int)descriptor.Number] = ('x', index);
        var pipe = next.Pipes[index];
        if (end == 'r') pipe.ReadOpen = false;
        else pipe.WriteOpen = false;
        if (!pipe.ReadOpen && !pipe.WriteOpen && !pipe.Outside) pipe.Slots.Clear();
        return next;
    }

    private IEnumerable<FullState> SetPipeSize(FullState state, SystemCall call, Word descriptor, long size)
    {
        var pipe = PipeOf(state, descriptor, 'r') ?? PipeOf(state, descriptor, 'w');
        if (pipe is null)
        {
            yield return Failed(state, call);
            yield break;
        }
        var slots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(size + 4095) / 4096);
        if (pipe.Outside) yield return Failed(state, call);
        foreach (var chosen in pipe.Outside ? new[] { slots, 2 * slots } : [slots])
        {
            if (pipe.Slots.Count > chosen)
            {
                yield return Failed(state, call);
                continue;
            }
            var next = Result(state, call, Word.Int(chosen * 4096L));
            if (!pipe.Outside || consumer == ConsumerKind.Copies) next.Pipes[Index(state, pipe)].Capacity = chosen;
            yield return next;
        }
    }

    private static FullState Open(FullState state, SystemCall call)
    {
        var next = Result(state, call, Word.Descriptor(state.Descriptors.Count));
        next.Descriptors.Add(('f', -1));
        return next;
    }

    private static FullState Map(FullState state, SystemCall call, Word size)
    {
        var next = Result(state, call, default);
        next.Registers[call.Target] = Word.Pointer(FullExploration.AddRegion(next, RegionKind.PrivateMapping, (int)size.Number), 0);
        return next;
    }
}
