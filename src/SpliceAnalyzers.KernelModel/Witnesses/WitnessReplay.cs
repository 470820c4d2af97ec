using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>What came of replaying a witness.</summary>
public sealed class ReplayResult(bool isConfirmed, int step, string message, bool isPossible = true)
{
    /// <summary>True when the bytes read differ from those handed off, or the promise of a gift was broken.</summary>
    public bool IsConfirmed { get; } = isConfirmed;

    /// <summary>The step that decided, counted from 0; as many as there are steps where none did.</summary>
    public int Step { get; } = step;

    /// <summary>False when the text is malformed, or a step cannot happen.</summary>
    public bool IsPossible { get; } = isPossible;

    /// <summary>What happened there.</summary>
    public string Message { get; } = message;
}

/// <summary>Runs a witness again from its text, without the program it came from.</summary>
public static class WitnessReplay
{
    /// <summary>Replays the text form of a witness.</summary>
    public static ReplayResult Run(string text) =>
        WitnessText.TryDecode(text, out var steps, out var error) ? Run(steps) : new ReplayResult(false, 0, error, isPossible: false);

    /// <summary>Replays a trace.</summary>
    public static ReplayResult Run(IReadOnlyList<TraceStep> steps)
    {
        var machine = new TraceMachine();
        for (var i = 0; i < steps.Count; i++)
        {
            if (machine.Take(steps[i], i) is { } refusal) return new ReplayResult(false, i, $"Step {i} cannot happen: {refusal}.", isPossible: false);
            if (steps[i].Action != TraceAction.Read) continue;
            if (machine.Compare(steps[i].Pipe, steps[i].Length, out var differing) is { } missing) return new ReplayResult(false, i, $"Step {i} cannot happen: {missing}.", isPossible: false);
            return differing > 0
                ? new ReplayResult(true, i, $"Step {i} reads {(differing == 1 ? "a byte that is not the one" : $"{differing} bytes that are not those")} handed off.")
                : new ReplayResult(false, i, $"Step {i} reads exactly what was handed off.");
        }
        return machine.IsGiftBroken
            ? new ReplayResult(true, steps.Count, "Gifted memory was modified or given up; the consumer may still have it.")
            : new ReplayResult(false, steps.Count, "Nobody reads, and no gift was touched.");
    }

    /// <summary>
    /// Replays a trace, which is one of today's kernel, on another kernel: what the trace does is explored there, and confirmed if the step that breaks the
    /// property here breaks it there.
    /// </summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static ReplayResult Run(IReadOnlyList<TraceStep> steps, KernelKind kernel, CancellationToken cancellation)
    {
        var here = Run(steps);
        return kernel == KernelKind.Linux || !here.IsConfirmed ? here : Explore(steps, kernel, here.Step, cancellation);
    }

    internal static ReplayResult Explore(IReadOnlyList<TraceStep> steps, KernelKind kernel, int last, CancellationToken cancellation)
    {
        var isRead = steps.Any(static step => step.Action == TraceAction.Read);
        // Who reads gets bytes, whatever was promised; where nobody does, the promise is all there is.
        var options = new ExplorationOptions { Kernel = kernel, GiftContract = isRead ? GiftContract.Actual : GiftContract.Documented };
        var verdict = Explorer.Explore(TraceProgram.Of(steps), options, cancellation);
        return verdict.Kind switch
        {
            VerdictKind.Hazards when isRead => new ReplayResult(true, last, $"Step {last} reads bytes that are not those handed off."),
            VerdictKind.Hazards => new ReplayResult(true, last, "Gifted memory was modified or given up; the consumer may still have it."),
            VerdictKind.Proved => new ReplayResult(false, last, isRead ? $"Step {last} reads exactly what was handed off." : "No gift was touched."),
            _ => new ReplayResult(false, last, "There was too much to explore."),
        };
    }
}
