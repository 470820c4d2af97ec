using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Lowering;

/// <summary>Lowers a root to the procedure that a program begins with: statics, an object where one is needed, then its methods as callers could call them.</summary>
internal sealed class EntryPoint(CompilationLowering program, Root root)
{
    private const int MostConstructors = 4;

    private readonly CodeBuilder _code = new();
    private readonly int _statics = 0;
    private long[] _lengths = [];

    /// <summary>Static structs of plain bytes can be handed off where they are. They have a region of their own, whose address is the first of the statics.</summary>
    public static bool IsStaticData(ITypeSymbol type) => TypeShape.IsStruct(type) && !TypeShape.HoldsReferences(type);

    /// <summary>The constructors that make the root's object.</summary>
    public IEnumerable<int> Constructors() => ConstructorsOf().Select(static c => c.Procedure);

    /// <summary>The procedure, whose callers pass the usual lengths and those given, and which of its call sites is which method of the root.</summary>
    public Procedure Lower(IEnumerable<int> staticInitialisers, IEnumerable<long> lengths, Dictionary<int, EntryMethod> sites)
    {
        _lengths = [.. lengths];
        _code.NewRegister();
        _code.Add(new Allocate(-1, _statics, RegionKind.Object, Expression.Unknown));
        int data = _code.NewRegister();
        _code.Add(new Allocate(-1, data, RegionKind.PinnedHeap, Expression.Unknown));
        _code.Add(new StoreValue(-1, Expression.Register(_statics), Expression.Register(data), 8, silent: true));
        _code.Add(new Escape(-1, Expression.Register(data)));
        foreach (int initialiser in staticInitialisers)
            _code.Add(new Call(-1, initialiser, [Expression.Register(_statics), Expression.Zero], []));
        int self = root.Methods.Any(static m => ExtensionBlock.HasObject(m.Method)) ? MakeReceiver() : -1;

        int end = _code.NewLabel(), head = _code.NewLabel();
        _code.Mark(head);
        if (root.IsLoop)
        {
            _code.Add(new LoopHead());
            _code.Add(new Pause());
        }

        foreach (EntryMethod method in root.Methods)
        {
            int call = _code.NewLabel(), next = _code.NewLabel();
            if (root.IsLoop)
                _code.Add(new Branch(-1, Expression.Unknown, call, next));
            _code.Mark(call);
            CallMethod(method, self, sites);
            _code.Add(new Jump(root.IsLoop && !IsLast(method.Method) ? head : end));
            _code.Mark(next);
        }

        _code.Mark(end);
        // The object goes on to live, and so does what its fields hold.
        if (self >= 0)
            _code.Add(new Escape(-1, Expression.Register(self)));
        _code.Add(new Escape(-1, Expression.Register(_statics)));
        _code.Add(new Return(-1, []));
        return _code.Build(root.Methods[0].Method.Name, 0);
    }

    /// <summary>Nobody uses an object that was disposed of or finalised.</summary>
    private static bool IsLast(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Destructor || ExtensionBlock.HasObject(method) && method.Name is "Dispose" or "DisposeAsync" or "System.IDisposable.Dispose" or "System.IAsyncDisposable.DisposeAsync";

    private int MakeReceiver()
    {
        int self = _code.NewRegister();
        bool isMade = root.Type is { IsAbstract: false, TypeKind: TypeKind.Class or TypeKind.Struct };
        _code.Add(new Allocate(-1, self, !isMade ? RegionKind.ForeignObject : root.Type.TypeKind == TypeKind.Class && TypeShape.HasBytes(root.Type) ? RegionKind.Managed : RegionKind.Object, Expression.Unknown));
        if (!isMade)
            return self;
        _code.Add(new StoreValue(-1, Expression.Add(Expression.Register(self), Expression.Constant(Dispatch.TypeIdOffset)),
            Expression.Constant(program.TypeId(root.Type)), 8, silent: true));
        var constructors = ConstructorsOf().ToList();
        int done = _code.NewLabel();
        for (int i = 0; i < constructors.Count; i++)
        {
            int call = _code.NewLabel(), next = _code.NewLabel();
            if (i < constructors.Count - 1)
                _code.Add(new Branch(-1, Expression.Unknown, call, next));
            _code.Mark(call);
            CallWith(constructors[i].Procedure, constructors[i].Constructor, self, -1);
            _code.Add(new Jump(done));
            _code.Mark(next);
        }

        _code.Mark(done);
        return self;
    }

    private IEnumerable<(IMethodSymbol Constructor, int Procedure)> ConstructorsOf()
    {
        if (!root.Methods.Any(static m => ExtensionBlock.HasObject(m.Method)) || root.Type.IsAbstract)
            return [];
        var own = root.Type.InstanceConstructors.Where(c => !(c.IsImplicitlyDeclared && c.Parameters.Length > 0)).ToList();
        if (own.Exists(static c => c.DeclaredAccessibility != Accessibility.Private))
            own.RemoveAll(static c => c.DeclaredAccessibility == Accessibility.Private);
        return own.Take(MostConstructors).Select(c => (c, program.ProcedureOf(c))).Where(static c => c.Item2 >= 0);
    }

    private void CallMethod(EntryMethod method, int self, Dictionary<int, EntryMethod> sites)
    {
        int site = program.Sites.Add(method.Declaration, method.Method.Name);
        sites[site] = method;
        CallWith(method.Procedure, method.Method, ExtensionBlock.HasObject(method.Method) ? self : -1, site);
    }

    private void CallWith(int procedure, IMethodSymbol method, int self, int site)
    {
        var arguments = new List<Expression> { Expression.Register(_statics) };
        if (self >= 0)
            arguments.Add(Expression.Register(self));
        foreach (IParameterSymbol parameter in ExtensionBlock.ParametersOf(method, program))
        {
            (Expression value, Expression length) = ForeignArguments.Make(_code, program.Sites, parameter, _lengths);
            arguments.AddRange([value, length]);
        }

        int after = _code.NewLabel();
        _code.Add(new Call(site, procedure, [.. arguments], [], after));
        _code.Mark(after);
    }
}
