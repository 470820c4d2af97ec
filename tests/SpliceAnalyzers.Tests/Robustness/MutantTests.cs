using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>No analyzer throws or hangs on code that is being typed: every file of the repository, and every program of the corpus, with tokens out of place.</summary>
public class MutantTests(ITestOutputHelper output)
{
    private const string Seed = "0N0XIzNsQ0O2";

    /// <summary>Rounds over all files of the repository.</summary>
    private const int Rounds = 3;

    private const int Mutants = 10_000;

    /// <summary>Enough to run into every part of the explorer.</summary>
    private const int MostStates = 2_000;

    private const int MutantsPerCompilation = 400;

    private static readonly TimeSpan MostForOneCompilation = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Of_programs_that_hand_off_and_of_every_file()
    {
        PCG random = PCG.Parse(Seed);
        var watch = Stopwatch.StartNew();
        MetadataReference[] references = [.. TestReferences.Net10, .. AppDomain.CurrentDomain.GetAssemblies().Where(IsOfTests).Select(static a => MetadataReference.CreateFromFile(a.Location))];
        int done = 0;
        for (int round = 0; round < Rounds; round++, done += Corpus.Files.Count)
            await AnalyseAsync([.. Corpus.Files.Select(file => Mutation.Of(file, random, 12))], references);
        int files = done;
        for (int batch = 0; done < Mutants; batch++, done += MutantsPerCompilation)
            await AnalyseAsync([Corpus.Common, .. Enumerable.Range(0, MutantsPerCompilation).Select(i => Program(batch * MutantsPerCompilation + i, random))], TestReferences.Net10);

        output.WriteLine($"{done} mutants in {watch.Elapsed.TotalSeconds:0} s: {files} of {Corpus.Files.Count} files, the others of {Corpus.Programs.Count} programs that hand memory off.");
    }

    private static bool IsOfTests(System.Reflection.Assembly assembly) =>
        !assembly.IsDynamic && assembly.GetName().Name is { } name && (name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name.StartsWith("xunit", StringComparison.Ordinal) || name == "CsCheck");

    /// <summary>In a namespace of its own, so that the mutants of one program do not mix.</summary>
    private static string Program(int number, PCG random) =>
        $"namespace Mutant{number};\n" + Mutation.Of(Corpus.Programs[number % Corpus.Programs.Count], random, 4);

    private static async Task AnalyseAsync(IReadOnlyCollection<string> sources, IEnumerable<MetadataReference> references)
    {
        var watch = Stopwatch.StartNew();
        await AllAnalyzers.RunAsync(AllAnalyzers.Compile(sources, references), MostStates, TestContext.Current.CancellationToken);
        Assert.True(watch.Elapsed < MostForOneCompilation, $"{sources.Count} files took {watch.Elapsed}.");
    }
}
