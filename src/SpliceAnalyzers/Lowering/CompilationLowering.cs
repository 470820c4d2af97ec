using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// The procedures of a compilation, each lowered once and only when somebody asks for it. All of them take the statics as register 0, then the
/// receiver (or what a nested function captured), then two registers a parameter: value and length. Not safe for several threads at once.
/// </summary>
internal sealed class CompilationLowering(Compilation compilation, MemberIndex index, CancellationToken cancellation)
{
    /// <summary>A body with more characters than this, some thousands of lines, is not bound: that alone would take longer than everything else.</summary>
    private const int MostCharacters = 200_000;

    /// <summary>Apart enough that no field overlaps another; every static field has a slot of its own size.</summary>
    private long _nextStatic;

    private readonly List<LoweredProcedure> _procedures = [];
    private LengthGuard? _guard;
    private int _runner = -1, _waiter = -1, _waiterForAll = -1;
    private readonly Dictionary<int, Action> _pending = [];
    private readonly Dictionary<IMethodSymbol, int> _methods = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IMethodSymbol, int> _enumerations = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IMethodSymbol, int> _dispatchers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, Dictionary<IMethodSymbol, int>> _narrowDispatchers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, INamedTypeSymbol[]> _derived = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, int> _initialisers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<INamedTypeSymbol, int> _staticInitialisers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<int, int> _runners = [];
    private readonly Dictionary<INamedTypeSymbol, int> _invokers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, long> _statics = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<SyntaxNode, long> _ends = [];
    private readonly Dictionary<string, int> _texts = [];
    private readonly Dictionary<INamedTypeSymbol, int> _typeIds = new(SymbolEqualityComparer.Default);

    public Compilation Compilation => compilation;

    public MemberIndex Index => index;

    /// <summary>Which calls are native ones.</summary>
    public NativeCalls Natives { get; } = new(compilation, cancellation);

    /// <summary>What variables hold that are given a value in one place only.</summary>
    public AssignedOnce Values { get; } = new(compilation, cancellation);

    /// <summary>Which lengths conditions let pass.</summary>
    public LengthGuard Guard => _guard ??= new(Values);

    /// <summary>Where the instructions came from.</summary>
    public SiteTable Sites { get; } = new();

    public CancellationToken Cancellation => cancellation;

    /// <summary>A procedure with its code.</summary>
    public LoweredProcedure this[int number]
    {
        get
        {
            if (_pending.TryGetValue(number, out Action lower))
            {
                Cancellation.ThrowIfCancellationRequested();
                lower();
                _pending.Remove(number);
            }

            return _procedures[number];
        }
    }

    /// <summary>The procedure of a method whose source is here; -1 for all others.</summary>
    public int ProcedureOf(IMethodSymbol method)
    {
        method = (method.PartialImplementationPart ?? method).OriginalDefinition;
        if (_methods.TryGetValue(method, out int number))
            return number;
        if (method.IsAbstract || method.IsExtern)
            return _methods[method] = -1;
        if (method.MethodKind == MethodKind.Constructor && (method.IsImplicitlyDeclared || DeclarationOf(method) is TypeDeclarationSyntax))
            return method.ContainingType.TypeKind == TypeKind.Class && method.ContainingType.Locations.Any(static l => l.IsInSource) || DeclarationOf(method) is TypeDeclarationSyntax
                ? _methods[method] = Reserve(method.ContainingType.Name, method, procedure => new Initialisation(this, procedure).LowerConstructor(method))
                : _methods[method] = -1;
        if (BodyOf(method) is not { } body)
            return _methods[method] = -1;
        return _methods[method] = Reserve(method.Name, method, procedure =>
        {
            var lowering = new MethodLowering(this, procedure, method, parent: null);
            procedure.IsTooLong = LengthOf(body) > MostCharacters;
            if (!procedure.IsTooLong && GraphOf(body) is { } graph)
                lowering.Lower(graph);
            else
                lowering.LowerNothing();
        });
    }

    private static int LengthOf(SyntaxNode body) =>
        body is CompilationUnitSyntax unit ? unit.Members.OfType<GlobalStatementSyntax>().Sum(static s => s.Span.Length) : body.Span.Length;

    /// <summary>A lambda's or local function's procedure, lowered by the method around it.</summary>
    public LoweredProcedure Nested(IMethodSymbol function)
    {
        if (!_methods.TryGetValue(function.OriginalDefinition, out int number))
        {
            number = _procedures.Count;
            _procedures.Add(new LoweredProcedure(number, function.Name.Length > 0 ? function.Name : "lambda", function));
            _methods[function.OriginalDefinition] = number;
        }

        return _procedures[number];
    }

    /// <summary>True for lambdas and local functions.</summary>
    public bool IsNested(int number) => _procedures[number].Method is { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction };

    /// <summary>Runs the initialisers of a type's instance fields.</summary>
    public int InitialisersOf(INamedTypeSymbol type) =>
        Once(_initialisers, type, () => Reserve(type.Name, null, procedure => new Initialisation(this, procedure).LowerFields(type, isStatic: false)));

    /// <summary>Runs a type's static initialisers and its static constructor.</summary>
    public int StaticInitialisersOf(INamedTypeSymbol type) =>
        Once(_staticInitialisers, type, () => Reserve(type.Name, null, procedure => new Initialisation(this, procedure).LowerFields(type, isStatic: true)));

    /// <summary>Calls the implementation that belongs to the receiver's type, which is <paramref name="receiver"/> or derives from it.</summary>
    public int DispatcherOf(IMethodSymbol method, INamedTypeSymbol? receiver)
    {
        if (receiver is null || SymbolEqualityComparer.Default.Equals(receiver, method.ContainingType.OriginalDefinition))
            return Once(_dispatchers, method.OriginalDefinition, () => Dispatcher(null));
        if (!_narrowDispatchers.TryGetValue(receiver, out Dictionary<IMethodSymbol, int> dispatchers))
            _narrowDispatchers[receiver] = dispatchers = new(SymbolEqualityComparer.Default);
        return Once(dispatchers, method.OriginalDefinition, () => Dispatcher(receiver));

        int Dispatcher(INamedTypeSymbol? type) => Reserve(method.Name, null, procedure => new Dispatch(this, procedure).LowerVirtual(method.OriginalDefinition, type));
    }

    /// <summary>True when a class of the source that is a <paramref name="receiver"/> may run code of its own for a call to this method.</summary>
    public bool HasImplementations(IMethodSymbol method, INamedTypeSymbol? receiver) =>
        index.Called(method.AssociatedSymbol?.Name ?? method.Name).Any(static m => m.Declaration is not ConstructorDeclarationSyntax) && (receiver is null || SourceTypes(receiver).Length > 0);

    /// <summary>What callers from outside run: the method, or an iterator to its end. -1 where the source is not here.</summary>
    public int EntryOf(IMethodSymbol method)
    {
        int number = ProcedureOf(method);
        if (number < 0 || this[number].Resumed < 0)
            return number;
        return Once(_enumerations, method.OriginalDefinition, () => Reserve(method.Name, null, entry => MethodLowering.LowerEnumeration(this, entry, number)));
    }

    /// <summary>The type with which the objects of an iterator are resumed.</summary>
    public INamedTypeSymbol? EnumeratorOf(IMethodSymbol iterator) => Enumerator(iterator.ReturnType.Name.Contains("Async") ? "IAsyncEnumerator" : "IEnumerator");

    /// <summary>IEnumerator, or IAsyncEnumerator, of this compilation; null where it has none.</summary>
    public INamedTypeSymbol? Enumerator(string name) =>
        compilation.GetTypeByMetadataName(name == "IEnumerator" ? "System.Collections.IEnumerator" : "System.Collections.Generic.IAsyncEnumerator`1");

    /// <summary>Invokes a delegate, or resumes an iterator.</summary>
    public int InvokerOf(INamedTypeSymbol type) => Once(_invokers, type.OriginalDefinition, () =>
    {
        int number = Reserve(type.Name, null, static _ => { });
        IMethodSymbol invoke = type.OriginalDefinition.DelegateInvokeMethod ?? type.GetMembers().OfType<IMethodSymbol>().First(static m => m.Name is "MoveNext" or "MoveNextAsync");
        _procedures[number].Assemble = reached => Dispatch.LowerInvoker(_procedures[number], invoke, reached);
        return number;
    });

    /// <summary>Runs the delegate of a thread or task.</summary>
    public int Runner => Shared(ref _runner, "thread", (name, reached) => Completion.LowerRunner(this, name, reached));

    /// <summary>Waits for a thread, a task or a signal; gives back every other value.</summary>
    public int Waiter => Shared(ref _waiter, "wait", (name, reached) => Completion.LowerWaiter(this, name, reached.Any(static p => p.CanWait)));

    /// <summary>Waits for each in an array.</summary>
    public int WaiterForAll => Shared(ref _waiterForAll, "wait for all", (name, _) => Completion.LowerWaiterForAll(this, name));

    /// <summary>Runs an asynchronous method whose task is not awaited at once.</summary>
    public int RunnerOf(int method) => Once(_runners, method, () =>
    {
        int number = Reserve(_procedures[method].Name, null, static _ => { });
        _procedures[number].Callees.UnionWith([method, Waiter]);
        _procedures[number].Assemble = _ => Completion.LowerRunnerOf(this, _procedures[method]);
        return number;
    });

    private int Shared(ref int number, string name, Func<string, IReadOnlyList<LoweredProcedure>, Procedure> make)
    {
        if (number < 0)
        {
            number = Reserve(name, null, static _ => { });
            _procedures[number].Assemble = reached => make(name, reached);
        }

        return number;
    }

    /// <summary>Where a static field lies in the memory behind register 0.</summary>
    public long OffsetOfStatic(ISymbol field, ITypeSymbol type)
    {
        if (!_statics.TryGetValue(field.OriginalDefinition, out long offset))
        {
            _statics[field.OriginalDefinition] = offset = _nextStatic + 8;
            _nextStatic += 24 + TypeShape.SizeOf(type) / 8 * 8;
        }

        return offset;
    }

    /// <summary>Where, in the same memory, the other end is kept of a pipe that is made at a piece of syntax.</summary>
    public long OffsetOfEnd(SyntaxNode creation)
    {
        if (!_ends.TryGetValue(creation, out long offset))
        {
            _ends[creation] = offset = _nextStatic + 8;
            _nextStatic += 24;
        }

        return offset;
    }

    /// <summary>A number for a type, which its objects carry; never 0.</summary>
    public int TypeId(INamedTypeSymbol type) => Once(_typeIds, type.OriginalDefinition, () => _typeIds.Count + 1);

    /// <summary>A number for a constant text; negative, so that it is no descriptor and no size.</summary>
    public int TextId(string text)
    {
        if (!_texts.TryGetValue(text, out int id))
            _texts[text] = id = -2 - _texts.Count;
        return id;
    }

    /// <summary>The classes and structs of the source that are a type or derive from it.</summary>
    public IEnumerable<INamedTypeSymbol> SourceTypes()
    {
        foreach (TypeDeclarationSyntax declaration in index.Types)
        {
            if (ModelOf(declaration.SyntaxTree).GetDeclaredSymbol(declaration, Cancellation) is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsStatic: false } type)
                yield return type;
        }
    }

    /// <summary>Those of them that are a <paramref name="type"/>, a class or an interface by its definition.</summary>
    public INamedTypeSymbol[] SourceTypes(INamedTypeSymbol type)
    {
        if (!_derived.TryGetValue(type, out INamedTypeSymbol[] derived))
            _derived[type] = derived = [.. SourceTypes().Where(t => TypeShape.IsOrImplements(t, type))];
        return derived;
    }

    public SemanticModel ModelOf(SyntaxTree tree) => compilation.ModelOf(tree);

    /// <summary>The control flow of a body or an initialiser; null where the compiler makes none of it.</summary>
    public ControlFlowGraph? GraphOf(SyntaxNode body)
    {
        return ModelOf(body.SyntaxTree).GetOperation(body, Cancellation) switch
        {
            Microsoft.CodeAnalysis.Operations.IMethodBodyOperation method => ControlFlowGraph.Create(method, Cancellation),
            Microsoft.CodeAnalysis.Operations.IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, Cancellation),
            Microsoft.CodeAnalysis.Operations.IFieldInitializerOperation field => ControlFlowGraph.Create(field, Cancellation),
            Microsoft.CodeAnalysis.Operations.IPropertyInitializerOperation property => ControlFlowGraph.Create(property, Cancellation),
            Microsoft.CodeAnalysis.Operations.IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block, Cancellation),
            _ => null,
        };
    }

    public SyntaxNode? DeclarationOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(Cancellation);

    /// <summary>The declaration with a body, which of a partial method is one of two.</summary>
    private SyntaxNode? BodyOf(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.Select(r => r.GetSyntax(Cancellation)).FirstOrDefault(node => compilation.ContainsSyntaxTree(node.SyntaxTree) && node is
            BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null }
            or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null }
            or ArrowExpressionClauseSyntax or CompilationUnitSyntax);

    public int Reserve(string name, IMethodSymbol? method, Action<LoweredProcedure> lower)
    {
        var procedure = new LoweredProcedure(_procedures.Count, name, method);
        _procedures.Add(procedure);
        _pending.Add(procedure.Number, () => lower(procedure));
        return procedure.Number;
    }

    private static int Once<TKey>(Dictionary<TKey, int> known, TKey key, Func<int> make)
        where TKey : notnull
    {
        if (!known.TryGetValue(key, out int number))
            known[key] = number = make();
        return number;
    }
}
