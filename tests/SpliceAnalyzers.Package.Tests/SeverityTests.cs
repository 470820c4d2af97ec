using System;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>How much is said is one property; what the project configures itself goes before it.</summary>
public class SeverityTests
{
    [Theory]
    [InlineData("", "warning SPL1001")]
    [InlineData("default", "warning SPL1001")]
    [InlineData("recommended", "warning SPL1001")]
    [InlineData("all", "warning SPL1001")]
    [InlineData("error", "error SPL1001")]
    [InlineData("Error", "error SPL1001")]
    public void A_property_chooses_the_severities(string value, string said)
    {
        using var project = new ConsumerProject(Programs.StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=" + value);

        Assert.True(build.Output.Contains(said, StringComparison.Ordinal), build.ToString());
        Assert.False(build.Output.Contains("SPL0001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void None_says_nothing()
    {
        using var project = new ConsumerProject(Programs.StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=none");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void An_editorconfig_goes_before_it()
    {
        using var project = new ConsumerProject(Programs.StoresAfterHandOff);
        project.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.SPL1001.severity = none\n");

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=error");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL1001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void NoWarn_goes_before_it()
    {
        using var project = new ConsumerProject(Programs.StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=error -p:NoWarn=SPL1001");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL1001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void A_value_that_is_not_known_is_said()
    {
        using var project = new ConsumerProject(Programs.StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=loud");

        Assert.True(build.Output.Contains("warning SPL0001: The property 'SpliceAnalyzersSeverity' is 'loud', which is none of: none, default, recommended, all, error.", StringComparison.Ordinal), build.ToString());
        Assert.True(build.Output.Contains("warning SPL1001", StringComparison.Ordinal), build.ToString());
    }
}
