using System;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>What an instruction reads, sets and where it goes, for all kinds of instructions.</summary>
internal static class InstructionFacts
{
    public static Opcode OpcodeOf(Instruction instruction) => instruction switch
    {
        Assign => Opcode.Assign,
        Choose => Opcode.Choose,
        Branch => Opcode.Branch,
        Jump => Opcode.Jump,
        LoopHead => Opcode.LoopHead,
        Allocate => Opcode.Allocate,
        Load => Opcode.Load,
        StoreValue => Opcode.StoreValue,
        StoreBytes => Opcode.StoreBytes,
        CopyBytes => Opcode.CopyBytes,
        Pin => Opcode.Pin,
        Release => Opcode.Release,
        Escape => Opcode.Escape,
        SystemCall => Opcode.SystemCall,
        Call => Opcode.Call,
        Start => Opcode.Start,
        Wait => Opcode.Wait,
        Pause => Opcode.Pause,
        Return => Opcode.Return,
        Throw => Opcode.Throw,
        _ => throw new ArgumentException($"No such instruction: {instruction.GetType().Name}.", nameof(instruction)),
    };

    /// <summary>Visits the expressions that an instruction evaluates. What visitors need is handed to them: a closure for each instruction would cost more than the visit.</summary>
    public static void VisitOperands<T>(Instruction instruction, T state, Action<T, Expression> visit)
    {
        switch (instruction)
        {
            case Assign assign: visit(state, assign.Value); break;
            case Choose choose: VisitAll(choose.Alternatives, state, visit); break;
            case Branch branch: visit(state, branch.Condition); break;
            case Allocate allocate: visit(state, allocate.Size); break;
            case Load load:
                visit(state, load.Address);
                if (load.Missing is not null) VisitAll(load.Missing.Values, state, visit);
                break;
            case StoreValue store:
                visit(state, store.Address);
                visit(state, store.Value);
                break;
            case StoreBytes store:
                visit(state, store.Address);
                visit(state, store.Length);
                break;
            case CopyBytes copy:
                visit(state, copy.Destination);
                visit(state, copy.Source);
                visit(state, copy.Length);
                break;
            case Pin pin: visit(state, pin.Address); break;
            case Release release: visit(state, release.Address); break;
            case Escape escape: visit(state, escape.Value); break;
            case SystemCall call: VisitAll(call.Arguments, state, visit); break;
            case Call call: VisitAll(call.Arguments, state, visit); break;
            case Start start: VisitAll(start.Arguments, state, visit); break;
            case Return leave: VisitAll(leave.Values, state, visit); break;
        }
    }

    private static void VisitAll<T>(Expression[] expressions, T state, Action<T, Expression> visit)
    {
        foreach (var expression in expressions) visit(state, expression);
    }

    /// <summary>Visits the registers in an expression.</summary>
    public static void VisitRegisters<T>(Expression expression, T state, Action<T, int> visit)
    {
        switch (expression)
        {
            case RegisterExpression register: visit(state, register.Index); break;
            case BinaryExpression binary:
                VisitRegisters(binary.Left, state, visit);
                VisitRegisters(binary.Right, state, visit);
                break;
        }
    }

    /// <summary>Visits the registers that an instruction certainly sets.</summary>
    public static void VisitTargets<T>(Instruction instruction, T state, Action<T, int> visit)
    {
        var target = instruction switch
        {
            Assign assign => assign.Target,
            Choose choose => choose.Target,
            Allocate allocate => allocate.Target,
            Load load => load.Target,
            SystemCall call => call.Target,
            Start start => start.Target,
            Wait wait => wait.Target,
            _ => -1,
        };
        if (target >= 0) visit(state, target);
        if (instruction is not Call { Targets: var targets }) return;
        foreach (var set in targets)
        {
            if (set >= 0) visit(state, set);
        }
    }

    /// <summary>Visits the indices of the instructions that may run next in the same procedure.</summary>
    public static void VisitSuccessors<T>(Instruction instruction, int pc, T state, Action<T, int> visit)
    {
        switch (instruction)
        {
            case Jump jump: visit(state, jump.Target); break;
            case Branch branch:
                visit(state, branch.WhenTrue);
                visit(state, branch.WhenFalse);
                break;
            case Return or Throw: break;
            default:
                visit(state, pc + 1);
                if (instruction is Call { OnThrow: >= 0 and var handler }) visit(state, handler);
                break;
        }
    }
}
