using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Scope;

namespace SpliceAnalyzers.Lowering;

/// <summary>A root as a program of its own: everything that it reaches, numbered from 0.</summary>
internal sealed class ProgramAssembly
{
    /// <summary>More procedures than this are not followed: calls to the others are calls to code that is not known.</summary>
    private const int MostProcedures = 400;

    private readonly CompilationLowering _program;
    private readonly List<LoweredProcedure> _reached = [];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly HashSet<INamedTypeSymbol> _statics = new(SymbolEqualityComparer.Default);
    private readonly List<int> _staticInitialisers = [];

    private ProgramAssembly(CompilationLowering program) => _program = program;

    /// <summary>The program; null when nothing in it hands memory off.</summary>
    public static AssembledProgram? Assemble(CompilationLowering program, Root root)
    {
        var assembly = new ProgramAssembly(program);
        var entry = new EntryPoint(program, root);
        foreach (EntryMethod method in root.Methods)
            assembly.Reach(method.Procedure);
        foreach (int constructor in entry.Constructors())
            assembly.Reach(constructor);
        assembly.Follow();
        bool isCut = assembly._reached.Count >= MostProcedures || assembly._reached.Exists(static p => p.IsTooLong);
        if (!isCut && !assembly._reached.Exists(static p => p.HandsOff))
            return null;

        var sites = new Dictionary<int, EntryMethod>();
        Procedure first = entry.Lower(assembly._staticInitialisers, assembly._reached.SelectMany(static p => p.Lengths).Distinct().OrderBy(static length => length), sites);
        Procedure[] procedures = [assembly.Renumber(first), .. assembly._reached.Select(p => assembly.Renumber(assembly.CodeOf(p)))];
        return new AssembledProgram(root, new SpliceProgram([.. procedures, Unfollowed(procedures.Length)], 0), sites,
            [.. assembly._reached.Where(static p => p.Method is not null).Select(static p => p.Method!)], isCut);
    }

    /// <summary>Visits everything reachable; delegates and statics lead to more, so until nothing new turns up.</summary>
    private void Follow()
    {
        for (int i = 0; i < _reached.Count; i++)
        {
            LoweredProcedure procedure = _program[_reached[i].Number];
            foreach (int callee in procedure.Callees)
                Reach(callee);
            foreach ((_, int target, _) in procedure.Delegates)
                Reach(target);
            foreach (INamedTypeSymbol type in procedure.Statics)
            {
                if (!_statics.Add(type))
                    continue;
                int initialiser = _program.StaticInitialisersOf(type);
                _staticInitialisers.Add(initialiser);
                Reach(initialiser);
            }
        }
    }

    private void Reach(int procedure)
    {
        if (_reached.Count >= MostProcedures || _numbers.ContainsKey(procedure))
            return;
        _numbers.Add(procedure, _reached.Count + 1);
        _reached.Add(_program[procedure]);
    }

    /// <summary>In broken code a local function may be called where the method around it is not known: then it has no code.</summary>
    private Procedure CodeOf(LoweredProcedure procedure) =>
        procedure.Assemble is { } assemble ? assemble(_reached)
        : procedure.Code ?? Unfollowed(procedure.Number);

    private Procedure Renumber(Procedure procedure) => new(procedure.Name, procedure.Parameters, procedure.Registers, [.. procedure.Code.Select(Renumber)]);

    private Instruction Renumber(Instruction instruction) => instruction switch
    {
        Call call => new Call(call.Site, NumberOf(call.Procedure), call.Arguments, call.Targets, call.OnThrow),
        Start start => new Start(start.Site, start.Target, NumberOf(start.Procedure), start.Arguments, start.RunsAtOnce),
        _ => instruction,
    };

    private int NumberOf(int procedure) => _numbers.TryGetValue(procedure, out int number) ? number : _reached.Count + 1;

    /// <summary>What stands for the procedures that were too many.</summary>
    private static Procedure Unfollowed(int number) => new("#" + number, 0, 1, [new Return(-1, [Expression.Unknown, Expression.Unknown, Expression.Zero])]);
}

/// <summary>A program with what is needed to say where its hazards are.</summary>
/// <param name="Root">What it was made of.</param>
/// <param name="Program">The program.</param>
/// <param name="EntrySites">Which site of the entry procedure calls which method of the root.</param>
/// <param name="Methods">The methods in it.</param>
/// <param name="IsCut">True when it had too many procedures, or one that was too long.</param>
internal sealed record AssembledProgram(Root Root, SpliceProgram Program, Dictionary<int, EntryMethod> EntrySites, IReadOnlyList<IMethodSymbol> Methods, bool IsCut);
