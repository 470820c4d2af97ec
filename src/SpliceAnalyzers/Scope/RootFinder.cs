using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Lowering;

namespace SpliceAnalyzers.Scope;

/// <summary>
/// Finds the roots of a compilation: from the methods that hand memory off up through their callers to those that have none here, or that others
/// may call too. Types whose methods share fields become one root.
/// </summary>
internal sealed class RootFinder(CompilationLowering program)
{
    /// <summary>More methods of a type than this are not tried in any order; those that hand off come first.</summary>
    private const int MostMethodsOfType = 24;

    private readonly Dictionary<Member, LoweredProcedure?> _lowered = [];
    private readonly Dictionary<int, Member> _members = [];
    private readonly List<Member> _scope = [];
    private readonly HashSet<Member> _inScope = [];
    private readonly HashSet<int> _called = [];
    private readonly HashSet<int> _delegates = [];

    /// <summary>The classes of the source that derive from a class, looked for once.</summary>
    private ILookup<INamedTypeSymbol, INamedTypeSymbol>? _derived;

    /// <summary>The roots of what leads to one of the functions, in source order.</summary>
    public IReadOnlyList<Root> Find(IReadOnlyList<string> functions)
    {
        foreach (Member member in HandOffNames.Of(program.Compilation, program.Index, functions, program.Cancellation).SelectMany(program.Index.Mentioning).Distinct())
        {
            if (Lower(member) is { } procedure && WithNested(procedure).Any(static p => p.HandsOff || p.IsTooLong))
                Include(member);
        }

        for (int i = 0; i < _scope.Count; i++)
            IncludeCallers(_scope[i]);
        foreach (Member member in _scope)
        {
            foreach (LoweredProcedure procedure in WithNested(_lowered[member]!))
                _delegates.UnionWith(procedure.Delegates.Select(static d => d.Target));
        }

        return Group(WithCycles([.. _scope.Where(IsRoot)]));
    }

    /// <summary>Of methods that only call each other each has a caller: one of them has to be a root nevertheless.</summary>
    private List<Member> WithCycles(List<Member> roots)
    {
        var reached = new HashSet<int>();
        foreach (Member root in roots)
            Reach(_lowered[root]!.Number, reached);
        foreach (Member member in _scope.Where(m => !reached.Contains(_lowered[m]!.Number)))
        {
            roots.Add(member);
            Reach(_lowered[member]!.Number, reached);
        }

        return roots;
    }

    /// <summary>True for a static method that leads to no static field that changes: whatever other methods of its type do before or after, it does the same.</summary>
    private bool IsByItself(IMethodSymbol method, int procedure)
    {
        if (!method.IsStatic)
            return false;
        var reached = new HashSet<int>();
        Reach(procedure, reached);
        return !reached.Any(number => program[number].SharesFields);
    }

    private void Reach(int procedure, HashSet<int> reached)
    {
        var open = new Stack<int>([procedure]);
        while (open.Count > 0)
        {
            int next = open.Pop();
            if (!reached.Add(next))
                continue;
            foreach (int callee in program[next].Callees.Concat(program[next].Delegates.Select(static d => d.Target)))
                open.Push(callee);
        }
    }

    /// <summary>Every method that leads to a hand-off as a root of its own: for what the roots do not reach, or have too many states to be explored.</summary>
    public IEnumerable<Root> Alone() => _scope.Select(member => _lowered[member]!.Method!).Select(method => new Root(method.ContainingType, [Entry(method)], IsLoop: false));

    private void Include(Member member)
    {
        if (_inScope.Add(member))
            _scope.Add(member);
    }

    /// <summary>The members whose code runs this one: those that name it, once it is seen that they mean it.</summary>
    private void IncludeCallers(Member callee)
    {
        int number = _lowered[callee]!.Number;
        foreach (Member member in NamesOf(callee).SelectMany(program.Index.Mentioning).Distinct())
        {
            if (Lower(member) is not { } procedure || !WithNested(procedure).Any(p => Calls(p, number) || p.Delegates.Exists(d => d.Target == number)))
                continue;
            Include(member);
            if (member != callee && WithNested(procedure).Any(p => Calls(p, number)))
                _called.Add(number);
        }
    }

    private bool Calls(LoweredProcedure procedure, int number) =>
        procedure.Callees.Contains(number) || procedure.Callees.Any(c => program[c] is { Method: null } between && between.Callees.Contains(number));

    private static IEnumerable<string> NamesOf(Member member)
    {
        if (member.Name.Length > 0)
            yield return member.Name;
        if (member.Declaration is ConstructorDeclarationSyntax)
            yield return MemberIndex.ImplicitCreation;
        if (member.Name is "Dispose" or "DisposeAsync")
            yield return MemberIndex.UsingStatement;
    }

    private LoweredProcedure? Lower(Member member)
    {
        if (_lowered.TryGetValue(member, out LoweredProcedure? known))
            return known;
        LoweredProcedure? procedure = SymbolOf(member) is { } method && program.ProcedureOf(method) is >= 0 and var number ? program[number] : null;
        if (procedure is not null)
            _members[procedure.Number] = member;
        return _lowered[member] = procedure;
    }

    private IMethodSymbol? SymbolOf(Member member)
    {
        SemanticModel model = program.ModelOf(member.Declaration.SyntaxTree);
        return member.Declaration switch
        {
            CompilationUnitSyntax => program.Compilation.GetEntryPoint(program.Cancellation) is { } main && main.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == member.Declaration.SyntaxTree) ? main : null,
            BasePropertyDeclarationSyntax property => (model.GetDeclaredSymbol(property, program.Cancellation) as IPropertySymbol)?.GetMethod,
            _ => model.GetDeclaredSymbol(member.Declaration, program.Cancellation) as IMethodSymbol,
        };
    }

    /// <summary>A method's procedure and those of the lambdas and local functions in it, and the bodies of iterators.</summary>
    private IEnumerable<LoweredProcedure> WithNested(LoweredProcedure procedure)
    {
        var seen = new HashSet<int> { procedure.Number };
        var open = new Stack<LoweredProcedure>([procedure]);
        while (open.Count > 0)
        {
            LoweredProcedure next = open.Pop();
            yield return next;
            if (next.Resumed >= 0)
                open.Push(program[next.Resumed]);
            foreach (int number in next.Callees.Concat(next.Delegates.Select(static d => d.Target)))
            {
                if (program.IsNested(number) && seen.Add(number))
                    open.Push(program[number]);
            }
        }
    }

    private bool IsRoot(Member member)
    {
        LoweredProcedure procedure = _lowered[member]!;
        return !_called.Contains(procedure.Number) || _delegates.Contains(procedure.Number) || Visibility.CallersAreUnknown(procedure.Method!);
    }

    private IReadOnlyList<Root> Group(List<Member> members)
    {
        var roots = new List<Root>();
        var done = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (Member member in members)
        {
            IMethodSymbol method = _lowered[member]!.Method!;
            if (!method.IsStatic && method.ContainingType.IsAbstract && Derived(method.ContainingType) is { Count: > 0 } derived)
            {
                foreach (INamedTypeSymbol type in derived.Where(done.Add))
                    roots.Add(new Root(type, EntryMethods(type), IsLoop: true));
                continue;
            }

            if (!HasState(method.ContainingType) || IsByItself(method, _lowered[member]!.Number))
                roots.Add(new Root(method.ContainingType, [Entry(method)], IsLoop: false));
            else if (done.Add(method.ContainingType))
                roots.Add(new Root(method.ContainingType, EntryMethods(method.ContainingType), IsLoop: true));
            foreach (INamedTypeSymbol type in Derived(method.ContainingType).Where(t => !method.IsStatic && done.Add(t)))
                roots.Add(new Root(type, EntryMethods(type), IsLoop: true));
        }

        return roots;
    }

    private List<INamedTypeSymbol> Derived(INamedTypeSymbol parent)
    {
        if (parent.IsSealed || parent.TypeKind != TypeKind.Class)
            return [];
        _derived ??= program.SourceTypes().Where(static t => !t.IsAbstract).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
            .SelectMany(static t => Bases(t).Skip(1).Select(b => (Base: b, Type: t))).ToLookup<(INamedTypeSymbol Base, INamedTypeSymbol Type), INamedTypeSymbol, INamedTypeSymbol>(static p => p.Base, static p => p.Type, SymbolEqualityComparer.Default);
        return [.. _derived[parent]];
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
            yield return at.OriginalDefinition;
    }

    /// <summary>True when only the type itself calls it and types that derive from it, all of which are here: then it is called when they call it, and not at any time.</summary>
    private static bool IsCalledHereOnly(IMethodSymbol method) => method.DeclaredAccessibility switch
    {
        Accessibility.Private or Accessibility.ProtectedAndInternal => true,
        Accessibility.Protected => !Visibility.CallersAreUnknown(method),
        _ => false,
    };

    private static bool HasState(INamedTypeSymbol type) => Bases(type).Any(t => t.Locations.Any(static l => l.IsInSource) && (t.GetMembers().OfType<IFieldSymbol>().Any(TypeShape.CanChange) || HasPrimaryParameters(t)));

    private static bool HasPrimaryParameters(INamedTypeSymbol type) =>
        type.InstanceConstructors.Any(static c => c.Parameters.Length > 0 && c.DeclaringSyntaxReferences.Any(static r => r.GetSyntax() is TypeDeclarationSyntax));

    private EntryMethod Entry(IMethodSymbol method)
    {
        int number = program.ProcedureOf(method);
        return new EntryMethod(method, program.EntryOf(method), program.DeclarationOf(method)!, _delegates.Contains(number) || Visibility.CallersAreUnknown(method));
    }

    /// <summary>The methods of a type that others can call, and those of its own that nobody calls.</summary>
    private List<EntryMethod> EntryMethods(INamedTypeSymbol type)
    {
        var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var found = new List<(EntryMethod Method, bool InScope)>();
        foreach (IMethodSymbol method in Bases(type).SelectMany(static t => t.GetMembers()).OfType<IMethodSymbol>())
        {
            if (method.OverriddenMethod is { } below)
                overridden.Add(below.OriginalDefinition);
            if (overridden.Contains(method) || method.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor || method.IsImplicitlyDeclared)
                continue;
            if (program.ProcedureOf(method) is not (>= 0 and var number))
                continue;
            if (IsByItself(method, number))
                continue;
            bool inScope = _members.TryGetValue(number, out Member member) && _inScope.Contains(member);
            bool isRoot = inScope && IsRoot(member!);
            // A finaliser runs whenever nothing else can.
            if (isRoot || method.MethodKind == MethodKind.Destructor || !IsCalledHereOnly(method) || method.ExplicitInterfaceImplementations.Length > 0)
                found.Add((Entry(method), inScope));
        }

        return [.. found.OrderByDescending(static m => m.InScope).Take(MostMethodsOfType).Select(static m => m.Method).OrderBy(static m => m.Declaration.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(static m => m.Declaration.SpanStart)];
    }
}
