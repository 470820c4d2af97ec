using System;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpliceAnalyzers.Tool.Logs;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Adds code flows to a log.</summary>
internal static class EnrichCommand
{
    // What viewers read is no HTML: quotes and letters may stay as they are.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("FILE.sarif") { Description = "A SARIF 2.1 log; - reads from standard input.", HelpName = "FILE.sarif" };
        var output = OutputOption.Create();
        return new Command("enrich", "Adds the witnesses of a SARIF log as code flows, a thread for each actor, so that viewers show the path.") { input, output }
            .WithAction(terminal, (parsed, _) =>
            {
                var argument = parsed.GetRequiredValue(input);
                var log = SarifLog.Parse(WitnessInput.ReadText(argument, terminal), WitnessInput.NameOf(argument), WitnessInput.FolderOf(argument));
                foreach (var finding in log.Findings) CodeFlows.AddTo(finding);
                OutputOption.Write(parsed.GetValue(output), TextOf(log) + "\n", terminal);
                terminal.Error.WriteLine($"{log.Findings.Count} results with a code flow, {log.Suppressed} suppressed ones left as they are.");
                return ExitCode.Done;
            });
    }

    private static string TextOf(SarifLog log)
    {
        try
        {
            return log.Root.ToJsonString(Indented);
        }
        catch (InvalidOperationException error)
        {
            // JSON can hold half a character; text cannot.
            throw new BadInputException($"The log cannot be written again: {error.Message}");
        }
    }
}
