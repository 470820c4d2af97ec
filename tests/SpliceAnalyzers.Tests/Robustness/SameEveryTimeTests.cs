using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>
/// The same code gives the same diagnostics in the same order, every time and on any number of threads. The compiler takes files and methods as
/// they come, differently each time even on one thread; in a file it is the order of places, and at a place that of the reports, that is compared.
/// </summary>
public class SameEveryTimeTests
{
    private const int Times = 20;

    /// <summary>So many of the programs are enough for twenty times.</summary>
    private const int EveryNth = 4;

    [Fact]
    public async Task Twenty_times_in_turn_and_at_once()
    {
        string[] sources = [Corpus.Common, .. Corpus.Programs.Where(static (_, i) => i % EveryNth == 0).Select(static (text, i) => $"namespace Program{i};\n{text}")];
        string[]? first = null;
        for (int time = 0; time < Times; time++)
        {
            // A compilation of its own each time: what was found once is kept with it.
            ImmutableArray<Diagnostic> found = await AllAnalyzers.RunAsync(AllAnalyzers.Compile(sources), concurrently: time % 2 == 1, TestContext.Current.CancellationToken);
            string[] texts = [.. found.OrderBy(static d => d.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(static d => d.Location.SourceSpan.Start).Select(Describe)];
            Assert.NotEmpty(texts);
            Assert.Equal(first ??= texts, texts);
        }
    }

    /// <summary>All of a diagnostic that a user or a tool can see.</summary>
    private static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic} {string.Join(' ', diagnostic.AdditionalLocations.Select(static l => l.GetLineSpan()))} {Properties(diagnostic.Properties)}";

    private static string Properties(IEnumerable<KeyValuePair<string, string?>> properties) =>
        string.Join(' ', properties.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Key + "=" + p.Value));
}
