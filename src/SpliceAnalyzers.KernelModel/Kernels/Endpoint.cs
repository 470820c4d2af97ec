using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>What a descriptor argument turned out to be.</summary>
internal enum EndpointKind
{
    /// <summary>No open descriptor (EBADF).</summary>
    Bad,
    /// <summary>The read end of a pipe.</summary>
    ReadEnd,
    /// <summary>The write end of a pipe.</summary>
    WriteEnd,
    /// <summary>A pipe opened for reading and writing: vmsplice takes it for a write end.</summary>
    BothEnds,
    /// <summary>A file.</summary>
    File,
    /// <summary>What was opened by a path, and may be a file, a FIFO or a device; a pipe, if one is given, is how much of it can be followed.</summary>
    Named,
    /// <summary>/dev/null.</summary>
    Null,
    /// <summary>A connection inside the program.</summary>
    Socket,
    /// <summary>A datagram socket whose other end is outside.</summary>
    OutsideDatagram,
    /// <summary>Something that was there before the program, or is outside; a pipe, if one is given, is how much of it can be followed.</summary>
    Foreign,
}

/// <summary>A descriptor argument with what it refers to.</summary>
internal struct Endpoint
{
    public EndpointKind Kind;

    /// <summary>The number in the descriptor table; -1 where it is not in it.</summary>
    public int Descriptor;

    public OpenFlags Flags;

    /// <summary>What bytes are taken from; null where nothing can be followed.</summary>
    public Pipe? Input;

    /// <summary>What bytes go into; null where nothing can be followed.</summary>
    public Pipe? Output;

    /// <summary>The region that is the file; -1 where none is known.</summary>
    public int File;

    /// <summary>The value that names a descriptor from outside; the integer 0 where nothing does.</summary>
    public Value Name;

    /// <summary>Where in the file the next read or write happens.</summary>
    public Value Position;

    public readonly bool IsPipeEnd => Kind is EndpointKind.ReadEnd or EndpointKind.WriteEnd or EndpointKind.BothEnds;

    public readonly bool IsNonBlocking => (Flags & OpenFlags.NonBlocking) != 0;

    /// <summary>True when read can work; what is outside may be anything.</summary>
    public readonly bool CanRead => Kind switch
    {
        EndpointKind.Bad or EndpointKind.WriteEnd => false,
        EndpointKind.File or EndpointKind.Named or EndpointKind.Null => (Flags & OpenFlags.Readable) != 0,
        _ => true,
    };

    /// <summary>True when write can work.</summary>
    public readonly bool CanWrite => Kind switch
    {
        EndpointKind.Bad or EndpointKind.ReadEnd => false,
        EndpointKind.File or EndpointKind.Named or EndpointKind.Null => (Flags & OpenFlags.Writable) != 0,
        _ => true,
    };

    /// <summary>True when it may be the end of a pipe, so that vmsplice and tee can work.</summary>
    public readonly bool MayBePipe => IsPipeEnd || Kind is EndpointKind.Foreign or EndpointKind.Named;

    /// <summary>True when what happens to it happens to the pages of a file, if it is one.</summary>
    public readonly bool HasPages => Kind is EndpointKind.File or EndpointKind.Named;

    /// <summary>True for what vmsplice copies out of.</summary>
    public readonly bool IsOnlyRead => Kind == EndpointKind.ReadEnd || (Kind == EndpointKind.Named && (Flags & OpenFlags.Writable) == 0);
}
