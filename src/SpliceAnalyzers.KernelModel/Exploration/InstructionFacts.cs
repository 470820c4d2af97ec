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

    /// <summary>Visits the expressions that an instruction evaluates.</summary>
    public static void VisitOperands(Instruction instruction, Action<Expression> visit)
    {
        switch (instruction)
        {
            case Assign assign: visit(assign.Value); break;
            case Choose choose: Array.ForEach(choose.Alternatives, visit); break;
            case Branch branch: visit(branch.Condition); break;
            case Allocate allocate: visit(allocate.Size); break;
            case Load load:
                visit(load.Address);
                if (load.Missing is not null) Array.ForEach(load.Missing.Values, visit);
                break;
            case StoreValue store:
                visit(store.Address);
                visit(store.Value);
                break;
            case StoreBytes store:
                visit(store.Address);
                visit(store.Length);
                break;
            case CopyBytes copy:
                visit(copy.Destination);
                visit(copy.Source);
                visit(copy.Length);
                break;
            case Pin pin: visit(pin.Address); break;
            case Release release: visit(release.Address); break;
            case Escape escape: visit(escape.Value); break;
            case SystemCall call: Array.ForEach(call.Arguments, visit); break;
            case Call call: Array.ForEach(call.Arguments, visit); break;
            case Start start: Array.ForEach(start.Arguments, visit); break;
            case Return leave: Array.ForEach(leave.Values, visit); break;
        }
    }

    /// <summary>Visits the registers that an instruction certainly sets.</summary>
    public static void VisitTargets(Instruction instruction, Action<int> visit)
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
        if (target >= 0) visit(target);
        if (instruction is not Call { Targets: var targets }) return;
        foreach (var set in targets)
        {
            if (set >= 0) visit(set);
        }
    }

    /// <summary>Visits the indices of the instructions that may run next in the same procedure.</summary>
    public static void VisitSuccessors(Instruction instruction, int pc, Action<int> visit)
    {
        switch (instruction)
        {
            case Jump jump: visit(jump.Target); break;
            case Branch branch:
                visit(branch.WhenTrue);
                visit(branch.WhenFalse);
                break;
            case Return or Throw: break;
            default:
                visit(pc + 1);
                if (instruction is Call { OnThrow: >= 0 and var handler }) visit(handler);
                break;
        }
    }
}
