using System.Threading;
using SpliceAnalyzers.KernelModel.Costs;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;

/// <summary>The same producers as programs of the model, priced.</summary>
internal static class Model
{
    private const int Ends = 0, Read = 1, Write = 2, Buffer = 3, Vector = 4, Result = 5, Registers = 6;

    private static Expression R(int register) => Expression.Register(register);

    private static Expression C(long value) => Expression.Constant(value);

    /// <summary>Nanoseconds for a page that goes through a pipe.</summary>
    public static double PerPage(string producer, long size, CostTable table) =>
        ProgramPricing.Of(new SpliceProgram([new Procedure(producer, 0, Registers, Turn(producer, size))], 0), KernelKind.Linux, table, CancellationToken.None).PerPage;

    private static Instruction[] Turn(string producer, long size) =>
    [
        new Allocate(0, Ends, RegionKind.Stack, C(8)),
        new SystemCall(1, -1, SystemCallKind.Pipe, [R(Ends)]),
        new Load(2, Read, R(Ends), 4),
        new Load(3, Write, Expression.Add(R(Ends), C(4)), 4),
        new SystemCall(4, -1, SystemCallKind.SetPipeSize, [R(Write), C(size)]),
        producer == "fresh" ? new SystemCall(5, Buffer, SystemCallKind.MapPrivate, [C(size)]) : new Allocate(5, Buffer, RegionKind.Native, C(size)),
        new StoreBytes(6, R(Buffer), C(size)),
        new Allocate(7, Vector, RegionKind.Stack, C(16)),
        new StoreValue(8, R(Vector), R(Buffer), 8),
        new StoreValue(9, Expression.Add(R(Vector), C(8)), C(size), 8),
        producer == "write"
            ? new SystemCall(10, Result, SystemCallKind.Write, [R(Write), R(Buffer), C(size)])
            : new SystemCall(10, Result, SystemCallKind.Vmsplice, [R(Write), R(Vector), C(1), C(producer == "gift" ? 8 : 0)]),
        new SystemCall(11, Result, SystemCallKind.Read, [R(Read), Expression.Unknown, C(size)]),
        new Return(12, []),
    ];
}
