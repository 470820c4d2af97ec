using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>Methods of a shape that nobody writes and generators do: each ends soon, with a verdict or with SPL1008.</summary>
public class StressTests
{
    /// <summary>What bounds a search is counted in states and work; this only tells one that never ends from a machine that does other things meanwhile.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    public static TheoryData<string, string> Shapes => [.. StressShapes.All];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Ends_in_time_with_a_verdict(string shape, string source)
    {
        Compilation compilation = AllAnalyzers.Compile([Corpus.Common, source]);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        var watch = Stopwatch.StartNew();
        ImmutableArray<Diagnostic> found = await AllAnalyzers.RunAsync(compilation, concurrently: true, TestContext.Current.CancellationToken);

        Assert.True(watch.Elapsed < Budget, $"{shape} took {watch.Elapsed}.");
        Assert.Contains(found, static d => d.Id is "SPL1001" or "SPL1008");
    }

    [Theory]
    [InlineData(190_000, "SPL1001")]
    [InlineData(210_000, "SPL1008")]
    public async Task A_body_of_more_than_200_000_characters_is_not_looked_at(int characters, string id)
    {
        Compilation compilation = AllAnalyzers.Compile([Corpus.Common, StressShapes.Method($"{StressShapes.HandOff} /* {new string('.', characters)} */ b[0] = 2;")]);
        ImmutableArray<Diagnostic> found = await AllAnalyzers.RunAsync(compilation, concurrently: true, TestContext.Current.CancellationToken);

        Assert.Equal(id, Assert.Single(found, static d => d.Id.StartsWith("SPL10", StringComparison.Ordinal)).Id);
    }

    [Theory]
    [InlineData("internal struct Ring { public int X; public Ring Next; }")]
    [InlineData("internal struct Ring { public int X; public Other Next; } internal struct Other { public Ring Back; }")]
    [InlineData("internal struct Ring { public int X; public (int, Ring) Next; }")]
    [InlineData("internal struct Ring { public int X; public Many<int> Next; } internal struct Many<T> { public Many<Many<T>> More; public Ring Back; }")]
    [InlineData("internal struct Ring { public int X; public Ring? Next; }")]
    [InlineData("internal struct Ring(Ring last) { public int X; public Ring Next => last; }")]
    [InlineData("internal struct Ring(Other last) { public int X; public Other Next => last; } internal struct Other { public Ring Back; }")]
    public async Task Structs_that_hold_themselves_are_broken_code(string declared)
    {
        Compilation compilation = AllAnalyzers.Compile([Corpus.Common, declared, StressShapes.Method($"Ring ring = default; var next = ring.Next; var again = next; object boxed = ring; {StressShapes.HandOff} b[ring.X] = 2;")]);
        ImmutableArray<Diagnostic> found = await AllAnalyzers.RunAsync(compilation, concurrently: true, TestContext.Current.CancellationToken);
        Assert.Contains(found, static d => d.Id is "SPL1001");
    }

    [Fact]
    public async Task A_local_function_of_top_level_statements_is_called_from_a_method()
    {
        Compilation compilation = AllAnalyzers.Compile([Corpus.Common, "int Next(int x) => x + 1; System.Console.WriteLine(Next(1));", StressShapes.Method($"{StressShapes.HandOff} b[Next(x)] = 2;")]);
        ImmutableArray<Diagnostic> found = await AllAnalyzers.RunAsync(compilation, concurrently: true, TestContext.Current.CancellationToken);
        Assert.Contains(found, static d => d.Id is "SPL1001");
    }
}
