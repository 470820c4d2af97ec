using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>Whether a base and a length mean the same when they are evaluated at the call instead of where the iovec was filled.</summary>
internal static class ValueMove
{
    /// <param name="start">The base.</param>
    /// <param name="length">The length.</param>
    /// <param name="givers">The statements that evaluate them now.</param>
    /// <param name="declaration">The iovec's declaration, which goes too and so does not stand between.</param>
    /// <param name="handOff">The call that is to evaluate them.</param>
    public static bool IsSafe(
        ExpressionSyntax start, ExpressionSyntax length, ImmutableArray<StatementSyntax> givers, StatementSyntax declaration, HandOff handOff)
    {
        if (givers.IsEmpty || !MayMove(start) || !MayMove(length))
            return false;

        ImmutableArray<StatementSyntax> list = StatementList.Around(givers[0]);
        if (StatementList.RunningOnce(handOff.Syntax, list) is not { } last || !givers.All(list.Contains))
            return false;

        int from = givers.Min(giver => list.IndexOf(giver));
        int to = list.IndexOf(last);
        if (givers.Max(giver => list.IndexOf(giver)) >= to)
            return false;

        StatementSyntax[] passed = list.Skip(from).Take(to - from).Where(statement => statement != declaration && !givers.Contains(statement)).ToArray();
        if (passed.Any(statement => statement is LabeledStatementSyntax))
            return false;
        if (StaysEqual(start, handOff) && StaysEqual(length, handOff))
            return !Variables(start, length, handOff.Model).Any(variable => MayChange(variable, passed, last, handOff));
        return passed.Length == 0 && start.SpanStart < length.SpanStart && IsEvaluatedFirst(handOff.Syntax, last) && IsFixed(handOff);
    }

    /// <summary>An expression that declares a name, or that only an initialiser may hold, has to stay.</summary>
    private static bool MayMove(ExpressionSyntax expression) => !expression.DescendantNodesAndSelf().Any(node => node is
        DeclarationExpressionSyntax or SingleVariableDesignationSyntax or AnonymousFunctionExpressionSyntax or AwaitExpressionSyntax
        or StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax);

    /// <summary>True if only an assignment to one of its variables changes what the expression is.</summary>
    private static bool StaysEqual(ExpressionSyntax expression, HandOff handOff) => expression.DescendantNodesAndSelf().OfType<ExpressionSyntax>().All(node => node switch
    {
        TypeSyntax and not IdentifierNameSyntax => true,
        IdentifierNameSyntax => handOff.Model.GetSymbolInfo(node).Symbol is
            ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None } or IFieldSymbol { IsConst: true }
            or INamespaceOrTypeSymbol || IsLengthOfBuffer(handOff.Model.GetSymbolInfo(node).Symbol),
        MemberAccessExpressionSyntax or LiteralExpressionSyntax or CastExpressionSyntax or ParenthesizedExpressionSyntax or SizeOfExpressionSyntax => true,
        BinaryExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.Kind() is not (SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.PointerIndirectionExpression),
        ElementAccessExpressionSyntax => node.Parent.IsKind(SyntaxKind.AddressOfExpression),
        _ => false,
    });

    private static bool IsLengthOfBuffer(ISymbol? symbol) =>
        symbol is IPropertySymbol { Name: "Length", ContainingType: { } type }
        && (type.SpecialType is SpecialType.System_Array or SpecialType.System_String
            || type is { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } });

    /// <summary>The variables whose values are read; one whose address is taken keeps its address.</summary>
    private static IEnumerable<ISymbol> Variables(ExpressionSyntax start, ExpressionSyntax length, SemanticModel model) =>
        start.DescendantNodesAndSelf().Concat(length.DescendantNodesAndSelf())
            .OfType<IdentifierNameSyntax>()
            .Where(name => !name.Parent.IsKind(SyntaxKind.AddressOfExpression))
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .Where(symbol => symbol is ILocalSymbol or IParameterSymbol)
            .Distinct(SymbolEqualityComparer.Default)!;

    /// <summary>True if the variable is assigned on the way, or can be through a function or an address that took hold of it.</summary>
    private static bool MayChange(ISymbol variable, StatementSyntax[] passed, StatementSyntax last, HandOff handOff)
    {
        SyntaxNode? function = Function(handOff.Syntax);
        return LocalUses.Of(variable, handOff.Syntax, handOff.Model)
            .Where(LocalUses.MayChange)
            .Any(use => passed.Append(last).Any(statement => statement.Span.Contains(use.Span))
                || passed.Length > 0 && (LocalUses.LosesControl(use) || Function(use) != function));
    }

    private static SyntaxNode? Function(SyntaxNode node) =>
        node.Ancestors().FirstOrDefault(ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax);

    /// <summary>True if nothing else of the statement is evaluated before the call.</summary>
    private static bool IsEvaluatedFirst(ExpressionSyntax call, StatementSyntax statement)
    {
        for (SyntaxNode node = call; node.Parent is { } parent && node != statement; node = parent)
        {
            bool first = parent switch
            {
                ExpressionStatementSyntax or ReturnStatementSyntax or CastExpressionSyntax or ParenthesizedExpressionSyntax or EqualsValueClauseSyntax or LocalDeclarationStatementSyntax => true,
                VariableDeclaratorSyntax declarator => declarator.Parent is VariableDeclarationSyntax { Variables: [{ } firstDeclarator, ..] } && firstDeclarator == declarator,
                VariableDeclarationSyntax => true,
                BinaryExpressionSyntax binary => binary.Left == node,
                AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax } => true,
                IfStatementSyntax @if => @if.Condition == node,
                _ => false,
            };
            if (!first)
                return false;
        }

        return true;
    }

    /// <summary>True if the descriptor is the same before and after the base and the length are evaluated.</summary>
    private static bool IsFixed(HandOff handOff) => handOff.Written(VmspliceParameter.Descriptor)?.Expression switch
    {
        LiteralExpressionSyntax => true,
        IdentifierNameSyntax name => handOff.Model.GetSymbolInfo(name).Symbol is
            ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None } or IFieldSymbol { IsConst: true } or IFieldSymbol { IsReadOnly: true },
        _ => false,
    };
}
