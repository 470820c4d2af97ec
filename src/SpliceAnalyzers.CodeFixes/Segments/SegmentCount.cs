using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>Whether a call hands off exactly one segment.</summary>
internal static class SegmentCount
{
    public static bool IsOne(HandOff handOff)
    {
        if (handOff.Written(VmspliceParameter.Count) is null)
            return false;

        IOperation count = handOff.Argument(VmspliceParameter.Count);
        while (!count.ConstantValue.HasValue && count is IConversionOperation conversion)
            count = conversion.Operand;
        return count switch
        {
            { ConstantValue: { HasValue: true, Value: { } value } } => IsOne(value),
            IPropertyReferenceOperation { Property.Name: "Length", Instance: ILocalReferenceOperation array } => IsOneElement(array.Local, handOff.Model),
            _ => false,
        };
    }

    private static bool IsOneElement(ILocalSymbol array, SemanticModel model) => LocalUses.OnlyValue(array, model) switch
    {
        ArrayCreationExpressionSyntax { Initializer: null, Type.RankSpecifiers: [{ Sizes: [{ } size] }] } =>
            model.GetConstantValue(size) is { HasValue: true, Value: { } value } && IsOne(value),
        { } value and not BaseObjectCreationExpressionSyntax => SegmentExpression.Element(value) is not null,
        _ => false,
    };

    private static bool IsOne(object number) => number is 1 or 1u or 1L or 1ul;
}
