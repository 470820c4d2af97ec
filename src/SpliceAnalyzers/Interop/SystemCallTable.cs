using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Interop;

/// <summary>A native function as a system call of the model.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Arguments">Where the model's arguments are among the function's; past the last one means 0.</param>
/// <param name="Buffer">The function's argument that messages name; -1 where none is.</param>
/// <param name="Path">The function's argument that is a file's name; -1 where none is.</param>
internal sealed record SystemCallRow(SystemCallKind Kind, int[] Arguments, int Buffer = -1, int Path = -1);

/// <summary>The libc functions that are one system call of the model; arguments are those of the manual page, in its order.</summary>
internal static class SystemCallTable
{
    private static readonly SystemCallRow
        Open = new(SystemCallKind.Open, [0, 1], Path: 0), OpenAt = new(SystemCallKind.Open, [1, 2], Path: 1), OpenNull = new(SystemCallKind.OpenNull, []),
        MapAll = new(SystemCallKind.Mmap, [0, 1, 2, 3, 4, 5]), Pwrite = new(SystemCallKind.Pwrite, [0, 1, 2, 3]), Pread = new(SystemCallKind.Pread, [0, 1, 2, 3], Buffer: 1),
        Seek = new(SystemCallKind.Lseek, [0, 1, 2]), Truncate = new(SystemCallKind.Ftruncate, [0, 1]), Allocate = new(SystemCallKind.Fallocate, [0, 1, 2, 3]),
        Send = new(SystemCallKind.Sendfile, [0, 1, 2, 3]);

    private static readonly Dictionary<string, SystemCallRow> Calls = new()
    {
        ["vmsplice"] = new(SystemCallKind.Vmsplice, [0, 1, 2, 3]),
        ["write"] = new(SystemCallKind.Write, [0, 1, 2]),
        ["writev"] = new(SystemCallKind.Writev, [0, 1, 2]),
        ["pwritev"] = new(SystemCallKind.Pwritev, [0, 1, 2, 3]),
        ["pwritev2"] = new(SystemCallKind.Pwritev, [0, 1, 2, 3]),
        ["read"] = new(SystemCallKind.Read, [0, 1, 2], Buffer: 1),
        ["readv"] = new(SystemCallKind.Readv, [0, 1, 2], Buffer: 1),
        ["splice"] = new(SystemCallKind.Splice, [0, 1, 2, 3, 4, 5]),
        ["tee"] = new(SystemCallKind.Tee, [0, 1, 2, 3]),
        ["sendfile"] = Send, ["sendfile64"] = Send,
        ["pipe"] = new(SystemCallKind.Pipe, [0, 1]),
        ["pipe2"] = new(SystemCallKind.Pipe, [0, 1]),
        ["close"] = new(SystemCallKind.Close, [0]),
        ["dup"] = new(SystemCallKind.Dup, [0]),
        ["mmap"] = MapAll, ["mmap64"] = MapAll,
        ["munmap"] = new(SystemCallKind.Munmap, [0, 1]),
        ["madvise"] = new(SystemCallKind.Madvise, [0, 1, 2]),
        ["mremap"] = new(SystemCallKind.Mremap, [0, 1, 2, 3]),
        ["mprotect"] = new(SystemCallKind.Mprotect, [0, 1, 2]),
        ["open"] = Open, ["open64"] = Open, ["openat"] = OpenAt, ["openat64"] = OpenAt,
        ["memfd_create"] = new(SystemCallKind.MemfdCreate, []),
        ["lseek"] = Seek, ["lseek64"] = Seek,
        ["pwrite"] = Pwrite, ["pwrite64"] = Pwrite,
        ["pread"] = Pread, ["pread64"] = Pread,
        ["ftruncate"] = Truncate, ["ftruncate64"] = Truncate,
        ["fallocate"] = Allocate, ["fallocate64"] = Allocate,
        ["socket"] = new(SystemCallKind.Socket, [0, 1]),
        ["socketpair"] = new(SystemCallKind.SocketPair, [0, 1, 3]),
        ["fork"] = new(SystemCallKind.Fork, []),
    };

    private static readonly SystemCallRow SetPipeSize = new(SystemCallKind.SetPipeSize, [0, 2]), GetPipeSize = new(SystemCallKind.GetPipeSize, [0]);

    /// <summary>The system call behind a native call; null when it is none that the model knows.</summary>
    public static SystemCallRow? Find(NativeCall call)
    {
        string function = call.Signature?.Name ?? call.Function;
        if (function == "fcntl")
        {
            return NativeConstant.Of(call.Argument(NativeRole.Command)) switch
            {
                NativeSignatures.SetPipeSize => SetPipeSize,
                NativeSignatures.GetPipeSize => GetPipeSize,
                _ => null,
            };
        }

        if (!Calls.TryGetValue(function, out SystemCallRow row))
            return null;
        return row.Kind == SystemCallKind.Open && row.Path < call.Arguments.Length && call.Arguments[row.Path].Value.ConstantValue is { HasValue: true, Value: "/dev/null" } ? OpenNull : row;
    }
}
