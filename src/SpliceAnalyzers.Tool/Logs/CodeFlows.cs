using System.Linq;
using System.Text.Json.Nodes;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>A witness as SARIF has it: one code flow, with a thread flow for each actor, whose steps are numbered across all of them.</summary>
internal static class CodeFlows
{
    /// <summary>Puts the code flow into the finding's result, in place of what was there.</summary>
    public static void AddTo(Finding finding)
    {
        var timeline = Timeline.Of(finding.Steps);
        if (timeline.Steps.Count == 0) return;
        var threads = new JsonArray();
        foreach (var actor in timeline.Steps.GroupBy(static step => step.Actor))
        {
            var locations = new JsonArray();
            foreach (var step in actor) locations.Add(LocationOf(step, finding));
            var name = TimelineText.NameOf(actor.Key);
            threads.Add(new JsonObject { ["id"] = name, ["message"] = TextOf($"What the {name} does."), ["locations"] = locations });
        }
        finding.Result!["codeFlows"] = new JsonArray(new JsonObject { ["message"] = TextOf(timeline.Outcome.Message), ["threadFlows"] = threads });
    }

    private static JsonObject LocationOf(TimelineStep step, Finding finding)
    {
        var location = new JsonObject { ["message"] = TextOf($"{step.Number}. {TimelineText.NameOf(step.Actor)}: {step.Text}") };
        // The others have no code of their own: they act on what was handed off at the hand-off.
        var place = finding.Locations.LastOrDefault(candidate => candidate.Step == step.Number)
            ?? (step.Actor == Actor.Producer ? null : finding.Locations.LastOrDefault(candidate => finding.Steps[candidate.Step].Action == TraceAction.HandOff));
        if (place is not null) location["physicalLocation"] = place.Physical.DeepClone();
        return new JsonObject
        {
            ["location"] = location,
            ["executionOrder"] = step.Number,
            ["importance"] = step.IsWrong || step.Trace.Action is TraceAction.HandOff or TraceAction.Store or TraceAction.GiveUp ? "essential" : "important",
        };
    }

    private static JsonObject TextOf(string text) => new() { ["text"] = text };
}
