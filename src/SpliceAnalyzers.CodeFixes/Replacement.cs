namespace SpliceAnalyzers.CodeFixes;

/// <summary>What a fix puts in vmsplice's place.</summary>
internal enum Replacement
{
    /// <summary>writev, or pwritev2 where the call may ask not to be blocked. Fits every call.</summary>
    Writev,

    /// <summary>write. Fits calls that hand off one segment and do not ask not to be blocked.</summary>
    Write,

    /// <summary>readv, or preadv2 where the call may ask not to be blocked. For calls on the read end of a pipe.</summary>
    Readv,
}
