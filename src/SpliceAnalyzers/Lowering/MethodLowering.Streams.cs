using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Reading from a stream over a descriptor.</summary>
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
