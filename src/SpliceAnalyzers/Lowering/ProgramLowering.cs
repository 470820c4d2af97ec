using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Lowers a method and the methods of the same compilation that it calls to one program.</summary>
internal sealed class ProgramLowering(Compilation compilation, CancellationToken cancellation)
{
    /// <summary>How many calls deep source is followed; calls below count as calls to unknown code.</summary>
    private const int MaxDepth = 6;

    private readonly Dictionary<IMethodSymbol, int> _numbers = new(SymbolEqualityComparer.Default);
    private readonly List<Procedure?> _procedures = [];

    /// <summary>Which calls are native ones.</summary>
    public NativeCalls Natives { get; } = new(compilation, cancellation);

    /// <summary>Where the instructions came from.</summary>
    public SiteTable Sites { get; } = new();

    /// <summary>Lowers a method as callers could call it, with arguments that nothing is known about.</summary>
    public SpliceProgram Lower(IMethodSymbol method, ControlFlowGraph graph)
    {
        _procedures.Add(null);
        _procedures[0] = new MethodLowering(this, method, isEntry: true, depth: 0).Lower(graph);
        return new SpliceProgram([.. _procedures!], 0);
    }

    /// <summary>The procedure number of a method whose source is here and can be followed; -1 otherwise.</summary>
    public int ProcedureOf(IMethodSymbol method, int depth)
    {
        method = method.PartialImplementationPart ?? method.OriginalDefinition;
        if (_numbers.TryGetValue(method, out int number))
            return number;
        if (depth >= MaxDepth || method.IsAbstract || method.IsExtern || method.IsVirtual || method.IsOverride || method.MethodKind == MethodKind.LocalFunction)
            return -1;
        if (GraphOf(method) is not { } graph)
            return -1;
        number = _procedures.Count;
        _numbers[method] = number;
        _procedures.Add(null);
        _procedures[number] = new MethodLowering(this, method, isEntry: false, depth).Lower(graph);
        return number;
    }

    private ControlFlowGraph? GraphOf(IMethodSymbol method)
    {
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            SyntaxNode node = reference.GetSyntax(cancellation);
            if (node is BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null } or not (BaseMethodDeclarationSyntax or AccessorDeclarationSyntax))
                continue;
            if (!compilation.ContainsSyntaxTree(node.SyntaxTree))
                continue;
            return ControlFlowGraph.Create(node, compilation.GetSemanticModel(node.SyntaxTree), cancellation);
        }

        return null;
    }
}
