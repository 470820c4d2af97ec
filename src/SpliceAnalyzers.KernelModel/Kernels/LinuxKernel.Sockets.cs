using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <content>Sockets as queues (KERNEL.md rule 16).</content>
internal partial class LinuxKernel
{
    private const long UnixDomain = 1;
    private const long TypeMask = 0xF;
    private const long Stream = 1;
    private const long Datagram = 2;

    /// <summary>Datagrams between local sockets are copied; everything else may pass references on.</summary>
    private Value? OpenSocket(Value domain, Value type)
    {
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var copies = domain.IsExactNumber && domain.Number == UnixDomain && type.IsExactNumber && (type.Number & TypeMask) == Datagram;
        return state.Open(Descriptor.Of(copies ? DescriptorKind.OutsideDatagram : DescriptorKind.OutsideStream));
    }

    private Value? OpenSocketPair(Value domain, Value type, Value ends)
    {
        if (state.Memory.Live(ends) is not { } region) return ends.IsExactNumber ? Fail(Errno.EFAULT) : Value.Exact(0);
        if (choices.Choose(2) == 1) return Fail(Errno.ENOMEM);
        var isKnown = domain.IsExactNumber && type.IsExactNumber && domain.Number == UnixDomain && (type.Number & TypeMask) is Stream or Datagram;
        var first = state.Pipes.Count;
        var flags = type.IsExactNumber && (type.Number & NonBlock) != 0 ? OpenFlags.NonBlocking : OpenFlags.None;
        for (var i = 0; i < 2; i++)
        {
            var end = Descriptor.Of(isKnown ? DescriptorKind.Socket : DescriptorKind.OutsideStream);
            end.Flags = flags;
            if (isKnown)
            {
                state.AddPipe().ResetQueue((type.Number & TypeMask) == Datagram);
                (end.Pipe, end.Outgoing) = (first + i, first + 1 - i);
            }
            Keep(region, ends, i * DescriptorWidth, state.Open(end));
        }
        monitor.Stored(ends.Region, region.Resolve(ends, Value.Exact(2 * DescriptorWidth)), possible: false);
        return Value.Exact(0);
    }
}
