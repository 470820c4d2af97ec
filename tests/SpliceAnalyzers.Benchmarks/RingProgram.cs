using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Benchmarks;

/// <summary>Two buffers in rotation, each as large as the pipe: the program whose proof looks at the most states for its size.</summary>
internal static class RingProgram
{
    private const long Size = 65536;
    private const int Descriptor = 0, Memory = 1, Established = 2, Turn = 3, Buffer = 4, Sent = 5, Vector = 6, Result = 7, Registers = 8;

    private static Expression R(int register) => Expression.Register(register);

    private static Expression C(long value) => Expression.Constant(value);

    private static Expression Of(Expression left, BinaryOperator op, Expression right) => Expression.Binary(op, left, right);

    public static SpliceProgram Make() => new([new Procedure("Rotate", 0, Registers, Code())], 0);

    private static Instruction[] Code()
    {
        const int again = 4, rest = 8, sent = 17, done = 19;
        return
        [
            new Assign(0, Descriptor, C(1)),
            new Allocate(1, Memory, RegionKind.Native, C(2 * Size)),
            new SystemCall(2, Established, SystemCallKind.SetPipeSize, [R(Descriptor), C(Size)]),
            new Branch(3, Of(R(Established), BinaryOperator.Equal, C(Size)), again, done),
            new LoopHead(),
            new Assign(5, Buffer, Expression.Add(R(Memory), Of(Of(R(Turn), BinaryOperator.Remainder, C(2)), BinaryOperator.Multiply, C(Size)))),
            new StoreBytes(6, R(Buffer), C(Size)),
            new Assign(7, Sent, C(0)),
            new LoopHead(),
            new Branch(9, Of(R(Sent), BinaryOperator.Less, C(Size)), 10, sent),
            new Allocate(10, Vector, RegionKind.Stack, C(16)),
            new StoreValue(11, R(Vector), Expression.Add(R(Buffer), R(Sent)), 8),
            new StoreValue(12, Expression.Add(R(Vector), C(8)), Of(C(Size), BinaryOperator.Subtract, R(Sent)), 8),
            new SystemCall(13, Result, SystemCallKind.Vmsplice, [R(Descriptor), R(Vector), C(1), C(0)]),
            new Branch(14, Of(C(0), BinaryOperator.Less, R(Result)), 15, done),
            new Assign(15, Sent, Expression.Add(R(Sent), R(Result))),
            new Jump(rest),
            new Assign(17, Turn, Expression.Add(R(Turn), C(1))),
            new Jump(again),
            new Return(19, []),
        ];
    }
}
