using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Values;

/// <summary>The operators of expressions over partly known values. Remainders of widened counters are kept modulo <paramref name="modulus"/>.</summary>
internal sealed class Arithmetic(long modulus)
{
    /// <summary>No pointer and no descriptor reads as less than this; the kernel keeps the first pages unmapped.</summary>
    private const long LowestAddress = 65536;

    private const long HighestAddress = 1L << 47;
    private const long LowestDescriptor = 3;

    /// <summary>What widening leaves of an integer. A counter that was widened is taken not to be negative where its signed remainder is asked for.</summary>
    public Value Widen(Value value)
    {
        var number = modulus > 1 && value.Number >= 0 ? Value.Residue(value.Number % modulus) : Value.Widened;
        return value.IsPointer ? number.In(value.Region) : number;
    }

    public Value Apply(BinaryOperator op, Value left, Value right)
    {
        if (left.IsExactNumber && right.IsExactNumber) return Fold(op, left.Number, right.Number);
        switch (op)
        {
            case BinaryOperator.Add: return Add(left, right);
            case BinaryOperator.Subtract: return Subtract(left, right);
            case BinaryOperator.Multiply: return Multiply(left, right);
            case BinaryOperator.Remainder: return Remainder(left, right);
            case BinaryOperator.And: return And(left, right);
            case BinaryOperator.Or: return Or(left, right);
            case BinaryOperator.ShiftLeft when right is { IsExactNumber: true, Number: >= 0 and < 62 }:
                return Multiply(left, Value.Exact(1L << (int)right.Number));
            case BinaryOperator.Equal: return Equal(left, right);
            case BinaryOperator.NotEqual: return Not(Equal(left, right));
            case BinaryOperator.Less: return Less(left, right);
            case BinaryOperator.LessOrEqual: return Not(Less(right, left));
            case BinaryOperator.UnsignedLess: return UnsignedLess(left, right);
            case BinaryOperator.UnsignedLessOrEqual: return Not(UnsignedLess(right, left));
            case BinaryOperator.Minimum: return Choose(Less(right, left), right, left);
            case BinaryOperator.Maximum: return Choose(Less(left, right), right, left);
            default: return NotKnown(left, right);
        }
    }

    private static Value Fold(BinaryOperator op, long a, long b)
    {
        unchecked
        {
            return op switch
            {
                BinaryOperator.Add => Value.Exact(a + b),
                BinaryOperator.Subtract => Value.Exact(a - b),
                BinaryOperator.Multiply => Value.Exact(a * b),
                BinaryOperator.Divide => b == 0 ? Value.Unknown() : Value.Exact(b == -1 ? -a : a / b),
                BinaryOperator.Remainder => b == 0 ? Value.Unknown() : Value.Exact(b == -1 ? 0 : a % b),
                BinaryOperator.And => Value.Exact(a & b),
                BinaryOperator.Or => Value.Exact(a | b),
                BinaryOperator.Xor => Value.Exact(a ^ b),
                BinaryOperator.ShiftLeft => Value.Exact(a << (int)b),
                BinaryOperator.ShiftRight => Value.Exact(a >> (int)b),
                BinaryOperator.Equal => Value.Truth(a == b),
                BinaryOperator.NotEqual => Value.Truth(a != b),
                BinaryOperator.Less => Value.Truth(a < b),
                BinaryOperator.LessOrEqual => Value.Truth(a <= b),
                BinaryOperator.UnsignedLess => Value.Truth((ulong)a < (ulong)b),
                BinaryOperator.UnsignedLessOrEqual => Value.Truth((ulong)a <= (ulong)b),
                BinaryOperator.Minimum => Value.Exact(a < b ? a : b),
                BinaryOperator.Maximum => Value.Exact(a > b ? a : b),
                _ => Value.Unknown(),
            };
        }
    }

    private Value Add(Value left, Value right)
    {
        if (left.IsZero) return right;
        if (right.IsZero) return left;
        if (left.IsPointer && right.IsPointer) return NotKnown(left, right);
        var sum = AddNumbers(left.WithoutRegion(), right.WithoutRegion());
        return left.IsPointer ? sum.In(left.Region) : right.IsPointer ? sum.In(right.Region) : sum;
    }

    private Value AddNumbers(Value left, Value right)
    {
        if (left.HasExactNumber && right.HasExactNumber) return Value.Exact(unchecked(left.Number + right.Number));
        return BothHaveRemainders(left, right) ? Value.Residue(Remains(Remains(left.Number) + Remains(right.Number))) : NotKnown(left, right);
    }

    private Value Subtract(Value left, Value right)
    {
        if (right.IsZero) return left;
        if (right.IsPointer && (!left.IsPointer || left.Region != right.Region)) return NotKnown(left, right);
        var negated = right.HasExactNumber ? Value.Exact(unchecked(-right.Number))
            : right.Knowledge == Knowledge.Residue ? Value.Residue(Remains(-right.Number))
            : right.WithoutRegion();
        var difference = AddNumbers(left.WithoutRegion(), negated);
        return left.IsPointer && !right.IsPointer ? difference.In(left.Region) : difference;
    }

    private Value Multiply(Value left, Value right)
    {
        if (left.IsZero || right.IsZero) return Value.Exact(0);
        if (left is { IsExactNumber: true, Number: 1 }) return right;
        if (right is { IsExactNumber: true, Number: 1 }) return left;
        if (left.IsPointer || right.IsPointer || !BothHaveRemainders(left, right)) return NotKnown(left, right);
        return Value.Residue(Remains(Remains(left.Number) * Remains(right.Number)));
    }

    private Value Remainder(Value left, Value right)
    {
        if (left.Knowledge == Knowledge.Residue && !left.IsPointer && right is { IsExactNumber: true, Number: > 0 } && modulus % right.Number == 0)
            return Value.Exact(left.Number % right.Number);
        return left.IsZero ? left : NotKnown(left, right);
    }

    private Value And(Value left, Value right)
    {
        if (left.IsZero || right.IsZero) return Value.Exact(0);
        if (left.IsExactNumber) (left, right) = (right, left);
        if (!right.IsExactNumber) return NotKnown(left, right);
        var mask = right.Number;
        if (mask == -1) return left;
        // Aligning a pointer stays inside what it points to; how far it moves depends on where the region lies.
        if (left.IsPointer && mask < 0) return NotKnown(left.WithoutRegion(), right).In(left.Region);
        // A descriptor is a small positive int, so cutting it to 31 bits or more changes nothing.
        if (left.IsDescriptor && (mask & int.MaxValue) == int.MaxValue) return left;
        var isLowBits = mask > 0 && (mask & (mask + 1)) == 0;
        if (left.Knowledge == Knowledge.Residue && !left.IsPointer && isLowBits && modulus % (mask + 1) == 0)
            return Value.Exact(left.Number & mask);
        return NotKnown(left, right);
    }

    private static Value Or(Value left, Value right)
    {
        if (left.IsZero) return right;
        if (right.IsZero) return left;
        return left.IsPointer && right.IsExactNumber ? NotKnown(left.WithoutRegion(), right).In(left.Region) : NotKnown(left, right);
    }

    private Value Equal(Value left, Value right)
    {
        if (left.IsPointer && right.IsPointer)
            return left.Region == right.Region ? Equal(left.WithoutRegion(), right.WithoutRegion()) : Value.Truth(false);
        if (left.IsDescriptor && right.IsDescriptor) return Value.Truth(left.Number == right.Number);
        if (TryRange(left, out var a) && TryRange(right, out var b))
        {
            if (a.Low == a.High && b.Low == b.High) return Value.Truth(a.Low == b.Low);
            if (a.High < b.Low || b.High < a.Low) return Value.Truth(false);
        }
        var remaindersDiffer = !left.IsPointer && !right.IsPointer && BothHaveRemainders(left, right) && Remains(left.Number) != Remains(right.Number);
        return remaindersDiffer ? Value.Truth(false) : NotKnown(left, right);
    }

    private static Value Less(Value left, Value right)
    {
        if (left.IsPointer && right.IsPointer && left.Region == right.Region) (left, right) = (left.WithoutRegion(), right.WithoutRegion());
        return TryRange(left, out var a) && TryRange(right, out var b) ? Compare(a, b) ?? NotKnown(left, right) : NotKnown(left, right);
    }

    private static Value UnsignedLess(Value left, Value right)
    {
        if (right.IsZero) return Value.Truth(false);
        if (left.IsPointer && right.IsPointer && left.Region == right.Region) (left, right) = (left.WithoutRegion(), right.WithoutRegion());
        if (!TryRange(left, out var a) || !TryRange(right, out var b)) return NotKnown(left, right);
        // Only exact integers can be negative here; as unsigned numbers they are above everything else.
        if (a.Low < 0 || b.Low < 0)
            return left.HasExactNumber && right.HasExactNumber ? Value.Truth((ulong)a.Low < (ulong)b.Low) : Value.Truth(b.Low < 0);
        return Compare(a, b) ?? NotKnown(left, right);
    }

    private static Value? Compare((long Low, long High) a, (long Low, long High) b) =>
        a.High < b.Low ? Value.Truth(true) : a.Low >= b.High ? Value.Truth(false) : null;

    /// <summary>Between which integers a value lies, where that is known.</summary>
    private static bool TryRange(Value value, out (long Low, long High) range)
    {
        range = value.IsPointer ? (LowestAddress, HighestAddress)
            : value.IsDescriptor ? (LowestDescriptor, int.MaxValue)
            : (value.Number, value.Number);
        return value.IsPointer || value.Knowledge is Knowledge.Exact or Knowledge.Descriptor;
    }

    private static Value Not(Value truth) => truth.IsExactNumber ? Value.Truth(truth.Number == 0) : truth;

    private static Value Choose(Value condition, Value whenTrue, Value whenFalse) =>
        !condition.IsExactNumber ? condition : condition.Number != 0 ? whenTrue : whenFalse;

    private bool BothHaveRemainders(Value left, Value right) =>
        modulus > 1 && left.Knowledge is Knowledge.Exact or Knowledge.Residue && right.Knowledge is Knowledge.Exact or Knowledge.Residue;

    private long Remains(long number)
    {
        var remainder = number % modulus;
        return remainder < 0 ? remainder + modulus : remainder;
    }

    private static Value NotKnown(Value left, Value right) => left.IsBlurred || right.IsBlurred ? Value.Widened : Value.Unknown();
}
