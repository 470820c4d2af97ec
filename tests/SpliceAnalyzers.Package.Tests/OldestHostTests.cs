using System;
using System.Collections.Generic;
using System.IO;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The packed assemblies in a process that has Roslyn 4.8 and no other.</summary>
public class OldestHostTests
{
    [Fact]
    public void They_load_there_report_and_fix()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("splice-oldest-");
        PackedPackage.ExtractTo(folder.FullName);
        string source = Path.Combine(folder.FullName, "Program.cs");
        File.WriteAllText(source, Programs.StoresAfterHandOff);

        string assemblies = Path.Combine(folder.FullName, "analyzers", "dotnet", "cs");
        CommandResult host = Command.Dotnet(Repository.Root, $"run --project tests/SpliceAnalyzers.OldestHost -- \"{assemblies}\" \"{source}\" SPL1001", new Dictionary<string, string>());
        folder.Delete(recursive: true);

        Assert.True(host.ExitCode == 0, host.ToString());
        Assert.True(host.Output.StartsWith("Roslyn 4.8.0\nProgram.cs(20,13): warning SPL1001: 'buffer' is modified", StringComparison.Ordinal), host.ToString());
        Assert.True(!host.Output.Contains("error", StringComparison.Ordinal) && !host.Output.Contains("AD0001", StringComparison.Ordinal), host.ToString());
        // The fix was made, and only for its sake the editor's part of Roslyn was loaded.
        Assert.True(host.Output.Contains("Workspaces is loaded: False\nUse writev:\n", StringComparison.Ordinal), host.ToString());
        Assert.True(host.Output.Contains("if (writev(1, &segment, 1) == 4096)", StringComparison.Ordinal), host.ToString());
    }
}
