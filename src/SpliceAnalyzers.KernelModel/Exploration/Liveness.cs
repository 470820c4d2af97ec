using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// Which registers still matter where: leaving out the others lets states meet that differ in nothing that is used again. Kept for short runs of instructions,
/// and for the registers that are live there: what that takes grows with how long values live, not with instructions times registers.
/// </summary>
internal sealed class Liveness
{
    private readonly Instruction[] _code;

    /// <summary>The number of the run that an instruction is in.</summary>
    private readonly int[] _runOf;

    /// <summary>For each run, the registers that may be read in or after it before they are set, in ascending order.</summary>
    private readonly List<int>?[] _liveAtStart;
    private readonly int[]?[] _live;
    private readonly int[]?[] _liveAcross;

    public Liveness(Instruction[] code, int registers)
    {
        _code = code;
        _live = new int[]?[code.Length + 1];
        _liveAcross = new int[]?[code.Length];
        _runOf = NumberRuns(code, out var runs);
        _liveAtStart = new List<int>?[runs];
        Spread(new Uses(this, registers, runs));
    }

    /// <summary>Marks the instructions that more than one other leads to.</summary>
    public static bool[] FindJoins(Instruction[] code)
    {
        var counts = new int[code.Length + 1];
        for (var pc = 0; pc < code.Length; pc++) InstructionFacts.VisitSuccessors(code[pc], pc, counts, static (counts, next) => counts[next]++);
        return Array.ConvertAll(counts, static count => count > 1);
    }

    /// <summary>The registers that may be used at or after an instruction, in ascending order: made when first asked for.</summary>
    public int[] At(int pc)
    {
        if (_live[pc] is { } known) return known;
        var live = new List<int>();
        var last = pc;
        while (last + 1 < _code.Length && _runOf[last + 1] == _runOf[pc]) last++;
        if (last < _code.Length) AddAfter(last, live);
        for (var at = last; at >= pc && at < _code.Length; at--) Step(at, live);
        return _live[pc] = live.Count == 0 ? [] : [.. live];
    }

    /// <summary>The registers that are used after the call at <paramref name="pc"/> returned or threw, without those that it sets.</summary>
    public int[] Across(int pc)
    {
        if (_liveAcross[pc] is { } known) return known;
        var live = new List<int>(At(pc + 1));
        // A thread that runs here sets nothing, and neither does a callee that throws.
        if (_code[pc] is Call call)
        {
            foreach (var target in call.Targets) Remove(live, target);
            if (call.OnThrow >= 0) Include(live, At(call.OnThrow));
        }
        return _liveAcross[pc] = [.. live];
    }

    /// <summary>Runs end at jumps, and at calls, which states are made at.</summary>
    private static int[] NumberRuns(Instruction[] code, out int runs)
    {
        var starts = new bool[code.Length + 1];
        for (var pc = 0; pc < code.Length; pc++)
        {
            if (code[pc] is not (Branch or Jump or Call or SystemCall or Start or Return or Throw)) continue;
            starts[pc + 1] = true;
            InstructionFacts.VisitSuccessors(code[pc], pc, starts, static (starts, next) => starts[next] = true);
        }
        var runOf = new int[code.Length];
        runs = 0;
        for (var pc = 0; pc < code.Length; pc++) runOf[pc] = pc == 0 || !starts[pc] ? runs : ++runs;
        runs++;
        return runOf;
    }

    /// <summary>What is live behind the last instruction of a run.</summary>
    private void AddAfter(int last, List<int> live)
    {
        var handler = HandlerOf(_code[last]);
        InstructionFacts.VisitSuccessors(_code[last], last, (this, live, handler), static (state, next) =>
        {
            if (next != state.handler && next < state.Item1._code.Length && state.Item1._liveAtStart[state.Item1._runOf[next]] is { } registers) Include(state.live, registers);
        });
    }

    private static void Include(List<int> live, IReadOnlyList<int> registers)
    {
        for (var i = 0; i < registers.Count; i++) Include(live, registers[i]);
    }

    private static void Include(List<int> live, int register)
    {
        if (live.BinarySearch(register) is < 0 and var at) live.Insert(~at, register);
    }

    private static void Remove(List<int> live, int register)
    {
        if (live.BinarySearch(register) is >= 0 and var at) live.RemoveAt(at);
    }

    private static int HandlerOf(Instruction instruction) => instruction is Call { OnThrow: >= 0 and var handler } ? handler : -1;

    private void Step(int pc, List<int> live)
    {
        InstructionFacts.VisitTargets(_code[pc], live, Remove);
        // A callee that throws sets no register.
        if (HandlerOf(_code[pc]) is >= 0 and var handler && _liveAtStart[_runOf[handler]] is { } registers) Include(live, registers);
        InstructionFacts.VisitOperands(_code[pc], live, static (live, operand) => InstructionFacts.VisitRegisters(operand, live, Include));
    }

    /// <summary>Follows each register from its uses back to where it is set.</summary>
    private void Spread(Uses uses)
    {
        var seen = new int[_liveAtStart.Length];
        var open = new Stack<int>();
        for (var register = 0; register < uses.Registers; register++)
        {
            for (var use = uses.First(register); use >= 0; use = uses.Next(use)) Mark(uses.RunOf(use));
            while (open.Count > 0)
            {
                for (var edge = uses.FirstEdge(open.Pop()); edge >= 0; edge = uses.NextEdge(edge))
                {
                    if (!uses.IsSetOn(edge, register)) Mark(uses.Source(edge));
                }
            }

            void Mark(int run)
            {
                if (seen[run] == register + 1) return;
                seen[run] = register + 1;
                (_liveAtStart[run] ??= []).Add(register);
                open.Push(run);
            }
        }
    }

    /// <summary>For each register, the runs that read it before they set it, and those that set it; for each run, those that lead to it.</summary>
    private sealed class Uses
    {
        private readonly Liveness _owner;
        private readonly Chains _reads, _writes, _edges;

        public Uses(Liveness owner, int registers, int runs)
        {
            (_owner, Registers) = (owner, registers);
            (_reads, _writes, _edges) = (new Chains(registers), new Chains(registers), new Chains(runs));
            var setIn = new int[registers];
            for (var pc = 0; pc < owner._code.Length; pc++) Add(pc, setIn);
        }

        public int Registers { get; }

        public int First(int register) => _reads.First(register);

        public int Next(int use) => _reads.Next(use);

        public int RunOf(int use) => _reads.Item(use);

        public int FirstEdge(int run) => _edges.First(run);

        public int NextEdge(int edge) => _edges.Next(edge);

        /// <summary>The run that an edge comes from.</summary>
        public int Source(int edge) => _owner._runOf[_edges.Item(edge) >> 1];

        /// <summary>True when the run that an edge comes from sets the register, and then goes this way.</summary>
        public bool IsSetOn(int edge, int register)
        {
            var (pc, throws) = (_edges.Item(edge) >> 1, (_edges.Item(edge) & 1) != 0);
            if (!throws && _owner._code[pc] is Call { OnThrow: >= 0 } call && Array.IndexOf(call.Targets, register) >= 0) return true;
            for (var write = _writes.First(register); write >= 0; write = _writes.Next(write))
            {
                if (_writes.Item(write) == _owner._runOf[pc]) return true;
            }
            return false;
        }

        private void Add(int pc, int[] setIn)
        {
            var (instruction, run) = (_owner._code[pc], _owner._runOf[pc]);
            InstructionFacts.VisitOperands(instruction, (_reads, setIn, run), static (state, operand) => InstructionFacts.VisitRegisters(operand, state, static (state, register) =>
            {
                if (state.setIn[register] != state.run + 1) state._reads.Add(register, state.run);
            }));
            // Those of a call that may throw are set on the way to the next instruction only.
            if (HandlerOf(instruction) < 0)
            {
                InstructionFacts.VisitTargets(instruction, (_writes, setIn, run), static (state, register) =>
                {
                    if (state.setIn[register] != state.run + 1) state._writes.Add(register, state.run);
                    state.setIn[register] = state.run + 1;
                });
            }
            if (pc + 1 == _owner._code.Length || _owner._runOf[pc + 1] != run) AddEdges(instruction, pc);
        }

        private void AddEdges(Instruction instruction, int pc) =>
            InstructionFacts.VisitSuccessors(instruction, pc, (this, pc, handler: HandlerOf(instruction)), static (state, next) =>
            {
                var owner = state.Item1._owner;
                if (next < owner._code.Length) state.Item1._edges.Add(owner._runOf[next], state.pc << 1 | (next == state.handler ? 1 : 0));
            });
    }
}
