using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Drawing;
using SpliceAnalyzers.Tool.Logs;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Draws witnesses.</summary>
internal static class ShowCommand
{
    private const int MostWidth = 1000;

    public static Command Create(Terminal terminal)
    {
        var input = WitnessInput.CreateArgument();
        var rule = WitnessInput.CreateRuleOption();
        var output = OutputOption.Create();
        var format = new Option<string>("--format", "-f") { Description = "What to draw.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "svg", "html");
        var width = NumberOption.Create("--width", "COLUMNS", "Columns for text,", terminal.Width, TimelineText.LeastWidth, MostWidth);
        return new Command("show", "Draws a timeline: who does what, and what memory and pipe hold then. The wrong byte is marked.") { input, format, rule, width, output }
            .WithAction(terminal, (parsed, _) =>
            {
                var findings = WitnessInput.Read(parsed.GetRequiredValue(input), parsed.GetValue(rule), terminal);
                var files = new SourceFiles();
                var drawn = findings.Select(finding => (finding, finding.Draw(files))).ToList();
                var to = parsed.GetValue(output);
                var plain = to is null ? terminal : terminal with { HasColour = false };
                OutputOption.Write(to, Draw(drawn, parsed.GetRequiredValue(format), parsed.GetValue(width), plain), terminal);
                return drawn.All(static item => item.Item2.Steps.Count == item.finding.Steps.Count) ? ExitCode.Done : Incomplete(drawn, terminal);
            });
    }

    private static string Draw(List<(Finding Finding, Timeline Timeline)> drawn, string format, int width, Terminal terminal) => format switch
    {
        "svg" => TimelineSvg.Render([.. drawn.Select(static item => (item.Finding.Title, item.Timeline))]),
        "html" => TimelineHtml.Render([.. drawn.Select(static item => (item.Finding.Title, item.Finding.Message, item.Finding.Witness, item.Timeline))]),
        _ => Text(drawn, width, terminal),
    };

    private static string Text(List<(Finding Finding, Timeline Timeline)> drawn, int width, Terminal terminal)
    {
        var text = new StringBuilder();
        foreach (var (finding, timeline) in drawn)
        {
            text.Append(terminal.Bold(finding.Title)).Append('\n');
            if (finding.Message.Length > 0) text.AppendJoin('\n', TimelineText.Fold(finding.Message, width)).Append('\n');
            text.Append('\n').Append(TimelineText.Render(timeline, width, terminal.HasColour ? terminal.Red : null));
            text.Append('\n').Append(timeline.Outcome.IsConfirmed ? terminal.Red(timeline.Conclusion) : timeline.Conclusion).Append("\n\n");
        }
        return text.Append(TimelineText.Legend).Append('\n').ToString();
    }

    /// <summary>What could be drawn is drawn; the rest is said, and is an error.</summary>
    private static int Incomplete(List<(Finding Finding, Timeline Timeline)> drawn, Terminal terminal)
    {
        foreach (var (finding, timeline) in drawn)
        {
            if (timeline.Steps.Count < finding.Steps.Count) terminal.Error.WriteLine($"{finding.Title}: {timeline.Outcome.Message}");
        }
        return ExitCode.BadInput;
    }
}
