using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>Puts the trace of one region together, with the steps that make it a whole story.</summary>
internal sealed class TraceBuilder
{
    private readonly List<TraceStep> _steps = [];
    private readonly TraceMachine _machine = new();
    private readonly Dictionary<int, int> _pipes = [];

    /// <summary>The region that the trace is about. The result is the step's index, as that of the methods below.</summary>
    public int AddRegion(RegionKind kind, long size) => Take(new TraceStep { Action = TraceAction.Region, Kind = kind, Size = size });

    /// <summary>A hand-off, or what happened to it. Bytes that had frames of their own were written before.</summary>
    public int Add(TraceStep step, bool isZeroPage)
    {
        if (step.Action == TraceAction.HandOff && !isZeroPage)
            Take(new TraceStep { Action = TraceAction.Fill, Offset = step.Offset, Length = step.Length });
        return Take(step with { Pipe = Renumber(step.Pipe), Target = step.Action is TraceAction.Move or TraceAction.Duplicate ? Renumber(step.Target) : 0 });
    }

    /// <summary>The step that breaks the property, what somebody does with the memory then, and the read that shows it.</summary>
    public int AddCulprit(in Hazard hazard)
    {
        var culprit = Take(hazard.Action == WitnessAction.Store
            ? new TraceStep { Action = TraceAction.Store, Offset = hazard.Offset, Length = hazard.Length }
            : new TraceStep { Action = TraceAction.GiveUp, End = hazard.End });
        if (!hazard.InFlight) return culprit;
        if (hazard.Action != WitnessAction.Store) Take(new TraceStep { Action = TraceAction.Reuse, Offset = hazard.Offset, Length = hazard.Length });
        // One of the bytes is enough to show it; the others may lie in slots elsewhere, or have been read before.
        if (_machine.TryLocate(0, hazard.Offset, hazard.Offset + hazard.Length, out var pipe, out var before))
            _steps.Add(new TraceStep { Action = TraceAction.Read, Pipe = pipe, Offset = before, Length = 1 });
        return culprit;
    }

    public string Encode() => WitnessText.Encode(_steps);

    private int Renumber(int pipe)
    {
        if (!_pipes.TryGetValue(pipe, out var number)) _pipes.Add(pipe, number = _pipes.Count);
        return number;
    }

    private int Take(TraceStep step)
    {
        _machine.Take(step, _steps.Count);
        _steps.Add(step);
        return _steps.Count - 1;
    }
}
