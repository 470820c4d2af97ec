using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Lowering;

/// <summary>Whether disposing of a handle or stream closes the descriptor in it.</summary>
internal static class HandleOwnership
{
    /// <summary>True for what is known to be made over a handle that does not own its descriptor.</summary>
    public static bool IsBorrowed(IOperation handle, AssignedOnce values)
    {
        // A stream over a handle owns what the handle owns.
        for (int depth = 0; depth < 3; depth++)
        {
            if (Creation(handle, values) is not { } creation)
                return false;
            if (creation.Arguments.FirstOrDefault(static a => a.Parameter?.Name == "ownsHandle") is { } owns)
                return owns.Value.ConstantValue is { HasValue: true, Value: false };
            if (creation.Arguments.FirstOrDefault(static a => a.Parameter?.Name == "handle") is not { } inner)
                return false;
            handle = inner.Value;
        }

        return false;
    }

    private static IObjectCreationOperation? Creation(IOperation handle, AssignedOnce values)
    {
        handle = AssignedOnce.Strip(handle);
        return handle as IObjectCreationOperation ?? (values.ValueOf(handle) is { } value ? AssignedOnce.Strip(value) as IObjectCreationOperation : null);
    }
}
