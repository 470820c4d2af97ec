using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The tool as its users meet it: installed, piped, and its pages in a browser.</summary>
public class ToolTests(InstalledTool tool) : IClassFixture<InstalledTool>
{
    private const string Witness = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,s0@0+4096,r0@0+1";

    [Fact]
    public void It_installs_into_a_clean_home()
    {
        CommandResult version = tool.Run("--version");

        Assert.True(tool.Installation.ExitCode == 0 && tool.Installation.Output.Contains("splice-witness", StringComparison.Ordinal), tool.Installation.ToString());
        Assert.True(version.ExitCode == 0 && version.Output.StartsWith(Repository.Version, StringComparison.Ordinal), version.ToString());
    }

    [Fact]
    public void Its_package_has_the_command_the_readme_and_what_others_licensed()
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(PackedPackage.Folder, $"SpliceAnalyzers.Tool.{Repository.Version}.nupkg"));

        Assert.Equal(
            ["README.md", "THIRD-PARTY-NOTICES.txt", "icon.png", "DotnetToolSettings.xml", "SpliceAnalyzers.KernelModel.dll", "SpliceAnalyzers.Tool.deps.json", "SpliceAnalyzers.Tool.dll", "SpliceAnalyzers.Tool.runtimeconfig.json", "System.CommandLine.dll"],
            package.Entries.Select(entry => entry.FullName).Where(name => !name.Contains('/') || name.StartsWith("tools/net10.0/any/", StringComparison.Ordinal))
                .Where(name => !name.EndsWith(".nuspec", StringComparison.Ordinal) && !name.StartsWith('[')).OrderBy(name => name.Contains('/')).ThenBy(name => name, StringComparer.Ordinal).Select(name => name[(name.LastIndexOf('/') + 1)..]));
    }

    [Theory]
    [InlineData("--help", 0, "Usage:")]
    [InlineData("show --help", 0, "Usage:")]
    [InlineData("replay --help", 0, "Usage:")]
    [InlineData("explain --help", 0, "Usage:")]
    [InlineData("cost --help", 0, "Usage:")]
    [InlineData("enrich --help", 0, "Usage:")]
    [InlineData("show " + Witness, 0, "[B!]")]
    [InlineData("replay " + Witness, 0, "corrupted")]
    [InlineData("replay --real " + Witness, 0, "corrupted")]
    [InlineData("replay --kernel cow_snapshot " + Witness, 1, "intact")]
    [InlineData("replay nowhere.sarif", 2, "cannot be read as a file")]
    [InlineData("show nuget.config", 2, "is neither a witness (v1:...) nor a SARIF log")]
    [InlineData("explain SPL1001", 0, "# SPL1001: Buffer is modified while in flight")]
    [InlineData("cost", 0, "decommissioned")]
    [InlineData("frobnicate", 2, "'splice-witness --help' tells more.")]
    public void Every_command_says_what_it_does_and_ends_as_it_should(string arguments, int code, string said)
    {
        CommandResult result = tool.Run(arguments);

        Assert.True(result.ExitCode == code && result.Output.Contains(said, StringComparison.Ordinal), result.ToString());
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Theory]
    [InlineData("light", "1300", "ffffff", "a8d1ff", "ffcf8f", "cf222e")]
    [InlineData("dark", "1300", "0d1117", "1f5fa8", "8a5a12", "ff7b72")]
    [InlineData("light", "600", "ffffff", "a8d1ff", "ffcf8f", "cf222e")]
    public void A_browser_shows_the_page(string scheme, string width, string paper, string first, string second, string wrong)
    {
        string page = Path.Combine(tool.Folder, "page.html");
        string picture = Path.Combine(PackedPackage.Folder, $"witness-{scheme}-{width}.png");
        CommandResult drawn = tool.Run($"show {Witness} --format html -o {page}");
        CommandResult seen = Command.Run("bash", tool.Folder, $"{Path.Combine(Repository.Root, "tests", "SpliceAnalyzers.Package.Tests", "screenshot")} {page} {picture} {width} {scheme}", new Dictionary<string, string> { ["HOME"] = tool.Folder });

        Assert.True(drawn.ExitCode == 0 && drawn.Output.Trim().Length == 0, drawn.ToString());
        Assert.True(seen.ExitCode == 0 && File.Exists(picture), seen.ToString());
        var shown = Screenshot.Read(picture);
        Assert.Equal(int.Parse(width, System.Globalization.CultureInfo.InvariantCulture), shown.Width);
        // What was written first, what came after it, and the frames round it; nothing runs out of the page on the right.
        Assert.All(new[] { paper, first, second, wrong }, colour => Assert.InRange(shown.Count(colour), 100, int.MaxValue));
        Assert.Equal([paper], Enumerable.Range(1, 8).SelectMany(column => Enumerable.Range(0, shown.Height), (column, row) => shown.At(shown.Width - column, row)).Distinct());
    }
}
