using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Lowering;

namespace SpliceAnalyzers.Rules;

/// <summary>Lowers every method of a compilation that names vmsplice, has the kernel model explore it, and reports what the witnesses say.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandOffAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.HandOffs;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (NativeMentions.Any(start.Compilation, NativeMention.HandOff, start.CancellationToken))
                start.RegisterOperationBlockAction(Analyze);
        });
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        if (context.OwningSymbol is not IMethodSymbol method)
            return;
        foreach (IOperation block in context.OperationBlocks)
        {
            if (block.Parent is not null && block.Parent.Kind is not (OperationKind.MethodBody or OperationKind.ConstructorBody) || block.Kind == OperationKind.None && block.Parent is null)
                continue;
            if (block.Kind != OperationKind.Block)
                continue;
            Report(context, method, context.GetControlFlowGraph(block));
        }
    }

    private static void Report(OperationBlockAnalysisContext context, IMethodSymbol method, ControlFlowGraph graph)
    {
        var lowering = new ProgramLowering(context.Compilation, context.CancellationToken);
        SpliceProgram program = lowering.Lower(method, graph);
        if (!program.Procedures.Any(p => p.Code.Any(i => i is SystemCall { Kind: SystemCallKind.Vmsplice })))
            return;
        Verdict verdict = Explorer.Explore(program, new ExplorationOptions(), context.CancellationToken);
        var reported = new HashSet<(string, Microsoft.CodeAnalysis.Text.TextSpan)>();
        var hazardous = new HashSet<SyntaxNode>();
        var brokenGifts = new HashSet<SyntaxNode>();
        foreach (Witness witness in verdict.Witnesses)
        {
            if (Descriptors.Of(witness.Hazard) is null)
                continue;
            hazardous.Add(lowering.Sites[SiteInEntry(witness.HandOff)].Syntax);
            if (witness.Hazard is HazardKind.StoreAfterGift)
                brokenGifts.Add(lowering.Sites[SiteInEntry(witness.HandOff)].Syntax);
            if (Describe(witness, lowering.Sites) is { } diagnostic && reported.Add((diagnostic.Id, diagnostic.Location.SourceSpan)))
                context.ReportDiagnostic(diagnostic);
        }

        foreach (SyntaxNode handOff in lowering.Sites.HandOffs)
        {
            CallContext? call = CallContext.Of(handOff, context.Compilation, context.CancellationToken);
            if (call is not null && !brokenGifts.Contains(handOff) && GiftRule.Check(call) is { } gift)
                context.ReportDiagnostic(gift);
            if (hazardous.Contains(handOff) || call is not null && ReadEndRule.IsCopy(call) || !handOff.SyntaxTree.Equals(graph.OriginalOperation.Syntax.SyntaxTree))
                continue;
            context.ReportDiagnostic(Microsoft.CodeAnalysis.Diagnostic.Create(Descriptors.PreferWrite, handOff.GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add("handOff", "-1")));
        }
    }

    private static int SiteInEntry(WitnessStep step) => step.Calls.Count > 0 ? step.Calls[0] : step.Site;

    /// <summary>The diagnostic of a witness; null when its place is in a callee, which is analysed by itself.</summary>
    private static Diagnostic? Describe(Witness witness, SiteTable sites)
    {
        int shared = 0;
        while (shared < witness.HandOff.Calls.Count && shared < witness.Culprit.Calls.Count && witness.HandOff.Calls[shared] == witness.Culprit.Calls[shared])
            shared++;
        bool atHandOff = witness.Hazard is HazardKind.LifetimeEnd;
        if (shared > 0)
            return null;
        int handOffSite = witness.HandOff.Site;
        int placeSite = SiteInEntry(atHandOff ? witness.HandOff : witness.Culprit);
        if (placeSite < 0)
            return null;
        Site place = sites[placeSite];

        var steps = new List<Location>();
        int handOffIndex = atHandOff && placeSite == handOffSite ? -1 : -2;
        foreach (WitnessStep step in witness.Steps.Where(s => s.Site >= 0 && s.Site != placeSite))
        {
            if (step.Site == handOffSite && handOffIndex == -2)
                handOffIndex = steps.Count;
            steps.Add(sites[step.Site].Syntax.GetLocation());
        }

        if (handOffIndex == -2)
        {
            handOffIndex = steps.Count;
            steps.Add(sites[handOffSite].Syntax.GetLocation());
        }

        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty
            .Add("witness", witness.Text)
            .Add("handOff", handOffIndex.ToString(CultureInfo.InvariantCulture));
        return Microsoft.CodeAnalysis.Diagnostic.Create(Descriptors.Of(witness.Hazard)!, place.Syntax.GetLocation(), steps, properties, Arguments(witness, sites, place));
    }

    private static object[] Arguments(Witness witness, SiteTable sites, Site place)
    {
        int line = sites[witness.HandOff.Site].Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        string bytes = witness.HandOff.Offset.ToString(CultureInfo.InvariantCulture) + "-" + (witness.HandOff.Offset + witness.HandOff.Length - 1).ToString(CultureInfo.InvariantCulture);
        string region = witness.HandOff.RegionSite >= 0 ? sites[witness.HandOff.RegionSite].Name : "";
        string name = place.Name.Length > 0 ? place.Name : region.Length > 0 ? region : "the buffer";
        return witness.Hazard switch
        {
            HazardKind.LifetimeEnd => [region.Length > 0 ? region : name, bytes, witness.Culprit.Action == WitnessAction.ScopeEnd || witness.Culprit.Action == WitnessAction.Return ? "the end of its scope" : "losing its pin"],
            HazardKind.Release => [name, place.Verb.Length > 0 ? place.Verb : "is released", line, bytes],
            _ => [name, witness.Culprit.Possible ? "may be" : "is", line, bytes],
        };
    }
}
