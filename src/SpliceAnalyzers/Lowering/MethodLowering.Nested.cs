using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// Lambdas and local functions. A method with nested functions keeps the variables that they capture in an object of its own, its frame, whose
/// first slot is the receiver, or for a nested function the frame of the method around it. Delegates are objects of two slots: target, frame.
/// </summary>
internal sealed partial class MethodLowering
{
    private const long FirstCaptured = 16;

    private readonly Dictionary<ISymbol, long> _captured = new(SymbolEqualityComparer.Default);
    private readonly List<(IParameterSymbol Parameter, int First)> _capturedParameters = [];
    private readonly List<(IMethodSymbol Function, ControlFlowGraph Graph)> _nested = [];
    private int _frame = -1;

    /// <summary>Finds the nested functions, and which of this method's variables they use.</summary>
    private void FindCaptured()
    {
        foreach (IMethodSymbol function in _graph.LocalFunctions)
            _nested.Add((function, _graph.GetLocalFunctionControlFlowGraph(function, program.Cancellation)));
        foreach (IFlowAnonymousFunctionOperation lambda in OperationsOf(_graph).SelectMany(static o => o.DescendantsAndSelf()).OfType<IFlowAnonymousFunctionOperation>())
            _nested.Add((lambda.Symbol, _graph.GetAnonymousFunctionControlFlowGraph(lambda, program.Cancellation)));
        long next = FirstCaptured;
        foreach (ISymbol symbol in _nested.SelectMany(n => UsesIn(n.Graph)).Where(IsOwn))
        {
            if (_captured.ContainsKey(symbol))
                continue;
            _captured.Add(symbol, next);
            next += 16 + TypeShape.SizeOf(TypeOf(symbol)) / 16 * 16;
        }
    }

    private bool IsOwn(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, method) || method is null && symbol is ILocalSymbol
        || symbol is IParameterSymbol && method is not null && ExtensionBlock.Holds(method) && SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, method.ContainingType);

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol is ILocalSymbol local ? local.Type : (symbol as IParameterSymbol)?.Type;

    private IEnumerable<ISymbol> UsesIn(ControlFlowGraph graph)
    {
        foreach (IOperation operation in OperationsOf(graph).SelectMany(static o => o.DescendantsAndSelf()))
        {
            switch (operation)
            {
                case ILocalReferenceOperation local:
                    yield return local.Local;
                    break;
                case IParameterReferenceOperation parameter:
                    yield return parameter.Parameter;
                    break;
                case IFlowAnonymousFunctionOperation lambda:
                    foreach (ISymbol symbol in UsesIn(graph.GetAnonymousFunctionControlFlowGraph(lambda, program.Cancellation)))
                        yield return symbol;
                    break;
            }
        }

        foreach (IMethodSymbol function in graph.LocalFunctions)
        {
            foreach (ISymbol symbol in UsesIn(graph.GetLocalFunctionControlFlowGraph(function, program.Cancellation)))
                yield return symbol;
        }
    }

    private void DeclareFrame()
    {
        if (_nested.Count == 0)
            return;
        _frame = _code.NewRegister();
        _code.Add(new Allocate(-1, _frame, RegionKind.Object, Expression.Unknown));
        if (HasReceiver)
            _code.Add(new StoreValue(-1, Expression.Register(_frame), Expression.Register(_receiver), 8, silent: true));
        foreach (KeyValuePair<ISymbol, long> captured in _captured)
        {
            Expression at = Expression.Add(Expression.Register(_frame), Expression.Constant(captured.Value));
            _variables[captured.Key] = Place.In(at, silent: true);
        }

        foreach ((IParameterSymbol parameter, int first) in _capturedParameters)
            Write(_variables[parameter], parameter.Type, new Operand(Expression.Register(first), Expression.Register(first + 1)), -1);
    }

    private void LowerNested()
    {
        foreach ((IMethodSymbol function, ControlFlowGraph graph) in _nested)
        {
            LoweredProcedure nested = program.Nested(function);
            new MethodLowering(program, nested, function, this).Lower(graph);
        }
    }

    /// <summary>A variable of a method around this one.</summary>
    private Place OfCaptured(ISymbol symbol)
    {
        Expression frame = Expression.Register(_receiver);
        for (MethodLowering? at = parent; at is not null; at = at.parent)
        {
            if (at._captured.TryGetValue(symbol, out long offset))
            {
                Expression address = Expression.Add(frame, Expression.Constant(offset));
                return IsReference(symbol) ? Place.In(Load(address, 8)) : Place.In(address, silent: true);
            }

            frame = Load(frame, 8);
        }

        return Place.Nowhere;
    }

    private static bool IsReference(ISymbol symbol) => symbol is ILocalSymbol { RefKind: not RefKind.None };

    private Expression Load(Expression address, int width)
    {
        int register = _code.NewRegister();
        _code.Add(new Load(-1, register, address, width));
        return Expression.Register(register);
    }

    /// <summary>`this`, which nested functions find in the outermost frame.</summary>
    private Expression Receiver()
    {
        if (parent is null)
            return _this >= 0 ? Expression.Register(_this) : Expression.Unknown;
        Expression frame = Expression.Register(_receiver);
        for (MethodLowering? at = parent; at is not null; at = at.parent)
            frame = Load(frame, 8);
        return frame;
    }

    /// <summary>The frame that a local function expects: that of the method it is declared in.</summary>
    private Expression FrameFor(IMethodSymbol function)
    {
        if (_nested.Any(n => SymbolEqualityComparer.Default.Equals(n.Function, function.OriginalDefinition)))
            return Expression.Register(_frame);
        Expression frame = Expression.Register(_receiver);
        for (MethodLowering? at = parent; at is not null; at = at.parent)
        {
            if (at._nested.Any(n => SymbolEqualityComparer.Default.Equals(n.Function, function.OriginalDefinition)))
                return frame;
            frame = Load(frame, 8);
        }

        return Expression.Unknown;
    }

    /// <summary>A delegate of a lambda, a local function or a method.</summary>
    private Operand CreateDelegate(IOperation target, ITypeSymbol? type)
    {
        (int number, Expression? bound) = target switch
        {
            IFlowAnonymousFunctionOperation lambda => (program.Nested(lambda.Symbol).Number, FrameFor(lambda.Symbol)),
            IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } function } => (program.Nested(function).Number, FrameFor(function)),
            IMethodReferenceOperation reference => (program.ProcedureOf(reference.Method), reference.Instance is { } instance ? Evaluate(instance).Value : null),
            _ => (-1, null),
        };
        if (number < 0)
            return target is IMethodReferenceOperation ? Operand.Unknown : Evaluate(target);
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } delegateType)
            procedure.Delegates.Add((delegateType.OriginalDefinition, number, bound is not null));
        Expression made = NewObject(null).Value;
        _code.Add(new StoreValue(-1, made, Expression.Constant(number + 1), 8, silent: true));
        if (bound is not null)
            _code.Add(new StoreValue(-1, Expression.Add(made, Expression.Constant(8)), bound, 8, silent: true));
        return new Operand(made);
    }
}
