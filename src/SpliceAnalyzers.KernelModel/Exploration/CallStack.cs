using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>What a thread waits for.</summary>
internal enum Waiting
{
    /// <summary>For nothing: it can go on.</summary>
    Nothing,
    /// <summary>A call that blocks.</summary>
    Kernel,
    /// <summary>Another thread, as the instruction in front of its pc says.</summary>
    Thread,
}

/// <summary>The procedures that a thread is running, outermost first, with their registers. A caller's pc stays at its call until the callee leaves.</summary>
internal sealed class CallStack(ProgramImage image, int thread)
{
    /// <summary>A path with more calls than this is not followed.</summary>
    public const int MostFrames = 64;

    private readonly Frame[] _frames = new Frame[MostFrames];
    private Value[] _registers = new Value[64];

    private struct Frame
    {
        public int Procedure;
        public int Pc;
        public int Base;
    }

    public int Depth { get; private set; }

    public int Top => Depth - 1;

    /// <summary>The place that the thread was started at.</summary>
    public int Origin { get; set; }

    /// <summary>Whether it cannot go on before another thread did something.</summary>
    public Waiting Waiting { get; set; }

    /// <summary>The number of a frame among those of all threads.</summary>
    public int OwnerOf(int frame) => thread * MostFrames + frame;

    public ProcedureImage Procedure(int frame) => image.Procedures[_frames[frame].Procedure];

    public int ProcedureIndex(int frame) => _frames[frame].Procedure;

    public ref int Pc(int frame) => ref _frames[frame].Pc;

    public ref Value Register(int frame, int index) => ref _registers[_frames[frame].Base + index];

    public ref Value TopRegister(int index) => ref _registers[_frames[Depth - 1].Base + index];

    public void Clear() => Depth = 0;

    /// <summary>Starts a procedure; its registers are 0 as long as nothing sets them.</summary>
    public void Push(int procedure)
    {
        var start = Depth == 0 ? 0 : _frames[Top].Base + Procedure(Top).Registers;
        var end = start + image.Procedures[procedure].Registers;
        if (end > _registers.Length) Array.Resize(ref _registers, Math.Max(end, 2 * _registers.Length));
        _frames[Depth++] = new Frame { Procedure = procedure, Base = start };
        // Those that are not read before they are set may hold anything.
        foreach (var register in LiveRegisters(Top)) _registers[start + register] = default;
    }

    public void Pop() => Depth--;

    /// <summary>The registers that may still be used: in the running procedure from here, in its callers once the callee left.</summary>
    public int[] LiveRegisters(int frame) => Procedure(frame).LiveRegisters(Pc(frame), isCalling: frame != Top);
}
