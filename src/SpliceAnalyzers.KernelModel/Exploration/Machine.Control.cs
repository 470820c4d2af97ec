using System;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <content>Branches, loops and calls.</content>
internal sealed partial class Machine
{
    private Outcome TakeBranch(Branch branch)
    {
        var condition = Evaluate(branch.Condition);
        var truth = TruthOf(condition);
        if (truth is null)
        {
            Monitor.PathBlurred |= condition.IsBlurred;
            truth = Choices.Choose(2) == 0;
            Learn(branch.Condition, truth.Value);
        }
        return GoTo(truth.Value ? branch.WhenTrue : branch.WhenFalse);
    }

    private static bool? TruthOf(Value value) => value switch
    {
        { IsPointer: true } or { IsDescriptor: true } => true,
        { HasExactNumber: true } => value.Number != 0,
        // Two numbers whose remainders differ are different.
        { Knowledge: Knowledge.Residue, Number: not 0 } => true,
        _ => null,
    };

    /// <summary>A register that was compared with a constant and found equal holds that constant.</summary>
    private void Learn(Expression condition, bool truth)
    {
        var learned = condition switch
        {
            RegisterExpression flag when !truth => (flag, 0),
            BinaryExpression { Operator: BinaryOperator.Equal, Left: RegisterExpression left, Right: ConstantExpression right } when truth => (left, right.Value),
            BinaryExpression { Operator: BinaryOperator.NotEqual, Left: RegisterExpression left, Right: ConstantExpression right } when !truth => (left, right.Value),
            _ => ((RegisterExpression?)null, 0L),
        };
        if (learned.Item1 is null) return;
        ref var register = ref Stack.TopRegister(learned.Item1.Index);
        if (register is { IsPointer: false, IsDescriptor: false }) register = Value.Exact(learned.Item2);
    }

    private void Widen(ProcedureImage procedure, int pc)
    {
        var head = procedure.FirstOrigin + pc;
        foreach (var register in procedure.LiveRegisters(pc, isCalling: false))
        {
            ref var value = ref Stack.TopRegister(register);
            value = _widening.Pass(head, register, 0, value);
        }
        for (var i = 0; i < Kernel.Memory.Count; i++)
        {
            var region = Kernel.Memory[i];
            for (var at = region.Kept.AstrayCount; at < region.Kept.Count; at++)
            {
                ref var kept = ref region.Kept[at];
                kept.Value = _widening.Pass(head, -1 - region.Origin, kept.Offset, kept.Value);
            }
        }
        WidenFiles(head);
    }

    /// <summary>A loop that writes moves positions and lets files grow, which counts like any other number.</summary>
    private void WidenFiles(int head)
    {
        for (var i = 0; i < Kernel.Memory.Count; i++)
        {
            var region = Kernel.Memory[i];
            if (region.Kind == RegionKind.File) region.Size = _widening.Pass(head, -1 - region.Origin, SizeOfFile, region.Size);
        }
        for (var i = 0; i < Kernel.Descriptors.Count; i++)
        {
            var descriptor = Kernel.Descriptors[i];
            descriptor.Position = _widening.Pass(head, i, PositionInFile, descriptor.Position);
            Kernel.Descriptors[i] = descriptor;
        }
    }

    /// <summary>What tells a file's numbers apart from values that are kept at an offset.</summary>
    private const long SizeOfFile = long.MinValue, PositionInFile = long.MinValue + 1;

    private Outcome Enter(int procedure, Expression[] arguments)
    {
        if (Stack.Depth == CallStack.MostFrames) return Outcome.Abandoned;
        Push(Stack, procedure, Pass(procedure, arguments));
        return Outcome.Paused;
    }

    /// <summary>Evaluates the arguments of a call; returns how many there are.</summary>
    private int Pass(int procedure, Expression[] arguments)
    {
        var count = Math.Min(arguments.Length, _image.Procedures[procedure].Registers);
        if (_passed.Length < count) Array.Resize(ref _passed, count);
        var origin = Stack.Procedure(Stack.Top).FirstOrigin + Stack.Pc(Stack.Top);
        for (var i = 0; i < count; i++) _passed[i] = Evaluate(arguments[i], origin);
        return count;
    }

    private void Push(CallStack stack, int procedure, int count)
    {
        stack.Push(procedure);
        for (var i = 0; i < count; i++) stack.TopRegister(i) = _passed[i];
    }

    private Outcome Leave(Return instruction)
    {
        var count = instruction.Values.Length;
        if (_passed.Length < count) Array.Resize(ref _passed, count);
        for (var i = 0; i < count; i++) _passed[i] = Evaluate(instruction.Values[i]);
        Monitor.FrameEnded(Stack.OwnerOf(Stack.Top));
        if (Stack.Depth == 1)
        {
            if (Threads.Running == 0)
            {
                Monitor.ReturnedToCaller();
                for (var i = 0; i < count; i++) _kernel.Escape(_passed[i]);
            }
            return EndThread();
        }
        Stack.Pop();
        var pc = Stack.Pc(Stack.Top);
        if (Stack.Procedure(Stack.Top).Code[pc] is Call { Targets: var targets })
        {
            for (var i = 0; i < targets.Length; i++)
            {
                if (targets[i] >= 0) Stack.TopRegister(targets[i]) = i < count ? _passed[i] : Value.Unknown();
            }
        }
        return GoTo(pc + 1);
    }

    /// <summary>Leaves procedures until one catches.</summary>
    private Outcome Unwind()
    {
        while (true)
        {
            Monitor.FrameEnded(Stack.OwnerOf(Stack.Top));
            if (Stack.Depth == 1) return EndThread();
            Stack.Pop();
            switch (Stack.Procedure(Stack.Top).Code[Stack.Pc(Stack.Top)])
            {
                case Call { OnThrow: >= 0 and var handler }: return GoTo(handler);
                // What a thread throws does not reach who started it.
                case Start: return GoTo(Stack.Pc(Stack.Top) + 1);
            }
        }
    }
}
