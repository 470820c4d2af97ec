using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>What is done with the result of a call.</summary>
[Flags]
internal enum ResultUse
{
    /// <summary>Nothing: it is discarded, or overwritten before anyone looks.</summary>
    None = 0,
    /// <summary>Compared with 0 or -1 so that only failure shows: &lt; 0, &gt;= 0, == -1, != -1.</summary>
    FailureTest = 1,
    /// <summary>Compared with 0 or -1 as an unsigned number: always the same answer.</summary>
    UnsignedFailureTest = 2,
    /// <summary>Put in order with something else as an unsigned number, for which -1 is large.</summary>
    UnsignedOrder = 4,
    /// <summary>Anything else.</summary>
    Other = 8,
}

/// <summary>Follows a result to its uses: through casts, choices and assignments to locals, on all paths until the local is overwritten.</summary>
internal sealed class ResultUses(Func<ControlFlowGraph?> graph)
{
    /// <summary>All uses of the value of an operation of the operation tree.</summary>
    public ResultUse Of(IOperation value)
    {
        bool isUnsigned = IsUnsigned(value.Type);
        for (; ; value = value.Parent!)
        {
            switch (value.Parent)
            {
                case IConversionOperation conversion:
                    isUnsigned = IsUnsigned(conversion.Type) || isUnsigned && IsWider(conversion.Type, value.Type);
                    continue;
                case IParenthesizedOperation or IVariableInitializerOperation:
                    continue;
                case IConditionalOperation { Syntax: ConditionalExpressionSyntax } choice when choice.Condition != value:
                    continue;
                case IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation, Parent: IExpressionStatementOperation }:
                    return ResultUse.None;
                case IVariableDeclaratorOperation declarator:
                    return OfLocal(declarator.Symbol, declarator.Syntax, isUnsigned);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } } assignment when assignment.Value == value:
                    return OfLocal(local, assignment.Syntax, isUnsigned) | Of(assignment);
                default:
                    return OfParent(value, isUnsigned);
            }
        }
    }

    private static ResultUse OfParent(IOperation value, bool isUnsigned) => value.Parent switch
    {
        IBinaryOperation comparison => OfComparison(comparison, value, isUnsigned),
        IIsPatternOperation { Pattern: var pattern } => OfPattern(pattern, isUnsigned),
        _ => ResultUse.Other,
    };

    private static ResultUse OfComparison(IBinaryOperation comparison, IOperation value, bool isUnsigned)
    {
        bool isLeft = comparison.LeftOperand == value;
        BinaryOperatorKind kind = isLeft ? comparison.OperatorKind : Mirrored(comparison.OperatorKind);
        return OfTest(kind, NativeConstant.Of(isLeft ? comparison.RightOperand : comparison.LeftOperand), isUnsigned);
    }

    private static ResultUse OfPattern(IPatternOperation pattern, bool isUnsigned) => pattern switch
    {
        INegatedPatternOperation negated => OfPattern(negated.Pattern, isUnsigned),
        IConstantPatternOperation constant => OfTest(BinaryOperatorKind.Equals, NativeConstant.Of(constant.Value), isUnsigned),
        IRelationalPatternOperation relation => OfTest(relation.OperatorKind, NativeConstant.Of(relation.Value), isUnsigned),
        _ => ResultUse.Other,
    };

    private static ResultUse OfTest(BinaryOperatorKind kind, long? other, bool isUnsigned)
    {
        if (IsFailureTest(kind, other))
            return isUnsigned ? ResultUse.UnsignedFailureTest : ResultUse.FailureTest;
        return isUnsigned && IsOrder(kind) ? ResultUse.UnsignedOrder : ResultUse.Other;
    }

    private static bool IsFailureTest(BinaryOperatorKind kind, long? other) => (kind, other) is
        (BinaryOperatorKind.LessThan or BinaryOperatorKind.GreaterThanOrEqual, 0) or (BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, -1);

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        _ => kind,
    };

    private static bool IsOrder(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;

    private static bool IsUnsigned(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UIntPtr;

    private static bool IsWider(ITypeSymbol? type, ITypeSymbol? than) =>
        type?.SpecialType == SpecialType.System_Int64 && than?.SpecialType is SpecialType.System_UInt32 or SpecialType.System_Int32 or SpecialType.System_UInt16;

    private ResultUse OfLocal(ILocalSymbol local, SyntaxNode assignment, bool isUnsigned)
    {
        if (graph() is not { } whole || Containing(whole, assignment) is not var (own, block, index))
            return ResultUse.Other;
        if (IsCaptured(whole, own, local))
            return ResultUse.Other;
        ResultUse uses = ResultUse.None;
        var seen = new HashSet<BasicBlock>();
        var open = new Stack<(BasicBlock Block, int Index)>();
        open.Push((block, index + 1));
        foreach (BasicBlock handler in own.Blocks.Where(IsHandler).Where(seen.Add))
            open.Push((handler, 0));
        while (open.Count > 0)
        {
            (BasicBlock at, int first) = open.Pop();
            if (!Scan(at, first, local, isUnsigned, ref uses))
                continue;
            foreach (BasicBlock next in new[] { at.FallThroughSuccessor?.Destination, at.ConditionalSuccessor?.Destination }.OfType<BasicBlock>().Where(seen.Add))
                open.Push((next, 0));
        }

        return uses;
    }

    /// <summary>Adds the uses in the rest of the block; false once the local has another value.</summary>
    private static bool Scan(BasicBlock block, int first, ILocalSymbol local, bool isUnsigned, ref ResultUse uses)
    {
        IEnumerable<IOperation> operations = block.BranchValue is { } branch ? block.Operations.Append(branch) : block.Operations;
        foreach (IOperation operation in operations.Skip(first))
        {
            bool overwritten = false;
            foreach (ILocalReferenceOperation reference in operation.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Where(each => SymbolEqualityComparer.Default.Equals(each.Local, local)))
            {
                if (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference || reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Out })
                    overwritten = true;
                else
                    uses |= OfRead(reference, isUnsigned);
            }

            if (overwritten)
                return false;
        }

        return true;
    }

    private static ResultUse OfRead(IOperation value, bool isUnsigned)
    {
        isUnsigned = IsUnsigned(value.Type) || isUnsigned && value.Type?.SpecialType == SpecialType.System_Int64;
        while (value.Parent is IConversionOperation conversion)
        {
            isUnsigned = IsUnsigned(conversion.Type) || isUnsigned && IsWider(conversion.Type, value.Type);
            value = conversion;
        }

        return OfParent(value, isUnsigned);
    }

    /// <summary>An exception can lead there from anywhere, which the graph's edges do not show.</summary>
    private static bool IsHandler(BasicBlock block)
    {
        for (ControlFlowRegion? region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.Finally or ControlFlowRegionKind.Filter)
                return true;
        }

        return false;
    }

    private static bool IsCaptured(ControlFlowGraph whole, ControlFlowGraph own, ILocalSymbol local) =>
        Nested(whole).Where(graph => graph != own).SelectMany(graph => graph.Blocks).SelectMany(Operations).SelectMany(operation => operation.DescendantsAndSelf())
            .OfType<ILocalReferenceOperation>().Any(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local));

    private static (ControlFlowGraph Graph, BasicBlock Block, int Index)? Containing(ControlFlowGraph whole, SyntaxNode assignment)
    {
        foreach (ControlFlowGraph graph in Nested(whole))
        {
            foreach (BasicBlock block in graph.Blocks)
            {
                int index = 0;
                foreach (IOperation operation in Operations(block))
                {
                    if (operation.DescendantsAndSelf().Any(each => each is ISimpleAssignmentOperation && each.Syntax == assignment))
                        return (graph, block, index);
                    index++;
                }
            }
        }

        return null;
    }

    private static IEnumerable<IOperation> Operations(BasicBlock block) => block.BranchValue is { } branch ? block.Operations.Append(branch) : block.Operations;

    /// <summary>The graph and those of the lambdas and local functions in it.</summary>
    private static IEnumerable<ControlFlowGraph> Nested(ControlFlowGraph graph)
    {
        yield return graph;
        IEnumerable<ControlFlowGraph> lambdas = graph.Blocks.SelectMany(Operations).SelectMany(operation => operation.DescendantsAndSelf()).OfType<IFlowAnonymousFunctionOperation>()
            .Select(lambda => graph.GetAnonymousFunctionControlFlowGraph(lambda));
        IEnumerable<ControlFlowGraph> functions = graph.LocalFunctions.Select(function => graph.GetLocalFunctionControlFlowGraph(function));
        foreach (ControlFlowGraph inner in lambdas.Concat(functions).SelectMany(Nested))
            yield return inner;
    }
}
