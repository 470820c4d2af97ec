using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Interop;

/// <summary>What a parameter or a result is to the C library; widths follow from it.</summary>
internal enum NativeType
{
    /// <summary>int.</summary>
    Int32,
    /// <summary>unsigned int.</summary>
    UInt32,
    /// <summary>An int that names an open file.</summary>
    Descriptor,
    /// <summary>size_t: as wide as a pointer.</summary>
    Size,
    /// <summary>ssize_t: as wide as a pointer, -1 for an error.</summary>
    SignedSize,
    /// <summary>The number of segments of writev and its like: an int, where the kernel has a pointer-sized number.</summary>
    SegmentCount,
    /// <summary>off_t by value: 64 bits.</summary>
    Int64,
    /// <summary>Pointer to bytes.</summary>
    Buffer,
    /// <summary>off_t*: pointer to 64 bits, or null.</summary>
    Int64Pointer,
    /// <summary>Pointer to iovec structures: a pointer and a size_t each.</summary>
    Segments,
    /// <summary>Pointer to two ints.</summary>
    DescriptorPair,
    /// <summary>Whatever the number or the command before it asks for.</summary>
    Word,
}

/// <summary>What a parameter is for.</summary>
internal enum NativeRole
{
    None,
    /// <summary>The descriptor of a call that has only one.</summary>
    Descriptor,
    /// <summary>Where a transfer takes its bytes from.</summary>
    Source,
    /// <summary>Where a transfer puts its bytes.</summary>
    Target,
    SourceOffset,
    TargetOffset,
    Buffer,
    Length,
    Segments,
    SegmentCount,
    Flags,
    Command,
    CommandArgument,
    /// <summary>Where pipe stores the two ends.</summary>
    Ends,
}

/// <summary>What makes the kernel reject a call.</summary>
internal enum Rejection
{
    /// <summary>Flags that no kernel knows.</summary>
    UnknownFlags,
    /// <summary>An offset for the end of a pipe.</summary>
    OffsetOnPipe,
    /// <summary>Both ends of one pipe.</summary>
    SamePipe,
    /// <summary>No pipe among the descriptors, or not all of them where all have to be.</summary>
    NotAPipe,
    /// <summary>More segments than UIO_MAXIOV.</summary>
    TooManySegments,
    /// <summary>The target was opened with O_APPEND.</summary>
    AppendTarget,
}

/// <summary>A parameter as the manual page has it.</summary>
internal sealed record NativeParameter(string Name, NativeType Type, NativeRole Role = NativeRole.None, bool IsOptional = false);

/// <summary>Which bits a call's flags may have, and which of them change anything.</summary>
internal sealed record NativeFlags(uint Accepted, uint Effective);

/// <summary>The numbers of a system call; -1 where an architecture has none.</summary>
internal sealed record SystemCallNumbers(int X64, int Arm64, int X86);

/// <summary>One function of the C library, as the kernel and its manual page want it called.</summary>
internal sealed record NativeSignature(string Name, NativeType Result, IReadOnlyList<NativeParameter> Parameters, SystemCallNumbers Numbers)
{
    /// <summary>The flags of splice, tee and vmsplice; null for calls that take none of these.</summary>
    public NativeFlags? Flags { get; init; }

    /// <summary>What is rejected, and with which error.</summary>
    public IReadOnlyList<(Rejection Rejection, string Error)> Rejections { get; init; } = [];

    /// <summary>The declaration is held against this row (SPL2001).</summary>
    public bool IsChecked { get; init; }

    /// <summary>The errors have to be readable (SPL2002).</summary>
    public bool NeedsLastError { get; init; }

    /// <summary>The result is a count that is often less than what was asked for (SPL2003).</summary>
    public bool MayTransferLess { get; init; }

    /// <summary>Where the manual says all this.</summary>
    public string ManualPage => Name + "(2)";

    /// <summary>How many arguments a call has at least.</summary>
    public int RequiredParameters => Parameters.Count(parameter => !parameter.IsOptional);

    /// <summary>The position of the parameter with the role; -1 if there is none.</summary>
    public int IndexOf(NativeRole role)
    {
        for (int index = 0; index < Parameters.Count; index++)
        {
            if (Parameters[index].Role == role)
                return index;
        }

        return -1;
    }

    /// <summary>The error that the rejection has, null where the call does not reject it.</summary>
    public string? ErrorOf(Rejection rejection) => Rejections.FirstOrDefault(row => row.Rejection == rejection).Error;
}
