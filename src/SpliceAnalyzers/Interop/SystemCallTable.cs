using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Interop;

/// <summary>The libc functions that are one system call of the model; arguments are those of the manual page, in its order.</summary>
internal static class SystemCallTable
{
    private static readonly Dictionary<string, SystemCallKind> Calls = new()
    {
        ["vmsplice"] = SystemCallKind.Vmsplice,
        ["write"] = SystemCallKind.Write,
        ["writev"] = SystemCallKind.Writev,
        ["pwritev2"] = SystemCallKind.Writev,
        ["read"] = SystemCallKind.Read,
        ["readv"] = SystemCallKind.Readv,
        ["splice"] = SystemCallKind.Splice,
        ["tee"] = SystemCallKind.Tee,
        ["sendfile"] = SystemCallKind.Sendfile,
        ["pipe"] = SystemCallKind.Pipe,
        ["pipe2"] = SystemCallKind.Pipe,
        ["close"] = SystemCallKind.Close,
        ["memfd_create"] = SystemCallKind.OpenCopyingTarget,
    };

    /// <summary>How many arguments the model wants; more (flags) are dropped.</summary>
    private static readonly Dictionary<SystemCallKind, int> Arity = new()
    {
        [SystemCallKind.Vmsplice] = 4, [SystemCallKind.Write] = 3, [SystemCallKind.Writev] = 3, [SystemCallKind.Read] = 3, [SystemCallKind.Readv] = 3,
        [SystemCallKind.Splice] = 6, [SystemCallKind.Tee] = 4, [SystemCallKind.Sendfile] = 4, [SystemCallKind.Pipe] = 1, [SystemCallKind.Close] = 1,
        [SystemCallKind.OpenCopyingTarget] = 0,
    };

    /// <summary>The system call behind a native call, and how many arguments of it the model takes; null when it is none that the model knows.</summary>
    public static (SystemCallKind Kind, int Arguments)? Find(NativeCall call)
    {
        string function = call.Signature?.Name ?? call.Function;
        if (function == "fcntl")
        {
            return NativeConstant.Of(call.Argument(NativeRole.Command)) switch
            {
                NativeSignatures.SetPipeSize => (SystemCallKind.SetPipeSize, 2),
                NativeSignatures.GetPipeSize => (SystemCallKind.GetPipeSize, 1),
                _ => null,
            };
        }

        return Calls.TryGetValue(function, out SystemCallKind kind) ? (kind, Arity[kind]) : null;
    }
}
