using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.RegularExpressions;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>Libraries: for two frameworks, as a package of their own, and as what another project stands on.</summary>
public class LibraryTests
{
    private const string TwoFrameworks = "<TargetFramework /><TargetFrameworks>net8.0;net10.0</TargetFrameworks>";

    [Fact]
    public void A_library_for_two_frameworks_is_warned_about_in_both()
    {
        using ConsumerProject project = ConsumerProject.Library(TwoFrameworks, ("Fresh.cs", Programs.StoringType("Fresh")));

        CommandResult build = project.Dotnet("build");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Equal(["net10.0", "net8.0"], FrameworksOf(build, "Fresh.cs(11,13): warning SPL1001"));
    }

    [Fact]
    public void The_property_works_for_two_frameworks_as_for_one()
    {
        using ConsumerProject project = ConsumerProject.Library(TwoFrameworks + "<SpliceAnalyzersSeverity>error</SpliceAnalyzersSeverity>", ("Kept.cs", Programs.KeepingType("Kept")));

        CommandResult build = project.Dotnet("build");
        CommandResult wrong = project.Dotnet("build -p:SpliceAnalyzersSeverity=loud");

        Assert.True(build.ExitCode != 0, build.ToString());
        Assert.Equal(["net10.0", "net8.0"], FrameworksOf(build, "error SPL3001"));
        Assert.Equal(["SpliceAnalyzers.targets: warning SPL0001"], wrong.Findings);
    }

    [Fact]
    public void What_is_packed_does_not_depend_on_the_analyzers()
    {
        using ConsumerProject project = ConsumerProject.Library("<TargetFramework>net10.0</TargetFramework>", ("Kept.cs", Programs.KeepingType("Kept")));
        project.Write("Consumer.csproj", ConsumerProject.ProjectFile("", ""));

        CommandResult add = project.Dotnet("add package SpliceAnalyzers");
        CommandResult pack = project.Dotnet("pack -o packed");

        Assert.True(add.ExitCode == 0, add.ToString());
        Assert.Contains($"<PackageReference Include=\"SpliceAnalyzers\" Version=\"{Repository.Version}\">", project.Read("Consumer.csproj"), StringComparison.Ordinal);
        Assert.Contains("<PrivateAssets>all</PrivateAssets>", project.Read("Consumer.csproj"), StringComparison.Ordinal);
        Assert.True(pack.ExitCode == 0, pack.ToString());
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(project.Folder, "packed", "Consumer.1.0.0.nupkg"));
        using var nuspec = new StreamReader(package.GetEntry("Consumer.nuspec")!.Open());
        Assert.DoesNotContain("SpliceAnalyzers", nuspec.ReadToEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain(package.Entries, entry => entry.Name.StartsWith("SpliceAnalyzers", StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_behind_a_library_that_passes_the_analyzers_on_is_analysed_and_has_its_own_severities()
    {
        using ConsumerProject project = Chain("""PrivateAssets="none" """, "<SpliceAnalyzersSeverity>error</SpliceAnalyzersSeverity>");

        CommandResult build = project.Dotnet("build application");

        Assert.True(build.ExitCode != 0, build.ToString());
        Assert.Equal(["Application.cs: error SPL1001", "Library.cs: warning SPL1001"], build.Findings);
    }

    [Fact]
    public void A_project_behind_a_library_that_keeps_the_analyzers_to_itself_is_left_alone()
    {
        using ConsumerProject project = Chain("""PrivateAssets="all" """, "<SpliceAnalyzersSeverity>error</SpliceAnalyzersSeverity>");

        CommandResult build = project.Dotnet("build application");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Equal(["Library.cs: warning SPL1001"], build.Findings);
    }

    [Fact]
    public void A_project_that_has_the_analyzers_from_two_sides_is_told_once()
    {
        using ConsumerProject project = Chain("""PrivateAssets="none" """, "<SpliceAnalyzersSeverity>all</SpliceAnalyzersSeverity>", ConsumerProject.Reference);

        CommandResult build = project.Dotnet("build application");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Equal(["Application.cs: warning SPL1001", "Library.cs: warning SPL1001"], build.Findings);
        Assert.Matches(@"(?m)^\s+2 Warning\(s\)$", build.Output);
    }

    /// <summary>An application that refers to a library that refers to the package; both store after a hand-off.</summary>
    private static ConsumerProject Chain(string attributes, string properties, string items = "")
    {
        var project = new ConsumerProject();
        project.Write("library/Library.csproj", ConsumerProject.ProjectFile("", ConsumerProject.Reference.Replace(" />", $" {attributes}/>", StringComparison.Ordinal)));
        project.Write("library/Native.cs", Programs.Native);
        project.Write("library/Library.cs", Programs.StoringType("Library"));
        project.Write("application/Application.csproj", ConsumerProject.ProjectFile(properties, """<ProjectReference Include="../library/Library.csproj" />""" + items));
        project.Write("application/Native.cs", Programs.Native);
        project.Write("application/Application.cs", Programs.StoringType("Application"));
        return project;
    }

    private static string[] FrameworksOf(CommandResult build, string said) =>
    [
        .. Regex.Matches(build.Output, Regex.Escape(said) + ".*::TargetFramework=([a-z0-9.]+)]").Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)
    ];
}
