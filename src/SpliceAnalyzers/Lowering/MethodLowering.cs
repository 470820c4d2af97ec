using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Lowers one control flow graph to a procedure. This part: blocks, branches, finally, exceptions, variables.</summary>
internal sealed partial class MethodLowering
{
    private readonly CompilationLowering program;
    private readonly LoweredProcedure procedure;
    private readonly MethodLowering? parent;
    private readonly IMethodSymbol? method;
    private readonly INamedTypeSymbol? type;
    private readonly CodeBuilder _code = new();
    private readonly Dictionary<ISymbol, Place> _variables = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _addressTaken = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<CaptureId, Place> _captures = [];
    private readonly Dictionary<CaptureId, Place> _capturedPlaces = [];
    private readonly Dictionary<CaptureId, ITypeSymbol> _enumerated = [];
    private readonly Dictionary<CaptureId, IPropertyReferenceOperation> _capturedProperties = [];
    private readonly Dictionary<ControlFlowRegion, (int Register, List<(int Token, int Label)> Returns)> _finallies = [];
    private ControlFlowGraph _graph = null!;
    private int[] _blockLabels = [];
    private int _exit, _this = -1, _receiver = 1, _result, _resultLength;

    /// <summary>A method, or a function nested in another.</summary>
    public MethodLowering(CompilationLowering program, LoweredProcedure procedure, IMethodSymbol method, MethodLowering? parent)
        : this(program, procedure, method.ContainingType) => (this.method, this.parent) = (method, parent);

    /// <summary>An initialiser of a field or property.</summary>
    public MethodLowering(CompilationLowering program, LoweredProcedure procedure, INamedTypeSymbol type) =>
        (this.program, this.procedure, this.type) = (program, procedure, type);

    private SiteTable Sites => program.Sites;

    /// <summary>True when the first argument is the receiver, or for nested functions the frame of the method around them.</summary>
    private bool HasReceiver => method is null || parent is not null || ExtensionBlock.HasObject(method);

    public void Lower(ControlFlowGraph graph)
    {
        if (method is not null && IsIterator(graph))
            LowerIterator(graph);
        else
            LowerBody(graph);
    }

    private void LowerBody(ControlFlowGraph graph)
    {
        _graph = graph;
        _blockLabels = [.. graph.Blocks.Select(_ => _code.NewLabel())];
        foreach (IOperation operation in OperationsOf(graph))
            FindAddressTaken(operation);
        FindCaptured();

        _code.NewRegister();
        int resume = _iterator >= 0 ? BeginIterator() : -1;
        int parameters = DeclareParameters();
        DeclareFrame();
        DeclareLocals(graph.Root);
        if (method is { MethodKind: MethodKind.Constructor } && program.DeclarationOf(method) is not TypeDeclarationSyntax)
            Initialisation.Before(program, procedure, _code, method, _this, 2);
        (_result, _resultLength) = (_code.NewRegister(), _code.NewRegister());
        _exit = _code.NewLabel();
        LowerNested();
        foreach (BasicBlock block in graph.Blocks)
            LowerBlock(block);
        EmitFinallyReturns();
        _code.Mark(_exit);
        if (_iterator >= 0)
            EndIterator(resume);
        else
            _code.Add(new Return(-1, [Expression.Register(_result), Expression.Register(_resultLength)]));
        procedure.Code = _code.Build(procedure.Name, _iterator >= 0 ? 2 : parameters);
    }

    /// <summary>Code that the compiler made nothing of, because it is broken; and code that is too long.</summary>
    public void LowerNothing()
    {
        _code.NewRegister();
        int parameters = DeclareParameters();
        _code.Add(new Return(-1, []));
        procedure.Code = _code.Build(procedure.Name, parameters);
    }

    private static IEnumerable<IOperation> OperationsOf(ControlFlowGraph graph) =>
        graph.Blocks.SelectMany(static block => block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations);

    private void FindAddressTaken(IOperation operation)
    {
        foreach (IOperation inner in operation.DescendantsAndSelf())
        {
            IOperation? target = inner switch
            {
                IAddressOfOperation address => address.Reference,
                IArgumentOperation { Parameter.RefKind: not RefKind.None } argument => argument.Value,
                ISimpleAssignmentOperation { IsRef: true } assignment => assignment.Value,
                _ => null,
            };
            while (target is IDeclarationExpressionOperation or IParenthesizedOperation)
                target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : ((IParenthesizedOperation)target).Operand;
            if (target is ILocalReferenceOperation local)
                _addressTaken.Add(local.Local);
            else if (target is IParameterReferenceOperation parameter)
                _addressTaken.Add(parameter.Parameter);
        }
    }

    private int DeclareParameters()
    {
        if (HasReceiver)
        {
            _receiver = NewArgument();
            if (parent is null)
                _this = _receiver;
        }

        var incoming = new List<(IParameterSymbol Parameter, int First)>();
        foreach (IParameterSymbol parameter in method is null ? [] : ExtensionBlock.ParametersOf(method, program))
        {
            incoming.Add((parameter, NewArgument()));
            NewArgument();
        }

        int count = _code.Registers;
        foreach ((IParameterSymbol parameter, int first) in incoming)
            DeclareParameter(parameter, first);
        return count;
    }

    private void DeclareParameter(IParameterSymbol parameter, int first)
    {
        if (parameter.RefKind != RefKind.None)
            _variables[parameter] = Place.In(Expression.Register(first));
        else if (_captured.ContainsKey(parameter))
            _capturedParameters.Add((parameter, first));
        else if (TypeShape.IsStruct(parameter.Type) || _addressTaken.Contains(parameter))
        {
            Place place = DeclareInMemory(parameter, parameter.Type, parameter.Name);
            Write(place, parameter.Type, new Operand(Expression.Register(first), Expression.Register(first + 1)), -1);
        }
        else
            _variables[parameter] = new Place(first, first + 1, null, true);
    }

    /// <summary>Two pages and a piece: whole pages, a remainder, and room for short counts.</summary>
    internal const long TypicalLength = 10_000;

    internal static bool IsCount(ITypeSymbol type) => TypeShape.WithoutWrapping(type)!.SpecialType is >= SpecialType.System_Int16 and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    internal static Expression LengthAddress(Expression array) => Expression.Add(array, Expression.Constant(-8));

    private void DeclareLocals(ControlFlowRegion region)
    {
        foreach (ILocalSymbol local in region.Locals)
        {
            if (_captured.ContainsKey(local))
                continue;
            if (local.RefKind == RefKind.None && (TypeShape.IsStruct(local.Type) || _addressTaken.Contains(local)))
                DeclareInMemory(local, local.Type, local.Name);
            else
                _variables[local] = new Place(_code.NewRegister(), _code.NewRegister(), null, true);
        }

        foreach (ControlFlowRegion nested in region.NestedRegions)
            DeclareLocals(nested);
    }

    private Place DeclareInMemory(ISymbol symbol, ITypeSymbol type, string name)
    {
        int register = _code.NewRegister();
        SyntaxNode syntax = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() ?? _graph.OriginalOperation.Syntax;
        // An iterator's variables live in its object.
        _code.Add(new Allocate(Sites.Add(syntax, name), register, _iterator >= 0 ? RegionKind.Object : RegionKind.Stack, Expression.Constant(TypeShape.SizeOf(type))));
        return _variables[symbol] = Place.In(Expression.Register(register));
    }

    private void LowerBlock(BasicBlock block)
    {
        _code.Mark(_blockLabels[block.Ordinal]);
        if (block.Kind == BasicBlockKind.Exit)
        {
            _code.Add(new Jump(_exit));
            return;
        }

        if (block.Predecessors.Any(p => p.Source.Ordinal >= block.Ordinal))
            _code.Add(new LoopHead());
        foreach (IOperation operation in block.Operations)
        {
            _region = block.EnclosingRegion;
            Evaluate(operation);
        }

        _region = block.EnclosingRegion;
        LowerBranches(block);
    }

    private ControlFlowRegion _region = null!;

    private void LowerBranches(BasicBlock block)
    {
        bool returnsReference = method is { ReturnsByRef: true } or { ReturnsByRefReadonly: true } && block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.Return };
        Operand value = block.BranchValue is not { } branchValue ? Operand.Unknown : returnsReference ? new Operand(AddressOf(branchValue)) : Evaluate(branchValue);
        if (block.ConditionalSuccessor is { } conditional)
        {
            int taken = _code.NewLabel(), other = _code.NewLabel();
            bool whenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            _code.Add(new Branch(-1, value.Value, whenTrue ? taken : other, whenTrue ? other : taken));
            _code.Mark(taken);
            Learn(block.BranchValue!, whenTrue);
            Follow(conditional, block);
            _code.Mark(other);
            Learn(block.BranchValue!, !whenTrue);
        }

        if (block.FallThroughSuccessor is not { } branch)
            return;
        if (branch.Semantics == ControlFlowBranchSemantics.Return && block.BranchValue is { } returned)
        {
            Expression main = TypeShape.IsStruct(returned.Type) && !returnsReference ? CopyOut(value.Value, returned.Type!) : value.Value;
            _code.Add(new Assign(-1, _result, main));
            _code.Add(new Assign(-1, _resultLength, value.LengthOrUnknown));
        }

        Follow(branch, block);
    }

    /// <summary>Behind `if (count == 4096)` the variable is that, whatever was known of it before.</summary>
    private void Learn(IOperation condition, bool outcome)
    {
        if (condition is IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison && comparison.OperatorKind == BinaryOperatorKind.Equals == outcome
            && ConstantOf(comparison.RightOperand) is ConstantExpression known && VariableIn(comparison.LeftOperand) is { } variable)
            _code.Add(new Assign(-1, variable, known));
    }

    /// <summary>The register of a number that is compared, as it is or wider; null for everything else.</summary>
    private int? VariableIn(IOperation compared)
    {
        while (compared is IConversionOperation { OperatorMethod: null } wider && TypeShape.SizeOf(wider.Type) >= TypeShape.SizeOf(wider.Operand.Type))
            compared = wider.Operand;
        ISymbol? symbol = compared switch
        {
            ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } => local,
            IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter } => parameter,
            _ => null,
        };
        return symbol is not null && compared.Type is { } type && IsCount(type) && _variables.TryGetValue(symbol, out Place place) && place.Register >= 0 ? place.Register : null;
    }

    private Expression CopyOut(Expression address, ITypeSymbol type)
    {
        int copy = _code.NewRegister();
        Expression size = Expression.Constant(TypeShape.SizeOf(type));
        _code.Add(new Allocate(-1, copy, RegionKind.Object, size));
        _code.Add(new CopyBytes(-1, Expression.Register(copy), address, size, silent: true));
        return Expression.Register(copy);
    }

    private void Follow(ControlFlowBranch branch, BasicBlock block)
    {
        switch (branch.Semantics)
        {
            case ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow:
                Unwind(branch.Semantics == ControlFlowBranchSemantics.Rethrow ? CatchOwner(block.EnclosingRegion) : block.EnclosingRegion);
                return;
            case ControlFlowBranchSemantics.StructuredExceptionHandling:
                LeaveHandler(block.EnclosingRegion);
                return;
            case ControlFlowBranchSemantics.ProgramTermination or ControlFlowBranchSemantics.Error:
                _code.Add(new Throw(-1));
                return;
        }

        foreach (ControlFlowRegion left in branch.LeavingRegions)
        {
            LeaveScope(left);
            if (left.Kind == ControlFlowRegionKind.TryAndFinally && branch.FinallyRegions.FirstOrDefault(f => f.EnclosingRegion == left) is { } handler)
                RunFinally(handler);
        }

        _code.Add(new Jump(branch.Destination is { } destination ? _blockLabels[destination.Ordinal] : _exit));
    }

    /// <summary>Leaving the region of a `fixed` statement ends its pins.</summary>
    private void LeaveScope(ControlFlowRegion region)
    {
        foreach (ILocalSymbol local in region.Locals.Where(l => l.IsFixed))
        {
            if (!_pins.TryGetValue(local, out int pin))
                continue;
            SyntaxNode syntax = local.DeclaringSyntaxReferences[0].GetSyntax();
            _code.Add(new Release(Sites.Add(syntax, local.Name), Expression.Register(pin), ReleaseKind.PinScope));
        }
    }

    private readonly Dictionary<ISymbol, int> _pins = new(SymbolEqualityComparer.Default);

    /// <summary>Runs a finally block and comes back here: the block is lowered once and returns by a token.</summary>
    private void RunFinally(ControlFlowRegion handler)
    {
        if (!_finallies.TryGetValue(handler, out var entry))
            _finallies[handler] = entry = (_code.NewRegister(), []);
        int back = _code.NewLabel();
        int token = entry.Returns.Count;
        entry.Returns.Add((token, back));
        _code.Add(new Assign(-1, entry.Register, Expression.Constant(token)));
        _code.Add(new Jump(_blockLabels[handler.FirstBlockOrdinal]));
        _code.Mark(back);
    }

    private readonly List<(ControlFlowRegion Handler, int Label)> _handlerEnds = [];

    private void LeaveHandler(ControlFlowRegion? region)
    {
        while (region is not null && region != _graph.Root && region.Kind is not (ControlFlowRegionKind.Finally or ControlFlowRegionKind.Filter))
            region = region.EnclosingRegion;
        if (region is not { Kind: ControlFlowRegionKind.Finally })
        {
            _code.Add(new Throw(-1));
            return;
        }

        int label = _code.NewLabel();
        _handlerEnds.Add((region, label));
        _code.Add(new Jump(label));
    }

    private void EmitFinallyReturns()
    {
        foreach ((ControlFlowRegion handler, int label) in _handlerEnds)
        {
            _code.Mark(label);
            if (_finallies.TryGetValue(handler, out var entry))
            {
                foreach ((int token, int back) in entry.Returns)
                {
                    int next = _code.NewLabel();
                    _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, Expression.Register(entry.Register), Expression.Constant(token)), back, next));
                    _code.Mark(next);
                }
            }

            _code.Add(new Throw(-1));
        }
    }

    private ControlFlowRegion? CatchOwner(ControlFlowRegion? region)
    {
        while (region is not null && region != _graph.Root && region.Kind != ControlFlowRegionKind.TryAndCatch)
            region = region.EnclosingRegion;
        return region == _graph.Root ? region : region?.EnclosingRegion;
    }

    /// <summary>An exception leaves this place: handlers of enclosing try statements run, then the method ends.</summary>
    private void Unwind(ControlFlowRegion? region)
    {
        // The regions of a nested function lie in those of the method around it, which its exceptions do not pass through here.
        for (; region is not null && region != _graph.Root; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.LocalLifetime)
                LeaveScope(region);
            if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } owner })
                continue;
            if (owner.Kind == ControlFlowRegionKind.TryAndFinally)
                RunFinally(owner.NestedRegions[1]);
            else if (EnterHandlers(owner))
                return;
        }

        _code.Add(new Throw(-1));
    }

    private bool EnterHandlers(ControlFlowRegion owner)
    {
        foreach (ControlFlowRegion handler in owner.NestedRegions.Skip(1))
        {
            int entry = _blockLabels[handler.FirstBlockOrdinal];
            bool catchesAll = handler.Kind == ControlFlowRegionKind.Catch && handler.ExceptionType is null or { SpecialType: SpecialType.System_Object } or { Name: "Exception" };
            if (catchesAll)
            {
                _code.Add(new Jump(entry));
                return true;
            }

            int next = _code.NewLabel();
            _code.Add(new Branch(-1, Expression.Unknown, entry, next));
            _code.Mark(next);
        }

        return false;
    }
}
