using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Drawing;

/// <summary>
/// A timeline as a picture: a lifeline for each actor with what it does, and beside each step the memory and the slots of the pipes, coloured by who
/// wrote what is in them. What is wrong has a thick red frame and a "!" besides. Coordinates are whole numbers, so that a picture is the same everywhere.
/// </summary>
internal static class TimelineSvg
{
    private const int Margin = 16;
    private const int Gap = 12;
    private const int NumberWidth = 24;
    private const int ActorWidth = 204;
    private const int ProducerWidthWithSource = 320;
    private const int StateWidth = 168;
    private const int LineHeight = 16;
    private const int CharacterWidth = 7;
    private const int Padding = 8;
    private const int CellHeight = 24;
    private const int CellWidth = 26;
    private const int MostSlots = 5;
    private const int MostCells = 6;
    private const int MostCodeLines = 2;
    private const int Hues = 6;

    private const string Style =
        """
        .w{--paper:#fff;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--box:#f6f8fa;--bad:#cf222e;--h:#eaeef2;--h0:#a8d1ff;--h1:#ffcf8f;--h2:#b4e3b1;--h3:#e2c5ff;--h4:#ffc1c0;--h5:#a6e3e0;--on:#1f2328}
        @media (prefers-color-scheme:dark){.w{--paper:#0d1117;--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;--box:#151b23;--bad:#ff7b72;--h:#2f3742;--h0:#1f5fa8;--h1:#8a5a12;--h2:#2b6b34;--h3:#6b3fa0;--h4:#8e3a3a;--h5:#17686b;--on:#fff}}
        .w text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
        .w .paper{fill:var(--paper)}.w .head{font-weight:700}.w .dim{fill:var(--dim)}.w .rule{stroke:var(--line)}.w .life{stroke:var(--line);stroke-dasharray:3 4}
        .w .box{fill:var(--box);stroke:var(--line)}.w .cell{stroke:var(--dim)}.w .gone{stroke-dasharray:3 2;opacity:.55}.w .bad{stroke:var(--bad);stroke-width:3}
        .w .on{fill:var(--on);text-anchor:middle}.w .cry{fill:var(--bad);font-weight:700}.w .h{fill:var(--h)}
        .w .h0{fill:var(--h0)}.w .h1{fill:var(--h1)}.w .h2{fill:var(--h2)}.w .h3{fill:var(--h3)}.w .h4{fill:var(--h4)}.w .h5{fill:var(--h5)}
        """;

    private static readonly Actor[] Actors = [Actor.Producer, Actor.Consumer, Actor.Environment];

    /// <summary>Timelines with their titles, one below the other.</summary>
    public static string Render(IReadOnlyList<(string Title, Timeline Timeline)> timelines)
    {
        var body = new StringBuilder();
        var (width, height) = (0, Margin);
        foreach (var (title, timeline) in timelines)
        {
            var layout = new Layout(timeline);
            height = Append(body, title, timeline, layout, height) + Margin;
            width = Math.Max(width, layout.Width);
        }
        var text = new StringBuilder();
        text.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"w\" role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n");
        text.Append($"<title>{Markup.Escape(string.Join("; ", timelines.Select(static item => item.Title)))}</title>\n");
        text.Append($"<desc>{Markup.Escape(string.Join("\n", timelines.Select(static item => Describe(item.Timeline))))}</desc>\n");
        text.Append($"<style>{Style.ReplaceLineEndings("\n")}</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n");
        return text.Append(body).Append("</svg>\n").ToString();
    }

    /// <summary>The witness, so that who has the picture can replay it, and the picture for those who cannot see it.</summary>
    private static string Describe(Timeline timeline) => WitnessText.Encode([.. timeline.Steps.Select(static step => step.Trace)]) + "\n" + TimelineText.Render(timeline);

    /// <summary>Where the columns of a timeline are.</summary>
    private sealed class Layout
    {
        private readonly int[] _actors;

        public Layout(Timeline timeline)
        {
            HasSources = timeline.Steps.Any(static step => step.Sources.Count > 0);
            Pipes = [.. timeline.Steps.SelectMany(static step => step.Pipes).Select(static pipe => pipe.Pipe).Distinct()];
            Regions = [.. timeline.Regions.Select(static region => region.Number)];
            var x = Margin + NumberWidth;
            _actors = new int[Actors.Length];
            foreach (var actor in Actors)
            {
                _actors[(int)actor] = x;
                x += WidthOf(actor) + Gap;
            }
            States = x;
            Width = States + (Regions.Count + Pipes.Count) * (StateWidth + Gap) - Gap + Margin;
        }

        public bool HasSources { get; }

        public IReadOnlyList<int> Regions { get; }

        public IReadOnlyList<int> Pipes { get; }

        public int States { get; }

        public int Width { get; }

        public int LeftOf(Actor actor) => _actors[(int)actor];

        public int WidthOf(Actor actor) => HasSources && actor == Actor.Producer ? ProducerWidthWithSource : ActorWidth;

        public int LeftOfState(int column) => States + column * (StateWidth + Gap);
    }

    /// <summary>The picture from <paramref name="top"/> on; the result is where it ends.</summary>
    private static int Append(StringBuilder text, string title, Timeline timeline, Layout layout, int top)
    {
        var y = top + LineHeight;
        AppendText(text, Margin, y, Shorten(title, layout.Width - 2 * Margin), "head");
        y += Margin;
        AppendHeads(text, layout, y + LineHeight - 4);
        y += LineHeight + Gap;
        var heights = timeline.Steps.Select(step => Math.Max(TextOf(step, layout).Count * LineHeight + 2 * Padding, CellHeight + LineHeight) + Gap).ToArray();
        foreach (var actor in Actors)
        {
            var middle = layout.LeftOf(actor) + layout.WidthOf(actor) / 2;
            text.Append($"<line class=\"life\" x1=\"{middle}\" x2=\"{middle}\" y1=\"{y}\" y2=\"{y + heights.Sum()}\"/>\n");
        }
        for (var i = 0; i < timeline.Steps.Count; i++)
        {
            AppendStep(text, timeline.Steps[i], layout, y, heights[i] - Gap);
            y += heights[i];
        }
        AppendText(text, Margin, y + LineHeight, timeline.Conclusion, timeline.Outcome.IsConfirmed ? "cry" : "dim");
        return y + LineHeight + Padding;
    }

    private static void AppendHeads(StringBuilder text, Layout layout, int y)
    {
        foreach (var actor in Actors) AppendText(text, layout.LeftOf(actor) + layout.WidthOf(actor) / 2, y, TimelineText.NameOf(actor), "head", "middle");
        var heads = layout.Regions.Select(region => layout.Regions.Count > 1 ? $"memory {region}" : "memory").Concat(layout.Pipes.Select(static pipe => $"pipe {pipe}"));
        foreach (var (head, column) in heads.Select(static (head, column) => (head, column))) AppendText(text, layout.LeftOfState(column), y, head, "head");
        text.Append($"<line class=\"rule\" x1=\"{Margin}\" x2=\"{layout.Width - Margin}\" y1=\"{y + 6}\" y2=\"{y + 6}\"/>\n");
    }

    private static void AppendStep(StringBuilder text, TimelineStep step, Layout layout, int y, int height)
    {
        var x = layout.LeftOf(step.Actor);
        AppendText(text, Margin, y + Padding + LineHeight - 4, $"{step.Number}", "dim");
        text.Append($"<rect class=\"box{(step.IsWrong ? " bad" : "")}\" x=\"{x}\" y=\"{y}\" width=\"{layout.WidthOf(step.Actor)}\" height=\"{height}\" rx=\"4\"/>\n");
        var line = y + Padding + LineHeight - 4;
        foreach (var (words, style) in TextOf(step, layout))
        {
            AppendText(text, x + Padding, line, words, style);
            line += LineHeight;
        }
        foreach (var memory in step.Memory) AppendMemory(text, memory, layout.LeftOfState(IndexOf(layout.Regions, memory.Region)), y);
        foreach (var pipe in step.Pipes) AppendPipe(text, pipe, layout.LeftOfState(layout.Regions.Count + IndexOf(layout.Pipes, pipe.Pipe)), y);
    }

    private static int IndexOf(IReadOnlyList<int> numbers, int number) => numbers.ToList().IndexOf(number);

    /// <summary>The lines in a step's box: what happens, and the source code.</summary>
    private static List<(string Words, string Style)> TextOf(TimelineStep step, Layout layout)
    {
        var width = layout.WidthOf(step.Actor) - 2 * Padding;
        var lines = TimelineText.Fold(step.Text, width / CharacterWidth - 1).ConvertAll(line => (line, step.IsWrong ? "cry" : ""));
        foreach (var source in step.Sources)
        {
            lines.Add((Shorten(source.Place, width), "dim"));
            var code = TimelineText.Fold(source.Code, width / CharacterWidth - 1);
            if (code.Count > MostCodeLines) code[MostCodeLines - 1] = Shorten(code[MostCodeLines - 1] + " ...", width);
            lines.AddRange(code.Take(MostCodeLines).Where(static line => line.Length > 0).Select(static line => (line, "dim")));
        }
        return lines;
    }

    private static void AppendMemory(StringBuilder text, TimelineMemory memory, int x, int y)
    {
        var shown = memory.Cells.Take(MostCells).ToList();
        var size = shown[^1].To - shown[0].From;
        var free = StateWidth - shown.Count * CellWidth;
        foreach (var cell in shown)
        {
            var width = CellWidth + (int)(free * (double)(cell.To - cell.From) / size);
            AppendCell(text, cell, x, y, width, memory.IsGivenUp ? " gone" : "");
            x += width;
        }
        var note = (memory.IsGivenUp ? "given up" : "") + (memory.Cells.Count > MostCells ? $" +{memory.Cells.Count - MostCells}" : "");
        if (note.Length > 0) AppendText(text, x - StateWidth, y + CellHeight + LineHeight - 4, note.Trim(), "dim");
    }

    private static void AppendPipe(StringBuilder text, TimelinePipe pipe, int x, int y)
    {
        var end = x + StateWidth;
        var shown = 0;
        foreach (var slots in pipe.Slots)
        {
            var cells = slots.Cells.Take(MostCells).ToList();
            var note = slots.Count > 1 ? $"\u00d7{slots.Count}" : "";
            if (shown == MostSlots || x + cells.Count * CellWidth + note.Length * CharacterWidth + 2 * CharacterWidth > end) break;
            foreach (var cell in cells)
            {
                AppendCell(text, cell, x, y, CellWidth, "");
                x += CellWidth;
            }
            if (note.Length > 0) AppendText(text, x + 2, y + LineHeight, note, "dim");
            x += note.Length * CharacterWidth + 6;
            shown++;
        }
        if (shown < pipe.Slots.Count) AppendText(text, x, y + LineHeight, $"+{pipe.Slots.Skip(shown).Sum(static slots => slots.Count)}", "dim");
    }

    private static void AppendCell(StringBuilder text, TimelineCell cell, int x, int y, int width, string style)
    {
        var name = Timeline.NameOf(cell.Content);
        // Room for the frame, over which the next cell would be drawn.
        var inset = cell.IsWrong ? 1 : 0;
        var hue = cell.Content < 0 ? "h" : $"h{cell.Content % Hues}";
        text.Append($"<g><title>bytes {cell.From}-{cell.To - 1}: {name}{(cell.IsWrong ? $", handed off as {Timeline.NameOf(cell.HandedOff)}" : "")}</title>");
        text.Append($"<rect class=\"cell {hue}{style}{(cell.IsWrong ? " bad" : "")}\" x=\"{x + inset}\" y=\"{y}\" width=\"{width - 2 * inset}\" height=\"{CellHeight}\"/>");
        text.Append($"<text class=\"on\" x=\"{x + width / 2}\" y=\"{y + LineHeight}\">{name}{(cell.IsWrong ? "!" : "")}</text></g>\n");
    }

    private static void AppendText(StringBuilder text, int x, int y, string words, string style, string anchor = "start")
    {
        var classes = style.Length > 0 ? $" class=\"{style}\"" : "";
        text.Append($"<text{classes} x=\"{x}\" y=\"{y}\"{(anchor == "start" ? "" : $" text-anchor=\"{anchor}\"")}>{Markup.Escape(words)}</text>\n");
    }

    private static string Shorten(string words, int width)
    {
        var most = width / CharacterWidth - 1;
        return words.Length <= most ? words : words[..(most - 3)] + "...";
    }
}
