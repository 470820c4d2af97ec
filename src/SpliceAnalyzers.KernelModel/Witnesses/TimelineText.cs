using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using SpliceAnalyzers.KernelModel.Exploration;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>
/// A timeline as text: a column for each actor, one for each region, one for each pipe; time goes downward.
/// <code>
///  # | producer                           | consumer                       | environment | memory | pipe 0
///  0 | gets 4096 bytes from an allocator  |                                |             | [.]    |
///  1 | writes A to bytes 0-4095           |                                |             | [A]    |
///  2 | vmsplice puts bytes 0-4095 into    |                                |             | [A]    | [A]
///    | pipe 0, by reference               |                                |             |        |
///  3 | writes B to bytes 0-4095           |                                |             | [B]    | [B!]
///  4 |                                    | reads 1 byte of pipe 0: gets   |             | [B]    | [B!]
///    |                                    | B, not A                       |             |        |
/// </code>
/// </summary>
public static class TimelineText
{
    /// <summary>The narrowest text that can be read.</summary>
    public const int LeastWidth = 60;

    /// <summary>How wide a column of memory or slots becomes before it is folded; where there are many, less, but never less than its head needs.</summary>
    private const int MostStateWidth = 16;

    private const int LeastStateWidth = 8;

    /// <summary>What the steps need at least.</summary>
    private const int LeastStepsWidth = 44;

    private const string Separator = " | ";

    private static readonly Actor[] Actors = [Actor.Producer, Actor.Consumer, Actor.Environment];

    /// <summary>What the signs mean, for those who see a timeline for the first time.</summary>
    public const string Legend =
        "[A] memory, or a slot of a pipe, that holds what was written as A; [.] what was\n" +
        "there at first; x8 eight slots alike; [B!] no longer what was handed off;\n" +
        "(A) memory that was given up.";

    /// <summary>
    /// The text. No line is wider than <paramref name="width"/>, unless there are more regions and pipes than there is room for, and none ends in spaces.
    /// </summary>
    /// <param name="timeline">What is drawn.</param>
    /// <param name="width">Columns of the terminal, at least <see cref="LeastWidth"/>.</param>
    /// <param name="emphasise">Puts what the terminal needs round what is wrong; null for plain text.</param>
    public static string Render(Timeline timeline, int width = 100, Func<string, string>? emphasise = null)
    {
        var table = new List<Cell[]> { Header(timeline) };
        table.AddRange(timeline.Steps.Select(step => Row(timeline, step)));
        var widths = Widths(table, Math.Max(width, LeastWidth));
        var text = new StringBuilder();
        AppendRow(text, table[0], widths, null);
        text.Append(string.Join("-|-", widths.Select(static w => new string('-', w)))).Append('\n');
        for (var i = 0; i < timeline.Steps.Count; i++)
        {
            AppendRow(text, table[i + 1], widths, emphasise);
            foreach (var source in timeline.Steps[i].Sources) AppendSource(text, source, widths);
        }
        return text.ToString();
    }

    /// <summary>What stands in a column beside a step.</summary>
    private readonly record struct Cell(string Text, bool IsWrong = false);

    private static Cell[] Header(Timeline timeline) =>
    [
        new("#"), .. Actors.Select(static actor => new Cell(NameOf(actor))),
        .. timeline.Regions.Select(region => new Cell(timeline.Regions.Count > 1 ? $"memory {region.Number}" : "memory")),
        .. PipesOf(timeline).Select(static pipe => new Cell($"pipe {pipe}")),
    ];

    private static Cell[] Row(Timeline timeline, TimelineStep step) =>
    [
        new($"{step.Number}"), .. Actors.Select(actor => actor == step.Actor ? new Cell(step.Text, step.IsWrong) : default),
        .. timeline.Regions.Select(region => MemoryCell(step.Memory.FirstOrDefault(memory => memory.Region == region.Number))),
        .. PipesOf(timeline).Select(pipe => PipeCell(step.Pipes.FirstOrDefault(candidate => candidate.Pipe == pipe))),
    ];

    internal static string NameOf(Actor actor) => actor switch { Actor.Producer => "producer", Actor.Consumer => "consumer", _ => "environment" };

    private static IReadOnlyList<int> PipesOf(Timeline timeline) => [.. timeline.Steps.SelectMany(static step => step.Pipes).Select(static pipe => pipe.Pipe).Distinct()];

    private static Cell MemoryCell(TimelineMemory? memory) => memory is null
        ? default
        : new Cell((memory.IsGivenUp ? "(" : "[") + Letters(memory.Cells) + (memory.IsGivenUp ? ")" : "]"));

    private static Cell PipeCell(TimelinePipe? pipe) => pipe is null
        ? default
        : new Cell(string.Join(" ", pipe.Slots.Select(static slots => $"[{Letters(slots.Cells)}]{(slots.Count > 1 ? $"x{slots.Count}" : "")}")),
            pipe.Slots.Any(static slots => slots.Cells.Any(static cell => cell.IsWrong)));

    private static string Letters(IReadOnlyList<TimelineCell> cells) => string.Join(" ", cells.Select(static cell => Timeline.NameOf(cell.Content) + (cell.IsWrong ? "!" : "")));

    /// <summary>Memory and slots get what they need, up to a bound; the actors share what is left.</summary>
    private static int[] Widths(List<Cell[]> table, int width)
    {
        var wanted = Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Text?.Length ?? 0)).ToArray();
        var states = wanted.Length - Actors.Length - 1;
        var mostOfState = Math.Max(LeastStateWidth, Math.Min(MostStateWidth, (width - LeastStepsWidth) / Math.Max(states, 1) - Separator.Length));
        var widths = wanted.Select((w, column) => IsActor(column) ? 0 : Math.Min(w, mostOfState)).ToArray();
        var free = width - widths.Sum() - Separator.Length * (widths.Length - 1);
        foreach (var column in Enumerable.Range(1, Actors.Length).OrderBy(column => wanted[column]))
        {
            var share = Math.Max(free / (Actors.Length - Enumerable.Range(1, Actors.Length).Count(other => widths[other] > 0)), table[0][column].Text.Length);
            widths[column] = Math.Min(wanted[column], share);
            free -= widths[column];
        }
        return widths;
    }

    private static bool IsActor(int column) => column >= 1 && column <= Actors.Length;

    private static void AppendRow(StringBuilder text, Cell[] row, int[] widths, Func<string, string>? emphasise)
    {
        var folded = row.Select((cell, column) => Fold(cell.Text ?? "", widths[column])).ToArray();
        for (var line = 0; line < folded.Max(static lines => lines.Count); line++)
        {
            var start = text.Length;
            for (var column = 0; column < row.Length; column++)
            {
                if (column > 0) text.Append(Separator);
                var part = line < folded[column].Count ? folded[column][line] : "";
                text.Append(row[column].IsWrong && part.Length > 0 && emphasise is not null ? emphasise(part) : part).Append(' ', widths[column] - part.Length);
            }
            while (text.Length > start && text[text.Length - 1] == ' ') text.Length--;
            text.Append('\n');
        }
    }

    /// <summary>Source code stands under its step, and goes on where the other columns end.</summary>
    private static void AppendSource(StringBuilder text, TimelineSource source, int[] widths)
    {
        var line = new string(' ', widths[0]) + Separator + "  " + source.Place + (source.Code.Length > 0 ? ": " + source.Code : "");
        var most = widths.Sum() + Separator.Length * (widths.Length - 1);
        text.Append(line.Length > most ? line.Substring(0, most - 3) + "..." : line).Append('\n');
    }

    /// <summary>Breaks text between words, and words that are too long anywhere.</summary>
    internal static List<string> Fold(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var rest = word;
            if (line.Length > 0 && line.Length + 1 + rest.Length <= width)
            {
                line += " " + rest;
                continue;
            }
            if (line.Length > 0) lines.Add(line);
            for (; rest.Length > width; rest = rest.Substring(width)) lines.Add(rest.Substring(0, width));
            line = rest;
        }
        lines.Add(line);
        return lines;
    }
}
