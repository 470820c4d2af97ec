using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Lowering;
using SpliceAnalyzers.Options;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Rules;

/// <summary>
/// What the explorer finds in a compilation. Lowering happens once, when the first method is asked about; each root is explored when a method in
/// it is asked about. Safe for several threads.
/// </summary>
internal sealed class CompilationFindings(Compilation compilation, OptionReader options)
{
    /// <summary>The functions by which code hands memory off; a method that leads to none of them does not.</summary>
    private static readonly string[] HandOffFunctions = ["vmsplice", "splice", "sendfile", "sendfile64", "syscall"];

    /// <summary>Where methods are looked at one by one, their programs have so many procedures together.</summary>
    private const int MostProceduresAlone = 2_000;

    private readonly object _gate = new();
    private readonly ConcurrentDictionary<AssembledProgram, RootFindings> _explored = new();
    private readonly VerdictCache _verdicts = new();
    private Prepared? _prepared;

    /// <param name="Sites">Where instructions came from.</param>
    /// <param name="Programs">The programs that a method is part of.</param>
    /// <param name="Alone">The program that begins with a method, and no other.</param>
    private sealed record Prepared(SiteTable Sites, ILookup<IMethodSymbol, AssembledProgram> Programs, ILookup<IMethodSymbol, AssembledProgram> Alone);

    /// <summary>The diagnostics whose place is in a method, or in a function nested in it.</summary>
    public IEnumerable<Diagnostic> In(IMethodSymbol method, IEnumerable<SyntaxNode> code, CancellationToken cancellation)
    {
        Prepared prepared = Prepare(cancellation);
        var spans = code.Select(static c => (c.SyntaxTree, c.FullSpan)).ToList();
        bool IsHere(Location place) => spans.Exists(s => s.SyntaxTree == place.SourceTree && s.FullSpan.Contains(place.SourceSpan));
        AssembledProgram[] programs = [.. prepared.Programs[method.OriginalDefinition]];
        if (programs.Length == 0)
            return [];

        var all = programs.Select(p => Explore(p, prepared, cancellation)).ToList();
        var found = all.SelectMany(f => f.Findings).Where(f => IsHere(f.Place) && !IsSaidElsewhere(f, prepared, cancellation)).Select(static f => f.Diagnostic).ToList();
        foreach (SyntaxNode handOff in all.SelectMany(static f => f.HandOffs).Distinct().Where(h => IsHere(h.GetLocation())))
            found.AddRange(Preferences(handOff, all.SelectMany(static f => f.Findings).Where(f => f.HandOff == handOff).Select(static f => f.Diagnostic.Id), cancellation));
        found.AddRange(all.SelectMany(static f => f.Bounds).Where(d => IsHere(d.Location)));
        return Distinct(found);
    }

    /// <summary>What is said of a hand-off that little or nothing else is said of.</summary>
    private IEnumerable<Diagnostic> Preferences(SyntaxNode handOff, IEnumerable<string> said, CancellationToken cancellation)
    {
        CallContext? call = CallContext.Of(handOff, compilation, cancellation);
        if (call is not null && !said.Contains(RuleIds.GiftedBufferModified) && GiftRule.Check(call) is { } gift)
            yield return gift;
        if (!said.Any() && (call is null || !ReadEndRule.IsCopy(call)))
            yield return WitnessReport.PreferWrite(handOff.GetLocation());
    }

    /// <summary>Diagnostics on the same place with the same id are one.</summary>
    private static IEnumerable<Diagnostic> Distinct(IEnumerable<Diagnostic> diagnostics) => diagnostics
        .GroupBy(static d => (d.Id, d.Location.SourceSpan.Start, d.Location.SourceSpan.End)).Select(static g => g.First())
        .OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal);

    /// <summary>
    /// What a type's methods do in some order is said where it happens only if no method sees both ends of it: callers that do are named instead.
    /// </summary>
    private bool IsSaidElsewhere(Finding finding, Prepared prepared, CancellationToken cancellation) =>
        finding.IsBetweenCalls
        && prepared.Programs[finding.HandOffMethod].Any(p => !p.Root.IsLoop && Explore(p, prepared, cancellation).Findings.Any(f => f.Diagnostic.Id == finding.Diagnostic.Id && f.HandOff == finding.HandOff));

    /// <summary>
    /// Where a budget ended the search, the methods of the program are looked at one by one: that may find what was not reached. They share one more budget, so
    /// that the worst type costs twice what the worst method does.
    /// </summary>
    private RootFindings Explore(AssembledProgram program, Prepared prepared, CancellationToken cancellation)
    {
        if (_explored.TryGetValue(program, out RootFindings known))
            return known;
        lock (program)
        {
            if (_explored.TryGetValue(program, out known))
                return known;
            known = ExploreAlone(program, prepared, 1, cancellation);
            if (known.Bounds.Count > 0)
            {
                List<AssembledProgram> alone = SmallestOf(program.Methods.SelectMany(m => prepared.Alone[m]).Where(p => IsPartOf(p, program)));
                known = alone.Aggregate(known, (all, p) => all.With(ExploreAlone(p, prepared, alone.Count, cancellation)));
            }

            return _explored[program] = known;
        }
    }

    /// <summary>Those that say the most about single methods, as far as they are not too much together: in a chain of calls each has all that it calls.</summary>
    private static List<AssembledProgram> SmallestOf(IEnumerable<AssembledProgram> programs)
    {
        int procedures = 0;
        return [.. programs.OrderBy(static p => p.Program.Procedures.Length).TakeWhile(p => (procedures += p.Program.Procedures.Length) <= MostProceduresAlone)];
    }

    /// <summary>Not what begins elsewhere in the same circle of calls: that has as many states.</summary>
    private static bool IsPartOf(AssembledProgram alone, AssembledProgram whole) =>
        whole.Root.IsLoop || alone.Program.Procedures.Length < whole.Program.Procedures.Length;

    private RootFindings ExploreAlone(AssembledProgram program, Prepared prepared, int sharers, CancellationToken cancellation) =>
        RootFindings.Explore(program, prepared.Sites, _verdicts, rule => options.Of(program.Root.Methods[0].Declaration.SyntaxTree, rule).SharedBy(sharers), cancellation);

    private Prepared Prepare(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_prepared is not null)
                return _prepared;
            var lowering = new CompilationLowering(compilation, new MemberIndex(compilation.SyntaxTrees, cancellation), cancellation);
            var finder = new RootFinder(lowering);
            List<AssembledProgram> programs = Assemble(lowering, finder.Find(HandOffFunctions));
            List<AssembledProgram> alone = Assemble(lowering, finder.Alone());
            var reached = new HashSet<IMethodSymbol>(programs.SelectMany(static p => p.Methods), SymbolEqualityComparer.Default);
            // Methods that only call each other have no caller to begin with.
            programs.AddRange(alone.Where(p => !reached.Contains(p.Root.Methods[0].Method)));
            return _prepared = new Prepared(
                lowering.Sites,
                programs.SelectMany(static p => p.Methods.Select(m => (Method: Outermost(m), Program: p))).Distinct().ToLookup(static p => p.Method, static p => p.Program, Methods),
                alone.ToLookup(static p => p.Root.Methods[0].Method, Methods));
        }
    }

    private static IEqualityComparer<IMethodSymbol> Methods => SymbolEqualityComparer.Default;

    private static List<AssembledProgram> Assemble(CompilationLowering lowering, IEnumerable<Root> roots) =>
        [.. roots.Select(root => ProgramAssembly.Assemble(lowering, root)).OfType<AssembledProgram>()];

    public static IMethodSymbol Outermost(IMethodSymbol method)
    {
        while (method.ContainingSymbol is IMethodSymbol around)
            method = around;
        return method.OriginalDefinition;
    }
}
