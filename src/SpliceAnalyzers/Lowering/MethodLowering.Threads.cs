using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Threads, tasks and signals: how they come to be, run, and are waited for.</summary>
internal sealed partial class MethodLowering
{
    private Operand UseThread(IOperation call, ThreadRole role, IMethodSymbol method, IOperation? instance, IEnumerable<IArgumentOperation> arguments)
    {
        Operand completion = instance is null ? Operand.Unknown : Kept(Evaluate(instance));
        IArgumentOperation[] ordered = [.. arguments.OrderBy(static a => a.Parameter?.Ordinal ?? 0)];
        Operand[] passed = [.. ordered.Select(a => Kept(Pass(a)))];
        Expression First() => passed.Length > 0 ? passed[0].Value : Expression.Zero;
        switch (role)
        {
            case ThreadRole.Create:
                return CreateThread(method, passed);
            case ThreadRole.Begin:
                return Begin(call, completion, passed.Length > 0 && method.ContainingType.Name == "Thread" ? First() : null);
            case ThreadRole.Run:
                return Begin(call, CreateThread(method, passed), passed.Length > 1 && method.Parameters[1].Name == "state" ? passed[1].Value : null);
            case ThreadRole.Finish:
                return method.Parameters.FirstOrDefault(ThreadCatalogue.IsLimit) is not null ? FinishInTime(call, completion) : Finish(call, completion);
            case ThreadRole.FinishAll:
                return Finish(call, Gather(First()));
            case ThreadRole.Gather:
                return Gather(First());
            case ThreadRole.RunAll:
                return RunAll(call, method, First());
            case ThreadRole.CreateSignal or ThreadRole.CreateCountedSignal or ThreadRole.CreateCountdown:
                return CreateSignal(role, method.Parameters.Length > 0 && (IsCount(method.Parameters[0].Type) || method.Parameters[0].Type.SpecialType == SpecialType.System_Boolean) ? First() : Expression.Zero);
            case ThreadRole.Signal or ThreadRole.Reset:
                return Signal(role, method, completion.Value, First());
            case ThreadRole.Pause:
                _code.Add(new Pause());
                return Operand.Unknown;
            default:
                return instance is null && passed.Length > 0 ? passed[0] : completion;
        }
    }

    private Operand NewCompletion()
    {
        procedure.CanWait = true;
        int made = _code.NewRegister();
        // A loop that makes one after the other makes the same again and again.
        _code.Add(new Allocate(-1, made, RegionKind.Object, Expression.Unknown, most: 2));
        Set(Expression.Register(made), Completion.MarkOffset, Expression.Constant(1));
        return new Operand(Expression.Register(made));
    }

    private void Set(Expression completion, long offset, Expression value) =>
        _code.Add(new StoreValue(-1, Completion.Field(completion, offset), value, 8, silent: true));

    /// <summary>The delegate is the first argument that is one.</summary>
    private Operand CreateThread(IMethodSymbol method, Operand[] passed)
    {
        int at = method.Parameters.IndexOf(method.Parameters.FirstOrDefault(static p => p.Type.TypeKind == TypeKind.Delegate)!);
        if (at < 0 || at >= passed.Length || method.Parameters[at].Type is not INamedTypeSymbol { DelegateInvokeMethod: not null } type)
            return Operand.Unknown;
        MakesThreadsOf(type);
        Operand made = NewCompletion();
        Set(made.Value, Completion.DelegateOffset, passed[at].Value);
        return made;
    }

    private void MakesThreadsOf(INamedTypeSymbol type)
    {
        procedure.Threads.Add(type.OriginalDefinition);
        procedure.Callees.UnionWith([program.InvokerOf(type), program.Runner, program.Waiter]);
    }

    private Operand Begin(IOperation call, Operand completion, Expression? argument)
    {
        procedure.Callees.Add(program.Runner);
        if (argument is not null)
            Set(completion.Value, Completion.ArgumentOffset, argument);
        Start(call, program.Runner, completion, [], runsAtOnce: false);
        return completion;
    }

    /// <summary>True for a call of an asynchronous method that goes on while the caller does, too: its task is not awaited here.</summary>
    private static bool IsLeftRunning(IOperation call, IMethodSymbol target)
    {
        if (!target.IsAsync || target.ReturnType is not { Name: "Task" or "ValueTask" or "Void" })
            return false;
        IOperation? parent = call.Parent;
        while (parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "GetAwaiter" } or IConversionOperation)
            parent = parent.Parent;
        return parent is not (IAwaitOperation or IInvocationOperation { TargetMethod.Name: "GetResult" or "Wait" } or IPropertyReferenceOperation { Property.Name: "Result" });
    }

    private Operand Begin(IOperation call, int callee, IEnumerable<Expression> values)
    {
        Operand completion = NewCompletion();
        int runner = program.RunnerOf(callee);
        procedure.Callees.Add(runner);
        Start(call, runner, completion, values, runsAtOnce: true);
        return completion;
    }

    /// <summary>What is not followed is not waited for, either.</summary>
    private void Start(IOperation call, int runner, Operand completion, IEnumerable<Expression> values, bool runsAtOnce)
    {
        int started = _code.NewRegister(), not = _code.NewLabel(), after = _code.NewLabel();
        _code.Add(new Start(Sites.Add(call.Syntax), started, runner, [Expression.Register(0), completion.Value, .. values], runsAtOnce));
        _code.Add(new Branch(-1, Expression.Register(started), after, not));
        _code.Mark(not);
        Set(completion.Value, Completion.DoneOffset, Expression.Constant(1));
        _code.Mark(after);
    }

    /// <summary>Waits for what can be waited for; all other values are what was waited for themselves.</summary>
    private Operand Finish(IOperation call, Operand completion)
    {
        (int main, int length) = (_code.NewRegister(), _code.NewRegister());
        Call(call, program.Waiter, [completion.Value, completion.LengthOrUnknown], [main, length], []);
        return new Operand(Expression.Register(main), Expression.Register(length));
    }

    private Operand FinishInTime(IOperation call, Operand completion)
    {
        int inTime = _code.NewRegister(), waits = _code.NewLabel(), after = _code.NewLabel();
        _code.Add(new Choose(-1, inTime, [Expression.Constant(1), Expression.Zero]));
        _code.Add(new Branch(-1, Expression.Register(inTime), waits, after));
        _code.Mark(waits);
        Finish(call, completion);
        _code.Mark(after);
        _code.Add(new Pause());
        return new Operand(Expression.Register(inTime));
    }

    /// <summary>The elements are those of an array, a span, or the one that is followed of a bag.</summary>
    private Operand Gather(Expression others)
    {
        procedure.Callees.Add(program.WaiterForAll);
        Operand made = NewCompletion();
        Set(made.Value, Completion.OthersOffset, others);
        Set(made.Value, Completion.DoneOffset, Expression.Constant(1));
        return made;
    }

    private Operand RunAll(IOperation call, IMethodSymbol method, Expression bodies)
    {
        if (TypeShape.ElementOf(method.Parameters[method.Parameters.Length - 1].Type) is not INamedTypeSymbol { DelegateInvokeMethod: not null } type)
            return Operand.Unknown;
        MakesThreadsOf(type);
        var running = new List<Operand>();
        for (int i = 0; i < Completion.MostOthers; i++)
        {
            int body = _code.NewRegister(), made = _code.NewRegister(), runs = _code.NewLabel(), not = _code.NewLabel();
            _code.Add(new Assign(-1, made, Expression.Zero));
            _code.Add(new Load(-1, body, Completion.Field(bodies, 8 * i), 8, Missing.Anywhere(Expression.Zero)));
            _code.Add(new Branch(-1, Expression.Register(body), runs, not));
            _code.Mark(runs);
            Operand completion = NewCompletion();
            Set(completion.Value, Completion.DelegateOffset, Expression.Register(body));
            Begin(call, completion, null);
            _code.Add(new Assign(-1, made, completion.Value));
            _code.Mark(not);
            running.Add(new Operand(Expression.Register(made)));
        }

        running.ForEach(r => Finish(call, r));
        return Operand.Unknown;
    }

    private Operand CreateSignal(ThreadRole role, Expression first)
    {
        Operand made = NewCompletion();
        Set(made.Value, Completion.DoneOffset, role == ThreadRole.CreateCountdown ? Expression.Binary(BinaryOperator.Subtract, Expression.Constant(1), first) : first);
        if (role == ThreadRole.CreateCountedSignal)
            Set(made.Value, Completion.TakesOffset, Expression.Constant(1));
        return made;
    }

    /// <summary>An event is set or not; semaphores and countdowns count, a task takes a result.</summary>
    private Operand Signal(ThreadRole role, IMethodSymbol method, Expression completion, Expression first)
    {
        Expression done = Expression.Constant(role == ThreadRole.Signal ? 1 : 0);
        if (method.ContainingType.Name is "SemaphoreSlim" or "Semaphore" or "CountdownEvent")
        {
            int count = _code.NewRegister();
            _code.Add(new Load(-1, count, Completion.Field(completion, Completion.DoneOffset), 8, Missing.Anywhere(Expression.Zero)));
            done = Expression.Add(Expression.Register(count), method.Parameters.Length > 0 ? first : done);
        }
        else if (method.Parameters.Length > 0)
            Set(completion, Completion.ResultOffset, first);
        Set(completion, Completion.DoneOffset, done);
        _code.Add(new Pause());
        return Operand.Unknown;
    }
}
