using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>What an instruction does, as a number to switch on.</summary>
internal enum Opcode : byte
{
    Assign,
    Choose,
    Branch,
    Jump,
    LoopHead,
    Allocate,
    Load,
    StoreValue,
    StoreBytes,
    CopyBytes,
    Pin,
    Release,
    Escape,
    SystemCall,
    Call,
    Start,
    Wait,
    Pause,
    Return,
    Throw,
}

/// <summary>A program with what the search asks of it again and again computed once.</summary>
internal sealed class ProgramImage
{
    /// <summary>Residues are kept modulo no more than this.</summary>
    private const long LargestModulus = 64;

    /// <param name="program">The program.</param>
    /// <param name="oneByOne">True to run each thread where it is started, to its end, or not at all.</param>
    public ProgramImage(SpliceProgram program, bool oneByOne = false)
    {
        Influence = new Influence(program.Procedures);
        RunsThreadsOneByOne = oneByOne;
        Procedures = new ProcedureImage[program.Procedures.Length];
        var looksAtReachability = Array.Exists(program.Procedures, static procedure => Array.Exists(procedure.Code, MakesUnreachabilityMatter));
        var first = 0;
        for (var i = 0; i < Procedures.Length; i++)
        {
            Procedures[i] = new ProcedureImage(program.Procedures[i], first, looksAtReachability, Influence.Registers(i));
            first += Procedures[i].Code.Length;
        }
        Entry = program.Entry;
        FilesMatter = MakesFilesMatter(program);
        Modulus = 1;
        foreach (var procedure in program.Procedures)
        {
            foreach (var instruction in procedure.Code) Scan(instruction);
        }
        PipeSizes = [.. _pipeSizes];
    }

    /// <summary>What decides something.</summary>
    public Influence Influence { get; }

    private readonly SortedSet<long> _pipeSizes = [65536, 1048576];

    public ProcedureImage[] Procedures { get; }

    /// <summary>Sizes that a pipe from outside may have, in bytes: the default, the largest for everybody, and those near the program's own numbers.</summary>
    public long[] PipeSizes { get; }

    public int Entry { get; }

    /// <summary>True when a program has threads.</summary>
    public static bool StartsThreads(SpliceProgram program) =>
        Array.Exists(program.Procedures, static procedure => Array.Exists(procedure.Code, static instruction => instruction is Start));

    /// <summary>True when they do not run beside each other.</summary>
    public bool RunsThreadsOneByOne { get; }

    /// <summary>True when which unknown descriptors and paths are the same decides something.</summary>
    public bool FilesMatter { get; }

    /// <summary>A common multiple of what the program computes remainders by; 1 where it does not.</summary>
    public long Modulus { get; private set; }

    /// <summary>The narrowest load: a value stored narrower than this is never loaded again.</summary>
    public int NarrowestLoad { get; private set; } = 8;

    /// <summary>Losing the last reference to these changes what the kernel does next.</summary>
    private static bool MakesUnreachabilityMatter(Instruction instruction) => instruction is
        Allocate { Kind: RegionKind.PinnedHeap } or Load { Missing.Kind: RegionKind.PinnedHeap } or SystemCall { Kind: SystemCallKind.Pipe or SystemCallKind.SocketPair };

    private void Scan(Instruction instruction)
    {
        if (instruction is Load load) NarrowestLoad = Math.Min(NarrowestLoad, load.Width);
        // The kernel looks for descriptors where pipe put them.
        if (instruction is SystemCall { Kind: SystemCallKind.Pipe or SystemCallKind.SocketPair }) NarrowestLoad = Math.Min(NarrowestLoad, 4);
        InstructionFacts.VisitOperands(instruction, this, static (image, operand) => image.FindModulus(operand));
    }

    /// <summary>True when the program takes pages of files and changes files: it matters then which unknown values are the same file.</summary>
    private static bool MakesFilesMatter(SpliceProgram program)
    {
        var takes = false;
        var changes = false;
        foreach (var procedure in program.Procedures)
        {
            foreach (var instruction in procedure.Code)
            {
                if (instruction is not SystemCall call) continue;
                takes |= call.Kind is SystemCallKind.Splice or SystemCallKind.Sendfile or SystemCallKind.Mmap;
                changes |= call.Kind is SystemCallKind.Write or SystemCallKind.Writev or SystemCallKind.Pwrite or SystemCallKind.Pwritev
                    or SystemCallKind.Ftruncate or SystemCallKind.Fallocate or SystemCallKind.Mmap;
            }
        }
        return takes && changes;
    }

    private void FindModulus(Expression expression)
    {
        if (expression is ConstantExpression { Value: >= KernelModel.PageSize.Bytes and <= int.MaxValue } size) AddPipeSizes(size.Value);
        if (expression is not BinaryExpression binary) return;
        FindModulus(binary.Left);
        FindModulus(binary.Right);
        if (binary.Right is not ConstantExpression { Value: > 0 and <= LargestModulus } right) return;
        if (binary.Operator == BinaryOperator.Remainder) Include(right.Value);
        if (binary.Operator == BinaryOperator.And && (right.Value & (right.Value + 1)) == 0) Include(right.Value + 1);
    }

    /// <summary>The largest pipe that is no larger, and the next one: they stand for all that a comparison with the number tells apart, since a larger pipe is worse.</summary>
    private void AddPipeSizes(long number)
    {
        long size = KernelModel.PageSize.Bytes;
        while (2 * size <= number) size *= 2;
        _pipeSizes.Add(size);
        _pipeSizes.Add(2 * size);
    }

    private void Include(long divisor)
    {
        var common = Modulus / GreatestCommonDivisor(Modulus, divisor) * divisor;
        if (common <= LargestModulus) Modulus = common;
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

/// <summary>A procedure with its flow of control and the lifetimes of its registers.</summary>
internal sealed class ProcedureImage
{
    private readonly Liveness _liveness;
    private readonly bool[] _pauses;
    private readonly bool _looksAtReachability;
    private readonly bool[] _decides;

    public ProcedureImage(Procedure procedure, int firstOrigin, bool looksAtReachability, bool[] decides)
    {
        _decides = decides;
        Code = procedure.Code;
        Registers = procedure.Registers;
        FirstOrigin = firstOrigin;
        Opcodes = Array.ConvertAll(Code, InstructionFacts.OpcodeOf);
        _liveness = new Liveness(Code, Registers);
        _pauses = Liveness.FindJoins(Code);
        _looksAtReachability = looksAtReachability;
        // After a loop head there is a pause anyway.
        for (var pc = 0; pc < Code.Length; pc++) _pauses[pc] &= Opcodes[pc] != Opcode.LoopHead;
    }

    public Instruction[] Code { get; }

    public Opcode[] Opcodes { get; }

    public int Registers { get; }

    /// <summary>The number of the first instruction among those of the whole program.</summary>
    public int FirstOrigin { get; }

    /// <summary>True where states are compared because control comes here from more than one place.</summary>
    public bool PausesAt(int pc) => _pauses[pc];

    /// <summary>True where what is unreachable has to be known first.</summary>
    public bool HasToPauseAt(int pc) => _looksAtReachability && Opcodes[pc] == Opcode.SystemCall;

    /// <summary>True when it matters which number a register holds.</summary>
    public bool Decides(int register) => _decides[register];

    /// <summary>The registers that may still be used at an instruction, or once the call there has returned.</summary>
    public int[] LiveRegisters(int pc, bool isCalling) => isCalling ? _liveness.Across(pc) : _liveness.At(pc);

    /// <summary>True when the register is used after the instruction at <paramref name="pc"/> set it.</summary>
    public bool IsUsedAfter(int pc, int register) => register >= 0 && Array.BinarySearch(_liveness.At(pc + 1), register) >= 0;
}
