using System;
using CsCheck;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

public class ArithmeticTests
{
    private const long Modulus = 12;

    private static readonly Arithmetic Arithmetic = new(Modulus);

    private static readonly Gen<long> Numbers = Gen.Frequency((3, Gen.Long[-20, 20]), (1, Gen.OneOf(4095L, 4096L, long.MaxValue, long.MinValue, -4096L, int.MaxValue)));

    /// <summary>A number as it is, and as what may be left of it.</summary>
    private static readonly Gen<(long Number, Value Known)> Values =
        from number in Numbers
        from blurring in Gen.Int[0, 5]
        select (number, blurring switch
        {
            0 => Value.Unknown(),
            1 => Value.Widened,
            2 when number >= 0 => Arithmetic.Widen(Value.Exact(number)),
            _ => Value.Exact(number),
        });

    [Fact]
    public void What_is_said_about_an_unknown_number_is_true_of_the_number() => Gen.Select(Gen.Enum<BinaryOperator>(), Values, Values).Check(static drawn =>
    {
        var (op, left, right) = drawn;
        var exact = Arithmetic.Apply(op, Value.Exact(left.Number), Value.Exact(right.Number));
        var known = Arithmetic.Apply(op, left.Known, right.Known);
        if (!exact.IsExactNumber) return;
        // A sum that overflows has another remainder; counters do not get there.
        if (Math.Abs((double)left.Number) + Math.Abs((double)right.Number) > 1L << 62 && known.Knowledge == Knowledge.Residue) return;
        if (known.HasExactNumber) Assert.Equal(exact, known);
        if (known.Knowledge == Knowledge.Residue) Assert.Equal(((exact.Number % Modulus) + Modulus) % Modulus, known.Number);
        if (left.Known.HasExactNumber && right.Known.HasExactNumber) Assert.Equal(exact, known);
    }, count: 20_000);

    [Fact]
    public void Remainders_survive_widening()
    {
        var counter = Arithmetic.Widen(Value.Exact(29));
        Assert.Equal(Value.Exact(1), Apply(BinaryOperator.Remainder, counter, 4));
        Assert.Equal(Value.Exact(1), Apply(BinaryOperator.And, counter, 3));
        Assert.Equal(Value.Exact(2), Arithmetic.Apply(BinaryOperator.Remainder, Apply(BinaryOperator.Multiply, Apply(BinaryOperator.Add, counter, -3), 7), Value.Exact(12)));
        Assert.Equal(Value.Exact(0), Apply(BinaryOperator.Equal, counter, 30));
        Assert.True(Apply(BinaryOperator.Equal, counter, 5).IsBlurred, "5 and 29 have the same remainder by 12.");
        Assert.True(Apply(BinaryOperator.Remainder, counter, 5).IsBlurred, "5 does not divide 12.");
    }

    private static Value Apply(BinaryOperator op, Value left, long right) => Arithmetic.Apply(op, left, Value.Exact(right));

    [Fact]
    public void Pointers_compare_and_subtract_within_their_region()
    {
        var (a, b, other) = (Value.Pointer(0, 8), Value.Pointer(0, 24), Value.Pointer(1, 8));
        Assert.Equal(Value.Exact(16), Arithmetic.Apply(BinaryOperator.Subtract, b, a));
        Assert.Equal(Value.Exact(1), Arithmetic.Apply(BinaryOperator.UnsignedLess, a, b));
        Assert.Equal(Value.Exact(0), Arithmetic.Apply(BinaryOperator.Equal, a, other));
        Assert.Equal(Value.Exact(1), Apply(BinaryOperator.NotEqual, a, 0));
        Assert.Equal(Value.Exact(0), Apply(BinaryOperator.Equal, a, -1));
        Assert.Equal(Value.Exact(0), Apply(BinaryOperator.LessOrEqual, a, 0));
        Assert.Equal(Value.Exact(1), Apply(BinaryOperator.UnsignedLess, a, -1));
        Assert.Equal(b, Arithmetic.Apply(BinaryOperator.Add, Value.Exact(16), a));
        Assert.Equal(0, Apply(BinaryOperator.And, b, -16).Region);
        Assert.False(Apply(BinaryOperator.And, b, 15).IsPointer, "The low bits of a pointer are a number.");
    }

    [Fact]
    public void Descriptors_are_some_small_positive_number()
    {
        var descriptor = Value.Descriptor(0);
        Assert.Equal(Value.Exact(0), Apply(BinaryOperator.Less, descriptor, 0));
        Assert.Equal(Value.Exact(1), Apply(BinaryOperator.NotEqual, descriptor, -1));
        Assert.Equal(Value.Exact(0), Apply(BinaryOperator.Equal, descriptor, 2));
        Assert.Equal(Value.Unknown(), Apply(BinaryOperator.Equal, descriptor, 3));
        Assert.Equal(Value.Exact(0), Arithmetic.Apply(BinaryOperator.Equal, descriptor, Value.Descriptor(1)));
        Assert.Equal(descriptor, Apply(BinaryOperator.And, descriptor, 0xFFFFFFFF));
    }
}
