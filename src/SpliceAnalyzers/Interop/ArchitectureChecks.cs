using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>What conditions and switches on the processor's architecture say about a place in the code.</summary>
internal sealed class ArchitectureChecks(AssignedOnce values)
{
    private const int MaxDepth = 8;

    /// <summary>The architectures that the code at the node can run on, as far as checks that dominate it tell.</summary>
    public ArchitectureSet At(SyntaxNode node)
    {
        ArchitectureSet here = ArchitectureSet.Unchecked;
        for (SyntaxNode child = node; child.Parent is { } parent && child is not MemberDeclarationSyntax { RawKind: not (int)SyntaxKind.GlobalStatement }; child = parent)
        {
            here = parent switch
            {
                IfStatementSyntax branch when child != branch.Condition => here.And(Of(branch.Condition, child == branch.Statement)),
                ConditionalExpressionSyntax choice when child != choice.Condition => here.And(Of(choice.Condition, child == choice.WhenTrue)),
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both when child == both.Right => here.And(Of(both.Left, whether: true)),
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either when child == either.Right => here.And(Of(either.Left, whether: false)),
                WhileStatementSyntax loop when child == loop.Statement => here.And(Of(loop.Condition, whether: true)),
                SwitchStatementSyntax choice when child is SwitchSectionSyntax section => here.And(OfSection(choice, section)),
                SwitchExpressionSyntax choice when child is SwitchExpressionArmSyntax arm => here.And(OfArm(choice, arm)),
                BlockSyntax block => here.And(Before(block.Statements, child)),
                SwitchSectionSyntax section => here.And(Before(section.Statements, child)),
                CompilationUnitSyntax unit => here.And(Before(unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement), (child as GlobalStatementSyntax)?.Statement)),
                _ => here,
            };
        }

        return here;
    }

    /// <summary>The set in which a switch expression takes the arm.</summary>
    public ArchitectureSet OfArm(SwitchExpressionSyntax choice, SwitchExpressionArmSyntax arm)
    {
        if (!IsArchitecture(choice.GoverningExpression, 0))
            return ArchitectureSet.Unchecked;
        CpuArchitecture earlier = CpuArchitecture.None;
        foreach (SwitchExpressionArmSyntax other in choice.Arms.TakeWhile(other => other != arm).Where(other => other.WhenClause is null))
            earlier |= OfPattern(other.Pattern);
        return new ArchitectureSet(OfPattern(arm.Pattern) & ~earlier, IsChecked: true);
    }

    /// <summary>The set in which the condition has the value.</summary>
    public ArchitectureSet Of(ExpressionSyntax condition, bool whether)
    {
        (ArchitectureSet whenTrue, ArchitectureSet whenFalse) = Sides(condition, 0);
        return whether ? whenTrue : whenFalse;
    }

    private ArchitectureSet Before(IEnumerable<StatementSyntax> statements, SyntaxNode? child)
    {
        ArchitectureSet here = ArchitectureSet.Unchecked;
        foreach (IfStatementSyntax check in statements.TakeWhile(statement => statement != child).OfType<IfStatementSyntax>())
        {
            if (Leaves(check.Statement))
                here = here.And(Of(check.Condition, whether: false));
            else if (check.Else is { } other && Leaves(other.Statement))
                here = here.And(Of(check.Condition, whether: true));
        }

        return here;
    }

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax => true,
        BlockSyntax { Statements: [.., var last] } => Leaves(last),
        IfStatementSyntax { Else: { } other } both => Leaves(both.Statement) && Leaves(other.Statement),
        _ => false,
    };

    private (ArchitectureSet WhenTrue, ArchitectureSet WhenFalse) Sides(ExpressionSyntax condition, int depth)
    {
        if (depth > MaxDepth)
            return (ArchitectureSet.Unchecked, ArchitectureSet.Unchecked);
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Sides(parenthesized.Expression, depth);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } negated:
                (ArchitectureSet yes, ArchitectureSet no) = Sides(negated.Operand, depth);
                return (no, yes);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression } both:
                (ArchitectureSet True, ArchitectureSet False) left = Sides(both.Left, depth), right = Sides(both.Right, depth);
                return (left.True.And(right.True), left.False.Or(right.False));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either:
                left = Sides(either.Left, depth);
                right = Sides(either.Right, depth);
                return (left.True.Or(right.True), left.False.And(right.False));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } equal when Compared(equal, depth) is { } one:
                return ArchitectureSet.Split(one);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } differs when Compared(differs, depth) is { } one:
                (yes, no) = ArchitectureSet.Split(one);
                return (no, yes);
            case IsPatternExpressionSyntax test when IsArchitecture(test.Expression, depth):
                return ArchitectureSet.Split(OfPattern(test.Pattern));
            default:
                return OfVariable(condition, depth);
        }
    }

    /// <summary>A condition that was computed elsewhere, or one in a form that is not taken apart.</summary>
    private (ArchitectureSet, ArchitectureSet) OfVariable(ExpressionSyntax condition, int depth)
    {
        if (values.OperationOf(condition) is { } operation && values.ValueOf(operation)?.Syntax is ExpressionSyntax value)
            return Sides(value, depth + 1);
        bool mentions = condition.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(part => IsArchitecture(part, depth));
        ArchitectureSet any = new(CpuArchitecture.Any, mentions);
        return (any, any);
    }

    private CpuArchitecture? Compared(BinaryExpressionSyntax comparison, int depth)
    {
        if (IsArchitecture(comparison.Left, depth))
            return Named(comparison.Right);
        return IsArchitecture(comparison.Right, depth) ? Named(comparison.Left) : null;
    }

    private bool IsArchitecture(ExpressionSyntax expression, int depth)
    {
        if (expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax) || values.OperationOf(expression) is not { } operation)
            return false;
        if (AssignedOnce.Strip(operation) is IPropertyReferenceOperation { Property: { Name: "ProcessArchitecture" or "OSArchitecture", ContainingType.Name: "RuntimeInformation" } })
            return true;
        return operation.Type is { Name: "Architecture" } && depth < MaxDepth && values.ValueOf(operation)?.Syntax is ExpressionSyntax value && IsArchitecture(value, depth + 1);
    }

    private CpuArchitecture? Named(ExpressionSyntax expression) =>
        values.OperationOf(expression) is { } operation && AssignedOnce.Strip(operation) is IFieldReferenceOperation { Field: { ContainingType.Name: "Architecture" } field }
            ? field.Name switch
            {
                "X64" => CpuArchitecture.X64,
                "Arm64" => CpuArchitecture.Arm64,
                "X86" => CpuArchitecture.X86,
                _ => CpuArchitecture.Other,
            }
            : null;

    private CpuArchitecture OfPattern(PatternSyntax pattern) => pattern switch
    {
        ConstantPatternSyntax constant => Named(constant.Expression) ?? CpuArchitecture.Any,
        ParenthesizedPatternSyntax parenthesized => OfPattern(parenthesized.Pattern),
        UnaryPatternSyntax negated => OfPattern(negated.Pattern) is CpuArchitecture.Any ? CpuArchitecture.Any : CpuArchitecture.Any & ~OfPattern(negated.Pattern) | CpuArchitecture.Other,
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either => OfPattern(either.Left) | OfPattern(either.Right),
        BinaryPatternSyntax both => OfPattern(both.Left) & OfPattern(both.Right),
        _ => CpuArchitecture.Any,
    };

    private ArchitectureSet OfSection(SwitchStatementSyntax choice, SwitchSectionSyntax section)
    {
        if (!IsArchitecture(choice.Expression, 0))
            return ArchitectureSet.Unchecked;
        bool isDefault = section.Labels.Any(label => label is DefaultSwitchLabelSyntax);
        CpuArchitecture named = OfLabels(section.Labels);
        CpuArchitecture others = OfLabels(choice.Sections.Where(other => other != section).SelectMany(other => other.Labels));
        return new ArchitectureSet(isDefault ? CpuArchitecture.Any & ~others | CpuArchitecture.Other : named, IsChecked: true);
    }

    private CpuArchitecture OfLabels(IEnumerable<SwitchLabelSyntax> labels)
    {
        CpuArchitecture all = CpuArchitecture.None;
        foreach (SwitchLabelSyntax label in labels)
        {
            all |= label switch
            {
                CaseSwitchLabelSyntax constant => Named(constant.Value) ?? CpuArchitecture.None,
                CasePatternSwitchLabelSyntax { WhenClause: null } pattern => OfPattern(pattern.Pattern),
                _ => CpuArchitecture.None,
            };
        }

        return all;
    }
}
