using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Lowering;

/// <summary>
/// Calls whose target is known only when the program runs: virtual methods and delegates. Such a procedure returns a third value: 1 when it
/// found a target, 0 when the caller has to take the call for one to unknown code.
/// </summary>
internal sealed class Dispatch(CompilationLowering program, LoweredProcedure procedure)
{
    /// <summary>Where objects carry their type's number: in front of their fields.</summary>
    public const long TypeIdOffset = -16;

    /// <summary>More implementations than this are not told apart.</summary>
    private const int MostTargets = 16;

    private readonly CodeBuilder _code = new();

    /// <summary>
    /// A chain of comparisons with the receiver's type, over those that derive from <paramref name="receiver"/>. Where it is not known, the only
    /// implementation there is, or nothing.
    /// </summary>
    public void LowerVirtual(IMethodSymbol method, INamedTypeSymbol? receiver)
    {
        int parameters = 2 + 2 * method.Parameters.Length;
        for (int i = 0; i < parameters; i++)
            _code.NewRegister();
        var targets = Implementations(method, receiver).Take(MostTargets).ToList();
        int id = _code.NewRegister();
        _code.Add(new Load(-1, id, Expression.Add(Expression.Register(1), Expression.Constant(TypeIdOffset)), 8, Missing.OneOf(Expression.Zero)));
        // An object from elsewhere carries 0, which is no type's number.
        procedure.Callees.UnionWith(targets.Select(static t => t.Procedure));
        int only = targets.Select(t => t.Procedure).Distinct().Count() == 1 && !IsOpen(method) ? targets[0].Procedure : -1;
        if (only >= 0)
            CallTarget(only, parameters, 1);
        else
        {
            foreach ((INamedTypeSymbol type, int target) in targets)
            {
                int match = _code.NewLabel(), next = _code.NewLabel();
                _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, Expression.Register(id), Expression.Constant(program.TypeId(type))), match, next));
                _code.Mark(match);
                CallTarget(target, parameters, 1);
                _code.Mark(next);
            }

            _code.Add(new Return(-1, [Expression.Unknown, Expression.Unknown, Expression.Zero]));
        }

        procedure.Code = _code.Build(procedure.Name, parameters);
    }

    /// <summary>
    /// A chain of comparisons with the delegate's target, over the delegates that the program makes; or with what an iterator's object resumes. These
    /// differ from program to program, so that they are no callees of the invoker.
    /// </summary>
    public static Procedure LowerInvoker(LoweredProcedure invoker, IMethodSymbol invoke, IEnumerable<LoweredProcedure> reached)
    {
        IEnumerable<(int Target, bool IsBound)> targets = reached.SelectMany(static p => p.Delegates)
            .Where(d => SymbolEqualityComparer.Default.Equals(d.Delegate, invoke.ContainingType.OriginalDefinition)).Select(static d => (d.Target, d.IsBound)).Distinct();
        var dispatch = new Dispatch(null!, invoker);
        CodeBuilder code = dispatch._code;
        int parameters = 2 + 2 * invoke.Parameters.Length;
        for (int i = 0; i < parameters; i++)
            code.NewRegister();
        (int target, int bound) = (code.NewRegister(), code.NewRegister());
        bool isDelegate = invoke.MethodKind == MethodKind.DelegateInvoke;
        if (isDelegate)
        {
            code.Add(new Load(-1, target, Expression.Register(1), 8));
            code.Add(new Load(-1, bound, Expression.Add(Expression.Register(1), Expression.Constant(8)), 8));
        }
        else
        {
            // What comes from elsewhere is no iterator of the source.
            code.Add(new Load(-1, target, Expression.Add(Expression.Register(1), Expression.Constant(MethodLowering.ResumeOffset)), 8, Missing.Anywhere(Expression.Zero)));
            code.Add(new Assign(-1, bound, Expression.Register(1)));
        }

        foreach ((int number, bool isBound) in targets)
        {
            int match = code.NewLabel(), next = code.NewLabel();
            code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, Expression.Register(target), Expression.Constant(number + 1)), match, next));
            code.Mark(match);
            dispatch.CallTarget(number, parameters, isBound ? bound : -1);
            code.Mark(next);
        }

        code.Add(new Return(-1, [Expression.Unknown, Expression.Unknown, Expression.Zero]));
        return code.Build(invoker.Name, parameters);
    }

    private void CallTarget(int target, int parameters, int receiver)
    {
        var arguments = new List<Expression> { Expression.Register(0) };
        if (receiver >= 0)
            arguments.Add(Expression.Register(receiver));
        for (int i = 2; i < parameters; i++)
            arguments.Add(Expression.Register(i));
        (int main, int length) = (_code.NewRegister(), _code.NewRegister());
        _code.Add(new Call(-1, target, [.. arguments], [main, length]));
        _code.Add(new Return(-1, [Expression.Register(main), Expression.Register(length), Expression.Constant(1)]));
    }

    /// <summary>Somebody outside may have implemented it too.</summary>
    private static bool IsOpen(IMethodSymbol method) => !method.ContainingType.Locations.Any(static l => l.IsInSource) || Visibility.IsVisibleOutside(method);

    /// <summary>For each class of the source, the method that a call to <paramref name="method"/> runs on its objects.</summary>
    private IEnumerable<(INamedTypeSymbol Type, int Procedure)> Implementations(IMethodSymbol method, INamedTypeSymbol? receiver)
    {
        foreach (INamedTypeSymbol type in receiver is null ? program.SourceTypes() : program.SourceTypes(receiver))
        {
            if (!type.IsAbstract && ImplementationIn(type, method) is { } implementation && program.ProcedureOf(implementation) is >= 0 and var number)
                yield return (type, number);
        }
    }

    /// <summary>The method that a call to <paramref name="method"/> runs on objects of exactly this type; null when the type has nothing to do with it.</summary>
    public static IMethodSymbol? ImplementationIn(ITypeSymbol type, IMethodSymbol method)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            INamedTypeSymbol? implemented = type.AllInterfaces.FirstOrDefault(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, method.ContainingType.OriginalDefinition));
            ISymbol? member = implemented?.GetMembers(method.Name).FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method.OriginalDefinition));
            return member is null ? null : type.FindImplementationForInterfaceMember(member) as IMethodSymbol;
        }

        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (IMethodSymbol candidate in at.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (IMethodSymbol? overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                        return candidate;
                }
            }
        }

        return null;
    }
}
