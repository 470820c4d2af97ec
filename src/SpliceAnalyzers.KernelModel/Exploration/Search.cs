using System.Collections.Generic;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Values;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Where a hazard was found: run the path to the state, then take these choices.</summary>
internal struct Finding
{
    public Hazard Hazard;
    public int State;
    public ulong Choices;

    /// <summary>How many actions lead to it.</summary>
    public int Cost;
}

/// <summary>
/// Visits every state that a program can reach, those after fewer actions first, and notes for each hand-off and kind of hazard the shortest
/// way there. Hazards do not end the search.
/// </summary>
internal sealed class Search : Observer
{
    /// <summary>States may take so many bytes each on average before the budget is used up.</summary>
    private const long BytesPerState = 320;

    /// <summary>
    /// A step costs about as much as its state is long: more bytes than this for each state of the budget are not gone through. Of the programs that the
    /// default of <see cref="ExplorationOptions.MaxStates"/> was measured with, none needs half of what both allow together.
    /// </summary>
    private const long WorkPerState = 400;

    private readonly ProgramImage _image;
    private readonly ExplorationOptions _options;
    private readonly CallPlaces _places;
    private readonly Arithmetic _arithmetic;
    private readonly Widening _widening;
    private readonly Machine _machine;
    private readonly StateTable _table = new();
    private readonly StateBytes _bytes = new();
    private readonly List<Origin> _origins = [];
    private readonly List<List<int>> _layers = [];
    private readonly Dictionary<(int Place, HazardKind Kind, bool Blurred), int> _known = [];
    private readonly List<Finding> _findings = [];
    private readonly HashSet<int> _copying = [];
    private readonly HashSet<int> _handingOff = [];
    private int _expanding;
    private int _cost;
    private long _work;

    /// <summary>How a state was first reached, by the shortest way known.</summary>
    private struct Origin
    {
        public int Parent;
        public int Cost;
        public ulong Choices;
        public bool IsExpanded;
    }

    public Search(ProgramImage image, ExplorationOptions options, CallPlaces places, int exactValues)
    {
        _image = image;
        _options = options;
        _places = places;
        _arithmetic = new Arithmetic(image.Modulus);
        _widening = new Widening(_arithmetic, exactValues);
        _machine = new Machine(image, options, _arithmetic, _widening, places, this);
    }

    /// <summary>The sites of vmsplice calls that were only ever given a read end.</summary>
    public IEnumerable<int> CopyingCalls => _copying.Where(site => !_handingOff.Contains(site));

    /// <summary>True when every path was followed to its end.</summary>
    public bool IsComplete => !IsBudgetUsed && !IsPathAbandoned;

    /// <summary>True when there were more states than allowed.</summary>
    public bool IsBudgetUsed { get; private set; }

    /// <summary>True when a path was too deep or too wide to be followed.</summary>
    public bool IsPathAbandoned { get; private set; }

    /// <summary>A number that was needed and not kept. The search ended there, and has to be made anew.</summary>
    public Value? MissedNumber { get; private set; }

    /// <summary>True when the search ended because all that was wanted is found.</summary>
    public bool IsAllFound { get; private set; }

    public int States => _table.Count;

    public long Executed => _machine.Executed;

    /// <summary>The hazards, in the order in which they were found.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Visits every state, or only so many that of each finding that is wanted the shortest exact way is known.</summary>
    public void Run(CancellationToken cancellation, IReadOnlyList<Finding>? wanted = null)
    {
        cancellation.ThrowIfCancellationRequested();
        _machine.Begin();
        _machine.Normalise(keepHandOffsApart: false);
        Visit(-1, 0, 0);
        for (var layer = 0; layer < _layers.Count; layer++)
        {
            for (var i = 0; i < _layers[layer].Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var state = _layers[layer][i];
                var origin = _origins[state];
                if (origin.Cost != layer || origin.IsExpanded) continue;
                origin.IsExpanded = true;
                _origins[state] = origin;
                Expand(state, layer);
                if (IsBudgetUsed || MissedNumber is not null) return;
            }
            _layers[layer].Clear();
            _cost = layer;
            IsAllFound = wanted is not null && wanted.All(finding => IsSettled((finding.Hazard.Tag.Place, finding.Hazard.Kind, false)));
            if (IsAllFound) return;
        }
    }

    /// <summary>The witness of a finding, made by running the way to it once more.</summary>
    public Witness Explain(in Finding finding)
    {
        var path = new List<ulong> { finding.Choices };
        for (var state = finding.State; _origins[state].Parent >= 0; state = _origins[state].Parent) path.Add(_origins[state].Choices);
        path.Reverse();
        var recorder = new WitnessRecorder(finding.Hazard, _places);
        var machine = new Machine(_image, _options, _arithmetic, _widening, _places, recorder);
        return recorder.Record(machine, path);
    }

    public override void Missed(Value idle) => MissedNumber ??= idle;

    public override void Vmspliced(int site, bool copiesOut) => (copiesOut ? _copying : _handingOff).Add(site);

    /// <summary>Only once no shorter way can turn up: a witness shows the shortest.</summary>
    public override bool IsStoredOver(int place) => IsSettled((place, HazardKind.Store, false)) || IsSettled((place, HazardKind.StoreAfterGift, false));

    private bool IsSettled((int, HazardKind, bool) key) => _known.TryGetValue(key, out var index) && _findings[index].Cost <= _cost;

    public override void Found(in Hazard hazard)
    {
        var finding = new Finding { Hazard = hazard, State = _expanding, Choices = _machine.Choices.Pack(), Cost = _cost + _machine.Actions };
        var key = (hazard.Tag.Place, hazard.Kind, hazard.Blurred);
        if (!_known.TryGetValue(key, out var index))
        {
            _known.Add(key, _findings.Count);
            _findings.Add(finding);
        }
        else if (finding.Cost < _findings[index].Cost)
        {
            _findings[index] = finding;
        }
    }

    /// <summary>Takes every step that a state can take.</summary>
    private void Expand(int state, int cost)
    {
        _expanding = state;
        _cost = cost;
        _machine.Choices.Start();
        do
        {
            _table.CopyTo(state, _bytes);
            _work += _bytes.Length;
            IsBudgetUsed |= _work > _options.MaxStates * WorkPerState;
            StateCodec.Read(_machine, _bytes);
            var outcome = _machine.Run();
            IsPathAbandoned |= outcome == Outcome.Abandoned;
            if (outcome != Outcome.Paused) continue;
            _machine.Normalise(keepHandOffsApart: false);
            Visit(state, cost + _machine.Actions, _machine.Choices.Pack());
        }
        while (!IsBudgetUsed && _machine.Choices.Advance());
    }

    private void Visit(int parent, int cost, ulong choices)
    {
        StateCodec.Write(_machine, _bytes);
        if (_machine.Monitor.PathBlurred && IsCovered(cost)) return;
        var state = _table.Add(_bytes, out var isNew);
        var origin = new Origin { Parent = parent, Cost = cost, Choices = choices };
        if (isNew) _origins.Add(origin);
        else if (cost < _origins[state].Cost) _origins[state] = origin;
        else return;
        while (_layers.Count <= cost) _layers.Add([]);
        _layers[cost].Add(state);
        IsBudgetUsed |= _table.Count > _options.MaxStates || _table.Bytes > _options.MaxStates * BytesPerState;
    }

    /// <summary>True when the same state was reached without widening and at no greater cost: everything that follows is known, and more exactly.</summary>
    private bool IsCovered(int cost)
    {
        _bytes.Buffer[0] = 0;
        var exact = _table.Find(_bytes);
        _bytes.Buffer[0] = 1;
        return exact >= 0 && _origins[exact].Cost <= cost;
    }
}
