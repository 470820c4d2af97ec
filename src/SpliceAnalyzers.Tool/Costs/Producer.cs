using System.Collections.Generic;
using System.Linq;
using SpliceAnalyzers.KernelModel;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Tool.Costs;

/// <summary>What a producer does with its buffer once it was sent.</summary>
internal enum Reuse
{
    /// <summary>Nothing: it sends the same bytes again.</summary>
    Never,
    /// <summary>It writes to it after the reader has read.</summary>
    AfterRead,
    /// <summary>It writes to it while it is in the pipe.</summary>
    InFlight,
    /// <summary>It unmaps it, and maps and fills a new one.</summary>
    Fresh,
}

/// <summary>How a producer sends its buffer.</summary>
internal enum SendCall
{
    Write,
    Vmsplice,
    Gift,
}

/// <summary>A producer that sends a buffer again and again, and a reader that reads it each time.</summary>
/// <param name="Size">Bytes of a call.</param>
/// <param name="Offset">Where the buffer begins in its first page.</param>
/// <param name="Reuse">What comes after.</param>
/// <param name="Share">Which part of the buffer is written then, in percent from its beginning.</param>
internal sealed record Producer(long Size, long Offset, Reuse Reuse, int Share)
{
    private const int Turns = 16;
    private const long GiftFlag = 8;
    private const int Ends = 0, Read = 1, Write = 2, Buffer = 3, Vector = 4, Turn = 5, Registers = 6;

    /// <summary>The producer as a program of the model.</summary>
    public SpliceProgram ToProgram(SendCall call)
    {
        var code = new List<Instruction>
        {
            new Allocate(0, Ends, RegionKind.Stack, C(8)),
            new SystemCall(1, -1, SystemCallKind.Pipe, [R(Ends)]),
            new Load(2, Read, R(Ends), 4),
            new Load(3, Write, Expression.Add(R(Ends), C(4)), 4),
            new SystemCall(4, -1, SystemCallKind.SetPipeSize, [R(Write), C(Size + 2 * PageSize.Bytes)]),
            new Allocate(5, Vector, RegionKind.Stack, C(16)),
            new Allocate(6, Buffer, RegionKind.Native, C(Size + PageSize.Bytes)),
            new LoopHead(),
        };
        var again = code.Count - 1;
        code.AddRange(OneTurn(call));
        code.Add(new Assign(20, Turn, Expression.Add(R(Turn), C(1))));
        code.Add(new Branch(21, Expression.Binary(BinaryOperator.Less, R(Turn), C(Turns)), again, code.Count + 1));
        code.Add(new SystemCall(22, -1, SystemCallKind.Exit, []));
        code.Add(new Return(23, []));
        return new SpliceProgram([new Procedure("producer", 0, Registers, [.. code])], 0);
    }

    private IEnumerable<Instruction> OneTurn(SendCall call)
    {
        if (Reuse == Reuse.Fresh)
        {
            yield return new SystemCall(7, Buffer, SystemCallKind.MapPrivate, [C(Size + PageSize.Bytes)]);
            yield return new StoreBytes(8, Start, C(Size));
        }
        yield return new StoreValue(9, R(Vector), Start, 8);
        yield return new StoreValue(10, Expression.Add(R(Vector), C(8)), C(Size), 8);
        yield return call == SendCall.Write
            ? new SystemCall(11, -1, SystemCallKind.Write, [R(Write), Start, C(Size)])
            : new SystemCall(11, -1, SystemCallKind.Vmsplice, [R(Write), R(Vector), C(1), C(call == SendCall.Gift ? GiftFlag : 0)]);
        if (Reuse == Reuse.Fresh) yield return new SystemCall(12, -1, SystemCallKind.Munmap, [R(Buffer), C(Size + PageSize.Bytes)]);
        if (Reuse == Reuse.InFlight) yield return new StoreBytes(13, Start, C(Written));
        yield return new SystemCall(14, -1, SystemCallKind.Read, [R(Read), Expression.Unknown, C(Size)]);
        if (Reuse == Reuse.AfterRead) yield return new StoreBytes(15, Start, C(Written));
    }

    private long Written => (Size * Share + 99) / 100;

    private Expression Start => Expression.Add(R(Buffer), C(Offset));

    private static Expression R(int register) => Expression.Register(register);

    private static Expression C(long value) => Expression.Constant(value);
}
