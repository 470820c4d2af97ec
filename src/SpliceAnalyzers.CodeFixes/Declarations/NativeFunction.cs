namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>A function of libc that copies, and so can stand where vmsplice stood.</summary>
internal sealed record NativeFunction(string EntryPoint, string Summary)
{
    public const string Vmsplice = "vmsplice";

    /// <summary>Offset given to pwritev2 to write at the descriptor's own position, as writev does.</summary>
    public const string CurrentPosition = "-1";

    /// <summary>Flag of pwritev2: fail with EAGAIN instead of waiting.</summary>
    public const int NoWait = Interop.NativeSignatures.NoWait;

    public static NativeFunction Write { get; } = new("write", "write(2): the bytes are copied before it returns.");

    public static NativeFunction Writev { get; } = new("writev", "writev(2): the segments are copied before it returns.");

    public static NativeFunction Pwritev2 { get; } = new("pwritev2", "pwritev2(2): the segments are copied before it returns; RWF_NOWAIT (8) fails instead of waiting.");

    public static NativeFunction Readv { get; } = new("readv", "readv(2): the bytes are copied out of the pipe.");

    public static NativeFunction Preadv2 { get; } = new("preadv2", "preadv2(2): the bytes are copied out of the pipe; RWF_NOWAIT (8) fails instead of waiting.");

    /// <summary>True for the functions whose parameters are vmsplice's with an offset before the flags.</summary>
    public bool HasOffset => this == Pwritev2 || this == Preadv2;

    /// <summary>The name in the style of the declaration beside it: VmSplice gives WriteV, sys_vmsplice gives sys_writev.</summary>
    public string NameLike(string vmspliceName)
    {
        int at = vmspliceName.IndexOf(Vmsplice, System.StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return char.IsUpper(vmspliceName[0]) ? Pascal(secondWordUpper: false) : EntryPoint;

        string found = vmspliceName.Substring(at, Vmsplice.Length);
        return vmspliceName.Substring(0, at) + InCaseOf(found) + vmspliceName.Substring(at + Vmsplice.Length);
    }

    private string InCaseOf(string vmsplice)
    {
        if (vmsplice == vmsplice.ToUpperInvariant())
            return EntryPoint.ToUpperInvariant();
        return char.IsUpper(vmsplice[0]) ? Pascal(secondWordUpper: char.IsUpper(vmsplice[2])) : EntryPoint;
    }

    /// <summary>Writev, or WriteV where the vmsplice beside it is written VmSplice.</summary>
    private string Pascal(bool secondWordUpper)
    {
        string name = char.ToUpperInvariant(EntryPoint[0]) + EntryPoint.Substring(1);
        return secondWordUpper ? name.Replace("write", "Write").Replace("read", "Read").Replace("ritev", "riteV").Replace("eadv", "eadV") : name;
    }
}
