using System;
using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// Which registers and fields decide anything: a branch, an address, a length, what a system call does. Numbers in the others, such as totals and counts that
/// are only returned or added up, are not told apart, since each would multiply the states by its values.
/// </summary>
/// <remarks>
/// Fields are told apart by the offsets that stand in the program, not by objects. So a load, or the kernel, may find that a number was needed after all: what it
/// finds then is a <see cref="Value.Idle"/>, and the search begins again with such numbers kept.
/// </remarks>
internal sealed class Influence
{
    /// <summary>Stands for the offset of an address that is computed.</summary>
    private const long Computed = long.MinValue;

    /// <summary>So many registers are followed to the one that an address began with.</summary>
    private const int MostCopies = 8;

    private readonly Procedure[] _procedures;
    private readonly bool[][] _decides;

    /// <summary>For each register of each procedure, the instructions that set it.</summary>
    private readonly Chains[] _definitions;
    private readonly List<(int Procedure, Expression[] Arguments)>?[] _callers;
    private readonly List<Field> _fields = [];
    private readonly Dictionary<long, Field> _fieldAt = [];
    private readonly Dictionary<StoreValue, Field> _fieldOf = [];
    private readonly Stack<(int Procedure, int Register)> _open = new();

    /// <summary>What is at one offset of all objects.</summary>
    private sealed class Field(int number)
    {
        public int Number { get; } = number;
        public bool Decides { get; set; }
        public List<(int Procedure, Expression Value)> Stored { get; } = [];
    }

    public Influence(Procedure[] procedures)
    {
        _procedures = procedures;
        _decides = Array.ConvertAll(procedures, static procedure => new bool[procedure.Registers]);
        _definitions = Array.ConvertAll(procedures, static procedure => new Chains(procedure.Registers));
        _callers = new List<(int, Expression[])>?[procedures.Length];
        for (var i = 0; i < procedures.Length; i++) NoteSources(i);
        for (var i = 0; i < procedures.Length; i++) Begin(i);
        TraceAll();
    }

    /// <summary>For each register of a procedure, whether it matters which number it holds.</summary>
    public bool[] Registers(int procedure) => _decides[procedure];

    /// <summary>What is kept of a number that is stored in an object.</summary>
    public Value Kept(StoreValue store, Value number) => _fieldOf.TryGetValue(store, out var field) && !field.Decides ? Value.Idle(field.Number) : number;

    /// <summary>Keeps from now on what was stored in the place of an idle value.</summary>
    public void Include(Value idle)
    {
        var field = _fields[idle.Place];
        if (field.Decides) throw new InvalidOperationException($"The number {idle.Place} of a field is kept, and was missed.");
        Read(field);
        TraceAll();
    }

    /// <summary>Keeps all that is stored from now on.</summary>
    public void IncludeAll()
    {
        _fields.ForEach(Read);
        TraceAll();
    }

    private void NoteSources(int procedure)
    {
        var code = _procedures[procedure].Code;
        for (var pc = 0; pc < code.Length; pc++)
        {
            InstructionFacts.VisitTargets(code[pc], (_definitions[procedure], pc), static (state, target) => state.Item1.Add(target, state.pc));
            if (code[pc] is Call call) (_callers[call.Procedure] ??= []).Add((procedure, call.Arguments));
            if (code[pc] is Start start) (_callers[start.Procedure] ??= []).Add((procedure, start.Arguments));
        }
    }

    /// <summary>Marks what instructions themselves decide by. Locals and temporary structs decide: they are what segments are made of.</summary>
    private void Begin(int procedure)
    {
        foreach (var instruction in _procedures[procedure].Code)
        {
            switch (instruction)
            {
                case Assign or Choose or Call or Start or Return: break;
                case StoreValue { Silent: false } store:
                    NoteField(procedure, store);
                    Mark(procedure, store.Address);
                    break;
                default: InstructionFacts.VisitOperands(instruction, (this, procedure), static (state, operand) => state.Item1.Mark(state.procedure, operand)); break;
            }
        }
    }

    private void NoteField(int procedure, StoreValue store)
    {
        var field = FieldAt(OffsetOf(procedure, store.Address));
        field.Stored.Add((procedure, store.Value));
        _fieldOf.Add(store, field);
    }

    private Field FieldAt(long offset)
    {
        if (_fieldAt.TryGetValue(offset, out var field)) return field;
        field = new Field(_fields.Count);
        _fields.Add(field);
        _fieldAt.Add(offset, field);
        return field;
    }

    /// <summary>How far an address is from the register that it begins with, through copies of that.</summary>
    private long OffsetOf(int procedure, Expression address)
    {
        long offset = 0;
        for (var copies = 0; copies < MostCopies; copies++)
        {
            if (address is BinaryExpression { Operator: BinaryOperator.Add, Left: RegisterExpression left, Right: ConstantExpression right }) (address, offset) = (left, offset + right.Value);
            if (address is not RegisterExpression register) return address is BinaryExpression ? Computed : offset;
            if (CopiedFrom(procedure, register.Index) is not { } value) return offset;
            address = value;
        }
        return offset;
    }

    /// <summary>What a register always holds a copy of; null where it is set more than once, or by the caller.</summary>
    private Expression? CopiedFrom(int procedure, int register)
    {
        var only = register < _procedures[procedure].Parameters ? -1 : _definitions[procedure].First(register);
        return only >= 0 && _definitions[procedure].Next(only) < 0 && _procedures[procedure].Code[_definitions[procedure].Item(only)] is Assign assign ? assign.Value : null;
    }

    private void Mark(int procedure, Expression expression)
    {
        switch (expression)
        {
            case RegisterExpression { Index: var register } when !_decides[procedure][register]:
                _decides[procedure][register] = true;
                _open.Push((procedure, register));
                break;
            case BinaryExpression binary:
                Mark(procedure, binary.Left);
                Mark(procedure, binary.Right);
                break;
        }
    }

    private void TraceAll()
    {
        while (_open.Count > 0)
        {
            var (procedure, register) = _open.Pop();
            foreach (var (caller, arguments) in _callers[procedure] ?? [])
            {
                if (register < arguments.Length) Mark(caller, arguments[register]);
            }
            for (var link = _definitions[procedure].First(register); link >= 0; link = _definitions[procedure].Next(link))
                Trace(procedure, register, _procedures[procedure].Code[_definitions[procedure].Item(link)]);
        }
    }

    /// <summary>Marks what a register's value may be made of.</summary>
    private void Trace(int procedure, int register, Instruction definition)
    {
        switch (definition)
        {
            case Assign assign: Mark(procedure, assign.Value); break;
            case Choose choose: InstructionFacts.VisitOperands(choose, (this, procedure), static (state, operand) => state.Item1.Mark(state.procedure, operand)); break;
            case Load load: Read(FieldAt(OffsetOf(procedure, load.Address))); break;
            case Call call: TraceResult(call.Procedure, Array.IndexOf(call.Targets, register)); break;
        }
    }

    private void Read(Field field)
    {
        if (field.Decides) return;
        field.Decides = true;
        foreach (var (procedure, value) in field.Stored) Mark(procedure, value);
    }

    private void TraceResult(int procedure, int index)
    {
        foreach (var instruction in _procedures[procedure].Code)
        {
            if (instruction is Return { Values: var values } && index < values.Length) Mark(procedure, values[index]);
        }
    }
}
