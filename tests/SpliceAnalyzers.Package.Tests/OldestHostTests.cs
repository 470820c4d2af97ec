using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The packed assemblies in a process that has Roslyn 4.8 and no other.</summary>
public class OldestHostTests
{
    [Fact]
    public void They_load_there_report_what_the_pages_say_and_fix()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("splice-oldest-");
        PackedPackage.ExtractTo(folder.FullName);
        string[] sources = [.. WriteExamples(folder.FullName), Path.Combine(folder.FullName, "Program.cs")];
        File.WriteAllText(sources[^1], Programs.StoresAfterHandOff);

        string arguments = string.Join(' ', sources.Prepend("SPL1001").Prepend(Path.Combine(folder.FullName, "analyzers", "dotnet", "cs")).Select(argument => $"\"{argument}\""));
        CommandResult host = Command.Dotnet(Repository.Root, "run --project tests/SpliceAnalyzers.OldestHost -- " + arguments, new Dictionary<string, string>());
        folder.Delete(recursive: true);

        Assert.True(host.ExitCode == 0, host.ToString());
        Assert.StartsWith("Roslyn 4.8.0\n", host.Output, StringComparison.Ordinal);
        Assert.Equal(
            Examples.SelectMany(id => RulePage.ReportedOfBad(id).Select(reported => $"{id}.Bad.cs: {reported}")).Append("Program.cs: SPL1001").Order(StringComparer.Ordinal),
            Regex.Matches(host.Output, @"^([\w.]+)\([0-9,]+\): \w+ (\w+):", RegexOptions.Multiline).Select(match => $"{match.Groups[1]}: {match.Groups[2]}").Distinct().Order(StringComparer.Ordinal));
        // The fix was made, and only for its sake the editor's part of Roslyn was loaded.
        Assert.True(host.Output.Contains("Workspaces is loaded: False\nUse writev:\n", StringComparison.Ordinal), host.ToString());
        Assert.True(host.Output.Contains("if (writev(1, &segment, 1) == 4096)", StringComparison.Ordinal), host.ToString());
    }

    /// <summary>The rules whose examples are C#.</summary>
    private static IEnumerable<string> Examples => RulePage.Ids.Where(id => RulePage.Example(id, "Bad").Language == "csharp");

    private static IEnumerable<string> WriteExamples(string folder)
    {
        foreach ((string id, string heading) in Examples.SelectMany(id => new[] { (id, "Bad"), (id, "Good") }))
        {
            string path = Path.Combine(folder, $"{id}.{heading}.cs");
            File.WriteAllText(path, RulePage.Example(id, heading).Code);
            yield return path;
        }
    }
}
