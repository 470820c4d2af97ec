using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// What can be waited for: threads, tasks and signals are objects that say whether they are done. These are the procedures that run one and that wait
/// for one; a program in which nothing can be waited for has no need of them.
/// </summary>
internal static class Completion
{
    /// <summary>Where the object holds: that it is one; how often it was done; whether a wait takes one away; its result; the delegate to run, and its argument; the array of others it waits for.</summary>
    public const long MarkOffset = -48, DoneOffset = -56, TakesOffset = -64, ResultOffset = -72, ResultLengthOffset = -80, DelegateOffset = -88, ArgumentOffset = -96, OthersOffset = -104;

    /// <summary>Of several, no more than this are waited for.</summary>
    public const int MostOthers = 8;

    private static Expression Statics => Expression.Register(0);

    public static Expression Field(Expression completion, long offset) => Expression.Add(completion, Expression.Constant(offset));

    /// <summary>Runs the delegate of an object and notes that it is done. Of the types of delegates that the program makes threads of, one fits.</summary>
    public static Procedure LowerRunner(CompilationLowering program, string name, IEnumerable<LoweredProcedure> reached)
    {
        var code = new CodeBuilder();
        (_, int completion, int body, int argument) = (code.NewRegister(), code.NewRegister(), code.NewRegister(), code.NewRegister());
        (int main, int length, int found, int end) = (code.NewRegister(), code.NewRegister(), code.NewRegister(), code.NewLabel());
        Expression self = Expression.Register(completion);
        code.Add(new Load(-1, body, Field(self, DelegateOffset), 8));
        code.Add(new Load(-1, argument, Field(self, ArgumentOffset), 8));
        foreach (INamedTypeSymbol type in reached.SelectMany(static p => p.Threads).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default))
        {
            int fits = code.NewLabel(), next = code.NewLabel();
            Expression[] arguments = [.. type.DelegateInvokeMethod!.Parameters.SelectMany(_ => new[] { Expression.Register(argument), Expression.Unknown })];
            code.Add(new Call(-1, program.InvokerOf(type), [Statics, Expression.Register(body), .. arguments], [main, length, found], end));
            code.Add(new Branch(-1, Expression.Register(found), fits, next));
            code.Mark(fits);
            // What an asynchronous delegate returns is the task that counts.
            code.Add(new Call(-1, program.Waiter, [Statics, Expression.Register(main), Expression.Register(length)], [main, length], end));
            NoteResult(code, self, main, length);
            code.Add(new Jump(end));
            code.Mark(next);
        }

        code.Mark(end);
        code.Add(new StoreValue(-1, Field(self, DoneOffset), Expression.Constant(1), 8, silent: true));
        code.Add(new Return(-1, []));
        return code.Build(name, 2);
    }

    /// <summary>Runs a method with the arguments behind the object, and notes that it is done.</summary>
    public static Procedure LowerRunnerOf(CompilationLowering program, LoweredProcedure method)
    {
        var code = new CodeBuilder();
        int parameters = method.Code?.Parameters ?? 1;
        for (int i = 0; i <= parameters; i++)
            code.NewRegister();
        (int main, int length, int end) = (code.NewRegister(), code.NewRegister(), code.NewLabel());
        Expression self = Expression.Register(1);
        code.Add(new Call(-1, method.Number, [Statics, .. Enumerable.Range(2, parameters - 1).Select(Expression.Register)], [main, length], end));
        NoteResult(code, self, main, length);
        code.Mark(end);
        code.Add(new StoreValue(-1, Field(self, DoneOffset), Expression.Constant(1), 8, silent: true));
        code.Add(new Return(-1, []));
        return code.Build(method.Name, parameters + 1);
    }

    private static void NoteResult(CodeBuilder code, Expression self, int main, int length)
    {
        code.Add(new StoreValue(-1, Field(self, ResultOffset), Expression.Register(main), 8, silent: true));
        code.Add(new StoreValue(-1, Field(self, ResultLengthOffset), Expression.Register(length), 8, silent: true));
    }

    /// <summary>Returns what is in an object once it is done; every other value as it is.</summary>
    public static Procedure LowerWaiter(CompilationLowering program, string name, bool canWait)
    {
        var code = new CodeBuilder();
        (_, int value, int length, int known) = (code.NewRegister(), code.NewRegister(), code.NewRegister(), code.NewRegister());
        Expression self = Expression.Register(value);
        if (canWait)
        {
            (int others, int wait, int again, int done, int take, int keep, int plain) =
                (code.NewLabel(), code.NewLabel(), code.NewLabel(), code.NewLabel(), code.NewLabel(), code.NewLabel(), code.NewLabel());
            LoadKnown(MarkOffset);
            code.Add(new Branch(-1, Expression.Register(known), others, plain));
            code.Mark(others);
            LoadKnown(OthersOffset);
            code.Add(new Call(-1, program.WaiterForAll, [Statics, Expression.Register(known)], []));
            code.Mark(again);
            LoadKnown(DoneOffset);
            code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Less, Expression.Zero, Expression.Register(known)), done, wait));
            code.Mark(wait);
            code.Add(new Wait(-1, known));
            code.Add(new Branch(-1, Expression.Register(known), again, keep));
            code.Mark(done);
            int count = code.NewRegister();
            code.Add(new Load(-1, count, Field(self, DoneOffset), 8));
            LoadKnown(TakesOffset);
            code.Add(new Branch(-1, Expression.Register(known), take, keep));
            code.Mark(take);
            code.Add(new StoreValue(-1, Field(self, DoneOffset), Expression.Binary(BinaryOperator.Subtract, Expression.Register(count), Expression.Constant(1)), 8, silent: true));
            code.Mark(keep);
            code.Add(new Load(-1, length, Field(self, ResultLengthOffset), 8));
            code.Add(new Load(-1, value, Field(self, ResultOffset), 8));
            code.Mark(plain);
        }

        code.Add(new Return(-1, [Expression.Register(value), Expression.Register(length)]));
        return code.Build(name, 3);

        void LoadKnown(long offset) => code.Add(new Load(-1, known, Field(self, offset), 8, Missing.Anywhere(Expression.Zero)));
    }

    /// <summary>Waits for each object in an array.</summary>
    public static Procedure LowerWaiterForAll(CompilationLowering program, string name)
    {
        var code = new CodeBuilder();
        (_, int array, int element) = (code.NewRegister(), code.NewRegister(), code.NewRegister());
        int works = code.NewLabel(), nothing = code.NewLabel();
        code.Add(new Branch(-1, Expression.Register(array), works, nothing));
        code.Mark(works);
        for (int i = 0; i < MostOthers; i++)
        {
            code.Add(new Load(-1, element, Field(Expression.Register(array), 8 * i), 8, Missing.Anywhere(Expression.Zero)));
            code.Add(new Call(-1, program.Waiter, [Statics, Expression.Register(element), Expression.Unknown], []));
        }

        code.Mark(nothing);
        code.Add(new Return(-1, []));
        return code.Build(name, 2);
    }
}
