using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>Runs the way to a hazard once more and notes what matters for it.</summary>
internal sealed class WitnessRecorder(Hazard wanted, CallPlaces places) : Observer
{
    private readonly List<Event> _events = [];
    private readonly List<Pipe> _pipes = [];
    private Machine? _machine;
    private int _handOffs;
    private int _regions;
    private Hazard _found;
    private Event _culprit;
    private bool _isFound;

    /// <summary>Something that happened on the way.</summary>
    private struct Event
    {
        public TraceAction Action;
        public HandOffTag Tag;
        public int Place;
        public long Offset;
        public long Length;
        public int Pipe;
        public int Target;
        public bool IsZeroPage;
        public RegionKind Kind;
        public long Size;
        public int RegionSite;
    }

    /// <summary>Follows the choices from the beginning of the program, up to the hazard.</summary>
    public Witness Record(Machine machine, List<ulong> path)
    {
        _machine = machine;
        machine.Begin();
        machine.Normalise(keepHandOffsApart: true);
        foreach (var choices in path)
        {
            machine.Choices.Follow(choices);
            machine.Run();
            if (!_isFound) machine.Normalise(keepHandOffsApart: true);
            if (_isFound) break;
        }
        return Build();
    }

    public override void Found(in Hazard hazard)
    {
        if (_isFound || hazard.Tag.Place != wanted.Tag.Place || hazard.Kind != wanted.Kind || hazard.Blurred != wanted.Blurred) return;
        _isFound = true;
        _found = hazard;
        _culprit = new Event { Place = _machine!.Place, Tag = hazard.Tag, Offset = hazard.Offset, Length = hazard.Length };
    }

    public override int NextHandOff() => ++_handOffs;

    public override void Allocated(Region region)
    {
        region.Identity = _regions++;
        Note(new Event
        {
            Action = TraceAction.Region,
            Tag = new HandOffTag { Region = region.Identity },
            Kind = region.Kind,
            Size = region.Size.IsExactNumber ? region.Size.Number : -1,
            RegionSite = region.Site,
        });
    }

    public override void HandedOff(in HandOffTag tag, long offset, long length, Pipe? pipe, bool isZeroPage) =>
        Note(new Event { Action = TraceAction.HandOff, Tag = tag, Offset = offset, Length = length, Pipe = NumberOf(pipe), IsZeroPage = isZeroPage });

    public override void CopiedOut(in SlotRun run, Pipe pipe) =>
        Note(new Event { Action = TraceAction.CopyOut, Tag = run.Tag, Offset = run.Offset, Length = run.Length, Pipe = NumberOf(pipe) });

    public override void MovedOn(in SlotRun run, Pipe from, Pipe? to, bool stayed) => Note(new Event
    {
        Action = stayed ? TraceAction.Duplicate : TraceAction.Move,
        Tag = run.Tag,
        Offset = run.Offset,
        Length = run.Length,
        Pipe = NumberOf(from),
        Target = NumberOf(to),
    });

    private void Note(Event happened)
    {
        if (_isFound) return;
        happened.Place = _machine!.Place;
        _events.Add(happened);
    }

    /// <summary>Pipes are numbered as they appear; where nobody can follow is number -1 until the witness is built.</summary>
    private int NumberOf(Pipe? pipe)
    {
        if (pipe is null) return -1;
        if (!_pipes.Contains(pipe)) _pipes.Add(pipe);
        return _pipes.IndexOf(pipe);
    }

    private Witness Build()
    {
        var trace = new TraceBuilder();
        var steps = new List<WitnessStep>();
        WitnessStep? handOff = null;
        var allocation = _events.Find(happened => happened.Action == TraceAction.Region && happened.Tag.Region == _found.Tag.Region);
        var regionSite = allocation.RegionSite;
        // Where a place is not known, what stands for it may lie behind the end.
        var end = _found.Offset + _found.Length;
        foreach (var happened in _events)
        {
            if (IsAboutHandOff(happened)) end = Math.Max(end, happened.Offset + happened.Length);
        }
        var region = trace.AddRegion(allocation.Kind, allocation.Size < end ? -1 : allocation.Size);
        if (regionSite >= 0) steps.Add(MakeStep(WitnessAction.Allocate, allocation, regionSite, region));
        foreach (var happened in _events)
        {
            if (!IsAboutHandOff(happened)) continue;
            var index = trace.Add(new TraceStep
            {
                Action = happened.Action, Offset = happened.Offset, Length = happened.Length, Pipe = happened.Pipe, Target = happened.Target, Gift = happened.Tag.Gifted,
            }, happened.IsZeroPage);
            if (happened.Action != TraceAction.HandOff) steps.Add(MakeStep(ActionOf(happened.Action), happened, regionSite, index));
            else if (handOff is null && happened.Offset < _found.Offset + _found.Length && _found.Offset < happened.Offset + happened.Length)
                steps.Add(handOff = MakeStep(WitnessAction.HandOff, happened, regionSite, index));
        }
        var culprit = MakeStep(_found.Action, _culprit, regionSite, trace.AddCulprit(_found));
        culprit.Possible = _found.Possible;
        steps.Add(culprit);
        AddConsequences(steps, regionSite);
        return new Witness
        {
            Hazard = _found.Kind,
            HandOff = handOff ?? culprit,
            Culprit = culprit,
            Gifted = _found.Tag.Gifted,
            Exact = !_found.Blurred,
            Steps = steps,
            Text = trace.Encode(),
        };
    }

    private bool IsAboutHandOff(in Event happened) =>
        happened.Action != TraceAction.Region && happened.Tag.Serial == _found.Tag.Serial && happened.Tag.Region == _found.Tag.Region;

    /// <summary>What follows from the culprit as a matter of course: somebody uses the memory, and the consumer reads.</summary>
    private void AddConsequences(List<WitnessStep> steps, int regionSite)
    {
        if (!_found.InFlight) return;
        if (_found.Action != WitnessAction.Store) steps.Add(MakeStep(WitnessAction.Reuse, Actor.Environment, regionSite));
        steps.Add(MakeStep(WitnessAction.Read, Actor.Consumer, regionSite));
    }

    private WitnessStep MakeStep(WitnessAction action, Actor actor, int regionSite) => new()
    {
        Action = action, Actor = actor, Region = 0, RegionSite = regionSite, Offset = _found.Offset, Length = _found.Length,
    };

    private WitnessStep MakeStep(WitnessAction action, in Event happened, int regionSite, int traceIndex) => new()
    {
        Actor = Actor.Producer,
        Action = action,
        Site = places.SiteOf(happened.Place),
        Calls = places.CallsOf(happened.Place),
        Region = 0,
        RegionSite = regionSite,
        TraceIndex = traceIndex,
        Offset = happened.Offset,
        Length = action == WitnessAction.Allocate ? Math.Max(happened.Size, 0) : happened.Length,
    };

    private static WitnessAction ActionOf(TraceAction action) => action switch
    {
        TraceAction.CopyOut => WitnessAction.Read,
        TraceAction.Move or TraceAction.Duplicate => WitnessAction.MoveOn,
        _ => WitnessAction.HandOff,
    };
}
