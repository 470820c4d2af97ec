using System.Linq;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

internal enum ArgumentKind
{
    Number,
    /// <summary>A descriptor, by its number in the table of a world.</summary>
    Descriptor,
    /// <summary>A region of a world, and an offset.</summary>
    Address,
    /// <summary>An iovec.</summary>
    Vector,
    /// <summary>A pointer to an offset of 64 bits.</summary>
    Cell,
}

/// <summary>An argument that means the same to the model and to the running kernel.</summary>
internal readonly record struct Argument(ArgumentKind Kind, long A = 0, long B = 0, Part[]? Parts = null)
{
    public static implicit operator Argument(long number) => new(ArgumentKind.Number, number);

    public static Argument Descriptor(int index) => new(ArgumentKind.Descriptor, index);

    public static Argument Address(int region, long offset) => new(ArgumentKind.Address, region, offset);

    public static Argument Vector(params Part[] parts) => new(ArgumentKind.Vector, Parts: parts);

    public static Argument Cell(long offset) => new(ArgumentKind.Cell, offset);

    public override string ToString() => Kind switch
    {
        ArgumentKind.Descriptor => World.DescriptorName((int)A),
        ArgumentKind.Address => $"{World.RegionNames[A]}+{B}",
        ArgumentKind.Vector => "{" + string.Join(", ", Parts!.Select(static part => part.ToString())) + "}",
        ArgumentKind.Cell => $"&{A}",
        _ => $"{A}",
    };
}

/// <summary>A segment of an iovec.</summary>
internal readonly record struct Part(int Region, long Offset, long Length)
{
    public override string ToString() => $"{World.RegionNames[Region]}+{Offset}:{Length}";
}

/// <summary>A system call with its arguments; without a kind it is a store by the program, of as many bytes as the second argument says.</summary>
internal sealed record KernelCall(SystemCallKind? Kind, Argument[] Arguments, int Seed)
{
    public static KernelCall Of(SystemCallKind kind, params Argument[] arguments) => new(kind, arguments, 0);

    public static KernelCall Store(int region, long offset, long length, int seed) => new(null, [Argument.Address(region, offset), length], seed);

    /// <summary>The bytes that a store puts down: different for every store.</summary>
    public static byte[] Pattern(int seed, long length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(seed * 37 + i * 11 + (i >> 8) * 3 + 1);
        return bytes;
    }

    public override string ToString() => (Kind?.ToString() ?? "Store") + "(" + string.Join(", ", Arguments) + ")";
}

/// <summary>What a call returned: a number, or -1 and why.</summary>
internal readonly record struct Outcome(long Result, int Error)
{
    public override string ToString() => Result < 0 ? $"-1 (errno {Error})" : $"{Result}";
}

/// <summary>What both worlds are made of, by number.</summary>
internal static class World
{
    public const int Page = 4096;

    public const int Private = 0;
    public const int Movable = 1;
    public const int SharedAnonymous = 2;
    public const int MemfdShared = 3;
    public const int MemfdPrivate = 4;
    public const int FileShared = 5;
    public const int Sink = 6;

    public static readonly string[] RegionNames = ["private", "movable", "shared", "memfd-shared", "memfd-private", "file-shared", "sink"];

    /// <summary>Pages of each region.</summary>
    public static readonly int[] RegionPages = [8, 4, 4, 8, 8, 4, 40];

    /// <summary>Ends of pipes are 0 to 5, even ones read; the second pipe waits, the third is in packet mode.</summary>
    public const int PipeCount = 3;
    public const int Memfd = 6;
    public const int File = 7;
    public const int AppendingFile = 8;
    public const int StreamA = 9;
    public const int DatagramA = 11;
    public const int Null = 13;
    public const int Bad = 14;
    public const int FixedDescriptors = 15;

    public static readonly int[] PipeFlags = [Libc.O_NONBLOCK, 0, Libc.O_NONBLOCK | 0x4000];

    /// <summary>The file has this many pages, and some bytes.</summary>
    public const int FilePages = 4;
    public const int FileTail = 100;

    /// <summary>The memfd has so many pages, two of which were never written.</summary>
    public const int MemfdPages = 6;
    public const int FirstHole = 2;
    public const int HolePages = 2;

    private static readonly string[] DescriptorNames = ["p0.r", "p0.w", "p1.r", "p1.w", "p2.r", "p2.w", "memfd", "file", "append", "sa", "sb", "da", "db", "null", "bad"];

    public static string DescriptorName(int index) => index < DescriptorNames.Length ? DescriptorNames[index] : $"dup{index}";
}
