using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>The value of a C# expression: a scalar or pointer; with a length (in elements) for spans; the address for structs.</summary>
internal readonly record struct Operand(Expression Value, Expression? Length = null)
{
    public static readonly Operand Unknown = new(Expression.Unknown);

    /// <summary>The length of a span, unknown where there is none.</summary>
    public Expression LengthOrUnknown => Length ?? Expression.Unknown;
}

/// <summary>Something that can be assigned: registers, or memory at an address. Neither means nowhere that is followed.</summary>
internal readonly record struct Place(int Register, int LengthRegister, Expression? Address, bool Silent)
{
    public static readonly Place Nowhere = new(-1, -1, null, true);

    public static Place In(Expression address, bool silent = false) => new(-1, -1, address, silent);
}
