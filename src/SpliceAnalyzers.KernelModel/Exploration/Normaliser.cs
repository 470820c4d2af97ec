using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// Brings a state into its one form, so that states which behave alike are the same: registers that are not used again are cleared, what nothing
/// reaches is dropped, and regions, descriptors and pipes are numbered in the order in which the registers lead to them.
/// </summary>
internal sealed class Normaliser(ThreadSet threads, KernelState state, HazardMonitor monitor, LinuxKernel kernel)
{
    private const int Unreached = -1;

    private readonly List<int> _queue = [];
    private readonly List<int> _lost = [];
    private readonly List<SlotRun> _runs = [];
    private readonly List<Pipe> _pipes = [];
    private int[] _regions = new int[16];
    private int[] _descriptors = new int[16];
    private Region[] _spareRegions = [];
    private Descriptor[] _spareDescriptors = [];
    private int _reachedRegions;
    private int _reachedDescriptors;

    public void Run(bool keepHandOffsApart)
    {
        Prepare(ref _regions, state.Memory.Count);
        Prepare(ref _descriptors, state.Descriptors.Count);
        _reachedRegions = _reachedDescriptors = 0;
        VisitRegisters();
        LoseDescriptors();
        VisitKeepers();
        VisitFiles();
        DropUnreachable();
        NumberLostRegions();
        Renumber();
        Canonicalise(keepHandOffsApart);
    }

    private static void Prepare(ref int[] numbers, int count)
    {
        if (numbers.Length < count) numbers = new int[2 * count];
        for (var i = 0; i < count; i++) numbers[i] = Unreached;
    }

    private void VisitRegisters()
    {
        for (var thread = 0; thread < threads.Count; thread++) VisitRegisters(threads[thread]);
        VisitQueued();
    }

    private void VisitRegisters(CallStack stack)
    {
        for (var frame = 0; frame < stack.Depth; frame++)
        {
            foreach (var register in stack.LiveRegisters(frame)) Visit(stack.Register(frame, register));
        }
    }

    private void Visit(Value value)
    {
        if (value.IsPointer)
        {
            VisitRegion(value.Region);
        }
        else if (value.IsDescriptor && value.Number < state.Descriptors.Count && _descriptors[value.Number] == Unreached)
        {
            _descriptors[value.Number] = _reachedDescriptors++;
            VisitRegion(state.Descriptors[(int)value.Number].File);
        }
    }

    private void VisitRegion(int region)
    {
        if (region < 0 || _regions[region] != Unreached) return;
        _regions[region] = _reachedRegions++;
        _queue.Add(region);
    }

    private void VisitQueued()
    {
        for (var next = 0; next < _queue.Count; next++)
        {
            var region = state.Memory[_queue[next]];
            for (var i = 0; i < region.Kept.Count; i++) Visit(region.Kept[i].Value);
            foreach (var window in region.Windows) VisitRegion(window.File);
        }
        _queue.Clear();
    }

    /// <summary>A read end that the program lost without closing it is a number that others in the process, and its children, still have.</summary>
    private void LoseDescriptors()
    {
        for (var i = 0; i < state.Descriptors.Count; i++)
        {
            var entry = state.Descriptors[i];
            if (_descriptors[i] == Unreached && (entry.IsReadEnd || entry.Kind == DescriptorKind.Socket)) kernel.ShareReadEnd(state.Pipes[entry.Pipe]);
        }
        for (var i = state.Pipes.Count - 1; i >= 0; i--)
        {
            if (IsReachable(i)) continue;
            if (!state.Pipes[i].IsEmpty) state.LoseTrackOf(state.Pipes[i]);
            state.RemovePipe(i);
        }
    }

    private bool IsReachable(int pipe)
    {
        // A pipe that was there before is remembered for its size, and for what is in it.
        if (state.Pipes[pipe].IsForeign) return state.Pipes[pipe].Slots > 0 || !state.Pipes[pipe].IsEmpty || state.Pipes[pipe].Readership == Readership.Anybody;
        for (var i = 0; i < state.Descriptors.Count; i++)
        {
            var entry = state.Descriptors[i];
            if (_descriptors[i] != Unreached && (entry.Pipe == pipe || entry.Outgoing == pipe) && entry.Kind != DescriptorKind.Closed) return true;
        }
        return false;
    }

    /// <summary>The caller's objects live on though no register leads to them; they matter where they keep a pinned array alive.</summary>
    private void VisitKeepers()
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (_regions[i] != Unreached || !state.Memory[i].IsForeign || !LeadsToPinnedArray(i)) continue;
            Visit(Value.Pointer(i, 0));
            VisitQueued();
        }
    }

    /// <summary>A file whose size is known is remembered for as long as the program has its name.</summary>
    private void VisitFiles()
    {
        for (var i = 0; i < state.Memory.Count; i++)
        {
            var file = state.Memory[i];
            if (_regions[i] == Unreached && file is { Kind: RegionKind.File, Size.IsExactNumber: true, Name.IsZero: false } && IsLive(file.Name)) VisitRegion(i);
        }
        VisitQueued();
    }

    private bool IsLive(Value name)
    {
        if (name.IsExactNumber) return true;
        if (name.IsPointer) return _regions[name.Region] != Unreached;
        for (var thread = 0; thread < threads.Count; thread++)
        {
            if (HasLive(threads[thread], name)) return true;
        }
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (_regions[i] != Unreached && Holds(state.Memory[i].Kept, name)) return true;
        }
        return false;
    }

    private static bool Holds(KeptValues kept, Value value)
    {
        for (var i = 0; i < kept.Count; i++)
        {
            if (kept[i].Value.Equals(value)) return true;
        }
        return false;
    }

    private static bool HasLive(CallStack stack, Value name)
    {
        for (var frame = 0; frame < stack.Depth; frame++)
        {
            foreach (var register in stack.LiveRegisters(frame))
            {
                if (stack.Register(frame, register).Equals(name)) return true;
            }
        }
        return false;
    }

    private bool LeadsToPinnedArray(int keeper)
    {
        _lost.Clear();
        _lost.Add(keeper);
        for (var next = 0; next < _lost.Count; next++)
        {
            var region = state.Memory[_lost[next]];
            if (region.Kind == RegionKind.PinnedHeap) return true;
            for (var i = 0; i < region.Kept.Count; i++)
            {
                var held = region.Kept[i].Value;
                if (held.IsPointer && !_lost.Contains(held.Region)) _lost.Add(held.Region);
            }
        }
        return false;
    }

    /// <summary>Ends what nothing reaches, except memory that somebody will still take back while it is in flight: the stack and the caller, and files that can be opened again.</summary>
    private void DropUnreachable()
    {
        _lost.Clear();
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (_regions[i] != Unreached || !state.IsInFlight(i, _runs)) continue;
            if (threads.AreAlive && IsTakenBack(state.Memory[i])) _lost.Add(i);
            else monitor.BecameUnreachable(i);
        }
    }

    private static bool IsTakenBack(Region region) =>
        region.Kind is RegionKind.Stack or RegionKind.Caller or RegionKind.CallerArray || (region.Kind == RegionKind.File && !region.Name.IsZero);

    /// <summary>Of a lost region only its end matters. Those that end together, and whose bytes never leave their pipes, are one.</summary>
    private void NumberLostRegions()
    {
        _lost.Sort(CompareLost);
        for (var i = 0; i < _lost.Count; i++)
        {
            var index = _lost[i];
            var region = state.Memory[index];
            region.Empty();
            region.Size = Value.Unknown();
            region.Pins = 0;
            region.Escaped = false;
            var isSame = i > 0 && EndTogether(_lost[i - 1], index) && !IsInRing(_lost[i - 1]) && !IsInRing(index);
            _regions[index] = isSame ? _regions[_lost[i - 1]] : _reachedRegions++;
        }
    }

    private int CompareLost(int left, int right)
    {
        var (a, b) = (state.Memory[left], state.Memory[right]);
        var order = ((int)a.Kind).CompareTo((int)b.Kind);
        if (order == 0) order = a.Owner.CompareTo(b.Owner);
        if (order == 0) order = a.Origin.CompareTo(b.Origin);
        if (order == 0) order = IsInRing(left).CompareTo(IsInRing(right));
        return order != 0 ? order : left.CompareTo(right);
    }

    private bool EndTogether(int left, int right)
    {
        var (a, b) = (state.Memory[left], state.Memory[right]);
        return a.Kind == b.Kind && a.Owner == b.Owner && a.Origin == b.Origin && a.Site == b.Site && a.Kind != RegionKind.File;
    }

    private bool IsInRing(int region)
    {
        foreach (var pipe in state.Pipes)
        {
            foreach (var run in pipe.Ring)
            {
                if (run.Region == region) return true;
            }
        }
        return false;
    }

    private void Renumber()
    {
        for (var thread = 0; thread < threads.Count; thread++) Renumber(threads[thread]);
        for (var i = 0; i < state.Memory.Count; i++)
        {
            if (_regions[i] == Unreached) continue;
            var kept = state.Memory[i].Kept;
            for (var at = 0; at < kept.Count; at++) Renumber(ref kept[at].Value);
            RenumberFiles(state.Memory[i]);
        }
        foreach (var pipe in state.Pipes)
        {
            for (var i = 0; i < pipe.Ring.Count; i++) pipe.Ring[i] = Renumbered(pipe.Ring[i]);
            Renumber(pipe.Older);
        }
        Renumber(state.Held);
        state.Memory.Renumber(_regions, _reachedRegions, ref _spareRegions);
        RenumberDescriptors();
        OrderPipes();
    }

    private void Renumber(ref Value value)
    {
        if (value.IsPointer) value = value.WithoutRegion().In(_regions[value.Region]);
        else if (value.IsDescriptor && value.Number < state.Descriptors.Count) value = Value.Descriptor(_descriptors[value.Number]);
    }

    private void RenumberFiles(Region region)
    {
        if (region.Name.IsPointer) region.Name = RenumberedPath(region.Name);
        for (var i = 0; i < region.Windows.Count; i++) region.Windows[i] = region.Windows[i] with { File = _regions[region.Windows[i].File] };
    }

    /// <summary>A path whose text is gone cannot be used to open the file again.</summary>
    private Value RenumberedPath(Value path) => _regions[path.Region] == Unreached ? default : path.WithoutRegion().In(_regions[path.Region]);

    private void Renumber(CallStack stack)
    {
        for (var frame = 0; frame < stack.Depth; frame++)
        {
            foreach (var register in stack.LiveRegisters(frame)) Renumber(ref stack.Register(frame, register));
        }
    }

    private void Renumber(RunSet runs)
    {
        for (var i = 0; i < runs.Count; i++) runs[i] = Renumbered(runs[i]);
    }

    private SlotRun Renumbered(SlotRun run)
    {
        if (!run.IsStable) run.Region = _regions[run.Region];
        return run;
    }

    private void RenumberDescriptors()
    {
        if (_spareDescriptors.Length < _reachedDescriptors) _spareDescriptors = new Descriptor[2 * _reachedDescriptors];
        for (var i = 0; i < state.Descriptors.Count; i++)
        {
            if (_descriptors[i] == Unreached) continue;
            var entry = state.Descriptors[i];
            if (entry.File >= 0) entry.File = _regions[entry.File];
            _spareDescriptors[_descriptors[i]] = entry;
        }
        NumberOpenFiles();
        state.Descriptors.Clear();
        for (var i = 0; i < _reachedDescriptors; i++) state.Descriptors.Add(_spareDescriptors[i]);
    }

    /// <summary>The first of several duplicates may be gone, or no longer be the first.</summary>
    private void NumberOpenFiles()
    {
        for (var i = 0; i < _reachedDescriptors; i++)
        {
            var first = _spareDescriptors[i].First;
            if (first < 0) continue;
            for (var j = i; j < _reachedDescriptors; j++)
            {
                // Below zero marks those that have their number, until all do.
                if (_spareDescriptors[j].First == first) _spareDescriptors[j].First = -1 - i;
            }
        }
        for (var i = 0; i < _reachedDescriptors; i++) _spareDescriptors[i].First = -1 - _spareDescriptors[i].First;
    }

    /// <summary>Pipes of the program in the order of their descriptors, then the foreign ones by name.</summary>
    private void OrderPipes()
    {
        if (state.Pipes.Count == 0) return;
        _pipes.Clear();
        for (var i = 0; i < state.Descriptors.Count; i++)
        {
            var entry = state.Descriptors[i];
            if (entry.Kind == DescriptorKind.Closed) continue;
            if (entry.Pipe >= 0) entry.Pipe = PlaceOf(state.Pipes[entry.Pipe]);
            if (entry.Outgoing >= 0) entry.Outgoing = PlaceOf(state.Pipes[entry.Outgoing]);
            state.Descriptors[i] = entry;
        }
        var own = _pipes.Count;
        foreach (var pipe in state.Pipes)
        {
            if (pipe.IsForeign) _pipes.Add(pipe);
        }
        _pipes.Sort(own, _pipes.Count - own, ByName);
        for (var i = 0; i < _pipes.Count; i++) state.Pipes[i] = _pipes[i];
    }

    private int PlaceOf(Pipe pipe)
    {
        var at = _pipes.IndexOf(pipe);
        if (at >= 0) return at;
        _pipes.Add(pipe);
        return _pipes.Count - 1;
    }

    private static readonly IComparer<Pipe> ByName = Comparer<Pipe>.Create(static (a, b) =>
    {
        var order = ((int)a.Name.Knowledge).CompareTo((int)b.Name.Knowledge);
        return order != 0 ? order : a.Name.Number.CompareTo(b.Name.Number);
    });

    /// <summary>
    /// True when of bytes in flight it only matters that some of their region are: that they are stored over is known, and the region goes as a whole or
    /// not at all. Mappings can lose some of their pages.
    /// </summary>
    private bool IsOnlyAsAWhole(SlotRun run) =>
        !run.IsStable && monitor.Observer.IsStoredOver(run.Tag.Place) && state.Memory[run.Region] is { Windows.Count: 0, Kind: not (RegionKind.File or RegionKind.PrivateMapping or RegionKind.SharedMapping) };

    private void Canonicalise(bool keepHandOffsApart)
    {
        if (!keepHandOffsApart) state.Held.Widen(IsOnlyAsAWhole);
        state.Held.Canonicalise(keepHandOffsApart);
        foreach (var pipe in state.Pipes) pipe.Canonicalise(keepHandOffsApart);
        for (var i = 0; i < state.Memory.Count; i++) state.Memory[i].Gifts.Canonicalise(keepHandOffsApart);
    }
}
