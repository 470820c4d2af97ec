using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Streams over descriptors: reading from them, and pipes that are made as streams.</summary>
internal sealed partial class MethodLowering
{
    private Operand ReadStream(int site, IMethodSymbol target, IReadOnlyList<Operand> operands)
    {
        Expression stream = operands[0].Value;
        if (target.Name.StartsWith("CopyTo", StringComparison.Ordinal))
            return ReadWhile(site, stream, Expression.Unknown, Expression.Constant(TypicalLength), isToEnd: true);
        if (operands.Count < 2 || target.Parameters[0].Type.SpecialType == SpecialType.System_Int32)
            return ReadOnce(site, stream, Expression.Unknown, Expression.Constant(1));
        (Expression into, Expression count) = target.Parameters[0].Type is IArrayTypeSymbol && operands.Count >= 4
            ? (Expression.Add(operands[1].Value, operands[2].Value), operands[3].Value)
            : (operands[1].Value, operands[1].Length ?? LengthOfArray(operands[1].Value));
        return target.Name.StartsWith("ReadExactly", StringComparison.Ordinal) || target.Name.StartsWith("ReadAtLeast", StringComparison.Ordinal)
            ? ReadWhile(site, stream, into, count, isToEnd: false)
            : ReadOnce(site, stream, into, count);
    }

    /// <summary>A pipe, as its one end; the other is kept where <see cref="OtherEndOf"/> finds it.</summary>
    private Operand MakePipe(IOperation creation, bool isRead, IOperation? size)
    {
        Expression ends = AllocateMemory(creation, RegionKind.Object, Expression.Constant(8)).Value;
        int made = _code.NewLabel(), failed = _code.NewLabel();
        _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, AddSystemCall(Sites.Add(creation.Syntax), SystemCallKind.Pipe, ends, Expression.Zero).Value, Expression.Zero), made, failed));
        _code.Mark(failed);
        Unwind(_region);
        _code.Mark(made);
        Expression read = Load(ends, 4), write = Load(Expression.Add(ends, Expression.Constant(4)), 4);
        if (size is { ConstantValue: { HasValue: true, Value: int bytes } } && bytes > 0)
            AddSystemCall(-1, SystemCallKind.SetPipeSize, write, Expression.Constant(bytes));
        Write(SlotOfEnd(creation.Syntax), null, new Operand(isRead ? write : read), -1);
        return new Operand(isRead ? read : write);
    }

    /// <summary>Where the other end is kept of the pipe that a stream is the one end of: known by where that was made; null where that is not known.</summary>
    private Place? OtherEndOf(IOperation? stream)
    {
        IOperation? made = stream is null ? null : AssignedOnce.Strip(stream);
        if (made is IFlowCaptureReferenceOperation)
            made = program.Values.OperationOf(made.Syntax);
        if (made is not (null or IObjectCreationOperation))
            made = program.Values.ValueOf(made);
        return made is null ? null : AssignedOnce.Strip(made) is IObjectCreationOperation creation ? SlotOfEnd(creation.Syntax) : null;
    }

    private Place SlotOfEnd(SyntaxNode creation) => Place.In(Expression.Add(Expression.Register(0), Expression.Constant(program.OffsetOfEnd(creation))), silent: true);

    /// <summary>A stream reads anew after a signal, and throws where the call fails for good.</summary>
    private Operand ReadOnce(int site, Expression stream, Expression into, Expression count)
    {
        int again = _code.NewLabel(), done = _code.NewLabel();
        _code.Mark(again);
        Operand read = AddSystemCall(site, SystemCallKind.Read, stream, into, count);
        _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Less, read.Value, Expression.Zero), again, done));
        _code.Mark(done);
        return read;
    }

    /// <summary>Reads again and again: up to the end, or until as many bytes are there.</summary>
    private Operand ReadWhile(int site, Expression stream, Expression into, Expression count, bool isToEnd)
    {
        (int at, int left, int head, int more, int end) = (_code.NewRegister(), _code.NewRegister(), _code.NewLabel(), _code.NewLabel(), _code.NewLabel());
        _code.Add(new Assign(-1, at, into));
        _code.Add(new Assign(-1, left, count));
        _code.Mark(head);
        _code.Add(new LoopHead());
        Expression read = ReadOnce(site, stream, Expression.Register(at), Expression.Register(left)).Value;
        _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Less, Expression.Zero, read), more, end));
        _code.Mark(more);
        if (isToEnd)
            _code.Add(new Jump(head));
        else
        {
            _code.Add(new Assign(-1, at, Expression.Add(Expression.Register(at), read)));
            _code.Add(new Assign(-1, left, Expression.Binary(BinaryOperator.Subtract, Expression.Register(left), read)));
            _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Less, Expression.Zero, Expression.Register(left)), head, end));
        }

        _code.Mark(end);
        return isToEnd ? Operand.Unknown : new Operand(count);
    }
}
