using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// Iterators. Calling one makes an object that holds its arguments; MoveNext runs the body up to the next `yield return`, whose value is then the object's
/// one element, as of a collection. Between two calls the object holds the variables and the number of the yield at which the body goes on.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>Where the object holds what MoveNext runs, the yield it stopped at (0: it begins), and whether it only runs what is left to do at the end.</summary>
    public const long ResumeOffset = -32;
    private const long StateOffset = -24;
    private const long EndsOffset = -40;

    /// <summary>Where it holds the arguments, and the variables, by register.</summary>
    private const long FirstArgument = 1024;
    private const long FirstVariable = 8192;

    private readonly List<int> _yields = [];
    private int _iterator = -1;

    public static bool IsIterator(ControlFlowGraph graph) => OperationsOf(graph).Any(static o => o is IReturnOperation { Kind: OperationKind.YieldReturn });

    private static Expression At(int register, long offset) => Expression.Add(Expression.Register(register), Expression.Constant(offset));

    /// <summary>Lowers the body to a procedure of its own, and the method to one that makes the object.</summary>
    private void LowerIterator(ControlFlowGraph graph)
    {
        LoweredProcedure body = program[program.Reserve(procedure.Name, null, resumed => new MethodLowering(program, resumed, method!, parent) { _iterator = 1, _receiver = -1 }.LowerBody(graph))];
        procedure.HandsOff = body.HandsOff;
        procedure.Resumed = body.Number;
        if (program.EnumeratorOf(method!) is { } enumerator)
            procedure.Delegates.Add((enumerator, body.Number, true));

        _code.NewRegister();
        int arguments = (HasReceiver ? 1 : 0) + 2 * ExtensionBlock.ParametersOf(method!, program).Count();
        for (int i = 0; i < arguments; i++)
            _code.NewRegister();
        int made = _code.NewRegister();
        _code.Add(new Allocate(-1, made, RegionKind.Object, Expression.Unknown));
        _code.Add(new StoreValue(-1, At(made, ResumeOffset), Expression.Constant(body.Number + 1), 8, silent: true));
        for (int i = 0; i < arguments; i++)
            _code.Add(new StoreValue(-1, At(made, FirstArgument + 8 * i), Expression.Register(1 + i), 8, silent: true));
        _code.Add(new Return(-1, [Expression.Register(made), Expression.Unknown]));
        procedure.Code = _code.Build(procedure.Name, 1 + arguments);
    }

    /// <summary>What callers from outside do with an iterator: they run it to its end.</summary>
    public static void LowerEnumeration(CompilationLowering program, LoweredProcedure entry, int start)
    {
        var code = new CodeBuilder();
        int parameters = program[start].Code!.Parameters;
        for (int i = 0; i < parameters; i++)
            code.NewRegister();
        (int made, int more, int head, int end, int resumed) = (code.NewRegister(), code.NewRegister(), code.NewLabel(), code.NewLabel(), program[start].Resumed);
        entry.Callees.UnionWith([start, resumed]);
        code.Add(new Call(-1, start, [.. Enumerable.Range(0, parameters).Select(Expression.Register)], [made, -1]));
        code.Mark(head);
        code.Add(new LoopHead());
        code.Add(new Call(-1, resumed, [Expression.Register(0), Expression.Register(made)], [more, -1]));
        code.Add(new Branch(-1, Expression.Register(more), head, end));
        code.Mark(end);
        code.Add(new Return(-1, []));
        entry.Code = code.Build(entry.Name, parameters);
    }

    /// <summary>The next register of an argument: passed in, or for an iterator taken from its object.</summary>
    private int NewArgument()
    {
        int register = _code.NewRegister();
        if (_iterator >= 0)
            _code.Add(new Load(-1, register, At(_iterator, FirstArgument + 8 * _arguments++), 8));
        return register;
    }

    private int _arguments;

    /// <summary>Where the body begins, or goes on. The yields are not known yet.</summary>
    private int BeginIterator()
    {
        int resume = _code.NewLabel(), start = _code.NewLabel();
        _code.NewRegister();
        _state = _code.NewRegister();
        _code.Add(new Load(-1, _state, At(_iterator, StateOffset), 8, Missing.OneOf(Expression.Zero)));
        _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, Expression.Register(_state), Expression.Zero), start, resume));
        _code.Mark(start);
        return resume;
    }

    private int _state;

    /// <summary>The value becomes the object's element, the variables go into the object, and the body ends until somebody resumes it.</summary>
    private Operand Yield(IReturnOperation operation)
    {
        if (_iterator < 0 || operation.ReturnedValue is not { } value)
            return Operand.Unknown;
        Write(Place.In(Expression.Register(_iterator), silent: true), value.Type, Evaluate(value), -1);
        int[] variables = [.. VariableRegisters().Distinct().OrderBy(static r => r)];
        foreach (int register in variables)
            _code.Add(new StoreValue(-1, At(_iterator, FirstVariable + 8 * register), Expression.Register(register), 8, silent: true));
        int resumed = _code.NewLabel(), goesOn = _code.NewLabel(), ends = _code.NewLabel();
        _yields.Add(resumed);
        _code.Add(new StoreValue(-1, At(_iterator, StateOffset), Expression.Constant(_yields.Count), 8, silent: true));
        _code.Add(new Return(-1, [Expression.Constant(1), Expression.Unknown]));
        _code.Mark(resumed);
        foreach (int register in variables)
            _code.Add(new Load(-1, register, At(_iterator, FirstVariable + 8 * register), 8));
        int onlyEnds = _code.NewRegister();
        _code.Add(new Load(-1, onlyEnds, At(_iterator, EndsOffset), 8, Missing.OneOf(Expression.Zero)));
        _code.Add(new Branch(-1, Expression.Register(onlyEnds), ends, goesOn));
        _code.Mark(ends);
        LeaveAll(_region);
        _code.Mark(goesOn);
        return Operand.Unknown;
    }

    private IEnumerable<int> VariableRegisters()
    {
        foreach (Place place in _variables.Values.Concat(_captures.Values).Concat(_capturedPlaces.Values))
        {
            if (place.Register >= 0)
                yield return place.Register;
            if (place.LengthRegister >= 0)
                yield return place.LengthRegister;
            if (place.Address is RegisterExpression address)
                yield return address.Index;
        }

        if (_receiver >= 0)
            yield return _receiver;
        if (_frame >= 0)
            yield return _frame;
    }

    /// <summary>Nobody wants more: the finally blocks around the yield run, and no other code.</summary>
    private void LeaveAll(ControlFlowRegion? region)
    {
        for (; region is not null && region != _graph.Root; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { Kind: ControlFlowRegionKind.TryAndFinally } owner })
                RunFinally(owner.NestedRegions[1]);
        }

        _code.Add(new Jump(_exit));
    }

    /// <summary>Goes to the yield at which the body stopped; at its end it begins again, should somebody enumerate the same object once more.</summary>
    private void EndIterator(int resume)
    {
        _code.Add(new StoreValue(-1, At(_iterator, StateOffset), Expression.Zero, 8, silent: true));
        _code.Add(new StoreValue(-1, At(_iterator, EndsOffset), Expression.Zero, 8, silent: true));
        _code.Add(new Return(-1, [Expression.Zero, Expression.Unknown]));
        _code.Mark(resume);
        for (int i = 0; i < _yields.Count; i++)
        {
            int next = _code.NewLabel();
            _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, Expression.Register(_state), Expression.Constant(i + 1)), _yields[i], next));
            _code.Mark(next);
        }

        _code.Add(new Return(-1, [Expression.Zero, Expression.Unknown]));
    }

    /// <summary>For MoveNext or Dispose of an object that may be an iterator's, the type with which it is resumed; null for all other calls.</summary>
    private INamedTypeSymbol? EnumeratorResumedBy(IMethodSymbol target, IOperation? instance)
    {
        ITypeSymbol? type = target.Name is "MoveNext" or "MoveNextAsync" ? target.ContainingType
            : target.Name is "Dispose" or "DisposeAsync" ? WithoutConversions(instance)?.Type : null;
        return type is { TypeKind: TypeKind.Interface, Name: "IEnumerator" or "IAsyncEnumerator" } ? program.Enumerator(type.Name)
            : type?.ContainingType is { Name: CollectionCatalogue.ConfiguredEnumerable } ? program.Enumerator("IAsyncEnumerator") : null;
    }

    private Operand Resume(IOperation call, IMethodSymbol target, INamedTypeSymbol enumerator, Expression receiver, IArgumentOperation[] arguments)
    {
        receiver = _code.Keep(receiver);
        if (target.Name is not ("Dispose" or "DisposeAsync"))
            return CallDispatched(call, target, program.InvokerOf(enumerator), receiver, arguments);
        // One that has not begun, or is at its end, has nothing left to do.
        (int state, int works, int rests) = (_code.NewRegister(), _code.NewLabel(), _code.NewLabel());
        _code.Add(new Load(-1, state, Expression.Add(receiver, Expression.Constant(StateOffset)), 8, Missing.OneOf(Expression.Zero)));
        _code.Add(new Branch(-1, Expression.Register(state), works, rests));
        _code.Mark(works);
        _code.Add(new StoreValue(-1, Expression.Add(receiver, Expression.Constant(EndsOffset)), Expression.Constant(1), 8, silent: true));
        CallDispatched(call, target, program.InvokerOf(enumerator), receiver, arguments);
        _code.Mark(rests);
        return Operand.Unknown;
    }
}
