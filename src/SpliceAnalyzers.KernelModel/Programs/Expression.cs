namespace SpliceAnalyzers.KernelModel.Programs;

/// <summary>An expression over a procedure's registers. Evaluating it changes nothing and never fails: what cannot be known is an unknown value.</summary>
public abstract class Expression
{
    private protected Expression() { }

    /// <summary>The integer 0, which is also the null pointer.</summary>
    public static readonly Expression Zero = new ConstantExpression(0);

    /// <summary>A value nothing is known about: comparing it goes both ways.</summary>
    public static readonly Expression Unknown = new UnknownExpression();

    /// <summary>An integer constant.</summary>
    public static Expression Constant(long value) => value == 0 ? Zero : new ConstantExpression(value);

    /// <summary>The current value of register <paramref name="index"/> of the running procedure.</summary>
    public static Expression Register(int index) => new RegisterExpression(index);

    /// <summary>A binary operation; pointers take part in addition, subtraction and comparison.</summary>
    public static Expression Binary(BinaryOperator op, Expression left, Expression right) => new BinaryExpression(op, left, right);

    /// <summary>The sum, folded when one side is zero.</summary>
    public static Expression Add(Expression left, Expression right) =>
        right is ConstantExpression { Value: 0 } ? left : left is ConstantExpression { Value: 0 } ? right
        : left is ConstantExpression a && right is ConstantExpression b ? Constant(unchecked(a.Value + b.Value))
        : Binary(BinaryOperator.Add, left, right);

    /// <summary>The product, folded when one side is one or both are constant.</summary>
    public static Expression Multiply(Expression left, Expression right) =>
        right is ConstantExpression { Value: 1 } ? left : left is ConstantExpression { Value: 1 } ? right
        : left is ConstantExpression a && right is ConstantExpression b ? Constant(unchecked(a.Value * b.Value))
        : Binary(BinaryOperator.Multiply, left, right);
}

/// <summary>An integer constant.</summary>
public sealed class ConstantExpression : Expression
{
    internal ConstantExpression(long value) => Value = value;

    /// <summary>The value; unsigned 64-bit values keep their bits.</summary>
    public long Value { get; }
}

/// <summary>A value nothing is known about.</summary>
public sealed class UnknownExpression : Expression
{
    internal UnknownExpression() { }
}

/// <summary>A register of the running procedure.</summary>
public sealed class RegisterExpression : Expression
{
    internal RegisterExpression(int index) => Index = index;

    /// <summary>The register's number, from 0.</summary>
    public int Index { get; }
}

/// <summary>A binary operation over two expressions.</summary>
public sealed class BinaryExpression : Expression
{
    internal BinaryExpression(BinaryOperator op, Expression left, Expression right) => (Operator, Left, Right) = (op, left, right);

    /// <summary>What is computed.</summary>
    public BinaryOperator Operator { get; }

    /// <summary>The left operand.</summary>
    public Expression Left { get; }

    /// <summary>The right operand.</summary>
    public Expression Right { get; }
}

/// <summary>The operations of <see cref="BinaryExpression"/>. Comparisons yield 1 or 0. Division and remainder by zero are unknown.</summary>
public enum BinaryOperator
{
    /// <summary>64-bit sum; pointer + bytes is a pointer.</summary>
    Add,
    /// <summary>64-bit difference; pointer - pointer into one region is bytes.</summary>
    Subtract,
    /// <summary>64-bit product.</summary>
    Multiply,
    /// <summary>Signed quotient, towards zero.</summary>
    Divide,
    /// <summary>Signed remainder.</summary>
    Remainder,
    /// <summary>Bitwise and.</summary>
    And,
    /// <summary>Bitwise or.</summary>
    Or,
    /// <summary>Bitwise exclusive or.</summary>
    Xor,
    /// <summary>Shift left.</summary>
    ShiftLeft,
    /// <summary>Arithmetic shift right.</summary>
    ShiftRight,
    /// <summary>Equality; pointers into different live regions differ, a pointer differs from zero.</summary>
    Equal,
    /// <summary>Inequality.</summary>
    NotEqual,
    /// <summary>Signed less than.</summary>
    Less,
    /// <summary>Signed less than or equal.</summary>
    LessOrEqual,
    /// <summary>Unsigned less than.</summary>
    UnsignedLess,
    /// <summary>Unsigned less than or equal.</summary>
    UnsignedLessOrEqual,
    /// <summary>The smaller signed value.</summary>
    Minimum,
    /// <summary>The larger signed value.</summary>
    Maximum,
}
