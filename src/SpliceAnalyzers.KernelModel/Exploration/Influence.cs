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
    private readonly List<Instruction>?[][] _definitions;
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
        _definitions = Array.ConvertAll(procedures, static procedure => new List<Instruction>?[procedure.Registers]);
        _callers = new List<(int, Expression[])>?[procedures.Length];
        VisitAll(NoteSources);
        VisitAll(NoteField);
        VisitAll(Begin);
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

    private void VisitAll(Action<int, Instruction> visit)
    {
        for (var i = 0; i < _procedures.Length; i++)
        {
            foreach (var instruction in _procedures[i].Code) visit(i, instruction);
        }
    }

    private void NoteSources(int procedure, Instruction instruction)
    {
        InstructionFacts.VisitTargets(instruction, target => (_definitions[procedure][target] ??= []).Add(instruction));
        if (instruction is Call call) (_callers[call.Procedure] ??= []).Add((procedure, call.Arguments));
        if (instruction is Start start) (_callers[start.Procedure] ??= []).Add((procedure, start.Arguments));
    }

    /// <summary>Locals and temporary structs decide: they are what segments are made of.</summary>
    private void NoteField(int procedure, Instruction instruction)
    {
        if (instruction is not StoreValue { Silent: false } store) return;
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
            if (register.Index < _procedures[procedure].Parameters || _definitions[procedure][register.Index] is not [Assign { Value: var value }]) return offset;
            address = value;
        }
        return offset;
    }

    /// <summary>Marks what an instruction itself decides by.</summary>
    private void Begin(int procedure, Instruction instruction)
    {
        switch (instruction)
        {
            case Assign or Choose or Call or Start or Return: break;
            case StoreValue { Silent: false } store: Mark(procedure, store.Address); break;
            default: InstructionFacts.VisitOperands(instruction, operand => Mark(procedure, operand)); break;
        }
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
            foreach (var definition in _definitions[procedure][register] ?? []) Trace(procedure, register, definition);
        }
    }

    /// <summary>Marks what a register's value may be made of.</summary>
    private void Trace(int procedure, int register, Instruction definition)
    {
        switch (definition)
        {
            case Assign assign: Mark(procedure, assign.Value); break;
            case Choose choose: Array.ForEach(choose.Alternatives, alternative => Mark(procedure, alternative)); break;
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
