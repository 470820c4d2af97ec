namespace SpliceAnalyzers.KernelModel.Programs;

/// <summary>What the explorer runs: procedures over registers, regions and descriptors, with nothing left of the language it came from.</summary>
public sealed class SpliceProgram(Procedure[] procedures, int entry)
{
    /// <summary>All procedures; calls refer to them by index.</summary>
    public Procedure[] Procedures { get; } = procedures;

    /// <summary>The procedure that runs first, without arguments.</summary>
    public int Entry { get; } = entry;
}

/// <summary>A piece of code with its own registers, all 0 at first.</summary>
public sealed class Procedure(string name, int parameters, int registers, Instruction[] code)
{
    /// <summary>For witnesses and messages.</summary>
    public string Name { get; } = name;

    /// <summary>How many registers, from 0, receive arguments.</summary>
    public int Parameters { get; } = parameters;

    /// <summary>How many registers there are.</summary>
    public int Registers { get; } = registers;

    /// <summary>The instructions; never empty, the last one leaves the procedure or jumps.</summary>
    public Instruction[] Code { get; internal set; } = code;
}
