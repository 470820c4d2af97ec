using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Full;

/// <summary>
/// Runs small programs with every interleaving written out: the consumer reads slot by slot whenever it likes, the environment writes to memory
/// that was given up whenever it likes, every count of slots is tried, and a violation is a byte that was read and is not the byte handed off.
/// It shares nothing with the explorer but the program and KERNEL.md, and understands only what <see cref="RandomPrograms"/> writes.
/// </summary>
internal sealed class FullExploration(SpliceProgram program, ConsumerKind consumer)
{
    private readonly HashSet<(int HandOff, HazardKind Kind)> _found = [];
    private readonly HashSet<string> _seen = [];
    private readonly Stack<FullState> _open = new();

    /// <summary>Every pair of hand-off and kind of violation; null when there are more states than allowed, or the program does what is not understood here.</summary>
    public HashSet<(int HandOff, HazardKind Kind)>? Run(int mostStates)
    {
        try
        {
            return TryRun(mostStates);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private HashSet<(int HandOff, HazardKind Kind)>? TryRun(int mostStates)
    {
        // How large the outside pipe is, nobody tells the program; a consumer of which nothing is known enlarges it at will.
        foreach (var capacity in consumer == ConsumerKind.Copies ? new[] { 1, 2, 16 } : [1000])
        {
            var start = new FullState();
            start.Threads.Add(NewThread(0));
            start.Pipes.Add(new FullPipe { Capacity = capacity, Outside = true });
            Add(start);
        }
        while (_open.Count > 0)
        {
            if (_seen.Count > mostStates) return null;
            var state = _open.Pop();
            for (var thread = 0; thread < state.Threads.Count; thread++)
            {
                if (!state.Threads[thread].Returned) StepProducer(state, thread);
            }
            StepConsumer(state);
            StepEnvironment(state);
        }
        return _found;
    }

    private FullThread NewThread(int procedure)
    {
        var registers = new Word[program.Procedures[procedure].Registers];
        Array.Fill(registers, Word.Int(0));
        return new FullThread(procedure, registers);
    }

    private static void Begin(FullState state, FullThread thread, Expression[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++) thread.Registers[i] = Evaluate(state, arguments[i]);
        state.Threads.Add(thread);
    }

    private void Add(FullState state)
    {
        if (_seen.Add(state.Key())) _open.Push(state);
    }

    private void StepConsumer(FullState state)
    {
        foreach (var slot in state.Pipes.SelectMany(static pipe => pipe.Slots)) Look(state, slot);
        for (var i = 0; i < state.Pipes.Count; i++)
        {
            if (!state.Pipes[i].Outside || state.Pipes[i].Slots.Count == 0) continue;
            var next = state.Clone();
            next.Pipes[i].Slots.RemoveAt(0);
            Add(next);
        }
    }

    private void Look(FullState state, Slot slot)
    {
        foreach (var cause in state.Changed(slot)) _found.Add((slot.HandOff, cause));
    }

    private void StepEnvironment(FullState state)
    {
        for (var i = 0; i < state.Regions.Count; i++)
        {
            foreach (var reuser in state.Regions[i].Reusers)
            {
                var next = state.Clone();
                Overwrite(next, next.Regions[i], reuser);
                Add(next);
            }
            if (IsMovable(state.Regions[i].Kind) && state.Regions[i] is { Pins: 0, Dead: false }) Collect(state.Clone(), i);
        }
    }

    private static void Overwrite(FullState state, FullRegion region, HazardKind cause)
    {
        foreach (var frame in region.Frames.Where(static frame => frame != 0))
        {
            for (var cell = 0; cell < FullState.CellsPerPage; cell++) state.WriteCell(frame, cell, cause);
        }
    }

    /// <summary>The collector moves an array that is not pinned, and something else gets its frames.</summary>
    private void Collect(FullState state, int index)
    {
        var region = state.Regions[index];
        if (!state.Pipes.Exists(pipe => pipe.Slots.Exists(slot => region.Frames.Contains(slot.Frame)))) return;
        foreach (var frame in region.Frames)
        {
            for (var cell = 0; cell < FullState.CellsPerPage; cell++) state.WriteCell(frame, cell, region.UnpinCause, region.Unpins);
        }
        region.Frames = [.. region.Frames.Select(_ => state.AddFrame())];
        Add(state);
    }

    private static bool IsMovable(RegionKind kind) => kind is RegionKind.Managed or RegionKind.Pooled or RegionKind.CallerArray;

    private void StepProducer(FullState before, int thread)
    {
        var state = before.Clone();
        state.Running = thread;
        var instruction = program.Procedures[state.Thread.Procedure].Code[state.Thread.Pc++];
        switch (instruction)
        {
            case Assign assign: state.Registers[assign.Target] = Evaluate(state, assign.Value); break;
            case Jump jump: state.Thread.Pc = jump.Target; break;
            case LoopHead: break;
            case Branch branch: Fork(state, branch); return;
            case Allocate allocate: state.Registers[allocate.Target] = Word.Pointer(AddRegion(state, allocate.Kind, (int)Evaluate(state, allocate.Size).Number), 0); break;
            case Load load: state.Registers[load.Target] = LoadWord(state, Evaluate(state, load.Address)); break;
            case StoreValue store: Keep(state, Evaluate(state, store.Address), Evaluate(state, store.Value)); break;
            case StoreBytes store: Store(state, Evaluate(state, store.Address), Evaluate(state, store.Length).Number, HazardKind.Store); break;
            case Pin pin: state.Regions[Evaluate(state, pin.Address).Region].Pins++; break;
            case Release release: Release(state, Evaluate(state, release.Address), release.Kind); break;
            case Escape escape: Share(state, Evaluate(state, escape.Value)); break;
            case Return: Leave(state); break;
            case Start start:
                state.Registers[start.Target] = Word.Int(1);
                Begin(state, NewThread(start.Procedure), start.Arguments);
                break;
            // Looks again at once; what it waits for may not be there yet.
            case Wait wait: state.Registers[wait.Target] = Word.Int(1); break;
            case SystemCall { Kind: SystemCallKind.Exit }: return;
            case SystemCall call:
                foreach (var next in new FullCalls(consumer, Look).Run(state, call, Array.ConvertAll(call.Arguments, argument => Evaluate(state, argument)))) Add(next);
                return;
            default: throw new NotSupportedException(instruction.GetType().Name);
        }
        Add(state);
    }

    private void Fork(FullState state, Branch branch)
    {
        var condition = Evaluate(state, branch.Condition);
        if (condition.Kind == 'u' || condition.Number != 0)
        {
            var taken = state.Clone();
            taken.Thread.Pc = branch.WhenTrue;
            Add(taken);
        }
        if (condition.Kind == 'u' || condition.Number == 0)
        {
            state.Thread.Pc = branch.WhenFalse;
            Add(state);
        }
    }

    public static int AddRegion(FullState state, RegionKind kind, int bytes)
    {
        var pages = (bytes + 4095) / 4096;
        var region = new FullRegion { Owner = state.Running, Kind = kind, Pages = pages };
        for (var i = 0; i < pages; i++) region.Frames.Add(kind == RegionKind.PrivateMapping ? 0 : state.AddFrame());
        state.Regions.Add(region);
        return state.Regions.Count - 1;
    }

    private static Word LoadWord(FullState state, Word address) => state.Regions[address.Region].Kept.GetValueOrDefault(address.Number, Word.Unknown);

    /// <summary>Values are kept only in memory that is never handed off.</summary>
    private static void Keep(FullState state, Word address, Word value) => state.Regions[address.Region].Kept[address.Number] = value;

    public static void Store(FullState state, Word address, long length, HazardKind cause)
    {
        if (address.Kind != 'p' || state.Regions[address.Region] is not { Dead: false } region) return;
        for (var at = address.Number; at < address.Number + length && at < region.Pages * 4096L; at += FullState.Cell)
        {
            var page = (int)(at / 4096);
            if (region.Frames[page] == 0) region.Frames[page] = state.AddFrame();
            state.WriteCell(region.Frames[page], (int)(at % 4096) / FullState.Cell, cause);
        }
    }

    private static void Release(FullState state, Word address, ReleaseKind kind)
    {
        if (address.Kind != 'p' || state.Regions[address.Region] is not { Dead: false } region) return;
        switch (kind)
        {
            case ReleaseKind.Unmap:
                region.Dead = region.Unmapped = true;
                region.Frames.Clear();
                break;
            case ReleaseKind.PinHandle or ReleaseKind.PinScope:
                if (region.Pins == 0 || --region.Pins > 0) return;
                region.Unpins++;
                region.UnpinCause = kind == ReleaseKind.PinHandle ? HazardKind.Release : HazardKind.LifetimeEnd;
                break;
            default:
                region.Dead = true;
                region.Reusers.Add(HazardKind.Release);
                break;
        }
    }

    private static void Share(FullState state, Word readEnd)
    {
        var (end, pipe) = state.Descriptors[(int)readEnd.Number];
        if (end == 'r') state.Pipes[pipe].Outside = true;
    }

    private static void Leave(FullState state)
    {
        state.Thread.Returned = true;
        foreach (var region in state.Regions.Where(static region => !region.Dead))
        {
            if (region.Kind == RegionKind.Stack && region.Owner == state.Running) region.Reusers.Add(HazardKind.LifetimeEnd);
            if (state.Running == 0 && region.Kind is (RegionKind.Caller or RegionKind.CallerArray)) region.Reusers.Add(HazardKind.CallerKeeps);
        }
    }

    private static Word Evaluate(FullState state, Expression expression) => expression switch
    {
        ConstantExpression constant => Word.Int(constant.Value),
        RegisterExpression register => state.Registers[register.Index],
        BinaryExpression binary => Apply(binary.Operator, Evaluate(state, binary.Left), Evaluate(state, binary.Right)),
        _ => Word.Unknown,
    };

    private static Word Apply(BinaryOperator op, Word left, Word right)
    {
        if (left.Kind == 'u' || right.Kind == 'u') return Word.Unknown;
        if (left.Kind == 'p') return op == BinaryOperator.NotEqual ? Word.Int(1) : left with { Number = left.Number + right.Number };
        return Word.Int(op switch
        {
            BinaryOperator.Add => left.Number + right.Number,
            BinaryOperator.Multiply => left.Number * right.Number,
            BinaryOperator.Less => left.Number < right.Number ? 1 : 0,
            BinaryOperator.LessOrEqual => left.Number <= right.Number ? 1 : 0,
            BinaryOperator.Equal => left.Number == right.Number ? 1 : 0,
            BinaryOperator.NotEqual => left.Number != right.Number ? 1 : 0,
            _ => throw new NotSupportedException(op.ToString()),
        });
    }
}
