using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>What is known of the flags that a call passes.</summary>
internal sealed class FlagValues(Compilation compilation, CancellationToken cancellation)
{
    private const int MaxDepth = 8;

    private readonly AssignedOnce _values = new(compilation, cancellation);

    /// <summary>The bits that are set in some value that the code spells out. What is not known has none.</summary>
    public uint PossibleBits(IOperation flags, int depth = 0)
    {
        IOperation value = AssignedOnce.Strip(flags);
        if (NativeConstant.Of(value) is { } constant)
            return unchecked((uint)constant);
        if (depth > MaxDepth)
            return 0;
        return value switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Or } either => PossibleBits(either.LeftOperand, depth + 1) | PossibleBits(either.RightOperand, depth + 1),
            IConditionalOperation { WhenFalse: { } whenFalse } choice => PossibleBits(choice.WhenTrue, depth + 1) | PossibleBits(whenFalse, depth + 1),
            ILocalReferenceOperation or IFieldReferenceOperation => _values.ValuesOf(value)?.Aggregate(0u, (bits, each) => bits | PossibleBits(each, depth + 1)) ?? 0,
            _ => 0,
        };
    }
}
