using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>How a call reaches the C library.</summary>
internal enum NativeCallKind
{
    /// <summary>Through a DllImport or LibraryImport method.</summary>
    Import,
    /// <summary>Through a pointer to the function.</summary>
    FunctionPointer,
    /// <summary>Through a delegate.</summary>
    Delegate,
}

/// <summary>A call of a function of the C library, or of the kernel by the number of the system call.</summary>
/// <param name="Call">The call as the source has it.</param>
/// <param name="Function">The function's name: "vmsplice", also where the call is syscall(278, ...).</param>
/// <param name="Arguments">In the order of the manual page, without the number of a raw system call.</param>
/// <param name="Kind">How it is called.</param>
/// <param name="Method">The imported method, the delegate's Invoke, or the function pointer's signature.</param>
internal sealed record NativeCall(IOperation Call, string Function, ImmutableArray<IArgumentOperation> Arguments, NativeCallKind Kind, IMethodSymbol Method)
{
    /// <summary>The row of the function in the table; null for functions that are only known by name.</summary>
    public NativeSignature? Signature { get; } = NativeSignatures.Find(Function);

    /// <summary>What was found out about the number, where the call is a raw system call.</summary>
    public SystemCallNumber? Number { get; init; }

    /// <summary>What is passed for the role; null where nothing is, or the function has no such parameter.</summary>
    public IArgumentOperation? Argument(NativeRole role) =>
        Signature?.IndexOf(role) is >= 0 and var index && index < Arguments.Length ? Arguments[index] : null;
}
