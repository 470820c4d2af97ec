using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>The pipe holds only private frames: a gift of whole pages is taken away from its owner, everything else is copied.</summary>
internal sealed class HowellsRfcKernel(KernelState state, HazardMonitor monitor, Choices choices, ConsumerKind consumer)
    : LinuxKernel(state, monitor, choices, consumer)
{
    private readonly KernelState _state = state;
    private readonly Observer _observer = monitor.Observer;

    protected override SlotRun PlacePages(in SlotRun run, bool isGift)
    {
        var taken = _state.Stable(run);
        if (isGift && !run.IsStable && IsWhole(run)) TakeAway(run);
        return taken;
    }

    /// <summary>Pages of a file leave the cache or are copied; either way nobody can change what is in the pipe.</summary>
    protected override SlotRun PlaceFilePages(in SlotRun run) => _state.Stable(run);

    protected override bool IsCopied(in SlotRun run, bool isGift) => !isGift || !IsWhole(run);

    private static bool IsWhole(in SlotRun run) =>
        (run.Flags & SlotFlags.AnyPlace) == 0 && run.Offset % PageSize.Bytes == 0 && run.Length % PageSize.Bytes == 0;

    /// <summary>The pages are unmapped from the source, which finds new ones there. Pages mapped more than once stay.</summary>
    private void TakeAway(in SlotRun run)
    {
        var region = _state.Memory[run.Region];
        if (!region.IsPrivateMemory || region.CopiedOnWrite.Count > 0) return;
        _observer.TookAway(run.Length);
        _state.Detach(run.Region, run.Offset, run.End);
        region.Populated.Remove(run.Offset, run.End);
        ValueMemory.Erase(region, run.Offset, run.End);
        _state.Contents?.Zero(run.Region, run.Offset, run.End);
    }
}
