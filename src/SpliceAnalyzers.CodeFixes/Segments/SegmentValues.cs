using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>What one expression or statement puts into an iovec; null where it puts nothing.</summary>
internal sealed record SegmentValues(ExpressionSyntax? Base, ExpressionSyntax? Length)
{
    public static SegmentValues Nothing { get; } = new(null, null);

    public bool IsNothing => Base is null && Length is null;

    /// <summary>The values of new iovec { ... } or new iovec(...); null if they cannot be told.</summary>
    public static SegmentValues? Of(BaseObjectCreationExpressionSyntax creation, SegmentMembers members, SemanticModel model)
    {
        bool hasArguments = creation.ArgumentList is { Arguments.Count: > 0 };
        if (creation.Initializer is null)
            return hasArguments ? OfArguments(creation, members, model) : Nothing;
        if (hasArguments)
            return null;

        SegmentValues? values = Nothing;
        foreach (ExpressionSyntax expression in creation.Initializer.Expressions)
        {
            if (expression is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment)
                return null;
            values = values?.With(model.GetSymbolInfo(name).Symbol, assignment.Right, members);
        }

        return values;
    }

    /// <summary>These values and one more; null if that member has a value already or is none of the two.</summary>
    public SegmentValues? With(ISymbol? member, ExpressionSyntax value, SegmentMembers members)
    {
        if (Base is null && SymbolEqualityComparer.Default.Equals(member, members.Base))
            return this with { Base = value };
        if (Length is null && SymbolEqualityComparer.Default.Equals(member, members.Length))
            return this with { Length = value };
        return null;
    }

    /// <summary>These values and the others; null if both give a value to one member.</summary>
    public SegmentValues? With(SegmentValues others)
    {
        if (Base is not null && others.Base is not null || Length is not null && others.Length is not null)
            return null;
        return new SegmentValues(Base ?? others.Base, Length ?? others.Length);
    }

    private static SegmentValues? OfArguments(BaseObjectCreationExpressionSyntax creation, SegmentMembers members, SemanticModel model)
    {
        if (model.GetSymbolInfo(creation).Symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 2 } constructor)
            return null;

        SeparatedSyntaxList<ArgumentSyntax> arguments = creation.ArgumentList!.Arguments;
        if (arguments.Count != 2 || arguments.Any(argument => argument.NameColon is not null || !argument.RefKindKeyword.IsKind(SyntaxKind.None)))
            return null;

        SegmentValues? values = Nothing;
        foreach ((string parameter, string member) in Assignments(constructor))
        {
            if (constructor.Parameters.FirstOrDefault(candidate => candidate.Name == parameter) is not { } source)
                return null;
            ISymbol? target = new[] { members.Base, members.Length }.FirstOrDefault(candidate => candidate.Name == member);
            values = values?.With(target, arguments[source.Ordinal].Expression, members);
        }

        return values;
    }

    /// <summary>Which parameter a constructor stores in which member: a positional record's, or a body of plain assignments.</summary>
    private static IEnumerable<(string Parameter, string Member)> Assignments(IMethodSymbol constructor)
    {
        SyntaxNode? syntax = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        if (syntax is RecordDeclarationSyntax)
            return constructor.Parameters.Select(parameter => (parameter.Name, parameter.Name));
        if (syntax is not ConstructorDeclarationSyntax { Initializer: null } declaration)
            return [];

        IEnumerable<SyntaxNode> stores = declaration.ExpressionBody is { } arrow ? [arrow.Expression] : declaration.Body?.Statements.Select(Store) ?? [];
        (string, string)[] pairs = stores.Select(Pair).OfType<(string, string)>().ToArray();
        return pairs.Length == stores.Count() ? pairs : [];
    }

    private static SyntaxNode Store(StatementSyntax statement) =>
        statement is ExpressionStatementSyntax expression ? expression.Expression : statement;

    private static (string, string)? Pair(SyntaxNode store)
    {
        if (store is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
            || SegmentExpression.Bare(assignment.Right) is not IdentifierNameSyntax parameter)
        {
            return null;
        }

        return assignment.Left switch
        {
            IdentifierNameSyntax member => (parameter.Identifier.ValueText, member.Identifier.ValueText),
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member => (parameter.Identifier.ValueText, member.Name.Identifier.ValueText),
            _ => null,
        };
    }
}
