using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>Findings that a team has looked at, or keeps for later, and those that come new.</summary>
public class SuppressionTests
{
    private const string Method = "    internal static void Run(";

    private static readonly (string, string)[] Files =
    [
        ("ByPragma.cs", Programs.StoringType("ByPragma").Replace("            buffer[0] = 2;", """
            #pragma warning disable SPL1001 // The reader has answered.
                        buffer[0] = 2;
            #pragma warning restore SPL1001
            """, StringComparison.Ordinal)),
        ("ByAttribute.cs", Programs.StoringType("ByAttribute").Replace(Method, """
                [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "SPL1001", Justification = "The reader has answered.")]

            """ + Method, StringComparison.Ordinal)),
        ("Old.cs", Programs.StoringType("Old")),
        ("New.cs", Programs.StoringType("New")),
    ];

    private const string Baseline = """
        using System.Diagnostics.CodeAnalysis;

        [assembly: SuppressMessage("Reliability", "SPL1001", Scope = "member", Target = "~M:Old.Run(System.Int32)", Justification = "Known since we turned the package on.")]
        """;

    [Fact]
    public void What_was_looked_at_is_silent_what_is_in_the_baseline_too_and_what_is_new_is_not()
    {
        using ConsumerProject project = ConsumerProject.Library("", [.. Files, ("GlobalSuppressions.cs", Baseline)]);

        CommandResult build = project.Dotnet("build -p:TreatWarningsAsErrors=true -p:ErrorLog=log.sarif%2Cversion=2.1");

        Assert.True(build.ExitCode != 0, build.ToString());
        Assert.Equal(["New.cs: error SPL1001"], build.Findings);
        Assert.Equal(
            ["ByAttribute.cs: The reader has answered.", "ByPragma.cs: ", "New.cs: reported", "Old.cs: Known since we turned the package on."],
            InTheLog(project.ReadJson("log.sarif")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_baseline_can_be_a_configuration_that_is_taken_back_folder_by_folder()
    {
        using ConsumerProject project = ConsumerProject.Library(
            "<SpliceAnalyzersSeverity>error</SpliceAnalyzersSeverity>",
            ("legacy/Old.cs", Programs.StoringType("Old")),
            (".editorconfig", "root = true\n[legacy/**.cs]\ndotnet_diagnostic.SPL1001.severity = suggestion\n"));

        CommandResult before = project.Dotnet("build");
        project.Write("New.cs", Programs.StoringType("New"));
        CommandResult after = project.Dotnet("build");

        Assert.True(before.ExitCode == 0, before.ToString());
        Assert.Empty(before.Findings);
        Assert.True(after.ExitCode != 0, after.ToString());
        Assert.Equal(["New.cs: error SPL1001"], after.Findings);
    }

    /// <summary>The findings of SPL1001 in a log: the file, and why it is not reported.</summary>
    private static IEnumerable<string> InTheLog(JsonElement log) =>
        from result in log.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
        where result.GetProperty("ruleId").GetString() == "SPL1001"
        let place = result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString()!
        let suppressions = result.TryGetProperty("suppressions", out JsonElement all) ? all.EnumerateArray().ToArray() : []
        let why = suppressions.Length == 0 ? "reported" : suppressions[0].TryGetProperty("justification", out JsonElement text) ? text.GetString() : ""
        select $"{place.Split('/')[^1]}: {why}";
}
