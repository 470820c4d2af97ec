using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Segments;

/// <summary>The statements that run one after the other: a block's, a switch section's, a top-level program's.</summary>
internal static class StatementList
{
    public static ImmutableArray<StatementSyntax> Around(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => ImmutableArray.CreateRange(block.Statements),
        SwitchSectionSyntax section => ImmutableArray.CreateRange(section.Statements),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => ImmutableArray.CreateRange(unit.Members.OfType<GlobalStatementSyntax>().Select(global => global.Statement)),
        _ => ImmutableArray.Create(statement),
    };

    /// <summary>The statement of the list that the node is in, if it runs there once and nowhere else: not from a loop, a label or a function inside it.</summary>
    public static StatementSyntax? RunningOnce(SyntaxNode node, ImmutableArray<StatementSyntax> list)
    {
        foreach (SyntaxNode ancestor in node.AncestorsAndSelf())
        {
            if (ancestor is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax
                or LabeledStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or QueryExpressionSyntax)
            {
                return null;
            }

            if (ancestor is StatementSyntax statement && list.Contains(statement))
                return statement;
        }

        return null;
    }
}
