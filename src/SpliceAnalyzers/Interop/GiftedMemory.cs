using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Interop;

/// <summary>What kind of memory a segment is, as far as its own lines tell.</summary>
internal enum GiftedMemoryKind
{
    Unknown,
    Stack,
    /// <summary>An array or object that is fixed or pinned.</summary>
    Collected,
    /// <summary>From malloc, NativeMemory or Marshal.</summary>
    Allocated,
    /// <summary>The length is known to be no number of whole pages.</summary>
    Unaligned,
}

/// <summary>Looks at what the call's segment is filled with. For a message only: nothing is decided by it.</summary>
internal sealed class GiftedMemory(Compilation compilation, CancellationToken cancellation)
{
    private readonly AssignedOnce _values = new(compilation, cancellation);

    public GiftedMemoryKind Of(NativeCall call)
    {
        if (call.Argument(NativeRole.Segments) is not { } segments)
            return GiftedMemoryKind.Unknown;
        GiftedMemoryKind known = GiftedMemoryKind.Unknown;
        foreach (IOperation value in MemberValues(segments.Syntax))
        {
            GiftedMemoryKind kind = KindOf(value);
            if (known == GiftedMemoryKind.Unknown || kind is not (GiftedMemoryKind.Unknown or GiftedMemoryKind.Unaligned))
                known = kind;
        }

        return known;
    }

    /// <summary>What is assigned to members of the variable that the argument names, and of structures created in it.</summary>
    private IEnumerable<IOperation> MemberValues(SyntaxNode segments)
    {
        string[] names = [.. segments.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText)];
        SyntaxNode? member = segments.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
        foreach (AssignmentExpressionSyntax assignment in member?.DescendantNodes().OfType<AssignmentExpressionSyntax>() ?? [])
        {
            bool isOfSegment = assignment.Parent is InitializerExpressionSyntax initializer ? IsIn(initializer, names)
                : assignment.Left is MemberAccessExpressionSyntax access && access.Expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText));
            if (isOfSegment && _values.OperationOf(assignment.Right) is { } value)
                yield return value;
        }
    }

    private static bool IsIn(InitializerExpressionSyntax initializer, string[] names) =>
        initializer.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } declarator && names.Contains(declarator.Identifier.ValueText);

    private GiftedMemoryKind KindOf(IOperation value)
    {
        IOperation inner = AssignedOnce.Strip(value);
        if (inner is ILocalReferenceOperation { Local: { IsFixed: true } })
            return GiftedMemoryKind.Collected;
        if (NativeConstant.Of(inner) is { } length)
            return length % PageSize.Bytes != 0 ? GiftedMemoryKind.Unaligned : GiftedMemoryKind.Unknown;
        if (inner is ILocalReferenceOperation or IFieldReferenceOperation && _values.ValueOf(inner) is { } assigned)
            inner = AssignedOnce.Strip(assigned);
        return inner switch
        {
            IAddressOfOperation => GiftedMemoryKind.Stack,
            { Syntax: StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax } => GiftedMemoryKind.Stack,
            IInvocationOperation call => OfCall(call),
            _ => GiftedMemoryKind.Unknown,
        };
    }

    private static GiftedMemoryKind OfCall(IInvocationOperation call)
    {
        Effect? effect = NativeFunction.NameOf(call.TargetMethod) is { } name ? BufferCatalogue.OfLibc(name) : BufferCatalogue.OfLibrary(call.TargetMethod, null);
        if (call.TargetMethod.Name is "AddrOfPinnedObject" or "UnsafeAddrOfPinnedArrayElement" or "GetPinnableReference" or "GetReference")
            return GiftedMemoryKind.Collected;
        return effect is { Kind: EffectKind.Allocate or EffectKind.Reallocate, Region: RegionKind.Native } ? GiftedMemoryKind.Allocated : GiftedMemoryKind.Unknown;
    }
}
