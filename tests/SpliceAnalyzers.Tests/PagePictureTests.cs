using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Drawing;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>
/// The timeline in a rule's page, as text and as a picture, is what splice-witness draws of the page's own bad example. SPLICE_DRAW_PAGES=1 draws them anew.
/// </summary>
public class PagePictureTests
{
    internal const string Draw = "SPLICE_DRAW_PAGES";

    public static TheoryData<string> Ids => ["SPL1001", "SPL1002", "SPL1003", "SPL1004", "SPL1005", "SPL1006", "SPL1007"];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_shows_the_timeline_of_its_bad_example(string id)
    {
        string picture = await Picture(id);
        string path = RulePage.PathOf(id, "svg");
        if (Environment.GetEnvironmentVariable(Draw) == "1")
            await File.WriteAllTextAsync(path, picture, TestContext.Current.CancellationToken);

        Assert.True(File.Exists(path) && (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") == picture, $"{path} is not what is drawn now: run this test with {Draw}=1, look at it, and commit it.");
        Assert.Contains($"<!-- picture -->\n![", RulePage.Text(id), StringComparison.Ordinal);
        Assert.Contains($"]({id}.svg)\n<!-- /picture -->\n", RulePage.Text(id), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_tells_the_timeline_of_its_bad_example_in_words(string id)
    {
        string timeline = TimelineText.Render(await TimelineOf(id), Columns);
        if (Environment.GetEnvironmentVariable(Draw) == "1")
            await File.WriteAllTextAsync(RulePage.PathOf(id), Told.Replace(RulePage.Text(id), timeline.Replace("$", "$$", StringComparison.Ordinal), 1), TestContext.Current.CancellationToken);

        Assert.True(Told.Match(RulePage.Text(id)).Value == timeline, $"The timeline in {id}.md is not what is drawn now: run this test with {Draw}=1, look at it, and commit it. Now it is:\n{timeline}");
    }

    /// <summary>The first block of text that says why something corrupts.</summary>
    private static readonly Regex Told = new("(?<=^## Why it corrupts\n((?!## ).*\n)*?```text\n)((?!```).*\n)*(?=```$)", RegexOptions.Multiline);

    /// <summary>As wide as a code block on the page of a repository, and no wider than half a screen.</summary>
    private const int Columns = 110;

    private static async Task<string> Picture(string id) => TimelineSvg.Render([($"{id}: {DocumentationTests.Rule(id).Title}", await TimelineOf(id))]);

    private static async Task<Timeline> TimelineOf(string id)
    {
        Diagnostic found = (await DocumentationTests.Diagnose(RulePage.Example(id, "Bad").Code)).Where(diagnostic => diagnostic.Id == id).MinBy(diagnostic => diagnostic.Location.SourceSpan.Start)!;
        Assert.True(WitnessText.TryDecode(found.Properties["witness"]!, out IReadOnlyList<TraceStep> steps, out string error), error);
        IEnumerable<TimelineSource> sources = found.AdditionalLocations.Prepend(found.Location)
            .Zip(found.Properties["steps"]!.Split(','), (location, step) => Source(location, int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)));
        return Timeline.Of(steps, [.. sources]);
    }

    private static TimelineSource Source(Location location, int step)
    {
        TextLine line = location.SourceTree!.GetText().Lines[location.GetLineSpan().StartLinePosition.Line];
        return new TimelineSource(step, $"line {line.LineNumber + 1}", line.ToString().Trim());
    }
}
