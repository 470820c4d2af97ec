using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Xunit;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>Code flows in logs, as SARIF 2.1 has them (3.36 to 3.38).</summary>
public class EnrichTests
{
    [Fact]
    public void Each_actor_has_a_thread_whose_steps_are_ordered_across_all()
    {
        using var logs = new Logs();
        var flow = Assert.Single(Flows(Enrich(logs, logs.Result("SPL1003", "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,x0:allocator,u0@0+4096,r0@0+1"))));
        var threads = flow["threadFlows"]!.AsArray();

        Assert.Equal(["producer", "environment", "consumer"], threads.Select(static thread => thread!["id"]!.GetValue<string>()));
        Assert.Equal([[0, 1, 2, 3], [4], [5]], threads.Select(static thread => thread!["locations"]!.AsArray().Select(static at => at!["executionOrder"]!.GetValue<int>())));
        Assert.Equal("5. consumer: reads 1 byte of pipe 0: gets B, not A", threads[2]!["locations"]![0]!["location"]!["message"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Steps_are_where_the_log_says_and_what_others_do_is_at_the_hand_off()
    {
        using var logs = new Logs();
        var threads = Assert.Single(Flows(Enrich(logs, logs.Result())))["threadFlows"]!.AsArray();

        Assert.Equal([4, null, 5, 7], threads[0]!["locations"]!.AsArray().Select(LineOf));
        Assert.Equal([5], threads[1]!["locations"]!.AsArray().Select(LineOf));
    }

    [Fact]
    public void All_else_stays_as_it_was()
    {
        using var logs = new Logs();
        var other = new JsonObject { ["ruleId"] = "CS0168", ["message"] = new JsonObject { ["text"] = "The \u00fc variable 'x' <is> never used" } };
        var suppressed = logs.Result();
        suppressed["suppressions"] = new JsonArray(new JsonObject { ["kind"] = "inSource" });
        var enriched = Enrich(logs, logs.Result(), other, suppressed);

        Assert.Single(Flows(enriched));
        foreach (var result in enriched["runs"]![0]!["results"]!.AsArray()) result!.AsObject().Remove("codeFlows");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(logs.Folder, "log.sarif"))), enriched));
    }

    [Fact]
    public void Twice_is_the_same_as_once()
    {
        using var logs = new Logs();
        var once = Enrich(logs, logs.Result());
        var again = Tool.RunPiped(once.ToJsonString(), "enrich", "-");

        Assert.True(JsonNode.DeepEquals(once, JsonNode.Parse(again.Out)), again.ToString());
    }

    [Fact]
    public void It_can_be_written_to_a_file()
    {
        using var logs = new Logs();
        var target = Path.Combine(logs.Folder, "enriched.sarif");
        var printed = Tool.Run("enrich", logs.Write(logs.Result()), "-o", target);

        Assert.Equal((0, "", "1 results with a code flow, 0 suppressed ones left as they are."), (printed.ExitCode, printed.Out, printed.Error.TrimEnd()));
        Assert.Single(Flows(JsonNode.Parse(File.ReadAllText(target))!));
    }

    private static JsonNode Enrich(Logs logs, params JsonObject[] results)
    {
        var printed = Tool.Run("enrich", logs.Write(results));
        Assert.Equal(0, printed.ExitCode);
        return JsonNode.Parse(printed.Out)!;
    }

    private static JsonNode[] Flows(JsonNode log) => [.. log["runs"]![0]!["results"]!.AsArray().SelectMany(static result => result!["codeFlows"]?.AsArray() ?? []).Select(static flow => flow!)];

    private static int? LineOf(JsonNode? location) => location!["location"]!["physicalLocation"]?["region"]!["startLine"]!.GetValue<int>();
}
