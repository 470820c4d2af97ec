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
    /// <summary>A file, a splice into which copies (KERNEL.md rule 15).</summary>
    CopyingFile,
}

/// <summary>An entry of the descriptor table.</summary>
internal struct Descriptor
{
    public DescriptorKind Kind;

    /// <summary>The pipe's number; -1 for a file.</summary>
    public int Pipe;
}
