using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>
/// A local iovec that is filled straight before one call and serves nothing else, so that what it was filled with can move into
/// the call, and the local can go.
/// </summary>
internal sealed record SegmentFilling(ExpressionSyntax Base, ExpressionSyntax Length, ImmutableArray<StatementSyntax> Statements)
{
    public static SegmentFilling? Of(ILocalSymbol local, SegmentMembers members, HandOff handOff)
    {
        if (LocalUses.OwnStatement(local) is not { } declaration
            || Initial(declaration.Declaration.Variables[0].Initializer?.Value, members, handOff.Model) is not { } initial
            || Stores(local, declaration, members, handOff) is not { } stores)
        {
            return null;
        }

        SegmentValues? values = stores.Aggregate(initial, (SegmentValues? sum, (StatementSyntax, SegmentValues Values) store) => sum?.With(store.Values));
        if (values is not { Base: { } start, Length: { } length })
            return null;

        ImmutableArray<StatementSyntax> statements = stores.Select(store => store.Statement).Prepend(declaration).ToImmutableArray();
        ImmutableArray<StatementSyntax> givers = initial.IsNothing ? statements.RemoveAt(0) : statements;
        return !statements.Any(HasDirectiveInside) && ValueMove.IsSafe(start, length, givers, declaration, handOff)
            ? new SegmentFilling(start, length, statements)
            : null;
    }

    /// <summary>What the declaration itself puts into the iovec.</summary>
    private static SegmentValues? Initial(ExpressionSyntax? initializer, SegmentMembers members, SemanticModel model) => initializer switch
    {
        null or DefaultExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression } => SegmentValues.Nothing,
        ArrayCreationExpressionSyntax { Initializer: null } or StackAllocArrayCreationExpressionSyntax { Initializer: null } => SegmentValues.Nothing,
        _ => SegmentExpression.Element(initializer) is BaseObjectCreationExpressionSyntax creation ? SegmentValues.Of(creation, members, model) : null,
    };

    /// <summary>The statements that store into the iovec; null if it is used for anything but them and the call.</summary>
    private static List<(StatementSyntax Statement, SegmentValues Values)>? Stores(
        ILocalSymbol local, StatementSyntax declaration, SegmentMembers members, HandOff handOff)
    {
        TextSpan segments = handOff.Written(VmspliceParameter.Segments)!.Span;
        TextSpan count = handOff.Written(VmspliceParameter.Count)!.Span;
        var stores = new List<(StatementSyntax, SegmentValues)>();
        foreach (IdentifierNameSyntax use in LocalUses.Of(local, declaration, handOff.Model))
        {
            if (segments.Contains(use.Span) || count.Contains(use.Span))
                continue;
            if (Store(use, members, handOff.Model) is not { } store)
                return null;
            stores.Add(store);
        }

        return stores;
    }

    /// <summary>The statement iov.iov_base = value, iov[0].iov_len = value, *iov = new iovec { ... } and the like.</summary>
    private static (StatementSyntax, SegmentValues)? Store(IdentifierNameSyntax use, SegmentMembers members, SemanticModel model)
    {
        if (use.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax
            {
                Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment,
            } statement)
        {
            return null;
        }

        SegmentValues? values = null;
        if (SegmentExpression.Variable(assignment.Left) == use && SegmentExpression.Element(assignment.Right) is BaseObjectCreationExpressionSyntax creation)
            values = SegmentValues.Of(creation, members, model);
        else if (assignment.Left is MemberAccessExpressionSyntax member && SegmentExpression.Variable(member.Expression) == use)
            values = SegmentValues.Nothing.With(model.GetSymbolInfo(member).Symbol, assignment.Right, members);
        return values is null ? null : (statement, values);
    }

    private static bool HasDirectiveInside(StatementSyntax statement) =>
        statement.DescendantTrivia().Any(trivia => trivia.IsDirective && statement.Span.Contains(trivia.Span));
}
