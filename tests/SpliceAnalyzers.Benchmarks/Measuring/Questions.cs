using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Benchmarks.Analysis;
using SpliceAnalyzers.Benchmarks.Code;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.Tests.Lifetime;
using SpliceAnalyzers.Tests.Robustness;

namespace SpliceAnalyzers.Benchmarks.Measuring;

/// <summary>What is asked of the cost, each as ratios to what everybody pays anyway.</summary>
/// <param name="rounds">How often each contestant is measured.</param>
internal sealed class Questions(int rounds)
{
    /// <summary>A compilation without any such call: beside an analyzer that does nothing with each method, and beside what everybody runs.</summary>
    public IEnumerable<Ratio> WithoutSplice(IReadOnlyList<string> files)
    {
        CSharpCompilation Fresh() => Compilations.Of(Compilations.Parse(files));
        Contestant Whole(string name, ImmutableArray<DiagnosticAnalyzer> analyzers) => Contestant.Of(name, Fresh, compilation => Runs.Analyze(compilation, analyzers));
        Contestant Own(string name, ImmutableArray<DiagnosticAnalyzer> analyzers) => new(name, () =>
        {
            CSharpCompilation compilation = Fresh();
            return () => Runs.Analyze(compilation, analyzers).Own;
        });
        var contest = Contest.Of(rounds, Own("own", AnalyzerSets.Ours), Own("own empty", AnalyzerSets.Empty), Own("own net", AnalyzerSets.Net),
            Whole("ours", AnalyzerSets.Ours), Whole("empty", AnalyzerSets.Empty));
        yield return Line("a: own time / NetAnalyzers' own", contest, "own", "own net", 0.01);
        yield return Line("a: own time / empty analyzer's own callbacks", contest, "own", "own empty", 2);
        yield return Line("a: whole run / whole run with the empty analyzer", contest, "ours", "empty", 2);
    }

    /// <summary>Many methods that hand off, and the compiler's own time for them; also what both allocate.</summary>
    public IEnumerable<Ratio> WithSplice(IReadOnlyList<int> sizes)
    {
        List<IReadOnlyList<string>> all = [.. sizes.Select(SpliceCode.Files)];
        var contest = Contest.Of(rounds, [.. all.SelectMany((files, i) => new[]
        {
            Contestant.Of($"bind {sizes[i]}", () => Compilations.Of(Compilations.Parse(files)), compilation => Runs.Bind(compilation)),
            Contestant.Of($"empty {sizes[i]}", () => Compilations.Of(Compilations.Parse(files)), compilation => Runs.Analyze(compilation, AnalyzerSets.Empty)),
            Contestant.Of($"ours {sizes[i]}", () => Compilations.Of(Compilations.Parse(files)), compilation => Runs.Analyze(compilation, AnalyzerSets.Ours)),
        })]);
        double PerMethod(int i) => contest.Of($"ours {sizes[i]}") / SpliceCode.Methods(all[i]);
        for (int i = 0; i < sizes.Count; i++)
            yield return Line($"b: analysis of {sizes[i]} methods / binding", contest, $"ours {sizes[i]}", $"bind {sizes[i]}", 1);
        yield return Line($"b: analysis of {sizes[0]} methods / empty analyzer", contest, $"ours {sizes[0]}", $"empty {sizes[0]}", double.NaN);
        for (int i = 0; i < sizes.Count; i++)
            yield return Added(contest, sizes[i]);
        yield return new Ratio($"b: time per method, of {sizes[^1]} / of {sizes[0]}", PerMethod(sizes.Count - 1) / PerMethod(0), 1.2,
            string.Join(", ", sizes.Select((size, i) => string.Create(CultureInfo.InvariantCulture, $"{size}: {PerMethod(i):0.00} ms"))));
        yield return Allocation(all[0]);
    }

    /// <summary>An analyzer that looks at operations binds once more than the compiler did, even if it does nothing: what comes on top of that.</summary>
    private static Ratio Added(Contest contest, int size)
    {
        double added = contest.Of($"ours {size}") - contest.Of($"empty {size}"), bind = contest.Of($"bind {size}");
        return new Ratio($"b: added to the empty analyzer, {size} methods / binding", added / bind, double.NaN, string.Create(CultureInfo.InvariantCulture, $"{added:0.0} ms / {bind:0.0} ms"));
    }

    private static Ratio Allocation(IReadOnlyList<string> files)
    {
        static long Allocated(CSharpCompilation compilation, Action<CSharpCompilation> run)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run(compilation);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        double binding = Allocated(Compilations.Of(Compilations.Parse(files)), static compilation => Runs.Bind(compilation));
        double analysis = Allocated(Compilations.Of(Compilations.Parse(files)), static compilation => Runs.Analyze(compilation, AnalyzerSets.Ours));
        int methods = SpliceCode.Methods(files);
        return new Ratio("e: allocated per method, analysis / binding", analysis / binding, double.NaN,
            string.Create(CultureInfo.InvariantCulture, $"{analysis / methods / 1024:0} KiB / {binding / methods / 1024:0} KiB"));
    }

    /// <summary>A key is pressed in a file with ten hand-offs, among other files of so many lines that were analysed before.</summary>
    public IEnumerable<Ratio> AfterAnEdit(int otherLines)
    {
        var session = new EditSession(otherLines);
        var contest = Contest.Of(rounds * 3,
            Contestant.Of("bind", session.PressKey, static model => model.GetDiagnostics()),
            Contestant.Of("analyse", session.PressKey, static model => Runs.AnalyzeFile(model, AnalyzerSets.Ours)));
        yield return Line("c: analysis of the edited file / binding it", contest, "analyse", "bind", 3);
    }

    /// <summary>The explorer alone, in terms of binding: rings explored so often as there are methods.</summary>
    public IEnumerable<Ratio> ExplorerAlone(int methods)
    {
        IReadOnlyList<string> files = SpliceCode.Files(methods);
        var options = new ExplorationOptions { Consumer = ConsumerKind.Copies };
        var contest = Contest.Of(rounds,
            Contestant.Of("bind", () => Compilations.Of(Compilations.Parse(files)), compilation => Runs.Bind(compilation)),
            Contestant.Of("explore", RingProgram.Make, ring =>
            {
                for (int i = 0; i < methods; i++)
                    Explorer.Explore(ring, options, CancellationToken.None);
            }));
        yield return Line("d: exploring the ring / binding a splice method", contest, "explore", "bind", double.NaN);
    }

    /// <summary>The worst method that nobody writes, beside a class with the median cost of those that people do.</summary>
    public IEnumerable<Ratio> Pathological(int methods, IReadOnlyList<string> shapes)
    {
        string common = string.Join('\n', Prelude.Text.Split('\n').Select(static line => line.StartsWith("using ", StringComparison.Ordinal) ? "global " + line : line));
        IReadOnlyList<string> files = SpliceCode.Files(methods);
        static Contestant Own(string name, params IReadOnlyList<string> texts) => new(name, () =>
        {
            CSharpCompilation compilation = Compilations.Of(Compilations.Parse(texts));
            return () => Runs.Analyze(compilation, AnalyzerSets.Ours, isConcurrent: false).Own;
        });
        List<Contestant> classes = [.. files.Skip(1).Select((file, i) => Own($"class {i}", files[0], file))];
        var each = Contest.Of(rounds, classes);
        Contestant median = classes.OrderBy(contestant => each.Of(contestant.Name)).ElementAt(classes.Count / 2);
        List<Contestant> worst = [.. StressShapes.All.Where(shape => shapes.Count == 0 || shapes.Contains(shape.Name)).Select(shape => Own(shape.Name, common, shape.Source))];
        Contestant Binding(string name, string source) => Contestant.Of("bind " + name, () => Compilations.Of(Compilations.Parse([common, source])), compilation => Runs.Bind(compilation));
        List<Contestant> binding = [.. StressShapes.All.Where(shape => worst.Exists(contestant => contestant.Name == shape.Name)).Select(shape => Binding(shape.Name, shape.Source))];
        var contest = Contest.Of(rounds, [median, .. worst, .. binding]);
        foreach (Contestant contestant in worst)
        {
            Ratio line = Line($"p: {contestant.Name} / median class that hands off", contest, contestant.Name, median.Name, 50);
            yield return line with { Figures = string.Create(CultureInfo.InvariantCulture, $"{line.Figures} (the compiler alone binds it in {contest.Of("bind " + contestant.Name):0.0} ms)") };
        }
    }

    private static Ratio Line(string name, Contest contest, string one, string other, double wanted) =>
        new(name, contest.Ratio(one, other), wanted, string.Create(CultureInfo.InvariantCulture, $"{contest.Of(one):0.0} ms / {contest.Of(other):0.0} ms"));
}
