using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A hand-off for which the property broke, and the statement at which that is to be said, both by their numbers.</summary>
internal readonly record struct Breach(int HandOff, HazardKind Kind, int Place);

/// <summary>
/// Runs a plan statement by statement on the model of the kernel, once for every combination of what callers may pass and calls may return. It
/// knows nothing of C#, of the lowering or of the explorer.
/// </summary>
internal sealed partial class ConcreteRun
{
    /// <summary>More runs than this are not made: the plan has too many ways to go.</summary>
    private const int MostRuns = 20_000;

    /// <summary>A run that has more to choose is one of too many.</summary>
    private const int MostChoices = 8;

    /// <summary>How often a loop of unknown length runs at most: so often that everything can go wrong, and everything that waits for bytes gets some.</summary>
    private const int FewestTurns = 3, MostTurns = 6;

    private static readonly Value Outside = Value.Unknown(1);

    private readonly Plan _plan;
    private readonly Dictionary<Act, int> _numbers;
    private readonly KernelState _kernel = new();
    private readonly Choices _choices = new();
    private readonly Watch _watch = new();
    private readonly bool[] _isKept, _isStatic;
    private readonly int _turns;
    private bool _hasEnded;
    private readonly HazardMonitor _monitor;
    private readonly LinuxKernel _calls;
    private readonly Value[] _buffers;
    private readonly Dictionary<(Question, int), int> _answers = [];
    private Value _readEnd, _writeEnd, _file, _scratch;
    private long _result;

    private ConcreteRun(Plan plan, ConsumerKind consumer, bool objectsKeep)
    {
        (_plan, _numbers, _buffers, _files) = (plan, plan.Numbers(), new Value[plan.Buffers.Count], new Value[plan.Files.Count]);
        _turns = Math.Clamp(1 + plan.Body.Drains, FewestTurns, MostTurns);
        _isKept = [.. plan.Buffers.Select((_, buffer) => objectsKeep && IsKept(plan, buffer))];
        _isStatic = [.. plan.Buffers.Select((_, buffer) => plan.Storage != Storage.Locals || plan.Body.All().OfType<Wrap>().Any(w => w.Form == WrapForm.TypeStatic && w.All().Any(a => Uses(a, buffer))))];
        _monitor = new HazardMonitor(_kernel, GiftContract.Documented, _watch);
        _calls = new LinuxKernel(_kernel, _monitor, _choices, consumer);
    }

    /// <summary>Notes which statement broke the property for which hand-off.</summary>
    private sealed class Watch : Observer
    {
        private readonly List<Step> _steps = [];
        private readonly Dictionary<string, int> _numbers = [];

        /// <summary>The statement that runs.</summary>
        public int Now { get; set; }

        /// <summary>The calls that lead to it, outermost first: the statement's number, and which of its calls it is. The first is the call of the method.</summary>
        public List<(int Statement, int Call)> Calls { get; } = [];

        public HashSet<Breach> Breaches { get; } = [];

        private sealed record Step(int Statement, (int Statement, int Call)[] Calls);

        /// <summary>The number of the statement and of the calls that lead to it.</summary>
        public int Place()
        {
            string name = Now + ":" + string.Join(",", Calls);
            if (!_numbers.TryGetValue(name, out int number))
            {
                _numbers.Add(name, number = _steps.Count);
                _steps.Add(new Step(Now, [.. Calls]));
            }

            return number;
        }

        public override void Found(in Hazard hazard)
        {
            Step handOff = _steps[hazard.Tag.Place];
            if (hazard.Kind == HazardKind.CallerKeeps)
                Breaches.Add(new Breach(handOff.Statement, hazard.Kind, handOff.Statement));
            else if (hazard.End == RegionEnd.Lost)
                // The last reference may be one in a callee, or one of its callers.
                Breaches.UnionWith(handOff.Calls.Skip(1).Select(static c => c.Statement).Append(handOff.Statement).Select(place => new Breach(handOff.Statement, HazardKind.LifetimeEnd, place)));
            else
            {
                Breaches.Add(new Breach(handOff.Statement, hazard.Kind, MeetingPlace(handOff, hazard.Kind)));
                // Two calls of one method: no function sees both, but the places are the same in each call.
                if (handOff.Calls[0] != Calls[0])
                    Breaches.Add(new Breach(handOff.Statement, hazard.Kind, hazard.Kind == HazardKind.LifetimeEnd ? handOff.Statement : Now));
            }
        }

        /// <summary>The statement in the innermost function that sees both: the culprit, or a call that leads to it; of a lifetime's end, the same of the hand-off.</summary>
        private int MeetingPlace(Step handOff, HazardKind kind)
        {
            int shared = 1 + handOff.Calls.Zip(Calls).Skip(1).TakeWhile(static pair => pair.First == pair.Second).Count();
            return kind == HazardKind.LifetimeEnd
                ? handOff.Calls.Skip(shared).Select(static c => c.Statement).Append(handOff.Statement).First()
                : Calls.Skip(shared).Select(static c => c.Statement).Append(Now).First();
        }
    }

    /// <summary>How a block was left.</summary>
    private enum Way
    {
        Onward,
        Returned,
        Blocked,
    }

    /// <summary>True when objects keep a buffer that the collector would take otherwise: for how long is not said in the source.</summary>
    public static bool IsKept(Plan plan, int buffer) =>
        plan.Buffers[buffer] == BufferSource.PinnedArray && (plan.Storage != Storage.Locals || plan.Body.All().OfType<Wrap>().Any(w => w.Keeps && w.All().Any(a => Uses(a, buffer))));

    /// <summary>
    /// All breaches of all runs; null when there are too many runs. Objects that keep buffers live until the method's end, or do not count.
    /// </summary>
    public static IReadOnlyCollection<Breach>? Of(Plan plan, ConsumerKind consumer, bool objectsKeep = false)
    {
        var run = new ConcreteRun(plan, consumer, objectsKeep);
        run._choices.Start();
        int runs = 0;
        do
        {
            run.RunOnce();
            if (run._choices.Taken > MostChoices || ++runs > MostRuns)
                return null;
        }
        while (run._choices.Advance());
        return run._watch.Breaches;
    }

    private void RunOnce()
    {
        _kernel.Clear();
        for (int call = 0; call < _plan.Calls && CallMethod(call); call++)
        {
        }
    }

    /// <summary>False when the call does not return.</summary>
    private bool CallMethod(int call)
    {
        _answers.Clear();
        (_result, _watch.Now, _hasEnded) = (0, 0, false);
        _watch.Calls.Clear();
        _watch.Calls.Add((0, call));
        Way way = SetUp() ? Run(_plan.Body, static _ => false) : Way.Returned;
        if (way == Way.Blocked)
            return false;
        if (way == Way.Onward && _plan.HasPrivatePipe)
        {
            Call(SystemCallKind.Close, _readEnd);
            Call(SystemCallKind.Close, _writeEnd);
        }

        (_watch.Now, _hasEnded) = (0, true);
        LoseUnless(static _ => false);
        _monitor.FrameEnded(0);
        _monitor.ReturnedToCaller();
        return true;
    }

    /// <summary>False when the method returns at once, because a call failed.</summary>
    private bool SetUp()
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_plan.Buffers[i] == BufferSource.Mapped)
            {
                if (Map() is not { } mapped)
                    return false;
                _buffers[i] = mapped;
            }
            else
                _buffers[i] = Make(KindOf(_plan.Buffers[i]), Plan.Size);
        }

        if (_plan.HasPrivatePipe)
        {
            Value ends = Make(RegionKind.Stack, 8);
            Call(SystemCallKind.Pipe, ends);
            (_readEnd, _writeEnd) = (Load(ends, 0), Load(ends, 4));
            _scratch = Make(RegionKind.Native, Plan.Size);
        }

        if (_plan.HasFile)
        {
            Call(SystemCallKind.Open, Value.Exact(-2), Value.Exact(0x42));
            _file = _lastValue;
            if (!_file.IsDescriptor)
                return false;
        }

        return OpenFiles();
    }

    private static RegionKind KindOf(BufferSource source) => source switch
    {
        BufferSource.Stack => RegionKind.Stack,
        BufferSource.Parameter => RegionKind.Caller,
        BufferSource.Array => RegionKind.Managed,
        BufferSource.Rented => RegionKind.Pooled,
        BufferSource.PinnedArray => RegionKind.PinnedHeap,
        _ => RegionKind.Native,
    };

    private Value Make(RegionKind kind, long size)
    {
        int index = _kernel.Memory.Add(kind, Value.Exact(size), 0, 0);
        _kernel.Memory[index].Owner = kind == RegionKind.Stack ? 0 : -1;
        return Value.Pointer(index, 0);
    }

    /// <summary>A private mapping; null when the kernel has none.</summary>
    private Value? Map()
    {
        Call(SystemCallKind.Mmap, Value.Exact(0), Value.Exact(Plan.Size), Value.Exact(3), Value.Exact(0x22), Value.Exact(-1), Value.Exact(0));
        return _lastValue.IsPointer ? _lastValue : null;
    }

    private Value Load(Value pointer, long offset) =>
        ValueMemory.Load(_kernel.Memory[pointer.Region], Value.Exact(offset), 4, _choices);

    private Value _lastValue;

    /// <summary>False when the call blocks for ever.</summary>
    private bool Call(SystemCallKind kind, params Value[] arguments) =>
        // Every hand-off's result goes to a variable, and so it may fail.
        Call(kind, _plan.LooksAtResults || _plan.UsesPipeSize || _plan.Files.Count > 0 || kind == SystemCallKind.Vmsplice, arguments);

    private bool Call(SystemCallKind kind, bool matters, params Value[] arguments)
    {
        var context = new CallContext(_watch.Now, _watch.Now, _watch.Place(), matters);
        return _calls.TryCall(kind, arguments, context, out _lastValue);
    }

    private bool CallAndKeep(SystemCallKind kind, params Value[] arguments)
    {
        bool returned = Call(kind, arguments);
        _result = _lastValue.Number;
        return returned;
    }

    /// <summary>Runs a block; <paramref name="isUsedBehind"/> tells which buffers what comes behind it may still use.</summary>
    private Way Run(Block block, Func<int, bool> isUsedBehind)
    {
        LoseUnless(buffer => block.All().Any(a => Uses(a, buffer)) || isUsedBehind(buffer));
        for (int i = 0; i < block.Acts.Count; i++)
        {
            int next = i + 1;
            bool IsUsedLater(int buffer) => block.Acts.Skip(next).SelectMany(static a => a.All()).Any(a => Uses(a, buffer)) || isUsedBehind(buffer);
            _watch.Now = _numbers[block.Acts[i]];
            Way way = Run(block.Acts[i], IsUsedLater);
            if (way != Way.Onward)
                return way;
            LoseUnless(IsUsedLater);
        }

        return Way.Onward;
    }

    /// <summary>The collector takes an array on the pinned heap once nothing that may still run names it.</summary>
    private void LoseUnless(Func<int, bool> isUsed)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            if (_plan.Buffers[i] == BufferSource.PinnedArray && !isUsed(i) && (!_isKept[i] || _hasEnded && !_isStatic[i]))
                _monitor.BecameUnreachable(_buffers[i].Region);
        }
    }

    private static bool Uses(Act act, int buffer) => act switch
    {
        HandOff handOff => handOff.Buffer == buffer,
        Store store => store.Buffer == buffer,
        Look look => look.Buffer == buffer,
        Pinned pinned => pinned.Buffer == buffer,
        GiveUp giveUp => giveUp.Buffer == buffer && giveUp.InHelper,
        Owner owner => owner.Buffer == buffer,
        _ => false,
    };

    private Way Run(Act act, Func<int, bool> isUsedLater)
    {
        switch (act)
        {
            case HandOff handOff: return After(Run(handOff));
            case Store store: Change(_buffers[store.Buffer], store.From, Written(store)); return Way.Onward;
            case GiveUp giveUp: GiveUpBuffer(giveUp.Buffer); return Way.Onward;
            case Empty empty: return After(Run(empty));
            case FreshBlock fresh: return After(Run(fresh));
            case Pinned pinned: return Run(pinned, isUsedLater);
            case Choice choice: return Run(IsTrue(choice) ? choice.Then : choice.Otherwise, isUsedLater);
            case Loop loop: return Run(loop, isUsedLater);
            case Rotation rotation: return Run(rotation);
            case SendFile send: return After(Run(send));
            case ModifyFile modify: return After(Run(modify));
            case Owner owner: return Run(owner, isUsedLater);
            case Wrap wrap: return Run(wrap, isUsedLater);
            default: return Way.Onward;
        }
    }

    private static Way After(bool returned) => returned ? Way.Onward : Way.Blocked;

    private bool Run(HandOff handOff)
    {
        Value memory = _buffers[handOff.Buffer];
        bool pinsItself = IsArray(handOff.Buffer);
        if (pinsItself)
            Pin(memory);
        int half = handOff.Length / 2;
        (long From, long Length)[] segments = handOff.Form == Forms.TwoSegments
            ? [(handOff.From, half), (handOff.From + half, handOff.Length - half)]
            : [(handOff.From, handOff.Length)];
        bool returned = Splice(memory, segments, handOff.Outlet == Outlet.Outside ? Outside : _writeEnd, handOff.IsGift);
        if (pinsItself && returned)
            _monitor.Released(memory.Region, ReleaseKind.PinScope);
        return returned;
    }

    private bool Splice(Value memory, (long From, long Length)[] segments, Value descriptor, bool isGift)
    {
        Value vector = Make(RegionKind.Object, 16 * segments.Length);
        for (int i = 0; i < segments.Length; i++)
        {
            ValueMemory.Store(_kernel.Memory[vector.Region], Value.Exact(16 * i), 8, Value.Pointer(memory.Region, segments[i].From));
            ValueMemory.Store(_kernel.Memory[vector.Region], Value.Exact(16 * i + 8), 8, Value.Exact(segments[i].Length));
        }

        return CallAndKeep(SystemCallKind.Vmsplice, descriptor, vector, Value.Exact(segments.Length), Value.Exact(isGift ? 8 : 0));
    }

    private bool IsArray(int buffer) => KindOf(_plan.Buffers[buffer]) is RegionKind.Managed or RegionKind.Pooled or RegionKind.PinnedHeap;

    private void Pin(Value memory) => _kernel.Memory[memory.Region].Pins++;

    private int Written(Store store)
    {
        (_, int bytes) = IsArray(store.Buffer) ? Forms.ArrayStores[store.Form] : Forms.PointerStores[store.Form];
        return bytes > 0 ? bytes : store.Length;
    }

    private void Change(Value memory, long from, long length)
    {
        Value address = Value.Pointer(memory.Region, from);
        if (_kernel.Memory.Live(address) is { } region)
            _monitor.Stored(memory.Region, region.Resolve(address, Value.Exact(length)), possible: false);
    }

    private void GiveUpBuffer(int buffer)
    {
        Value memory = _buffers[buffer];
        if (_plan.Buffers[buffer] == BufferSource.Mapped)
            Call(SystemCallKind.Munmap, memory, Value.Exact(Plan.Size));
        else if (_kernel.Memory.Live(memory) is not null && KindOf(_plan.Buffers[buffer]) is RegionKind.Native or RegionKind.Pooled)
            _monitor.Released(memory.Region, _plan.Buffers[buffer] == BufferSource.Rented ? ReleaseKind.ToPool : ReleaseKind.ToAllocator);
    }

    private bool Run(Empty empty)
    {
        Value zero = Value.Exact(0), length = Value.Exact(empty.Length);
        return empty.How switch
        {
            Drain.Read => CallAndKeep(SystemCallKind.Read, _readEnd, _scratch, length),
            Drain.SpliceToFile => CallAndKeep(SystemCallKind.Splice, _readEnd, zero, _file, zero, length, zero),
            Drain.SpliceOutside => CallAndKeep(SystemCallKind.Splice, _readEnd, zero, Outside, zero, length, Value.Exact(1)),
            _ => CallAndKeep(SystemCallKind.Tee, _readEnd, Outside, length, zero),
        };
    }

    private bool Run(FreshBlock fresh)
    {
        if (Map() is not { } mapped)
            return true;
        Change(mapped, 0, Plan.Size);
        if (!Splice(mapped, [(0, fresh.Length)], Outside, isGift: false))
            return false;
        return Call(SystemCallKind.Munmap, mapped, Value.Exact(Plan.Size));
    }

    private Way Run(Pinned pinned, Func<int, bool> isUsedLater)
    {
        Value memory = _buffers[pinned.Buffer];
        Pin(memory);
        Way way = Run(pinned.Body, buffer => buffer == pinned.Buffer || isUsedLater(buffer));
        _watch.Now = _numbers[pinned];
        if (way != Way.Blocked && _kernel.Memory.Live(memory) is not null)
            _monitor.Released(memory.Region, ReleaseKind.PinScope);
        return way;
    }

    private Way Run(Owner owner, Func<int, bool> isUsedLater)
    {
        Way way = Run(owner.Body, buffer => buffer == owner.Buffer || isUsedLater(buffer));
        _watch.Now = _numbers[owner];
        if (way != Way.Blocked)
            GiveUpBuffer(owner.Buffer);
        return way;
    }

    private Way Run(Wrap wrap, Func<int, bool> isUsedLater)
    {
        if (!wrap.IsCall)
            return Run(wrap.Body, isUsedLater);
        int calls = _watch.Calls.Count;
        Way way = Way.Onward;
        for (int depth = 0; depth < wrap.Depth && way == Way.Onward; depth++)
        {
            bool isLast = depth == wrap.Depth - 1;
            _watch.Calls.Add((_numbers[wrap], depth));
            way = Run(wrap.Body, buffer => !isLast && wrap.All().Any(a => Uses(a, buffer)) || isUsedLater(buffer));
        }

        _watch.Calls.RemoveRange(calls, _watch.Calls.Count - calls);
        _watch.Now = _numbers[wrap];
        return way == Way.Returned ? Way.Onward : way;
    }

    private bool IsTrue(Choice choice) => choice.Question switch
    {
        Question.Transferred => _result > 0,
        Question.Failed => _result < 0,
        Question.TransferredAll => _result == choice.Which,
        Question.Flag => Answer(Question.Flag, choice.Which) == 1,
        Question.IsLarge => Answer(Question.IsLarge, choice.Which) == 1,
        _ => Answer(Question.IsLarge, choice.Which) == 0,
    };

    /// <summary>What a caller passed: the same for the whole of a run.</summary>
    private int Answer(Question question, int which)
    {
        if (!_answers.TryGetValue((question, which), out int answer))
            _answers[(question, which)] = answer = _choices.Choose(2);
        return answer;
    }

    private Way Run(Loop loop, Func<int, bool> isUsedLater)
    {
        for (int turn = 0; turn < (loop.Turns > 0 ? loop.Turns : _turns); turn++)
        {
            if (loop.Turns == 0 && _choices.Choose(2) == 0)
                break;
            Way way = Run(loop.Body, buffer => loop.All().Any(a => Uses(a, buffer)) || isUsedLater(buffer));
            if (way != Way.Onward)
                return way;
        }

        return Way.Onward;
    }

    private Way Run(Rotation rotation)
    {
        Value size = Value.Exact(4096 * rotation.PipePages);
        Call(SystemCallKind.SetPipeSize, Outside, size);
        if (rotation.IsChecked && !_lastValue.Equals(size))
            return Way.Returned;
        Value ring = Make(RegionKind.Native, 4096 * rotation.Buffers);
        for (int turn = 0; turn < 6; turn++)
        {
            long from = turn % rotation.Buffers * 4096;
            Change(ring, from, 4096);
            long before = _result;
            if (!Splice(ring, [(from, 4096)], Outside, isGift: false))
                return Way.Blocked;
            bool isWhole = _result == 4096;
            _result = before;
            if (!isWhole)
                return Way.Returned;
        }

        return Way.Onward;
    }
}
