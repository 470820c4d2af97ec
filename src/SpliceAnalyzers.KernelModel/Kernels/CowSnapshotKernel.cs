using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>
/// "If the user writes to it, the user will just take a page fault and force a COW": whole pages are shared with the pipe and read-only from then
/// on, parts of pages are copied. write does the same as vmsplice.
/// </summary>
internal sealed class CowSnapshotKernel(KernelState state, HazardMonitor monitor, Choices choices, ConsumerKind consumer)
    : LinuxKernel(state, monitor, choices, consumer)
{
    private readonly KernelState _state = state;

    protected override bool KnowsGifts => false;

    protected override bool WriteTakesPages => true;

    protected override SlotRun PlacePages(in SlotRun run, bool isGift)
    {
        if (run.IsStable || !CanBeShared(run)) return _state.Stable(run);
        _state.Memory[run.Region].CopiedOnWrite.Add(run.Offset, run.End);
        return run;
    }

    private bool CanBeShared(in SlotRun run) =>
        (run.Flags & SlotFlags.AnyPlace) == 0 && run.Offset % PageSize.Bytes == 0 && run.Length % PageSize.Bytes == 0 && _state.Memory[run.Region].IsPrivateMemory;
}
