using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>A SARIF log, and the findings in it that carry a witness.</summary>
internal sealed class SarifLog
{
    private const string HowToWrite = "A build writes one with: dotnet build -p:ErrorLog=FILE.sarif%2Cversion=2.1";

    private SarifLog(JsonObject root, IReadOnlyList<Finding> findings, int suppressed) => (Root, Findings, Suppressed) = (root, findings, suppressed);

    public JsonObject Root { get; }

    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many further findings are suppressed in the source.</summary>
    public int Suppressed { get; }

    /// <summary>Reads a log. Relative places are taken from <paramref name="folder"/>.</summary>
    /// <exception cref="BadInputException">It is no log of version 2.1.</exception>
    public static SarifLog Parse(string text, string name, string folder)
    {
        try
        {
            if (JsonNode.Parse(text) is not JsonObject root || root["runs"] is not JsonArray runs)
                throw new BadInputException($"{name} is JSON, but no SARIF log: it has no 'runs'. {HowToWrite}");
            var version = root["version"]?.GetValue<string>() ?? "";
            if (!version.StartsWith("2.1", StringComparison.Ordinal))
                throw new BadInputException($"{name} is a SARIF log of version '{version}', and 2.1 is needed. {HowToWrite}");
            return Read(root, runs, name, folder);
        }
        catch (JsonException error)
        {
            throw new BadInputException($"{name} is neither a witness (v1:...) nor a SARIF log: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{name} is no SARIF log as the standard has it: {error.Message}");
        }
    }

    private static SarifLog Read(JsonObject root, JsonArray runs, string name, string folder)
    {
        var findings = new List<Finding>();
        var suppressed = 0;
        foreach (var run in runs.OfType<JsonObject>())
        {
            foreach (var result in (run["results"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (PropertyOf(result, "witness") is not { } witness) continue;
                if (result["suppressions"] is JsonArray { Count: > 0 }) suppressed++;
                else findings.Add(FindingOf(result, witness, new ArtifactPaths(run, folder), name));
            }
        }
        return new SarifLog(root, findings, suppressed);
    }

    /// <summary>The compiler puts a diagnostic's properties one level deeper than other tools do.</summary>
    private static string? PropertyOf(JsonObject result, string property) =>
        ((result["properties"]?["customProperties"] ?? result["properties"])?[property] as JsonValue)?.GetValue<string>();

    private static Finding FindingOf(JsonObject result, string witness, ArtifactPaths paths, string name)
    {
        var rule = result["ruleId"]?.GetValue<string>() ?? "";
        if (!WitnessText.TryDecode(witness, out var steps, out var error)) throw new BadInputException($"A result of {rule} in {name} has a witness that cannot be read: {error}");
        var locations = Locations(result, paths, steps.Count);
        var place = "";
        if (Physical((result["locations"] as JsonArray)?.FirstOrDefault()) is { } physical)
        {
            var region = physical["region"];
            place = $"{Path.GetFileName(paths.Of(physical))}({region?["startLine"]?.GetValue<int>() ?? 0},{region?["startColumn"]?.GetValue<int>() ?? 1})";
        }
        return new Finding(rule, place, result["message"]?["text"]?.GetValue<string>() ?? "", witness, steps, locations, result);
    }

    /// <summary>The result's own location, and the related ones: the property 'steps' says to which step each belongs, in this order.</summary>
    private static List<StepLocation> Locations(JsonObject result, ArtifactPaths paths, int count)
    {
        var steps = (PropertyOf(result, "steps") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var nodes = (result["locations"] as JsonArray ?? []).Take(1).Concat(result["relatedLocations"] as JsonArray ?? []).ToList();
        var locations = new List<StepLocation>();
        for (var i = 0; i < Math.Min(steps.Length, nodes.Count); i++)
        {
            if (!int.TryParse(steps[i], out var step) || step < 0 || step >= count || Physical(nodes[i]) is not { } physical) continue;
            var first = physical["region"]?["startLine"]?.GetValue<int>() ?? 0;
            locations.Add(new StepLocation(step, physical, paths.Of(physical), first, physical["region"]?["endLine"]?.GetValue<int>() ?? first));
        }
        return locations;
    }

    private static JsonObject? Physical(JsonNode? location) => location?["physicalLocation"] as JsonObject;
}
