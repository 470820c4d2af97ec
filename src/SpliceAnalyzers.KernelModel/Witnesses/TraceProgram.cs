using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>
/// A trace as a program that does the same, so that it can be explored on any kernel: a procedure with the producer's steps, and one that calls it. It
/// ends where a frame, a reference or the caller's trust ends, otherwise with the process, so that nothing happens that the trace does not have.
/// </summary>
internal sealed class TraceProgram
{
    /// <summary>O_RDWR and O_CREAT: certainly a file.</summary>
    private const int NewFile = 0x42;

    private const long GiftFlag = 8;

    private readonly List<Instruction> _code = [];
    private readonly Dictionary<int, int> _regions = [];
    private readonly Dictionary<int, (int Read, int Write)> _pipes = [];
    private readonly HashSet<int> _files = [];
    private readonly IReadOnlyList<TraceStep> _trace;
    private int _registers;

    private TraceProgram(IReadOnlyList<TraceStep> trace) => _trace = trace;

    /// <summary>The program of a trace that can happen.</summary>
    public static SpliceProgram Of(IReadOnlyList<TraceStep> trace)
    {
        var program = new TraceProgram(trace);
        program.AddSteps();
        var steps = new Procedure("steps", 0, program._registers, [.. program._code]);
        return new SpliceProgram([new Procedure("main", 0, 0, [new Call(-1, 1, [], []), new Return(-1, [])]), steps], 0);
    }

    private void AddSteps()
    {
        foreach (var step in _trace)
        {
            if (EndsProcedure(step))
            {
                _code.Add(new Return(_code.Count, []));
                return;
            }
            Add(step);
        }
        Call(SystemCallKind.Exit);
        _code.Add(new Return(_code.Count, []));
    }

    private static bool EndsProcedure(TraceStep step) => step is { Action: TraceAction.GiveUp, End: RegionEnd.Frame or RegionEnd.Lost or RegionEnd.Return };

    private void Add(TraceStep step)
    {
        switch (step.Action)
        {
            case TraceAction.Region:
                AddRegion(step);
                break;
            case TraceAction.Fill or TraceAction.Store when _files.Contains(step.Region):
                Call(SystemCallKind.Pwrite, R(_regions[step.Region]), Expression.Unknown, C(step.Length), C(step.Offset));
                break;
            case TraceAction.Fill or TraceAction.Store:
                _code.Add(new StoreBytes(_code.Count, Address(step), C(step.Length)));
                break;
            case TraceAction.HandOff:
                AddHandOff(step);
                break;
            case TraceAction.GiveUp:
                _code.Add(new Release(_code.Count, R(_regions[step.Region]), KindOf(step.End)));
                break;
            case TraceAction.CopyOut:
                Call(SystemCallKind.Read, R(PipeOf(step.Pipe).Read), Expression.Unknown, C(step.Length));
                break;
            case TraceAction.Move:
                Call(SystemCallKind.Splice, R(PipeOf(step.Pipe).Read), C(0), R(PipeOf(step.Target).Write), C(0), C(step.Length), C(0));
                break;
            case TraceAction.Duplicate:
                Call(SystemCallKind.Tee, R(PipeOf(step.Pipe).Read), R(PipeOf(step.Target).Write), C(step.Length), C(0));
                break;
        }
    }

    private void AddRegion(TraceStep step)
    {
        var register = _regions[step.Region] = _registers++;
        if (step.Kind == RegionKind.File)
        {
            _files.Add(step.Region);
            _code.Add(new SystemCall(_code.Count, register, SystemCallKind.Open, [C(step.Region + 1), C(NewFile)]));
            return;
        }
        var size = Math.Max(step.Size, _trace.Where(other => Touches(other, step.Region)).Max(static other => other.Offset + other.Length));
        _code.Add(new Allocate(_code.Count, register, step.Kind, C(size)));
        // Without a pin the hand-off itself would be the culprit.
        _code.Add(new Pin(_code.Count, R(register)));
    }

    private static bool Touches(TraceStep step, int region) =>
        step.Region == region && step.Action is TraceAction.Region or TraceAction.Fill or TraceAction.HandOff or TraceAction.Store or TraceAction.Reuse;

    private void AddHandOff(TraceStep step)
    {
        var pipe = PipeOf(step.Pipe);
        if (_files.Contains(step.Region))
        {
            Call(SystemCallKind.Lseek, R(_regions[step.Region]), C(step.Offset), C(0));
            Call(SystemCallKind.Splice, R(_regions[step.Region]), C(0), R(pipe.Write), C(0), C(step.Length), C(0));
            return;
        }
        var vector = _registers++;
        _code.Add(new Allocate(_code.Count, vector, RegionKind.Stack, C(16)));
        _code.Add(new StoreValue(_code.Count, R(vector), Address(step), 8));
        _code.Add(new StoreValue(_code.Count, Expression.Add(R(vector), C(8)), C(step.Length), 8));
        Call(SystemCallKind.Vmsplice, R(pipe.Write), R(vector), C(1), C(step.Gift ? GiftFlag : 0));
    }

    /// <summary>A pipe with room for all that is ever handed off.</summary>
    private (int Read, int Write) PipeOf(int number)
    {
        if (_pipes.TryGetValue(number, out var pipe)) return pipe;
        var (ends, read, write) = (_registers++, _registers++, _registers++);
        _code.Add(new Allocate(_code.Count, ends, RegionKind.Stack, C(8)));
        Call(SystemCallKind.Pipe, R(ends));
        _code.Add(new Load(_code.Count, read, R(ends), 4));
        _code.Add(new Load(_code.Count, write, Expression.Add(R(ends), C(4)), 4));
        Call(SystemCallKind.SetPipeSize, R(write), C(_trace.Where(static step => step.Action == TraceAction.HandOff).Sum(static step => step.Length + 2 * PageSize.Bytes)));
        return _pipes[number] = (read, write);
    }

    private static ReleaseKind KindOf(RegionEnd end) => end switch
    {
        RegionEnd.Pool => ReleaseKind.ToPool,
        RegionEnd.Handle => ReleaseKind.PinHandle,
        RegionEnd.Scope => ReleaseKind.PinScope,
        RegionEnd.Unmap => ReleaseKind.Unmap,
        _ => ReleaseKind.ToAllocator,
    };

    private void Call(SystemCallKind kind, params Expression[] arguments) => _code.Add(new SystemCall(_code.Count, -1, kind, arguments));

    private Expression Address(TraceStep step) => Expression.Add(R(_regions[step.Region]), C(step.Offset));

    private static Expression R(int register) => Expression.Register(register);

    private static Expression C(long value) => Expression.Constant(value);
}
