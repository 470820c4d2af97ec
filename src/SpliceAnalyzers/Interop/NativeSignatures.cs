using System.Collections.Generic;
using System.Collections.Immutable;

namespace SpliceAnalyzers.Interop;

/// <summary>The one table of native functions: rules, lowering, fixes and docs read their names, widths, flags, numbers and errors from it.</summary>
internal static class NativeSignatures
{
    public const uint Move = 1, NonBlock = 2, More = 4, Gift = 8;
    public const int SetPipeSize = 1031, GetPipeSize = 1032;

    /// <summary>UIO_MAXIOV: the most segments that one call takes.</summary>
    public const int MaxSegments = 1024;

    /// <summary>RWF_NOWAIT of preadv2 and pwritev2: fail with EAGAIN instead of waiting.</summary>
    public const int NoWait = 8;

    private const uint KnownFlags = Move | NonBlock | More | Gift;

    public static readonly ImmutableArray<NativeSignature> All = ImmutableArray.Create(
        new NativeSignature("vmsplice", NativeType.SignedSize, [Fd(), Iov(), Count("nr_segs", NativeType.Size), FlagBits()], new(278, 75, 316))
        {
            Flags = new(KnownFlags, NonBlock | Gift), IsChecked = true, NeedsLastError = true, MayTransferLess = true,
            Rejections = [(Rejection.UnknownFlags, "EINVAL"), (Rejection.NotAPipe, "EBADF"), (Rejection.TooManySegments, "EINVAL")],
        },
        new NativeSignature("splice", NativeType.SignedSize,
            [Fd("fd_in", NativeRole.Source), Offset("off_in", NativeRole.SourceOffset), Fd("fd_out", NativeRole.Target), Offset("off_out", NativeRole.TargetOffset), Length("len"), FlagBits()],
            new(275, 76, 313))
        {
            Flags = new(KnownFlags, Move | NonBlock | More), IsChecked = true, NeedsLastError = true, MayTransferLess = true,
            Rejections =
            [
                (Rejection.UnknownFlags, "EINVAL"), (Rejection.OffsetOnPipe, "ESPIPE"), (Rejection.SamePipe, "EINVAL"), (Rejection.NotAPipe, "EINVAL"),
                (Rejection.AppendTarget, "EINVAL"),
            ],
        },
        new NativeSignature("tee", NativeType.SignedSize, [Fd("fd_in", NativeRole.Source), Fd("fd_out", NativeRole.Target), Length("len"), FlagBits()], new(276, 77, 315))
        {
            Flags = new(KnownFlags, NonBlock), IsChecked = true, NeedsLastError = true, MayTransferLess = true,
            Rejections = [(Rejection.UnknownFlags, "EINVAL"), (Rejection.SamePipe, "EINVAL"), (Rejection.NotAPipe, "EINVAL")],
        },
        new NativeSignature("sendfile", NativeType.SignedSize,
            [Fd("out_fd", NativeRole.Target), Fd("in_fd", NativeRole.Source), Offset("offset", NativeRole.SourceOffset), Length("count")], new(40, 71, 187))
        {
            IsChecked = true, NeedsLastError = true, MayTransferLess = true, Rejections = [(Rejection.AppendTarget, "EINVAL")],
        },
        new NativeSignature("writev", NativeType.SignedSize, [Fd(), Iov(), Count("iovcnt", NativeType.SegmentCount)], new(20, 66, 146))
        {
            IsChecked = true, MayTransferLess = true, Rejections = [(Rejection.TooManySegments, "EINVAL")],
        },
        new NativeSignature("readv", NativeType.SignedSize, [Fd(), Iov(), Count("iovcnt", NativeType.SegmentCount)], new(19, 65, 145))
        {
            IsChecked = true, Rejections = [(Rejection.TooManySegments, "EINVAL")],
        },
        new NativeSignature("pwritev2", NativeType.SignedSize, [Fd(), Iov(), Count("iovcnt", NativeType.SegmentCount), new("offset", NativeType.Int64), Int("flags")], new(328, 287, 379))
        {
            IsChecked = true, Rejections = [(Rejection.TooManySegments, "EINVAL")],
        },
        new NativeSignature("preadv2", NativeType.SignedSize, [Fd(), Iov(), Count("iovcnt", NativeType.SegmentCount), new("offset", NativeType.Int64), Int("flags")], new(327, 286, 378))
        {
            IsChecked = true, Rejections = [(Rejection.TooManySegments, "EINVAL")],
        },
        new NativeSignature("pipe", NativeType.Int32, [Pair()], new(22, -1, 42)) { IsChecked = true },
        new NativeSignature("pipe2", NativeType.Int32, [Pair(), Int("flags")], new(293, 59, 331)) { IsChecked = true },
        new NativeSignature("fcntl", NativeType.Int32, [Fd(), new("cmd", NativeType.Int32, NativeRole.Command), new("arg", NativeType.Word, NativeRole.CommandArgument, IsOptional: true)], new(72, 25, 55))
        {
            IsChecked = true,
        },
        new NativeSignature("write", NativeType.SignedSize, [Fd(), Bytes("buf"), Length("count")], new(1, 64, 4)),
        new NativeSignature("read", NativeType.SignedSize, [Fd(), Bytes("buf"), Length("count")], new(0, 63, 3)),
        new NativeSignature("close", NativeType.Int32, [Fd()], new(3, 57, 6)),
        new NativeSignature("dup", NativeType.Int32, [Fd()], new(32, 23, 41)),
        new NativeSignature("dup2", NativeType.Int32, [Fd(), Fd("newfd", NativeRole.None)], new(33, -1, 63)),
        new NativeSignature("dup3", NativeType.Int32, [Fd(), Fd("newfd", NativeRole.None), Int("flags")], new(292, 24, 330)),
        new NativeSignature("memfd_create", NativeType.Int32, [Bytes("name"), new("flags", NativeType.UInt32)], new(319, 279, 356)));

    /// <summary>The way to a system call by its number. It takes its arguments as they come, so it is no row of the table.</summary>
    public static readonly NativeSignature SystemCall = new("syscall", NativeType.Word, [], new(-1, -1, -1)) { NeedsLastError = true };

    /// <summary>The same functions under the names that they have where off_t is 32 bits wide otherwise.</summary>
    private static readonly Dictionary<string, string> Aliases = new(System.StringComparer.Ordinal)
    {
        ["fcntl64"] = "fcntl", ["sendfile64"] = "sendfile", ["preadv64v2"] = "preadv2", ["pwritev64v2"] = "pwritev2",
    };

    private static readonly Dictionary<string, NativeSignature> ByName = Index();

    /// <summary>The row of a function; null when it has none.</summary>
    public static NativeSignature? Find(string function) =>
        ByName.TryGetValue(Aliases.TryGetValue(function, out string canonical) ? canonical : function, out NativeSignature signature) ? signature : null;

    /// <summary>The header's name of one flag.</summary>
    public static string NameOfFlag(uint flag) => flag switch
    {
        Move => "SPLICE_F_MOVE",
        NonBlock => "SPLICE_F_NONBLOCK",
        More => "SPLICE_F_MORE",
        Gift => "SPLICE_F_GIFT",
        _ => "0x" + flag.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static NativeParameter Fd(string name = "fd", NativeRole role = NativeRole.Descriptor) => new(name, NativeType.Descriptor, role);

    private static NativeParameter Iov() => new("iov", NativeType.Segments, NativeRole.Segments);

    private static NativeParameter Count(string name, NativeType type) => new(name, type, NativeRole.SegmentCount);

    private static NativeParameter Offset(string name, NativeRole role) => new(name, NativeType.Int64Pointer, role);

    private static NativeParameter Length(string name) => new(name, NativeType.Size, NativeRole.Length);

    private static NativeParameter Bytes(string name) => new(name, NativeType.Buffer, NativeRole.Buffer);

    private static NativeParameter Pair() => new("pipefd", NativeType.DescriptorPair, NativeRole.Ends);

    private static NativeParameter Int(string name) => new(name, NativeType.Int32);

    private static NativeParameter FlagBits() => new("flags", NativeType.UInt32, NativeRole.Flags);

    private static Dictionary<string, NativeSignature> Index()
    {
        var index = new Dictionary<string, NativeSignature>(System.StringComparer.Ordinal);
        foreach (NativeSignature signature in All)
            index.Add(signature.Name, signature);
        return index;
    }
}
