using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Kernels;

/// <summary>Who wants to know what happens in the kernel: the search only hazards, the recorder of a witness everything.</summary>
internal abstract class Observer
{
    /// <summary>A step broke the property.</summary>
    public abstract void Found(in Hazard hazard);

    /// <summary>True when it is known for certain that bytes handed off at a place are stored over: which ones are in flight does not matter any more.</summary>
    public virtual bool IsStoredOver(int place) => false;

    /// <summary>A number for the next hand-off; 0 while nobody records.</summary>
    public virtual int NextHandOff() => 0;

    /// <summary>A number is used after all that was not kept: what follows from it is not what the program does.</summary>
    public virtual void Missed(Value idle) { }

    /// <summary>A region came to be.</summary>
    public virtual void Allocated(Region region) { }

    /// <summary>Bytes of a region went into a pipe; null for where nobody can follow. A zero page went instead of them where they have no frames yet.</summary>
    public virtual void HandedOff(in HandOffTag tag, long offset, long length, Pipe? pipe, bool isZeroPage) { }

    /// <summary>A vmsplice found out which end it has: one that reads copies, one that writes hands off.</summary>
    public virtual void Vmspliced(int site, bool copiesOut) { }

    /// <summary>Bytes left a pipe as a copy.</summary>
    public virtual void CopiedOut(in SlotRun run, Pipe pipe) { }

    /// <summary>References went from a pipe to another one, or to where nobody can follow; with tee they also stayed.</summary>
    public virtual void MovedOn(in SlotRun run, Pipe from, Pipe? to, bool stayed) { }

    /// <summary>Bytes were copied into a pipe, a socket or a file.</summary>
    public virtual void Copied(long bytes) { }

    /// <summary>Pages were taken away from the program with a hand-off.</summary>
    public virtual void TookAway(long bytes) { }

    /// <summary>A store found pages protected; some slot still holds them, or none does.</summary>
    public virtual void BrokeAway(long bytes, bool isInFlight) { }

    /// <summary>A store was the first to pages of fresh memory.</summary>
    public virtual void FirstStored(long bytes) { }
}
