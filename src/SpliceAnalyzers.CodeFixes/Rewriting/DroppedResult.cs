using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>The code around a call that nothing needs once the call returns nothing and throws where it fails.</summary>
/// <param name="Span">The call, the discard of its result, or the statements that throw where it failed.</param>
/// <param name="IsStatement">Whether a statement has to stand in its place.</param>
internal sealed record DroppedResult(TextSpan Span, bool IsStatement)
{
    /// <summary>Null where the result is used for anything else, or comments would be lost.</summary>
    public static DroppedResult? Of(HandOff handOff)
    {
        IOperation value = handOff.Call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
            value = value.Parent;
        DroppedResult? dropped = value.Parent switch
        {
            IExpressionStatementOperation => new DroppedResult(handOff.Syntax.Span, IsStatement: false),
            ISimpleAssignmentOperation { Target: IDiscardOperation, Parent: IExpressionStatementOperation } discard => new DroppedResult(discard.Syntax.Span, IsStatement: false),
            IBinaryOperation test => ThrowingTest(test, value) is { } statement ? new DroppedResult(statement.Span, IsStatement: true) : null,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => Declared(local, handOff),
            _ => null,
        };
        return dropped is null || HasComments(handOff.Syntax.SyntaxTree, dropped.Span) ? null : dropped;
    }

    /// <summary>nint n = vmsplice(...); if (n &lt; 0) throw ...; and nothing else reads n.</summary>
    private static DroppedResult? Declared(ILocalSymbol local, HandOff handOff)
    {
        if (LocalUses.OwnStatement(local) is not { Parent: BlockSyntax block } declaration
            || LocalUses.Of(local, declaration, handOff.Model) is not [{ } use]
            || handOff.Model.GetOperation(use) is not { } read)
        {
            return null;
        }

        while (read.Parent is IConversionOperation or IParenthesizedOperation)
            read = read.Parent;
        int index = block.Statements.IndexOf(declaration);
        return read.Parent is IBinaryOperation test && ThrowingTest(test, read) is { } statement && block.Statements.IndexOf(statement) == index + 1
            ? new DroppedResult(TextSpan.FromBounds(declaration.SpanStart, statement.Span.End), IsStatement: true)
            : null;
    }

    /// <summary>if (result &lt; 0) throw ...; where nobody near catches what it throws.</summary>
    private static IfStatementSyntax? ThrowingTest(IBinaryOperation test, IOperation result) =>
        test is { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.Equals, Parent: IConditionalOperation { Syntax: IfStatementSyntax { Else: null } statement } choice }
        && choice.Condition == test
        && test.LeftOperand == result
        && new ResultUses(static () => null).Of(result) == ResultUse.FailureTest
        && statement.Statement is ThrowStatementSyntax or BlockSyntax { Statements: [ThrowStatementSyntax] }
        && !statement.Ancestors().OfType<TryStatementSyntax>().Any(around => around.Catches.Count > 0)
            ? statement
            : null;

    private static bool HasComments(SyntaxTree tree, TextSpan span) =>
        tree.GetRoot().DescendantTrivia(span).Any(trivia => span.Contains(trivia.Span) && (trivia.IsDirective
            || trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.DisabledTextTrivia));
}
