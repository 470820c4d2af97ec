using SpliceAnalyzers.KernelModel.Kernels;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>What consumers outside the program may do.</summary>
public enum ConsumerKind
{
    /// <summary>Read, splice or tee onward, enlarge the pipe, or just wait.</summary>
    Unknown,
    /// <summary>Read, or just wait; never enlarge the pipe.</summary>
    Copies,
}

/// <summary>What SPLICE_F_GIFT promises.</summary>
public enum GiftContract
{
    /// <summary>As documented: the memory is never modified again, drained or not.</summary>
    Documented,
    /// <summary>As kernels behave: GIFT changes nothing.</summary>
    Actual,
}

/// <summary>What an exploration assumes, and how far it goes.</summary>
public sealed class ExplorationOptions
{
    /// <summary>The kernel that the program runs on.</summary>
    public KernelKind Kernel { get; set; } = KernelKind.Linux;

    /// <summary>Consumers of pipes whose read end left the program, or was never in it.</summary>
    public ConsumerKind Consumer { get; set; } = ConsumerKind.Unknown;

    /// <summary>The meaning of SPLICE_F_GIFT.</summary>
    public GiftContract GiftContract { get; set; } = GiftContract.Documented;

    /// <summary>
    /// The most states to visit before <see cref="VerdictKind.BoundReached"/>. Of 662 programs that the analyzer is held against none needs 10,000
    /// (docs/cost.md).
    /// </summary>
    public long MaxStates { get; set; } = 20_000;

    /// <summary>The same, where so many explorations have the states of one.</summary>
    internal ExplorationOptions SharedBy(int explorations) => explorations == 1
        ? this
        : new ExplorationOptions { Kernel = Kernel, Consumer = Consumer, GiftContract = GiftContract, MaxStates = System.Math.Max(1, MaxStates / explorations) };
}
