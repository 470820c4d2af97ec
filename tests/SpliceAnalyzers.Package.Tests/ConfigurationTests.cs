using System;
using System.Text.RegularExpressions;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>What a team writes into its configuration, in real builds.</summary>
public class ConfigurationTests
{
    private const string SayAll = "<SpliceAnalyzersSeverity>all</SpliceAnalyzersSeverity>";

    [Fact]
    public void An_editorconfig_raises_rules_and_silences_them_file_by_file()
    {
        using ConsumerProject project = ConsumerProject.Library(
            "<SpliceAnalyzersSeverity>none</SpliceAnalyzersSeverity>",
            ("Fresh.cs", Programs.StoringType("Fresh")), ("Kept.cs", Programs.KeepingType("Kept")), ("Relay.cs", Programs.FileWritingType("Relay")), ("legacy/Old.cs", Programs.StoringType("Old")),
            (".editorconfig", """
                root = true
                [*.cs]
                dotnet_diagnostic.SPL3001.severity = warning
                dotnet_diagnostic.SPL1001.severity = error
                [legacy/**.cs]
                dotnet_diagnostic.SPL1001.severity = none
                """));

        CommandResult build = project.Dotnet("build");

        Assert.True(build.ExitCode != 0, build.ToString());
        Assert.Equal(["Fresh.cs: error SPL1001", "Kept.cs: warning SPL3001"], build.Findings);
    }

    [Fact]
    public void A_global_configuration_goes_before_the_set_of_severities()
    {
        using ConsumerProject project = ConsumerProject.Library(
            SayAll,
            ("Fresh.cs", Programs.StoringType("Fresh")), ("Kept.cs", Programs.KeepingType("Kept")), ("Relay.cs", Programs.FileWritingType("Relay")),
            (".globalconfig", """
                is_global = true
                dotnet_diagnostic.SPL1001.severity = error
                dotnet_diagnostic.SPL3001.severity = none
                """));

        CommandResult build = project.Dotnet("build");

        Assert.Equal(["Fresh.cs: error SPL1001", "Relay.cs: warning SPL1005"], build.Findings);
        Assert.DoesNotContain("MultipleGlobalAnalyzerKeys", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_vmsplice_copies_hand_offs_are_no_hazard_and_files_still_are()
    {
        using ConsumerProject project = ConsumerProject.Library(
            SayAll,
            ("Fresh.cs", Programs.StoringType("Fresh")), ("Relay.cs", Programs.FileWritingType("Relay")),
            (".globalconfig", "is_global = true\nsplice_analyzers.kernel = vmsplice_copies\n"));

        CommandResult copies = project.Dotnet("build");
        project.Write(".globalconfig", "is_global = true\nsplice_analyzers.kernel = linux\n");
        CommandResult linux = project.Dotnet("build");

        Assert.True(copies.ExitCode == 0, copies.ToString());
        Assert.Equal(["Fresh.cs: warning SPL3001", "Relay.cs: warning SPL1005"], copies.Findings);
        Assert.Equal(["Fresh.cs: warning SPL1001", "Relay.cs: warning SPL1005"], linux.Findings);
    }

    [Fact]
    public void One_rule_may_assume_another_kernel_in_one_folder()
    {
        using ConsumerProject project = ConsumerProject.Library(
            "",
            ("Fresh.cs", Programs.StoringType("Fresh")), ("next/Next.cs", Programs.StoringType("Next")),
            (".editorconfig", "root = true\n[next/**.cs]\nsplice_analyzers.SPL1001.kernel = vmsplice_copies\n"));

        CommandResult build = project.Dotnet("build");

        Assert.Equal(["Fresh.cs: warning SPL1001"], build.Findings);
    }

    [Fact]
    public void A_value_that_is_not_known_is_said_and_stops_a_strict_build()
    {
        using ConsumerProject project = ConsumerProject.Library(
            "",
            ("Kept.cs", Programs.KeepingType("Kept")),
            (".editorconfig", "root = true\n[*.cs]\nsplice_analyzers.kernel = windows\n"));

        CommandResult build = project.Dotnet("build");
        CommandResult strict = project.Dotnet("build --no-incremental -p:TreatWarningsAsErrors=true");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Contains(
            "warning SPL0001: The option 'splice_analyzers.kernel' is 'windows', which is none of: linux, vmsplice_copies, howells_rfc, cow_snapshot, decommissioned.",
            build.Output, StringComparison.Ordinal);
        Assert.Equal(["no file: warning SPL0001"], build.Findings);
        Assert.True(strict.ExitCode != 0, strict.ToString());
        Assert.Equal(["no file: error SPL0001"], strict.Findings);
    }

    [Fact]
    public void Where_warnings_are_errors_a_hazard_stops_the_build_and_a_suggestion_does_not()
    {
        const string strict = "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>";
        using ConsumerProject hazard = ConsumerProject.Library(strict, ("Fresh.cs", Programs.StoringType("Fresh")), ("Kept.cs", Programs.KeepingType("Kept")));
        using ConsumerProject suggestion = ConsumerProject.Library(strict, ("Kept.cs", Programs.KeepingType("Kept")));

        CommandResult stopped = hazard.Dotnet("build");
        CommandResult excepted = hazard.Dotnet("build -p:WarningsNotAsErrors=SPL1001");
        CommandResult silent = suggestion.Dotnet("build");

        Assert.True(stopped.ExitCode != 0, stopped.ToString());
        Assert.Equal(["Fresh.cs: error SPL1001"], stopped.Findings);
        Assert.True(excepted.ExitCode == 0, excepted.ToString());
        Assert.Equal(["Fresh.cs: warning SPL1001"], excepted.Findings);
        Assert.True(silent.ExitCode == 0 && Regex.IsMatch(silent.Output, @"^\s+0 Warning\(s\)", RegexOptions.Multiline), silent.ToString());
    }

    [Fact]
    public void Generated_code_is_silent_however_it_is_marked()
    {
        using ConsumerProject project = ConsumerProject.Library(
            SayAll,
            ("ByName.g.cs", Programs.StoringType("ByName")),
            ("ByHeader.cs", "// <auto-generated/>\n" + Programs.StoringType("ByHeader")),
            ("ByConfiguration.cs", Programs.StoringType("ByConfiguration")),
            ("ByAttribute.cs", Programs.StoringType("ByAttribute").Replace("internal static unsafe", "[System.CodeDom.Compiler.GeneratedCode(\"a tool\", \"1.0\")]\ninternal static unsafe", StringComparison.Ordinal)),
            ("ByHand.cs", Programs.StoringType("ByHand")),
            (".editorconfig", "root = true\n[ByConfiguration.cs]\ngenerated_code = true\n"));

        CommandResult build = project.Dotnet("build");

        Assert.True(build.ExitCode == 0, build.ToString());
        Assert.Equal(["ByHand.cs: warning SPL1001"], build.Findings);
    }
}
