using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>The SafeFileHandle whose descriptor a call passes.</summary>
/// <param name="Expression">The handle.</param>
/// <param name="Descriptor">The local that the descriptor was put into first.</param>
internal sealed record DescriptorHandle(ExpressionSyntax Expression, ILocalSymbol? Descriptor)
{
    /// <summary>Null where the descriptor does not visibly come from a handle that the call can name.</summary>
    public static DescriptorHandle? Of(HandOff handOff)
    {
        IOperation passed = handOff.Argument(VmspliceParameter.Descriptor).Value;
        if (Handle(passed) is { } written)
            return new DescriptorHandle(written, Descriptor: null);
        if (AssignedOnce.Strip(passed) is not ILocalReferenceOperation { Local: var local }
            || LocalUses.OnlyValue(local, handOff.Model) is not { } value
            || handOff.Model.GetOperation(value) is not { } operation)
        {
            return null;
        }

        return Handle(operation) is { } handle && IsSameAt(handle, handOff) ? new DescriptorHandle(handle, local) : null;
    }

    private static ExpressionSyntax? Handle(IOperation value) => AssignedOnce.Strip(value) switch
    {
        IInvocationOperation { Instance: { } pointer, TargetMethod.Name: "ToInt32" or "ToInt64" } => Handle(pointer),
        IInvocationOperation { Instance: { } handle, TargetMethod.Name: "DangerousGetHandle" } => Handle(handle),
        { Syntax: ExpressionSyntax syntax, Type: { } type } when IsFileHandle(type) => syntax,
        _ => null,
    };

    private static bool IsFileHandle(ITypeSymbol type) =>
        type.Name == "SafeFileHandle" && type.ContainingNamespace.ToDisplayString() == "Microsoft.Win32.SafeHandles";

    /// <summary>True if the expression has one value from where it stands to the call.</summary>
    private static bool IsSameAt(ExpressionSyntax handle, HandOff handOff) => handle switch
    {
        IdentifierNameSyntax name => handOff.Model.GetSymbolInfo(name).Symbol is { } symbol && IsFixed(symbol, handOff),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => IsSameAt(name, handOff),
        MemberAccessExpressionSyntax { Expression: { } stream, Name.Identifier.ValueText: "SafeFileHandle" } => IsSameAt(stream, handOff),
        _ => false,
    };

    private static bool IsFixed(ISymbol symbol, HandOff handOff) => symbol switch
    {
        IFieldSymbol field => field.IsReadOnly,
        ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None } =>
            handOff.Model.LookupSymbols(handOff.Position, name: symbol.Name).Contains(symbol, SymbolEqualityComparer.Default)
            && !LocalUses.Of(symbol, handOff.Syntax, handOff.Model).Any(LocalUses.MayChange),
        _ => false,
    };
}
