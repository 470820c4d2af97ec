using System;
using System.Runtime.InteropServices;

namespace SpliceAnalyzers.Tool.Replay;

/// <summary>This system does not do what a witness needs.</summary>
internal sealed class KernelRefusalException : Exception
{
    private const int NotPermitted = 1, NoSuchCall = 38;

    public KernelRefusalException(string message) : base(message) { }

    /// <summary>A system call failed.</summary>
    public KernelRefusalException(string call, int error) : base(Describe(call, error)) { }

    private static string Describe(string call, int error) => error switch
    {
        NotPermitted => $"{call} is forbidden here (EPERM), as by the seccomp profile of a container. Run it outside of that, or replay in the model, without --real.",
        NoSuchCall => $"{call} is not there (ENOSYS): a sandbox hides it, or this is not the Linux kernel. Run it elsewhere, or replay in the model, without --real.",
        _ => $"{call} failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}). Replay in the model, without --real.",
    };
}
