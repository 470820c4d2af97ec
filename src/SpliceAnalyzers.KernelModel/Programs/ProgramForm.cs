using System;
using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel.Exploration;

namespace SpliceAnalyzers.KernelModel.Programs;

/// <summary>
/// What a program does, whatever place it came from: its sites are numbered in the order in which they appear. Programs of one form have one verdict, but for
/// the sites in it; and what the explorer keeps of a program does not grow with the sites of others.
/// </summary>
internal sealed class ProgramForm : IEquatable<ProgramForm>
{
    private readonly List<long> _words = [];
    private readonly List<int> _sites = [];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly int _hash;

    public ProgramForm(SpliceProgram program)
    {
        Add(program.Entry, program.Procedures.Length);
        Program = new SpliceProgram(Array.ConvertAll(program.Procedures, Normalise), program.Entry);
        _hash = _words.Aggregate(0, static (hash, word) => unchecked(hash * 31 + word.GetHashCode()));
    }

    /// <summary>The program with its sites numbered from 0.</summary>
    public SpliceProgram Program { get; }

    /// <summary>The sites that the program really has, by those numbers.</summary>
    public IReadOnlyList<int> Sites => _sites;

    public bool Equals(ProgramForm? other) => other is not null && _hash == other._hash && _words.SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as ProgramForm);

    public override int GetHashCode() => _hash;

    private Procedure Normalise(Procedure procedure)
    {
        Add(procedure.Parameters, procedure.Registers, procedure.Code.Length);
        return new Procedure(procedure.Name, procedure.Parameters, procedure.Registers, Array.ConvertAll(procedure.Code, Normalise));
    }

    private Instruction Normalise(Instruction instruction)
    {
        int site = NumberOf(instruction.Site);
        Add((long)InstructionFacts.OpcodeOf(instruction), site);
        AddOwn(instruction);
        InstructionFacts.VisitOperands(instruction, this, static (form, operand) => form.Add(operand));
        return instruction.At(site);
    }

    private int NumberOf(int site)
    {
        if (site < 0) return site;
        if (_numbers.TryGetValue(site, out var number)) return number;
        _sites.Add(site);
        _numbers.Add(site, _sites.Count - 1);
        return _sites.Count - 1;
    }

    /// <summary>What an instruction has beside its operands, and how many of these there are where that may differ.</summary>
    private void AddOwn(Instruction instruction)
    {
        switch (instruction)
        {
            case Assign assign: Add(assign.Target); break;
            case Choose choose: Add(choose.Target, choose.Alternatives.Length); break;
            case Branch branch: Add(branch.WhenTrue, branch.WhenFalse); break;
            case Jump jump: Add(jump.Target); break;
            case Allocate allocate: Add(allocate.Target, (long)allocate.Kind, allocate.Most); break;
            case Load load:
                Add(load.Target, load.Width, load.Missing is null ? 0 : load.Missing.Values.Length + 1, load.Missing?.Kind is { } kind ? (long)kind : -1);
                Add(load.Missing is { IsAnywhere: true } ? 1 : 0);
                break;
            case StoreValue store: Add(store.Width, store.Silent ? 1 : 0); break;
            case StoreBytes store: Add(store.Possible ? 1 : 0); break;
            case CopyBytes copy: Add(copy.Silent ? 1 : 0); break;
            case Release release: Add((long)release.Kind); break;
            case SystemCall call: Add(call.Target, (long)call.Kind, call.Arguments.Length); break;
            case Call call:
                Add(call.Procedure, call.OnThrow, call.Arguments.Length, call.Targets.Length);
                foreach (var target in call.Targets) Add(target);
                break;
            case Start start: Add(start.Target, start.Procedure, start.RunsAtOnce ? 1 : 0, start.Arguments.Length); break;
            case Wait wait: Add(wait.Target); break;
            case Return leave: Add(leave.Values.Length); break;
            case LoopHead or Pin or Escape or Pause or Throw: break;
            default: throw new ArgumentException($"No such instruction: {instruction.GetType().Name}.", nameof(instruction));
        }
    }

    private void Add(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant: Add(0, constant.Value); break;
            case RegisterExpression register: Add(1, register.Index); break;
            case BinaryExpression binary:
                Add(2, (long)binary.Operator);
                Add(binary.Left);
                Add(binary.Right);
                break;
            default: Add(3); break;
        }
    }

    private void Add(long word) => _words.Add(word);

    private void Add(long first, long second)
    {
        Add(first);
        Add(second);
    }

    private void Add(long first, long second, long third)
    {
        Add(first, second);
        Add(third);
    }

    private void Add(long first, long second, long third, long fourth)
    {
        Add(first, second);
        Add(third, fourth);
    }
}
