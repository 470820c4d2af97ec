using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <content>Threads: where they begin, block and end.</content>
internal sealed partial class Machine
{
    private Outcome Begin(Start start, int pc)
    {
        if (_image.RunsThreadsOneByOne) return RunOrLeave(start, pc);
        GoTo(pc + 1);
        var origin = Place;
        // Of threads that do the same beside each other one is followed; when it has ended, the next.
        var free = Threads.IsAlive(origin) ? -1 : Threads.FindFree();
        Stack.TopRegister(start.Target) = Value.Exact(free < 0 ? 0 : 1);
        if (free < 0) return Outcome.Paused;
        var count = Pass(start.Procedure, start.Arguments);
        Push(Threads[free], start.Procedure, count);
        Threads[free].Origin = origin;
        if (start.RunsAtOnce || Choices.Choose(2) == 1) Threads.SwitchTo(free);
        return Switched();
    }

    /// <summary>The thread runs here and now, or not at all. Either way it is one that nobody knows: it has what it was given, and does what it likes when it likes.</summary>
    private Outcome RunOrLeave(Start start, int pc)
    {
        foreach (var argument in start.Arguments) _kernel.Escape(Evaluate(argument));
        var runs = start.RunsAtOnce || Choices.Choose(2) == 0;
        Stack.TopRegister(start.Target) = Value.Exact(runs ? 1 : 0);
        return runs ? Enter(start.Procedure, start.Arguments) : GoTo(pc + 1);
    }

    private Outcome LetOthers(int pc)
    {
        GoTo(pc + 1);
        if (Threads.CanAnotherRun && Choices.Choose(2) == 1) Threads.SwitchToNext();
        return Switched();
    }

    private Outcome AwaitOthers(Wait wait, int pc)
    {
        Stack.TopRegister(wait.Target) = Value.Exact(1);
        GoTo(pc + 1);
        return Block(Waiting.Thread);
    }

    /// <summary>The running thread cannot go on now. Where none can, the first that waits for another one gives up.</summary>
    private Outcome Block(Waiting reason)
    {
        Stack.Waiting = reason;
        if (Threads.SwitchToNext()) return Switched();
        for (var thread = 0; thread < Threads.Count; thread++)
        {
            var stack = Threads[thread];
            if (stack.Depth == 0 || stack.Waiting != Waiting.Thread) continue;
            stack.Waiting = Waiting.Nothing;
            var wait = (Wait)stack.Procedure(stack.Top).Code[stack.Pc(stack.Top) - 1];
            stack.TopRegister(wait.Target) = Value.Exact(0);
            Threads.SwitchTo(thread);
            return Switched();
        }
        return Outcome.Ended;
    }

    private Outcome Switched()
    {
        Resume();
        return Outcome.Paused;
    }

    /// <summary>What the thread left goes on in the others. With the last one every reference that the program held ends.</summary>
    private Outcome EndThread()
    {
        Stack.Pop();
        Stack.Origin = CallPlaces.Root;
        Threads.Wake();
        if (Threads.SwitchToNext()) return Switched();
        Normalise(keepHandOffsApart: true);
        return Outcome.Ended;
    }
}
