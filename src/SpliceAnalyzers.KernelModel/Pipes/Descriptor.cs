using System;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Pipes;

/// <summary>What a descriptor refers to.</summary>
internal enum DescriptorKind : byte
{
    /// <summary>It was closed.</summary>
    Closed,
    /// <summary>The read end of a pipe of the program.</summary>
    ReadEnd,
    /// <summary>The write end of one.</summary>
    WriteEnd,
    /// <summary>A pipe opened for reading and writing at once, which only opening it by a name gives.</summary>
    BothEnds,
    /// <summary>Opened with O_PATH: it names a pipe or a file, and can be duplicated, opened again and closed; all else is EBADF.</summary>
    Path,
    /// <summary>A file (or what was opened by a path and may be one): its pages are a region.</summary>
    File,
    /// <summary>/dev/null.</summary>
    Null,
    /// <summary>An end of a connection inside the program: a queue in, a queue out.</summary>
    Socket,
    /// <summary>A datagram socket whose other end is outside: what is spliced into it is copied (KERNEL.md rule 16).</summary>
    OutsideDatagram,
    /// <summary>A socket whose other end is outside and gets references.</summary>
    OutsideStream,
}

/// <summary>How a file was opened.</summary>
[Flags]
internal enum OpenFlags : byte
{
    None = 0,
    /// <summary>O_NONBLOCK.</summary>
    NonBlocking = 1,
    /// <summary>O_APPEND.</summary>
    Append = 2,
    /// <summary>O_DIRECT.</summary>
    Direct = 4,
    /// <summary>Not O_WRONLY.</summary>
    Readable = 8,
    /// <summary>Not O_RDONLY.</summary>
    Writable = 16,
    /// <summary>A pipe that was opened by a name, as a FIFO is: it knows no transfer that must not wait.</summary>
    ByName = 32,
}

/// <summary>An entry of the descriptor table.</summary>
internal struct Descriptor
{
    public DescriptorKind Kind;
    public OpenFlags Flags;

    /// <summary>The number of the pipe, or of the queue that a socket receives from; -1 for others.</summary>
    public int Pipe;

    /// <summary>The number of the queue that a socket sends into; -1 for others.</summary>
    public int Outgoing;

    /// <summary>The region that is the file; -1 for others.</summary>
    public int File;

    /// <summary>Where in the file the next read or write happens.</summary>
    public Value Position;

    /// <summary>The first descriptor of the same open file: duplicates share the position.</summary>
    public int First;

    public readonly bool IsReadEnd => Kind is DescriptorKind.ReadEnd or DescriptorKind.BothEnds;

    public readonly bool IsWriteEnd => Kind is DescriptorKind.WriteEnd or DescriptorKind.BothEnds;

    public static Descriptor Of(DescriptorKind kind) => new() { Kind = kind, Pipe = -1, Outgoing = -1, File = -1 };
}
