using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>A witness, and what a log tells of it.</summary>
/// <param name="Rule">The rule's id; empty for a witness without a log.</param>
/// <param name="Place">File, line and column; empty for a witness without a log.</param>
/// <param name="Message">The diagnostic's message; empty for a witness without a log.</param>
/// <param name="Witness">The text form.</param>
/// <param name="Steps">The steps it stands for.</param>
/// <param name="Locations">Where the steps are in the source code.</param>
/// <param name="Result">The result in the log.</param>
internal sealed record Finding(
    string Rule, string Place, string Message, string Witness, IReadOnlyList<TraceStep> Steps, IReadOnlyList<StepLocation> Locations, JsonObject? Result)
{
    /// <summary>A witness may be long, and a line of a terminal is not.</summary>
    private const int MostOfWitness = 80;

    public string Title => Rule.Length > 0 ? $"{Place}: {Rule}" : Witness.Length <= MostOfWitness ? Witness : $"{Witness[..(MostOfWitness - 3)]}...";

    public Timeline Draw(SourceFiles files) => Timeline.Of(Steps, [.. Locations.Select(files.Describe)]);
}

/// <summary>Where a step of a witness is in the source code.</summary>
/// <param name="Step">The step's number.</param>
/// <param name="Physical">The physical location, as the log has it.</param>
/// <param name="File">The file's path as far as it is known on this machine, or its URI.</param>
/// <param name="FirstLine">Counted from 1.</param>
/// <param name="LastLine">Counted from 1.</param>
internal sealed record StepLocation(int Step, JsonObject Physical, string File, int FirstLine, int LastLine);
