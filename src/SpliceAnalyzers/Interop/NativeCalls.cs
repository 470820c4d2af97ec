using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>
/// Which call is which native function: by import, by pointer, by delegate, by system call number. The one answer to that question, for
/// rules, lowering and fixes. Takes operations of the operation tree and of the control flow graph alike.
/// </summary>
internal sealed class NativeCalls
{
    /// <summary>What was found out of a method or variable holds for the whole compilation, whoever asks.</summary>
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<ISymbol, string?>> KnownNames = new();

    private readonly ConcurrentDictionary<ISymbol, string?> _names;
    private readonly AssignedOnce _values;
    private readonly FunctionOrigins _origins;
    private readonly SystemCallNumbering _numbers;

    public NativeCalls(Compilation compilation, CancellationToken cancellation)
    {
        _names = KnownNames.GetValue(compilation, static _ => new ConcurrentDictionary<ISymbol, string?>(SymbolEqualityComparer.Default));
        _values = new AssignedOnce(compilation, cancellation);
        _origins = new FunctionOrigins(_values);
        _numbers = new SystemCallNumbering(_values, new ArchitectureChecks(_values));
    }

    /// <summary>The native call that the operation is; null for every other operation.</summary>
    public NativeCall? Resolve(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.DelegateInvoke } invoke } call =>
            OfVariable(call, call.Arguments, NativeCallKind.Delegate, invoke),
        IInvocationOperation call when NameOf(call.TargetMethod) is { } name => Make(call, name, call.Arguments, NativeCallKind.Import, call.TargetMethod),
        IFunctionPointerInvocationOperation { Target.Type: IFunctionPointerTypeSymbol pointer } call =>
            OfVariable(call, call.Arguments, NativeCallKind.FunctionPointer, pointer.Signature),
        _ => null,
    };

    private string? NameOf(IMethodSymbol method) =>
        method.IsStatic && (method.IsExtern || method.IsPartialDefinition || method.PartialDefinitionPart is not null || method.Locations.All(location => location.IsInMetadata))
            ? _names.GetOrAdd(method, static symbol => NativeFunction.NameOf((IMethodSymbol)symbol))
            : null;

    /// <summary>What is called is found by syntax: the control flow graph may have put the variable into a temporary.</summary>
    private NativeCall? OfVariable(IOperation call, ImmutableArray<IArgumentOperation> arguments, NativeCallKind kind, IMethodSymbol method)
    {
        if (call.Syntax is not InvocationExpressionSyntax { Expression: var written })
            return null;
        ExpressionSyntax callee = written is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Expression: var inner } && kind == NativeCallKind.Delegate ? inner : written;
        if (_values.OperationOf(callee) is not { } target)
            return null;
        ISymbol? variable = target switch
        {
            IFieldReferenceOperation field => field.Field,
            ILocalReferenceOperation local => local.Local,
            IPropertyReferenceOperation property => property.Property,
            _ => null,
        };
        string? name = variable is null ? _origins.NameOf(target) : _names.GetOrAdd(variable, _ => _origins.NameOf(target));
        return name is null ? null : Make(call, name, arguments, kind, method);
    }

    private NativeCall? Make(IOperation call, string name, ImmutableArray<IArgumentOperation> arguments, NativeCallKind kind, IMethodSymbol method)
    {
        ImmutableArray<IArgumentOperation> ordered = arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0).ToImmutableArray();
        if (name != NativeSignatures.SystemCall.Name)
            return new NativeCall(call, name, ordered, kind, method);
        if (ordered.Length == 0 || _numbers.Find(call, ordered[0], ordered.Length - 1) is not var (signature, number))
            return null;
        return new NativeCall(call, signature.Name, ordered.Skip(1).Take(signature.Parameters.Count).ToImmutableArray(), kind, method) { Number = number };
    }
}
