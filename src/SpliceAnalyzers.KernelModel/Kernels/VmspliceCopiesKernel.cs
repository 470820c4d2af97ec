using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>"It's a read() if the pipe is open for read, and a write if it's open for writing": rule 1 becomes rule 12, and a gift is nothing.</summary>
internal class VmspliceCopiesKernel(KernelState state, HazardMonitor monitor, Choices choices, ConsumerKind consumer)
    : LinuxKernel(state, monitor, choices, consumer)
{
    protected override Value? HandOff(Value descriptor, in Endpoint end, Value vector, Value count, in HandOffTag tag, bool waits, in CallContext context)
    {
        // RWF_NOWAIT is for files that say they can do it, and a FIFO's do not.
        if (!waits && (end.Kind == EndpointKind.Named || (end.Flags & OpenFlags.ByName) != 0)) return Fail(Errno.EOPNOTSUPP);
        return Write(descriptor, Gather(vector, count), context, waits);
    }
}
