using System.Collections.Generic;
using CsCheck;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Witnesses;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

public class WitnessTextTests
{
    private static readonly Gen<long> Bytes = Gen.Long[0, 1L << 40];

    internal static readonly Gen<TraceStep> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[0, 9], Gen.Enum<RegionKind>(), Gen.Long[-1, 1L << 40], static (region, kind, size) => new TraceStep { Action = TraceAction.Region, Region = region, Kind = kind, Size = size }),
        Gen.Select(Gen.Int[0, 9], Bytes, Bytes, Gen.Int[0, 9], Gen.Bool, static (region, offset, length, pipe, gift) => new TraceStep { Action = TraceAction.HandOff, Region = region, Offset = offset, Length = length, Pipe = pipe, Gift = gift }),
        Gen.Select(Gen.Int[0, 9], Gen.Enum<RegionEnd>(), static (region, end) => new TraceStep { Action = TraceAction.GiveUp, Region = region, End = end }),
        Gen.Select(Gen.OneOf(TraceAction.Fill, TraceAction.Store, TraceAction.Reuse), Gen.Int[0, 9], Bytes, Bytes, static (action, region, offset, length) => new TraceStep { Action = action, Region = region, Offset = offset, Length = length }),
        Gen.Select(Gen.Int[0, 9], Bytes, static (pipe, length) => new TraceStep { Action = TraceAction.CopyOut, Pipe = pipe, Length = length }),
        Gen.Select(Gen.OneOf(TraceAction.Move, TraceAction.Duplicate), Gen.Int[0, 9], Gen.Int[0, 9], Bytes, static (action, pipe, target, length) => new TraceStep { Action = action, Pipe = pipe, Target = target, Length = length }),
        Gen.Select(Gen.Int[0, 9], Bytes, Bytes, static (pipe, before, length) => new TraceStep { Action = TraceAction.Read, Pipe = pipe, Offset = before, Length = length }));

    [Fact]
    public void What_was_encoded_decodes_to_the_same() => Steps.Array[1, 20].Check(static steps =>
    {
        var text = WitnessText.Encode(steps);
        Assert.DoesNotMatch("[^!-~]|[\"'`\\\\]", text);
        Assert.True(WitnessText.TryDecode(text, out var decoded, out var error), error);
        Assert.Equal(steps, decoded);
    });

    [Fact]
    public void Malformed_text_is_an_error_that_says_where() => Gen.Select(Steps.Array[1, 6], Gen.Int[0, 1000], Gen.Char[' ', '~']).Check(static drawn =>
    {
        var (steps, position, character) = drawn;
        var text = WitnessText.Encode(steps);
        var broken = text.Remove(position % text.Length, 1).Insert(position % text.Length, $"{character}");
        if (WitnessText.TryDecode(broken, out var decoded, out var error)) Assert.Equal(broken, WitnessText.Encode(decoded));
        else Assert.Matches(@"^Expected .+ at character \d+", error);
    });

    [Theory]
    [InlineData("", "Expected 'v1:' at character 0, where the text ends.")]
    [InlineData("v2:a0=native:1", "Expected 'v1:' at character 0.")]
    [InlineData("v1:", "Expected a step (one of the letters afhsxucmdr) at character 3, where the text ends.")]
    [InlineData("v1:q", "Expected a step (one of the letters afhsxucmdr) at character 3.")]
    [InlineData("v1:a0=heap:1", "Expected kind of region at character 6.")]
    [InlineData("v1:a0=native:x", "Expected a number at character 13.")]
    [InlineData("v1:a0=native:1,", "Expected a step (one of the letters afhsxucmdr) at character 15, where the text ends.")]
    [InlineData("v1:s0@1", "Expected '+' at character 7, where the text ends.")]
    [InlineData("v1:s0@1+2 ", "Expected ',' at character 9.")]
    [InlineData("v1:c99999999999+1", "Expected a smaller number at character 4.")]
    public void An_error_says_what_was_expected(string text, string expected)
    {
        Assert.False(WitnessText.TryDecode(text, out var steps, out var error));
        Assert.Empty(steps);
        Assert.Equal(expected, error);
        var replayed = WitnessReplay.Run(text);
        Assert.Equal((false, expected), (replayed.IsConfirmed, replayed.Message));
    }

    [Theory]
    [InlineData("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,r0@0+1", "Step 3 reads exactly what was handed off.")]
    [InlineData("v1:a0=native:4096,h0@0+100>p0,s0@100+1,r0@0+100", "Step 3 reads exactly what was handed off.")]
    [InlineData("v1:a0=native:4096,h0@0+100>p0,c0+50,s0@0+50,r0@0+50", "Step 4 reads exactly what was handed off.")]
    [InlineData("v1:a0=native:4096,h0@0+100>p0,u0@0+1,r0@0+1", "Step 2 cannot happen: region 0 was not given up, so nobody else uses it.")]
    [InlineData("v1:a0=mapping:4096,f0@0+1,h0@0+100>p0,x0:unmap,u0@0+1,r0@0+1", "Step 4 cannot happen: region 0 was unmapped: its frames keep their bytes (KERNEL.md rule 6).")]
    [InlineData("v1:a0=mapping:4096,h0@0+100>p0,s0@0+1,r0@0+1", "Step 3 reads exactly what was handed off.")]
    [InlineData("v1:a0=native:4096,h0@4000+100>p0", "Step 1 cannot happen: region 0 has 4096 bytes.")]
    [InlineData("v1:s0@0+1", "Step 0 cannot happen: there is no region 0.")]
    [InlineData("v1:a0=native:10,h0@0+10>p0,r0@5+6", "Step 2 cannot happen: pipe 0 holds only 5 more bytes.")]
    [InlineData("v1:a0=native:10,h0@0+10>p0,m0>p0+1", "Step 2 cannot happen: a pipe cannot move bytes to itself (EINVAL).")]
    [InlineData("v1:a0=native:10,x0:allocator,s0@0+1", "Step 2 cannot happen: region 0 is gone, and nothing can be stored there.")]
    [InlineData("v1:a0=native:10,h0@0+10>p0,s0@0+1", "Nobody reads, and no gift was touched.")]
    [InlineData("v1:a0=native:10,h0@0+68719476737>p0", "Step 1 cannot happen: that is more than can be followed.")]
    public void A_replay_says_why_it_does_not_confirm(string text, string message)
    {
        var replayed = WitnessReplay.Run(text);
        Assert.Equal((false, message), (replayed.IsConfirmed, replayed.Message));
    }

    [Theory]
    [InlineData("v1:a0=native:4096,h0@0+4096>p0,s0@100+1,r0@100+1")]
    [InlineData("v1:a0=native:4096,h0@0+4096>p0,c0+100,d0>p1+3996,c0+3996,s0@100+1,r1@0+1")]
    [InlineData("v1:a0=pooled:4096,h0@0+4096>p0,x0:scope,s0@0+1,r0@0+1")]
    [InlineData("v1:a0=caller:?,h0@0+4096>p0,x0:return,u0@0+1,r0@0+1")]
    [InlineData("v1:a0=mapping:8192,f0@4096+1,h0@0+8192>p0,s0@0+8192,r0@4096+1")]
    public void A_replay_confirms(string text)
    {
        var replayed = WitnessReplay.Run(text);
        Assert.True(replayed.IsConfirmed, replayed.Message);
    }

    [Fact]
    public void Any_trace_can_be_replayed() => Steps.Array[1, 20].Check(static steps => Assert.NotEmpty(WitnessReplay.Run((IReadOnlyList<TraceStep>)steps).Message));
}
