using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using Xunit;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>Logs that other tools wrote, or spoilt: whatever is in them, it is drawn, or said to be wrong.</summary>
public class SpoiltLogTests
{
    private const int Logs = 3_000;

    /// <summary>Stands for half of a surrogate pair, which JSON can hold and text cannot.</summary>
    private const string HalfCharacter = "half a character";

    private static readonly string[] Values =
        ["null", "7", "-1", "9999999999999", "1.5", "true", "\"\"", "\"x\"", "[]", "{}", "[[]]", "\"file:///%zz\"", "\"..//\\u0000\"", "\"0,99,-1,x\"", "\"v1:a0=native:1,h0@0+2>p0\"", $"\"{HalfCharacter}\""];

    [Fact]
    public void Any_value_anywhere_is_drawn_or_refused()
    {
        using var logs = new Logs();
        var random = new Random(20230629);
        var codes = new Dictionary<int, int>();
        for (var i = 0; i < Logs; i++)
        {
            var log = Tests.Logs.Log(logs.Result(), logs.Result("SPL1003", Tool.Drained, "4,0,2"));
            for (var spoilt = random.Next(1, 3); spoilt > 0; spoilt--) Spoil(log, random);
            var text = log.ToJsonString().Replace(HalfCharacter, "\\ud800", StringComparison.Ordinal);
            var printed = Tool.RunPiped(text, i % 3 == 0 ? ["enrich", "-"] : i % 3 == 1 ? ["show", "-", "--format", "html"] : ["replay", "-"]);
            Assert.True(printed.ExitCode is >= 0 and <= 2 && (printed.ExitCode == 2) == (i % 3 == 1 ? printed.Error.Length > 0 : printed.Out.Length == 0), $"{text}\n{printed}");
            codes[printed.ExitCode] = codes.GetValueOrDefault(printed.ExitCode) + 1;
        }
        Assert.All(new[] { 0, 2 }, code => Assert.True(codes[code] > Logs / 10, $"{codes[code]} logs end with {code}."));
    }

    private static void Spoil(JsonObject log, Random random)
    {
        var all = Below(log).ToList();
        all[random.Next(all.Count)].ReplaceWith(JsonNode.Parse(Values[random.Next(Values.Length)]));
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        var children = node is JsonObject fields ? fields.Select(static field => field.Value) : node is JsonArray items ? items : [];
        foreach (var child in children.OfType<JsonNode>())
        {
            yield return child;
            foreach (var below in Below(child)) yield return below;
        }
    }
}
