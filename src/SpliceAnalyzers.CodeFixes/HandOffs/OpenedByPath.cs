using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>
/// Whether a call's descriptor was opened by a path in the same method. What vmsplice accepts of such descriptors are named FIFOs, and
/// those answer RWF_NOWAIT with EOPNOTSUPP.
/// </summary>
internal static class OpenedByPath
{
    private const int MaxDepth = 8;

    public static bool Is(HandOff handOff, CancellationToken cancellationToken)
    {
        Compilation compilation = handOff.Model.Compilation;
        return Is(handOff.Argument(VmspliceParameter.Descriptor), new AssignedOnce(compilation, cancellationToken), new NativeCalls(compilation, cancellationToken), MaxDepth);
    }

    private static bool Is(IOperation descriptor, AssignedOnce values, NativeCalls calls, int depth)
    {
        if (depth == 0)
            return false;
        IOperation value = AssignedOnce.Strip(descriptor);
        return value switch
        {
            ILocalReferenceOperation local => values.ValuesOf(local)?.Any(assigned => Is(assigned, values, calls, depth - 1)) == true,
            IInvocationOperation { Instance: { } handle, TargetMethod.Name: "DangerousGetHandle" or "ToInt32" or "ToInt64" } => Is(handle, values, calls, depth - 1),
            IPropertyReferenceOperation { Instance: { } stream, Property.Name: "SafeFileHandle" } => Is(stream, values, calls, depth - 1),
            IInvocationOperation { TargetMethod: { ContainingType.Name: "File" or "FileInfo", Name: "Open" or "OpenHandle" or "OpenRead" or "OpenWrite" or "Create" } } => true,
            IObjectCreationOperation { Type.Name: "FileStream", Arguments: [{ Parameter.Type.SpecialType: SpecialType.System_String }, ..] } => true,
            IObjectCreationOperation { Type.Name: "SafeFileHandle", Arguments: [var first, ..] } => Is(first, values, calls, depth - 1),
            IInvocationOperation call when calls.Resolve(call) is { } native => IsNative(native, values, calls, depth),
            _ => false,
        };
    }

    private static bool IsNative(NativeCall call, AssignedOnce values, NativeCalls calls, int depth) => call.Function switch
    {
        "open" or "open64" or "openat" or "openat64" => true,
        "dup" => Is(call.Arguments[0].Value, values, calls, depth - 1),
        _ => false,
    };
}
