using System.Collections.Generic;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Tests.Full;
using SpliceAnalyzers.KernelModel.Witnesses;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>A witness on other kernels than the one it was found on.</summary>
public class TraceProgramTests
{
    private const string Store = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,s0@0+4096,r0@0+1";
    private const string StoreIntoPart = "v1:a0=native:8192,f0@0+8192,h0@100+4096>p0,s0@100+1,r0@0+1";
    private const string Gift = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0!g,s0@0+1,r0@0+1";
    private const string DrainedGift = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0!g,c0+4096,s0@0+1";
    private const string File = "v1:a0=file:?,f0@4096+4096,h0@4096+4096>p0,s0@5000+1,r0@904+1";
    private const string Frame = "v1:a0=stack:4096,f0@0+4096,h0@0+4096>p0,x0:frame,u0@0+4096,r0@0+1";

    [Theory]
    [InlineData(Store, "linux")]
    [InlineData(StoreIntoPart, "linux")]
    [InlineData(Gift, "linux")]
    [InlineData(DrainedGift, "linux", "howells_rfc")]
    [InlineData(File, "linux", "vmsplice_copies", "cow_snapshot")]
    [InlineData(Frame, "linux")]
    public void It_is_confirmed_on_the_kernels_that_alias(string text, params string[] confirming)
    {
        Assert.True(WitnessText.TryDecode(text, out var steps, out var error), error);
        var confirmed = new List<string>();
        foreach (var name in KernelNames.All)
        {
            Assert.True(KernelNames.TryParse(name, out var kernel));
            if (WitnessReplay.Run(steps, kernel, TestContext.Current.CancellationToken).IsConfirmed) confirmed.Add(name);
        }
        Assert.Equal(confirming, confirmed);
    }

    [Fact]
    public void On_the_kernel_it_was_found_on_the_program_of_a_witness_does_the_same() => RandomPrograms.Plans.Check(plan =>
    {
        foreach (var witness in Explorer.Explore(RandomPrograms.Write(plan), new ExplorationOptions(), TestContext.Current.CancellationToken).Witnesses)
        {
            Assert.True(WitnessText.TryDecode(witness.Text, out var steps, out var error), error);
            Assert.True(WitnessReplay.Explore(steps, KernelKind.Linux, steps.Count - 1, TestContext.Current.CancellationToken).IsConfirmed, witness.Text);
        }
    }, 300);
}
