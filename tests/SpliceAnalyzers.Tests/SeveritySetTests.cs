using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>The severity sets of the package name every rule there is, and no other.</summary>
public class SeveritySetTests
{
    private static readonly DiagnosticDescriptor[] Rules =
    [
        .. from type in typeof(RuleIds).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract
           from rule in ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics
           orderby rule.Id
           select rule
    ];

    [Theory]
    [InlineData("none", "none", "none")]
    [InlineData("recommended", "warning", "suggestion")]
    [InlineData("all", "warning", "warning")]
    [InlineData("error", "error", "error")]
    public void A_set_has_every_rule(string set, string severity, string ofPreferences)
    {
        IEnumerable<string> expected = Rules.Select(static rule => rule.Id).Distinct()
            .Select(id => $"dotnet_diagnostic.{id}.severity = {(id.StartsWith("SPL3", StringComparison.Ordinal) ? ofPreferences : severity)}");

        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "nuget", "config", set + ".globalconfig"));

        Assert.Equal(expected, lines.Where(static line => line.StartsWith("dotnet_diagnostic", StringComparison.Ordinal)));
        Assert.Contains("is_global = true", lines);
        Assert.Contains("global_level = -50", lines);
    }
}
