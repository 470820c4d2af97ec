using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.Lowering;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Rules;

/// <summary>Turns witnesses of one program into diagnostics: which rule, where, with which words and steps.</summary>
internal sealed class WitnessReport(AssembledProgram assembled, SiteTable sites)
{
    /// <summary>The diagnostic of a witness; null when no rule says anything about it.</summary>
    public Finding? Describe(Witness witness, bool isProvenBySize)
    {
        if (witness.Hazard == HazardKind.CallerKeeps && !CallersAreUnknown(witness))
            return null;
        DiagnosticDescriptor rule = isProvenBySize && witness.Hazard == HazardKind.Store ? Descriptors.RecycledByPipeSize : Descriptors.Of(witness.Hazard);
        int place = rule == Descriptors.RecycledByPipeSize || witness.Hazard == HazardKind.CallerKeeps ? witness.HandOff.Site : witness.MeetingSite;
        if (place < 0 || witness.HandOff.Site < 0)
            return null;

        Location handOff = sites[witness.HandOff.Site].Syntax.GetLocation();
        List<(Location Place, int TraceIndex)> steps = Steps(witness, place, handOff);
        int own = IsAtHandOff(witness, rule) ? witness.HandOff.TraceIndex : witness.Culprit.TraceIndex;
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty
            .Add("witness", witness.Text)
            .Add("handOff", steps.FindIndex(step => step.Place == handOff).ToString(CultureInfo.InvariantCulture))
            .Add("steps", string.Join(",", steps.Select(static step => step.TraceIndex).Prepend(own)));
        Diagnostic diagnostic = Diagnostic.Create(rule, PlaceLocation(sites[place].Syntax), steps.Select(static step => step.Place), properties, Arguments(witness, place));
        return new Finding(diagnostic, sites[witness.HandOff.Site].Syntax, CompilationFindings.Outermost(MethodAround(witness)), assembled.Root.IsLoop && witness.SharedCalls == 0 && witness.Hazard is (HazardKind.Store or HazardKind.StoreAfterGift or HazardKind.Release));
    }

    /// <summary>True when the memory in flight belongs to callers that nobody knows.</summary>
    public bool CallersAreUnknown(Witness witness) =>
        witness.HandOff.Calls.Count > 0 && assembled.EntrySites.TryGetValue(witness.HandOff.Calls[0], out EntryMethod method) && method.CallersUnknown
        || witness.HandOff.RegionSite >= 0 && sites[witness.HandOff.RegionSite].Syntax.FirstAncestorOrSelf<ParameterSyntax>()?.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not null;

    /// <summary>A budget ended the search.</summary>
    public Diagnostic NotComplete(bool isCut)
    {
        EntryMethod method = assembled.Root.Methods.FirstOrDefault(m => assembled.Methods.Contains(m.Method, SymbolEqualityComparer.Default)) ?? assembled.Root.Methods[0];
        return Diagnostic.Create(Descriptors.NotComplete, NameOf(method.Declaration), method.Method.Name, isCut ? "it is too long, or calls too many methods" : "it has too many states (splice_analyzers.max_states)");
    }

    /// <summary>SPL3001 at a hand-off that nothing else is said about.</summary>
    public static Diagnostic PreferWrite(Location handOff) =>
        Diagnostic.Create(Descriptors.PreferWrite, handOff, ImmutableDictionary<string, string?>.Empty.Add("handOff", "-1"));

    /// <summary>True when the rule is about the hand-off, and not about what came after it.</summary>
    private static bool IsAtHandOff(Witness witness, DiagnosticDescriptor rule) =>
        rule == Descriptors.RecycledByPipeSize || witness.Hazard is HazardKind.CallerKeeps or HazardKind.LifetimeEnd;

    /// <summary>The places of the other steps, with the step of the witness's text that each belongs to.</summary>
    private List<(Location Place, int TraceIndex)> Steps(Witness witness, int place, Location handOff)
    {
        var steps = new List<(Location Place, int TraceIndex)>();
        foreach (WitnessStep step in witness.Steps)
        {
            if (step.Site >= 0 && step.Site != place && sites[step.Site].Syntax.GetLocation() is { IsInSource: true } location)
                steps.Add((location, step.TraceIndex));
        }

        if (place != witness.HandOff.Site && !steps.Exists(step => step.Place == handOff))
            steps.Add((handOff, witness.HandOff.TraceIndex));
        return steps;
    }

    /// <summary>A using declaration is reported at its variable.</summary>
    private static Location PlaceLocation(SyntaxNode syntax) => syntax switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.GetLocation(),
        LocalDeclarationStatementSyntax declaration => declaration.Declaration.Variables[0].Identifier.GetLocation(),
        VariableDeclarationSyntax declaration => declaration.Variables[0].Identifier.GetLocation(),
        _ => syntax.GetLocation(),
    };

    private static Location NameOf(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier.GetLocation(),
        ConstructorDeclarationSyntax constructor => constructor.Identifier.GetLocation(),
        AccessorDeclarationSyntax accessor => accessor.Keyword.GetLocation(),
        CompilationUnitSyntax unit => unit.Members[0].GetFirstToken().GetLocation(),
        _ => declaration.GetFirstToken().GetLocation(),
    };

    private IMethodSymbol MethodAround(Witness witness)
    {
        SyntaxNode handOff = sites[witness.HandOff.Site].Syntax;
        return assembled.Methods.First(m => m.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == handOff.SyntaxTree && r.Span.Contains(handOff.Span)));
    }

    /// <summary>For a release inside a callee.</summary>
    private static readonly ReleaseWords Released = new("is released", "the next owner's bytes", "release");

    /// <summary>The number of a line, and its file where that is another one than the reader's.</summary>
    private static string LineOf(SyntaxNode syntax, SyntaxTree reader)
    {
        FileLinePositionSpan span = syntax.GetLocation().GetLineSpan();
        string line = (span.StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);
        return syntax.SyntaxTree == reader ? line : line + " of " + span.Path.Substring(span.Path.LastIndexOfAny(['/', '\\']) + 1);
    }

    private object[] Arguments(Witness witness, int placeSite)
    {
        Site place = sites[placeSite];
        WitnessStep handOff = witness.HandOff;
        string line = LineOf(sites[handOff.Site].Syntax, place.Syntax.SyntaxTree);
        string bytes = handOff.Offset.ToString(CultureInfo.InvariantCulture) + "-" + (handOff.Offset + handOff.Length - 1).ToString(CultureInfo.InvariantCulture);
        string region = handOff.RegionSite >= 0 ? sites[handOff.RegionSite].Name : "";
        string name = place.Name.Length > 0 ? place.Name : place.Syntax is VariableDeclaratorSyntax variable ? variable.Identifier.ValueText : region.Length > 0 ? region : "the buffer";
        return witness.Hazard switch
        {
            HazardKind.LifetimeEnd => [region.Length > 0 ? region : name, bytes, witness.Culprit.Action is WitnessAction.ScopeEnd or WitnessAction.Return ? "the end of its scope" : "losing its last reference"],
            HazardKind.SourceFileWrite => [place.Name.Length > 0 ? place.Name : "the file", line, bytes],
            HazardKind.CallerKeeps => [region.Length > 0 ? region : name, bytes],
            HazardKind.Release when (place.Release ?? sites[witness.Culprit.Site].Release ?? Released) is var words => [name, words.Happens, line, words.Next, words.Advice],
            _ => [name, !witness.Culprit.Possible ? "is modified" : place.Callee.Length > 0 ? $"may be modified by '{place.Callee}'" : "may be modified", line, bytes],
        };
    }
}
