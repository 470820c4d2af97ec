using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Pipes;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>Replays a trace and notes what memory and pipes hold after every step.</summary>
internal sealed class TimelineBuilder(IReadOnlyList<TraceStep> trace, IReadOnlyList<TimelineSource> sources)
{
    private readonly TraceMachine _machine = new();
    private readonly List<TimelineStep> _steps = [];

    /// <summary>The contents by the step that wrote them.</summary>
    private readonly Dictionary<int, int> _contents = new() { [-1] = -1 };

    public Timeline Build()
    {
        var count = Math.Min(trace.Count, Timeline.MostSteps);
        for (var i = 0; i < count; i++)
        {
            var isRead = trace[i].Action == TraceAction.Read;
            var before = isRead ? Pipes() : [];
            var read = isRead ? CellsRead(trace[i]) : [];
            if (_machine.Take(trace[i], i) is not null) break;
            if (Writes(trace[i].Action)) _contents.Add(i, _contents.Count - 1);
            Add(i, read, isRead ? before : Pipes());
            if (isRead) break;
        }
        var outcome = trace.Count > count
            ? new ReplayResult(false, count, $"There are {trace.Count} steps, of which {count} are drawn.")
            : WitnessReplay.Run(trace);
        return new Timeline(_steps, [.. _machine.Regions.Select(Describe)], outcome);
    }

    private static bool Writes(TraceAction action) => action is TraceAction.Fill or TraceAction.Store or TraceAction.Reuse;

    private TimelineRegion Describe(int region)
    {
        var (kind, size, _) = _machine.Describe(region);
        return new TimelineRegion(region, kind, size);
    }

    private void Add(int number, IReadOnlyList<TimelineCell> read, IReadOnlyList<TimelinePipe> pipes)
    {
        var step = trace[number];
        var actor = step.Action switch { TraceAction.Read => Actor.Consumer, TraceAction.Reuse => Actor.Environment, _ => Actor.Producer };
        _steps.Add(new TimelineStep(
            number, step, actor, TimelineWords.Of(step, _machine, _contents.TryGetValue(number, out var content) ? content : -1, read), read.Any(static cell => cell.IsWrong),
            [.. _machine.Regions.Select(Memory)], pipes, [.. sources.Where(source => source.Step == number)]));
    }

    private TimelineMemory Memory(int region)
    {
        var (_, size, end) = _machine.Describe(region);
        var to = size >= 0 ? size : Math.Max(_machine.EndOfWrites(region), 1);
        return new TimelineMemory(region, end is not null, Cells(region, 0, to, int.MaxValue));
    }

    private IReadOnlyList<TimelineCell> Cells(int region, long from, long to, int step) =>
        [.. _machine.WritersIn(region, from, to, step).Select(part => new TimelineCell(part.From, part.To, _contents[part.Now], _contents[part.Then]))];

    private IReadOnlyList<TimelinePipe> Pipes() => [.. _machine.Pipes.Select(pipe => new TimelinePipe(pipe, Merge(_machine.SlotsOf(pipe).SelectMany(Slots))))];

    private IReadOnlyList<TimelineCell> CellsOf(in SlotRun run) => run.IsStable ? [new TimelineCell(run.Offset, run.End, -1, -1)] : Cells(run.Region, run.Offset, run.End, run.Tag.Serial);

    /// <summary>The slots of a run. There may be millions, of which few differ.</summary>
    private IEnumerable<TimelineSlots> Slots(SlotRun run)
    {
        var cells = CellsOf(run);
        var region = run.IsStable ? -1 : run.Region;
        for (var at = run.Offset; at < run.End;)
        {
            var alike = cells.First(cell => cell.To > at);
            var count = at % PageSize.Bytes == 0 ? (alike.To - at) / PageSize.Bytes : 0;
            var end = Math.Min(run.End, count > 0 ? at + count * PageSize.Bytes : at - at % PageSize.Bytes + PageSize.Bytes);
            yield return new TimelineSlots(Math.Max(count, 1), region, Within(cells, at, count > 0 ? at + PageSize.Bytes : end));
            at = end;
        }
    }

    private static IReadOnlyList<TimelineCell> Within(IReadOnlyList<TimelineCell> cells, long from, long to) =>
        [.. cells.Where(cell => cell.To > from && cell.From < to).Select(cell => cell with { From = Math.Max(cell.From, from), To = Math.Min(cell.To, to) })];

    private static IReadOnlyList<TimelineSlots> Merge(IEnumerable<TimelineSlots> slots)
    {
        var merged = new List<TimelineSlots>();
        foreach (var next in slots)
        {
            var last = merged.Count - 1;
            if (last >= 0 && LookAlike(merged[last], next)) merged[last] = merged[last] with { Count = merged[last].Count + next.Count };
            else merged.Add(next);
        }
        return merged;
    }

    private static bool LookAlike(TimelineSlots a, TimelineSlots b) =>
        a.Region == b.Region && a.Cells.Select(static cell => (cell.Content, cell.HandedOff)).SequenceEqual(b.Cells.Select(static cell => (cell.Content, cell.HandedOff)));

    /// <summary>What the consumer gets, once it has read past what comes before.</summary>
    private IReadOnlyList<TimelineCell> CellsRead(TraceStep read)
    {
        var cells = new List<TimelineCell>();
        if (!_machine.Pipes.Contains(read.Pipe)) return cells;
        var before = read.Offset;
        var left = read.Length;
        foreach (var run in _machine.SlotsOf(read.Pipe))
        {
            var skipped = Math.Min(before, run.Length);
            var taken = Math.Min(left, run.Length - skipped);
            before -= skipped;
            left -= taken;
            if (taken > 0) cells.AddRange(CellsOf(run.Skip(skipped).Take(taken)));
        }
        return cells;
    }
}
