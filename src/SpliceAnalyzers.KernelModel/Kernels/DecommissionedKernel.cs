using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Pipes;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>splice is kept as a name: what comes from a file is copied, too, so that pipes hold private pages only, which tee and sockets may share.</summary>
internal sealed class DecommissionedKernel(KernelState state, HazardMonitor monitor, Choices choices, ConsumerKind consumer)
    : VmspliceCopiesKernel(state, monitor, choices, consumer)
{
    private readonly KernelState _state = state;

    protected override SlotRun PlaceFilePages(in SlotRun run) => _state.Stable(run);
}
