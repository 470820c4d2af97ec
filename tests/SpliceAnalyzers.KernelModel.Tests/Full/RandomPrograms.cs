using System.Collections.Generic;
using CsCheck;
using SpliceAnalyzers.KernelModel.Programs;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests.Full;

/// <summary>Small programs: a few buffers, a pipe of their own, a descriptor from outside, and random calls between them.</summary>
internal static class RandomPrograms
{
    private static readonly RegionKind[] Kinds =
    [
        RegionKind.Native, RegionKind.Native, RegionKind.Managed, RegionKind.Pooled, RegionKind.Stack, RegionKind.PrivateMapping,
        RegionKind.Caller, RegionKind.CallerArray, RegionKind.ReadOnly, RegionKind.SharedMapping,
    ];

    private static readonly ReleaseKind[] Releases =
        [ReleaseKind.ToAllocator, ReleaseKind.ToPool, ReleaseKind.PinHandle, ReleaseKind.PinScope, ReleaseKind.PinScope, ReleaseKind.Unmap];

    /// <summary>An instruction as numbers: what, which buffer, from, length, which pipe, and when.</summary>
    internal readonly record struct Act(int What, int Buffer, int From, int Cells, int Pipe, int When, int Extra);

    /// <param name="Thread">What a second thread does that is started before the act with this number; null where there is none.</param>
    internal sealed record Plan(int[] BufferKinds, int[] Pages, int[] Pins, int Turns, Act[] Acts, Act[]? Thread = null, int StartsAt = 0);

    private static readonly Gen<Act> Acts =
        from what in Gen.Int[0, 21]
        from buffer in Gen.Int[0, 1]
        from first in Gen.Int[0, 4]
        from cells in Gen.Int[1, 8]
        from pipe in Gen.Int[0, 2]
        from when in Gen.Int[0, 9]
        from extra in Gen.Int[0, 5]
        select new Act(what, buffer, first, cells, pipe, when, extra);

    public static readonly Gen<Plan> Plans =
        from kinds in Gen.Int[0, Kinds.Length - 1].Array[2]
        from pages in Gen.Int[1, 2].Array[2]
        from pins in Gen.Int[0, 2].Array[2]
        from turns in Gen.Int[1, 5]
        from acts in Acts.Array[2, 7]
        select new Plan(kinds, pages, pins, turns > 3 ? turns - 2 : 1, acts);

    /// <summary>Two threads; each does a little, since every interleaving is tried.</summary>
    public static readonly Gen<Plan> ThreadPlans =
        from plan in Plans
        from own in Gen.Int[1, 3]
        from other in Acts.Array[1, 3]
        from at in Gen.Int[0, own]
        select plan with { Turns = 1, Acts = plan.Acts[..System.Math.Min(own, plan.Acts.Length)], Thread = other, StartsAt = at };

    /// <summary>Writes the program that a plan describes.</summary>
    public static SpliceProgram Write(Plan plan)
    {
        var p = new ProgramBuilder();
        var writer = new Writer(p, plan);
        writer.Write();
        return plan.Thread is null ? p.ToProgram() : p.ToProgram(writer.WriteThread());
    }

    private sealed class Writer(ProgramBuilder p, Plan plan)
    {
        private int[] _buffers = new int[2];
        private int[] _reads = new int[2];
        private int[] _writes = new int[2];
        private int _fields;
        private int _done = -1;
        private int _result;
        private int _labels;

        public void Write()
        {
            for (var i = 0; i < 2; i++) (_reads[i], _writes[i]) = p.Pipe();
            _result = p.Let(C(0));
            _fields = p.Allocate(RegionKind.Managed, 16);
            p.Keep(R(_fields), C(0));
            p.Keep(Add(_fields, 8), C(0));
            if (plan.Thread is not null) p.KeepSilently(R(_done = p.Allocate(RegionKind.Object, 8)), C(0));
            for (var i = 0; i < 2; i++) MakeBuffer(i);
            var turn = p.Let(C(0));
            p.Label("again");
            p.LoopHead();
            p.Unless(Op(R(turn), BinaryOperator.Less, C(plan.Turns)), "done");
            for (var i = 0; i < plan.Acts.Length; i++)
            {
                if (i == plan.StartsAt) Start();
                WriteWhen(plan.Acts[i]);
            }
            if (plan.StartsAt >= plan.Acts.Length) Start();
            p.Set(turn, Add(turn, 1));
            p.Jump("again");
            p.Label("done");
            // What the caller gets back is known only once nobody goes on handing it off.
            if (plan.Thread is not null) p.WaitFor(R(_done));
            UseEnds();
            p.Return();
        }

        /// <summary>The ends are used here, so that none is lost before: a lost end is a matter of other tests.</summary>
        private void UseEnds()
        {
            for (var i = 0; i < 2; i++)
            {
                p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(_reads[i]), C(65536));
                p.SystemIgnoringResult(SystemCallKind.SetPipeSize, R(_writes[i]), C(65536));
            }
        }

        private void Start()
        {
            if (plan.Thread is not null) p.Start(1, [.. System.Linq.Enumerable.Select([_done, _fields, .. _buffers, .. _reads, .. _writes], R)]);
        }

        /// <summary>The same pipes and buffers in the hands of the second thread.</summary>
        public Procedure WriteThread()
        {
            p = new ProgramBuilder(8, firstSite: 1000);
            (_done, _fields, _buffers, _reads, _writes) = (0, 1, [2, 3], [4, 5], [6, 7]);
            _result = p.Let(C(0));
            foreach (var act in plan.Thread!) WriteWhen(act);
            UseEnds();
            p.KeepSilently(R(_done), C(1));
            p.Return();
            return p.ToProcedure("Thread");
        }

        private void MakeBuffer(int index)
        {
            var kind = Kinds[plan.BufferKinds[index]];
            var size = plan.Pages[index] * 4096;
            if (kind == RegionKind.PrivateMapping)
            {
                _buffers[index] = p.System(SystemCallKind.MapPrivate, C(size));
                p.Unless(Op(R(_buffers[index]), BinaryOperator.NotEqual, C(-1)), "done");
            }
            else
            {
                _buffers[index] = p.Allocate(kind, size);
            }
            for (var i = 0; i < plan.Pins[index]; i++) p.Pin(R(_buffers[index]));
        }

        private void WriteWhen(Act act)
        {
            var condition = act.When switch
            {
                0 => Op(R(_result), BinaryOperator.Less, C(0)),
                1 => Op(C(0), BinaryOperator.Less, R(_result)),
                2 => Unknown,
                _ => null,
            };
            if (condition is null)
            {
                Write(act);
                return;
            }
            var label = $"skip{_labels++}";
            p.Unless(condition, label);
            Write(act);
            p.Label(label);
        }

        private void Write(Act act)
        {
            var size = plan.Pages[act.Buffer] * 4096;
            var from = act.From * 1024 % size;
            var length = System.Math.Min(act.Cells * 1024, size - from);
            var address = Add(_buffers[act.Buffer], from);
            switch (act.What)
            {
                case < 4: HandOff(act, address, length); break;
                case < 8: Store(act, address, length); break;
                case < 10: p.Release(R(_buffers[act.Buffer]), Releases[act.Extra]); break;
                case 10: p.Pin(R(_buffers[act.Buffer])); break;
                case < 14: Call(SystemCallKind.Read, act.Pipe < 2 ? R(_reads[act.Pipe]) : C(1), Scratch(), C(act.Cells * 1024)); break;
                // Where there are threads, more than the smallest pipe holds is taken at once by the explorer, since another one might read it piece by piece.
                case 14: Call(SystemCallKind.Write, Target(act.Pipe), Scratch(), C((plan.Thread is null ? act.Cells : System.Math.Min(act.Cells, 4)) * 1024)); break;
                case 15: Call(SystemCallKind.Splice, R(_reads[act.Extra % 2]), C(0), Target(act.Pipe), C(0), C(act.Cells * 1024), C(0)); break;
                case 16: Call(SystemCallKind.Tee, R(_reads[act.Extra % 2]), Target(act.Pipe), C(act.Cells * 1024), C(0)); break;
                case 17: Drop(act); break;
                case 18: Call(SystemCallKind.SetPipeSize, Target(act.Pipe), C(act.Extra < 3 ? 4096 : 8192)); break;
                case 19: Share(act); break;
                // A total that may be nobody's business, and a place that is somebody's, read at an address that does not say so.
                case 20: p.Keep(R(_fields), Add(p.Load(R(_fields)), 1)); break;
                default: StoreThere(act, length); break;
            }
        }

        private void Store(Act act, Expression address, int length)
        {
            // The image is never written; a program that does it ends.
            if (Kinds[plan.BufferKinds[act.Buffer]] != RegionKind.ReadOnly) p.StoreBytes(address, C(length));
        }

        private void StoreThere(Act act, int length)
        {
            p.Keep(Add(_fields, 8), C(act.From % 2 * 1024));
            var one = p.Let(C(1));
            var offset = p.Load(Expression.Add(R(_fields), Expression.Multiply(R(one), C(8))));
            Store(act, Expression.Add(R(_buffers[act.Buffer]), R(offset)), System.Math.Min(length, 1024));
        }

        private void HandOff(Act act, Expression address, int length)
        {
            if (act.Extra == 5) p.VmspliceBlindly(Target(act.Pipe), address, C(length));
            else p.Set(_result, R(p.Vmsplice(Target(act.Pipe), address, C(length))));
        }

        private void Drop(Act act)
        {
            if (act.Extra < 3) Call(SystemCallKind.Close, act.Extra == 0 ? R(_reads[act.Pipe % 2]) : R(_writes[act.Pipe % 2]));
            else Call(SystemCallKind.Splice, R(_reads[act.Pipe % 2]), C(0), R(p.System(SystemCallKind.OpenCopyingTarget)), C(0), C(act.Cells * 1024), C(0));
        }

        private void Share(Act act)
        {
            if (act.Extra < 2) p.Escape(R(_reads[act.Pipe % 2]));
            else Call(SystemCallKind.Read, act.Pipe < 2 ? R(_reads[act.Pipe]) : C(1), R(_buffers[act.Buffer]), C(1024));
        }

        private Expression Target(int pipe) => pipe < 2 ? R(_writes[pipe]) : C(1);

        private Expression Scratch() => Unknown;

        private void Call(SystemCallKind kind, params Expression[] arguments) => p.Set(_result, R(p.System(kind, arguments)));
    }
}
