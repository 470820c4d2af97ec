using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CsCheck;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Tests.Full;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Drawing;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

public class TimelineTests
{
    private const string StoreAfterHandOff = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,s0@0+4096,r0@0+1";

    [Fact]
    public void A_store_after_the_hand_off_as_text() => Assert.Equal(
        """
        # | producer                        | consumer                       | environment | memory | pipe 0
        --|---------------------------------|--------------------------------|-------------|--------|-------
        0 | gets 4096 bytes from an         |                                |             | [.]    |
          | allocator                       |                                |             |        |
        1 | writes A to bytes 0-4095        |                                |             | [A]    |
        2 | vmsplice puts bytes 0-4095 into |                                |             | [A]    | [A]
          | pipe 0, by reference            |                                |             |        |
          |   Log.cs(30): vmsplice(pipe, &segment, 1, 0)
        3 | writes B to bytes 0-4095        |                                |             | [B]    | [B!]
        4 |                                 | reads 1 byte of pipe 0: gets   |             | [B]    | [B!]
          |                                 | B, not A                       |             |        |

        """.ReplaceLineEndings("\n"),
        TimelineText.Render(Timeline.Of(Trace(StoreAfterHandOff), [new(2, "Log.cs(30)", "vmsplice(pipe, &segment, 1, 0)")])));

    [Theory]
    [InlineData("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,x0:allocator,u0@0+4096,r0@0+1", "(B)", "[B!]", "reads 1 byte of pipe 0: gets B, not A")]
    [InlineData("v1:a0=mapping:8192,h0@0+8192>p0,s0@0+8192,r0@0+1", "[A]", "[.]x2", "reads 1 byte of pipe 0: gets ., as handed off")]
    [InlineData("v1:a0=native:8192,f0@0+8192,h0@0+8192>p0,s0@100+1,r0@100+1", "[A B A]", "[A B! A] [A]", "reads past 100 bytes, then 1 byte of pipe 0: gets B, not A")]
    [InlineData("v1:a0=native:10000,f0@0+10000,h0@50+9000>p0,c0+5000,r0@0+2", "[A]", "[A]x2", "reads 2 bytes of pipe 0: gets A, as handed off")]
    [InlineData("v1:a0=native:4096,f0@0+1,h0@0+4096>p0,x0:unmap,r0@0+1", "(A .)", "[A .]", "reads 1 byte of pipe 0: gets A, as handed off")]
    [InlineData("v1:a0=file:?,f0@0+4096,h0@0+4096>p0,m0>p1+4096,s0@0+1,r1@0+4096", "[B A]", "[B! A]", "reads 4096 bytes of pipe 1: gets B A, not A A")]
    public void What_the_last_step_shows(string text, string memory, string pipe, string words)
    {
        var timeline = Timeline.Of(Trace(text));
        var last = timeline.Steps[^1];
        var line = TimelineText.Render(timeline, 1000).TrimEnd('\n').Split('\n')[^1].Split('|').Select(static part => part.Trim()).ToArray();
        Assert.Equal((Actor.Consumer, words), (last.Actor, last.Text));
        Assert.Equal((words, memory, pipe), (line[2], line[4], line[^1]));
        Assert.Equal(timeline.Outcome.IsConfirmed, last.IsWrong);
    }

    [Fact]
    public void A_step_that_cannot_happen_ends_the_timeline()
    {
        var timeline = Timeline.Of(Trace("v1:a0=native:4096,h0@0+8192>p0,r0@0+1"));
        Assert.Single(timeline.Steps);
        Assert.Equal("Step 1 cannot happen: region 0 has 4096 bytes.", timeline.Outcome.Message);
    }

    [Fact]
    public void Only_what_is_wrong_is_emphasised()
    {
        var text = TimelineText.Render(Timeline.Of(Trace(StoreAfterHandOff)), emphasise: static part => $"<{part}>");
        Assert.Equal(["<[B!]>", "<reads 1 byte of pipe 0: gets>", "<[B!]>", "<B, not A>"], text.Split('\n', '|').Select(static part => part.Trim()).Where(static part => part.StartsWith('<')));
        Assert.Equal(TimelineText.Render(Timeline.Of(Trace(StoreAfterHandOff))), text.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void Witnesses_of_random_programs_fit_and_show_the_wrong_byte(int width)
    {
        RandomPrograms.Plans.Check(plan =>
        {
            foreach (var witness in Explorer.Explore(RandomPrograms.Write(plan), new ExplorationOptions(), TestContext.Current.CancellationToken).Witnesses)
            {
                var timeline = Timeline.Of(Trace(witness.Text));
                Assert.All(TimelineText.Render(timeline, width).Split('\n'), line => Assert.InRange(line.Length, 0, width));
                var last = timeline.Steps[^1];
                Assert.Equal((last.Trace.Action == TraceAction.Read, true), (last.IsWrong, timeline.Outcome.IsConfirmed));
            }
        }, 200);
    }

    [Fact]
    public void Several_regions_and_pipes_share_the_width()
    {
        var text = TimelineText.Render(Timeline.Of(Trace("v1:a0=native:8192,a1=file:?,f0@0+8192,h0@0+8192>p0,h1@0+4096>p1,s0@1+1,s0@3+1,s0@5+1,s0@4100+1,s0@4200+1,r0@1+1")), 80);
        Assert.All(text.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("| memory 0 | memory 1 | pipe 0 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_trace_can_be_drawn() => WitnessTextTests.Steps.Array[1, 20].Check(static steps =>
    {
        var timeline = Timeline.Of(steps);
        Assert.Equal(timeline.Steps.Count < steps.Length && timeline.Steps.All(static step => step.Trace.Action != TraceAction.Read),
            timeline.Outcome.Message.Contains("cannot happen", StringComparison.Ordinal));
        Assert.NotEmpty(TimelineText.Render(timeline));
        Assert.Equal("svg", XDocument.Parse(TimelineSvg.Render([("a title with \u0001 & <", timeline)])).Root!.Name.LocalName);
    });

    private static IReadOnlyList<TraceStep> Trace(string text)
    {
        Assert.True(WitnessText.TryDecode(text, out var steps, out var error), error);
        return steps;
    }
}
