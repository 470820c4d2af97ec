using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>The one segment that a call hands off: its base, its length, and the statements that only filled its iovec.</summary>
internal sealed record Segment(Operand Base, Operand Length, SegmentMembers Members, SegmentFilling? Filling)
{
    public static Segment? Of(HandOff handOff)
    {
        if (!SegmentCount.IsOne(handOff) || handOff.Written(VmspliceParameter.Segments) is not { } argument)
            return null;

        ExpressionSyntax expression = SegmentExpression.Bare(argument.Expression);
        return Written(expression, handOff) ?? Filled(expression, handOff) ?? Read(expression, handOff);
    }

    /// <summary>The segment is made in the argument itself.</summary>
    private static Segment? Written(ExpressionSyntax expression, HandOff handOff) =>
        SegmentExpression.Element(expression) is BaseObjectCreationExpressionSyntax creation
        && SegmentMembers.Of(handOff.Model.GetTypeInfo(creation).Type) is { } members
        && SegmentValues.Of(creation, members, handOff.Model) is { Base: { } start, Length: { } length }
            ? new Segment(new WrittenOperand(start), new WrittenOperand(length), members, Filling: null)
            : null;

    /// <summary>A local is filled for this call and serves nothing else.</summary>
    private static Segment? Filled(ExpressionSyntax expression, HandOff handOff) =>
        SegmentExpression.Variable(expression) is { } name
        && handOff.Model.GetSymbolInfo(name).Symbol is ILocalSymbol local
        && SegmentMembers.Of(SegmentExpression.StructType(expression, handOff.Model)) is { } members
        && SegmentFilling.Of(local, members, handOff) is { } filling
            ? new Segment(new WrittenOperand(filling.Base), new WrittenOperand(filling.Length), members, filling)
            : null;

    /// <summary>The iovec is used elsewhere too, a retry that advances it for one: its members are read at the call.</summary>
    private static Segment? Read(ExpressionSyntax expression, HandOff handOff)
    {
        if (SegmentMembers.Of(SegmentExpression.StructType(expression, handOff.Model)) is not { } members
            || SegmentExpression.MemberPrefix(expression, handOff.Model) is not { } prefix
            || !handOff.Model.IsAccessible(handOff.Position, members.Base)
            || !handOff.Model.IsAccessible(handOff.Position, members.Length))
        {
            return null;
        }

        return new Segment(
            new ReadOperand(prefix + members.Base.Name, members.BaseType),
            new ReadOperand(prefix + members.Length.Name, members.LengthType),
            members,
            Filling: null);
    }
}
