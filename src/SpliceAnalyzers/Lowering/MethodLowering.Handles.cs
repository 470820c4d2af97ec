using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Handles of the source: classes that derive from SafeHandle and say themselves how they are closed. Those of the base class library are their descriptor.</summary>
internal sealed partial class MethodLowering
{
    private static IFieldSymbol? HandleField(ITypeSymbol? type)
    {
        if (type is not { TypeKind: TypeKind.Class } || !type.Locations.Any(static l => l.IsInSource))
            return null;
        for (INamedTypeSymbol? at = type.BaseType; at is not null; at = at.BaseType)
        {
            if (at is { Name: "SafeHandle", ContainingNamespace.Name: "InteropServices" })
                return at.GetMembers("handle").OfType<IFieldSymbol>().FirstOrDefault();
        }

        return null;
    }

    /// <summary>What a native function gets for an argument: of a handle, what is in it.</summary>
    private Operand PassToNative(IArgumentOperation argument)
    {
        Operand passed = Pass(argument);
        if (argument.Parameter is { RefKind: RefKind.None } && TypeShape.IsStruct(argument.Value.Type) && TypeShape.NumberField(argument.Value.Type) is { } number)
            return new Operand(Load(passed.Value, TypeShape.WidthOf(number.Type)));
        return HandleField(WithoutConversions(argument.Value)?.Type) is { } field ? new Operand(Load(Expression.Add(passed.Value, Expression.Constant(TypeShape.OffsetOf(field))), 8)) : passed;
    }

    /// <summary>What MemoryManager does with the methods that a class of the source overrides: its memory is its span, and it is disposed of as that says.</summary>
    private Operand? UseMemoryManager(IOperation call, IMethodSymbol target, Expression manager, IOperation instance)
    {
        if (target.ContainingType is not { Name: "MemoryManager" or "IMemoryOwner" or "IDisposable" } || !BufferCatalogue.IsSystem(target.ContainingNamespace)
            || ManagerOf(WithoutConversions(instance)?.Type) is not { } type)
            return null;
        IMethodSymbol? overridden = target.Name switch
        {
            "get_Memory" => type.GetMembers("GetSpan").OfType<IMethodSymbol>().FirstOrDefault(),
            "Dispose" => type.GetMembers("Dispose").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.Length == 1),
            _ => null,
        };
        return overridden is not null && program.ProcedureOf(overridden) is >= 0 and var procedure
            ? CallSource(call, overridden, procedure, overridden.Parameters.IsEmpty ? [manager] : [manager, Expression.Constant(1), Expression.Unknown], [])
            : null;
    }

    /// <summary>The class of the source that is the memory's manager; where it is known as an owner only, the only one there is.</summary>
    private INamedTypeSymbol? ManagerOf(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Class } known)
            return known.Locations.Any(static l => l.IsInSource) && known.BaseType is { Name: "MemoryManager" } ? known : null;
        return type is INamedTypeSymbol { Name: "IMemoryOwner" or "MemoryManager" } abstraction && program.SourceTypes(abstraction.OriginalDefinition) is [var only] && only.BaseType is { Name: "MemoryManager" } ? only : null;
    }

    /// <summary>A call of what SafeHandle declares, on a handle of the source; null for all others.</summary>
    private Operand? UseHandle(IOperation call, IMethodSymbol target, Expression handle, ITypeSymbol? type, IArgumentOperation[] arguments)
    {
        if (target.ContainingType.Name is not ("SafeHandle" or "IDisposable") || HandleField(type) is not { } field)
            return null;
        Expression place = Expression.Add(handle, Expression.Constant(TypeShape.OffsetOf(field)));
        switch (target.Name)
        {
            case "SetHandle" when arguments.Length == 1:
                _code.Add(new StoreValue(-1, place, Pass(arguments[0]).Value, 8, silent: true));
                return Operand.Unknown;
            case "DangerousGetHandle":
                return new Operand(Load(place, 8));
            case "Dispose" or "Close" when field.ContainingType.GetMembers("ReleaseHandle").OfType<IMethodSymbol>().FirstOrDefault() is { } release:
                return CallDispatched(call, release, program.DispatcherOf(release, (type as INamedTypeSymbol)?.OriginalDefinition), handle, []);
            default:
                return null;
        }
    }
}
