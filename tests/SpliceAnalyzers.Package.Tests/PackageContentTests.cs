using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>What is in the package, and what it says about itself.</summary>
public class PackageContentTests
{
    private static readonly XElement Metadata = Nuspec();

    [Fact]
    public void It_contains_the_analyzers_their_pages_and_severities_and_nothing_else()
    {
        string[] expected =
        [
            "README.md",
            "SpliceAnalyzers.nuspec",
            "analyzers/dotnet/cs/SpliceAnalyzers.CodeFixes.dll",
            "analyzers/dotnet/cs/SpliceAnalyzers.KernelModel.dll",
            "analyzers/dotnet/cs/SpliceAnalyzers.dll",
            "build/SpliceAnalyzers.targets",
            "buildMultiTargeting/SpliceAnalyzers.targets",
            "buildTransitive/SpliceAnalyzers.targets",
            "config/all.globalconfig",
            "config/error.globalconfig",
            "config/none.globalconfig",
            "config/recommended.globalconfig",
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "SPL*.*").Select(page => "docs/rules/" + Path.GetFileName(page)).Order(StringComparer.Ordinal),
            "icon.png",
        ];

        Assert.Equal(expected, PackedPackage.EntryNames().Where(name => !IsOfTheContainer(name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_is_a_development_dependency() => Assert.Equal("true", Text("developmentDependency"));

    [Fact]
    public void It_depends_on_nothing() =>
        Assert.DoesNotContain(Metadata.Descendants(), element => element.Name.LocalName is "dependency" or "frameworkReference");

    [Fact]
    public void It_has_the_name_and_version_of_the_repository()
    {
        Assert.Equal("SpliceAnalyzers", Text("id"));
        Assert.Equal(Repository.Version, Text("version"));
    }

    [Fact]
    public void It_is_under_the_MIT_license()
    {
        XElement license = Element("license");

        Assert.Equal("MIT", license.Value);
        Assert.Equal("expression", license.Attribute("type")?.Value);
    }

    [Fact]
    public void It_links_to_the_repository()
    {
        Assert.Equal(Repository.Url, Text("projectUrl"));
        Assert.Equal(Repository.Url, Element("repository").Attribute("url")?.Value);
        Assert.Equal($"{Repository.Url}/blob/main/CHANGELOG.md", Text("releaseNotes"));
    }

    [Fact]
    public void It_shows_its_own_readme()
    {
        string path = Path.Combine(Repository.Root, "nuget", Text("readme"));

        Assert.Equal(File.ReadAllBytes(path), PackedPackage.Read(Text("readme")));
        Assert.Contains(Repository.Url, Encoding.UTF8.GetString(PackedPackage.Read(Text("readme"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_icon_is_a_png_of_128_by_128()
    {
        byte[] icon = PackedPackage.Read(Text("icon"));

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], icon[..4]);
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)));
    }

    // Every package has these, whatever is in it.
    private static bool IsOfTheContainer(string name) =>
        name is "_rels/.rels" or "[Content_Types].xml" || name.StartsWith("package/services/metadata/", StringComparison.Ordinal);

    private static string Text(string name) => Element(name).Value;

    private static XElement Element(string name) => Metadata.Elements().Single(element => element.Name.LocalName == name);

    private static XElement Nuspec()
    {
        using var stream = new MemoryStream(PackedPackage.Read("SpliceAnalyzers.nuspec"));
        return XDocument.Load(stream).Root!.Elements().Single();
    }
}
