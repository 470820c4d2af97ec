using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Drawing;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>
/// The picture in a rule's page is what splice-witness draws of the page's own bad example. SPLICE_DRAW_PAGES=1 draws the pictures anew.
/// </summary>
public class PagePictureTests
{
    private const string Draw = "SPLICE_DRAW_PAGES";

    public static TheoryData<string> Ids => ["SPL1001", "SPL1002", "SPL1003", "SPL1004", "SPL1005", "SPL1006", "SPL1007"];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_shows_the_timeline_of_its_bad_example(string id)
    {
        string picture = await Picture(id);
        string path = Path.Combine(Repository.Root, "docs", "rules", id + ".svg");
        if (Environment.GetEnvironmentVariable(Draw) == "1")
            await File.WriteAllTextAsync(path, picture, TestContext.Current.CancellationToken);

        Assert.True(File.Exists(path) && (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") == picture, $"{path} is not what is drawn now: run this test with {Draw}=1, look at it, and commit it.");
        Assert.Contains($"<!-- picture -->\n![", DocumentationTests.Page(id), StringComparison.Ordinal);
        Assert.Contains($"]({id}.svg)\n<!-- /picture -->\n", DocumentationTests.Page(id), StringComparison.Ordinal);
    }

    private static async Task<string> Picture(string id)
    {
        Diagnostic found = (await DocumentationTests.Diagnose(DocumentationTests.Example(id, "Bad").Code)).Where(diagnostic => diagnostic.Id == id).MinBy(diagnostic => diagnostic.Location.SourceSpan.Start)!;
        Assert.True(WitnessText.TryDecode(found.Properties["witness"]!, out IReadOnlyList<TraceStep> steps, out string error), error);
        IEnumerable<TimelineSource> sources = found.AdditionalLocations.Prepend(found.Location)
            .Zip(found.Properties["steps"]!.Split(','), (location, step) => Source(location, int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)));
        return TimelineSvg.Render([($"{id}: {DocumentationTests.Rule(id).Title}", Timeline.Of(steps, [.. sources]))]);
    }

    private static TimelineSource Source(Location location, int step)
    {
        TextLine line = location.SourceTree!.GetText().Lines[location.GetLineSpan().StartLinePosition.Line];
        return new TimelineSource(step, $"line {line.LineNumber + 1}", line.ToString().Trim());
    }
}
