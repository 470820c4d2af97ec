using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>The procedures that are running, outermost first, with their registers. A caller's pc stays at its call until the callee leaves.</summary>
internal sealed class CallStack(ProgramImage image)
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

    public ProcedureImage Procedure(int frame) => image.Procedures[_frames[frame].Procedure];

    public int ProcedureIndex(int frame) => _frames[frame].Procedure;

    public ref int Pc(int frame) => ref _frames[frame].Pc;

    public ref Value Register(int frame, int index) => ref _registers[_frames[frame].Base + index];

    public ref Value TopRegister(int index) => ref _registers[_frames[Depth - 1].Base + index];

    public void Clear() => Depth = 0;

    /// <summary>Starts a procedure with all registers 0.</summary>
    public void Push(int procedure)
    {
        var start = Depth == 0 ? 0 : _frames[Top].Base + Procedure(Top).Registers;
        var end = start + image.Procedures[procedure].Registers;
        if (end > _registers.Length) Array.Resize(ref _registers, Math.Max(end, 2 * _registers.Length));
        Array.Clear(_registers, start, end - start);
        _frames[Depth++] = new Frame { Procedure = procedure, Base = start };
    }

    public void Pop() => Depth--;

    /// <summary>True when the register may still be used: in the running procedure from here, in its callers once the callee left.</summary>
    public bool IsLive(int frame, int register)
    {
        var procedure = Procedure(frame);
        return frame == Top ? procedure.IsLive(Pc(frame), register) : procedure.IsLiveAcross(Pc(frame), register);
    }
}
