using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Writes programs by hand. Every instruction gets its index as its site, so that a witness can be compared with the program.</summary>
internal sealed class ProgramBuilder
{
    private readonly List<Instruction> _code = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<(int At, string Label, string? Other)> _jumps = [];

    public ProgramBuilder(int parameters = 0, int firstSite = 0)
    {
        Parameters = Registers = parameters;
        FirstSite = firstSite;
    }

    public const long Gift = 8;

    public int Parameters { get; }

    public int Registers { get; private set; }

    public int FirstSite { get; }

    /// <summary>The site of the next instruction.</summary>
    public int Here => FirstSite + _code.Count;

    public static Expression R(int register) => Expression.Register(register);

    public static Expression C(long value) => Expression.Constant(value);

    public static Expression Unknown => Expression.Unknown;

    public static Expression Op(Expression left, BinaryOperator op, Expression right) => Expression.Binary(op, left, right);

    public static Expression Add(Expression left, Expression right) => Expression.Add(left, right);

    public static Expression Add(int register, long bytes) => Expression.Add(R(register), C(bytes));

    public int NewRegister() => Registers++;

    private int Emit(Instruction instruction)
    {
        _code.Add(instruction);
        return instruction.Site;
    }

    public int Let(Expression value)
    {
        var register = NewRegister();
        Set(register, value);
        return register;
    }

    public int Set(int register, Expression value) => Emit(new Assign(Here, register, value));

    public int ChooseOf(params Expression[] values)
    {
        var register = NewRegister();
        Emit(new Choose(Here, register, values));
        return register;
    }

    public int Allocate(RegionKind kind, long size) => Allocate(kind, C(size));

    public int Allocate(RegionKind kind, Expression size)
    {
        var register = NewRegister();
        Emit(new Allocate(Here, register, kind, size));
        return register;
    }

    public int StoreByte(Expression address) => Emit(new StoreValue(Here, address, C(1), 1));

    public int StoreBytes(Expression address, Expression length, bool possible = false) => Emit(new StoreBytes(Here, address, length, possible));

    public int Keep(Expression address, Expression value, int width = 8) => Emit(new StoreValue(Here, address, value, width));

    public int KeepSilently(Expression address, Expression value, int width = 8) => Emit(new StoreValue(Here, address, value, width, silent: true));

    public int Copy(Expression destination, Expression source, Expression length) => Emit(new CopyBytes(Here, destination, source, length));

    public int Load(Expression address, int width = 8, Missing? missing = null)
    {
        var register = NewRegister();
        Emit(new Load(Here, register, address, width, missing));
        return register;
    }

    public int Pin(Expression address) => Emit(new Pin(Here, address));

    public int Release(Expression address, ReleaseKind kind) => Emit(new Release(Here, address, kind));

    public int Escape(Expression value) => Emit(new Escape(Here, value));

    public int Throw() => Emit(new Throw(Here));

    public int Return(params Expression[] values) => Emit(new Return(Here, values));

    public int LoopHead()
    {
        _code.Add(new LoopHead());
        return _code.Count - 1;
    }

    public void Label(string name) => _labels.Add(name, _code.Count);

    public void Jump(string label)
    {
        _jumps.Add((_code.Count, label, null));
        _code.Add(new Jump(0));
    }

    public void Branch(Expression condition, string whenTrue, string whenFalse)
    {
        _jumps.Add((_code.Count, whenTrue, whenFalse));
        _code.Add(new Branch(Here, condition, 0, 0));
    }

    /// <summary>Goes on at the label unless the condition holds.</summary>
    public void Unless(Expression condition, string label)
    {
        var next = $"next{_code.Count}";
        Branch(condition, next, label);
        Label(next);
    }

    public int System(SystemCallKind kind, params Expression[] arguments)
    {
        var register = NewRegister();
        Emit(new SystemCall(Here, register, kind, arguments));
        return register;
    }

    public int SystemIgnoringResult(SystemCallKind kind, params Expression[] arguments) => Emit(new SystemCall(Here, -1, kind, arguments));

    public int[] Call(int procedure, int results, Expression[] arguments, string? onThrow = null)
    {
        var targets = new int[results];
        for (var i = 0; i < results; i++) targets[i] = NewRegister();
        if (onThrow is not null) _jumps.Add((_code.Count, onThrow, null));
        Emit(new Call(Here, procedure, arguments, targets));
        return targets;
    }

    public int Start(int procedure, params Expression[] arguments) => Emit(new Start(Here, NewRegister(), procedure, arguments));

    /// <summary>Waits until something at an address is not 0 any more, and ends the program if nobody can change it.</summary>
    public void WaitFor(Expression flag)
    {
        var (again, over, done) = ($"again{_code.Count}", $"over{_code.Count}", $"done{_code.Count}");
        var woken = NewRegister();
        Label(again);
        Branch(R(Load(flag)), done, over + "?");
        Label(over + "?");
        Emit(new Wait(Here, woken));
        Branch(R(woken), again, over);
        Label(over);
        SystemIgnoringResult(SystemCallKind.Exit);
        Label(done);
    }

    public void Pause() => _code.Add(new Pause());

    /// <summary>A vector of one segment in stack memory, and the call. Returns the register of the result.</summary>
    public int Vmsplice(Expression descriptor, Expression address, Expression length, long flags = 0) =>
        System(SystemCallKind.Vmsplice, descriptor, R(Vector(address, length)), C(1), C(flags));

    /// <summary>The same, and nobody looks at the result.</summary>
    public void VmspliceBlindly(Expression descriptor, Expression address, Expression length) =>
        SystemIgnoringResult(SystemCallKind.Vmsplice, descriptor, R(Vector(address, length)), C(1), C(0));

    private int Vector(Expression address, Expression length)
    {
        var vector = Allocate(RegionKind.Stack, 16);
        Keep(R(vector), address);
        Keep(Add(vector, 8), length);
        return vector;
    }

    public int Vmsplice(Expression descriptor, int buffer, long length, long flags = 0) => Vmsplice(descriptor, R(buffer), C(length), flags);

    /// <summary>A pipe of the program: the registers of its read and write ends.</summary>
    public (int Read, int Write) Pipe()
    {
        var ends = Allocate(RegionKind.Stack, 8);
        System(SystemCallKind.Pipe, R(ends));
        return (Load(R(ends), 4), Load(Add(ends, 4), 4));
    }

    public Procedure ToProcedure(string name = "Main")
    {
        foreach (var (at, label, other) in _jumps)
        {
            _code[at] = _code[at] switch
            {
                Programs.Jump => new Jump(_labels[label]),
                Branch branch => new Branch(branch.Site, branch.Condition, _labels[label], _labels[other!]),
                Call call => new Call(call.Site, call.Procedure, call.Arguments, call.Targets, _labels[label]),
                var instruction => instruction,
            };
        }
        return new Procedure(name, Parameters, Registers, [.. _code]);
    }

    public SpliceProgram ToProgram(params Procedure[] callees) => new([ToProcedure(), .. callees], 0);

    public Verdict Explore(ConsumerKind consumer = ConsumerKind.Unknown, GiftContract gift = GiftContract.Documented, params Procedure[] callees) =>
        Explorer.Explore(ToProgram(callees), new ExplorationOptions { Consumer = consumer, GiftContract = gift }, TestContext.Current.CancellationToken);
}
