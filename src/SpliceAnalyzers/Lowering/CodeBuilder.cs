using System.Collections.Generic;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Collects a procedure's instructions; jumps name labels, which become indices at the end.</summary>
internal sealed class CodeBuilder
{
    private readonly List<Instruction> _code = [];
    private readonly List<int> _labels = [];

    /// <summary>How many registers have been handed out.</summary>
    public int Registers { get; private set; }

    /// <summary>A fresh register.</summary>
    public int NewRegister() => Registers++;

    /// <summary>A label with no place yet.</summary>
    public int NewLabel()
    {
        _labels.Add(-1);
        return _labels.Count - 1;
    }

    /// <summary>Puts the label before the next instruction.</summary>
    public void Mark(int label) => _labels[label] = _code.Count;

    /// <summary>Appends an instruction; its targets are labels.</summary>
    public void Add(Instruction instruction) => _code.Add(instruction);

    /// <summary>Copies a value to a fresh register, so that later changes of its parts do not matter.</summary>
    public Expression Keep(Expression value)
    {
        if (value is ConstantExpression or UnknownExpression)
            return value;
        int register = NewRegister();
        Add(new Assign(-1, register, value));
        return Expression.Register(register);
    }

    /// <summary>The finished procedure.</summary>
    public Procedure Build(string name, int parameters)
    {
        foreach (Instruction instruction in _code)
        {
            switch (instruction)
            {
                case Jump jump:
                    jump.Target = _labels[jump.Target];
                    break;
                case Branch branch:
                    (branch.WhenTrue, branch.WhenFalse) = (_labels[branch.WhenTrue], _labels[branch.WhenFalse]);
                    break;
                case Call { OnThrow: >= 0 } call:
                    call.OnThrow = _labels[call.OnThrow];
                    break;
            }
        }

        return new Procedure(name, parameters, Registers, [.. _code]);
    }
}
