using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Replay;
using Xunit;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>What the analyzer says of random methods is what the running kernel does.</summary>
public class RunningKernelTests(ITestOutputHelper output)
{
    private const int Methods = 300;
    private const string Seed = "0N0XIzNsQ0O2";

    [Fact]
    public async Task Every_witness_with_a_reader_is_reproduced()
    {
        RunningKernel.Require();
        PCG random = PCG.Parse(Seed);
        Gen<Plan>[] grammars = [Plans.Any, Wrapping.Any, Wrapping.OfTypes];
        Plan[] plans = [.. Enumerable.Range(0, Methods).Select(i => grammars[i % grammars.Length].Generate(random, null, out Size _))];
        ImmutableArray<Diagnostic> diagnostics = await GeneratedMethods.DiagnoseAsync(plans, TestContext.Current.CancellationToken);
        string[] witnesses = [.. diagnostics.Select(static d => d.Properties.GetValueOrDefault("witness")).OfType<string>()];

        // Without a reader only the promise that a gift is was broken, and that cannot be seen.
        (string Text, ReadBytes Read)[] read = [.. witnesses.Select(Replay).Where(static replayed => replayed.Read is not null).Select(static replayed => (replayed.Text, replayed.Read!.Value))];
        output.WriteLine($"{witnesses.Length} witnesses of {Methods} methods, {read.Length} with a reader, {read.Count(static replayed => replayed.Read.Differing > 0)} reproduced");
        Assert.All(read, static replayed => Assert.True(replayed.Read.Differing > 0, replayed.Text));
        Assert.InRange(read.Length, witnesses.Length * 9 / 10, witnesses.Length);
        Assert.InRange(witnesses.Length, Methods / 4, int.MaxValue);
    }

    private static (string Text, ReadBytes? Read) Replay(string witness)
    {
        Assert.True(WitnessText.TryDecode(witness, out IReadOnlyList<TraceStep> steps, out string error), error);
        using var driver = new WitnessDriver(steps);
        return (witness, driver.Run());
    }
}
