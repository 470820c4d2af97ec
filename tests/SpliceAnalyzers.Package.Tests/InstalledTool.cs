using System;
using System.Collections.Generic;
using System.IO;
using SpliceAnalyzers.Tests;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The packed tool, installed with `dotnet tool install --global` in a home folder that was empty before, from a folder feed and nothing else.</summary>
public sealed class InstalledTool : IDisposable
{
    private readonly Dictionary<string, string> environment;

    public InstalledTool()
    {
        Folder = Directory.CreateTempSubdirectory("splice-home-").FullName;
        environment = new() { ["HOME"] = Folder, ["DOTNET_CLI_HOME"] = Folder, ["NUGET_PACKAGES"] = Path.Combine(Folder, "packages") };
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{PackedPackage.Folder}" />
              </packageSources>
            </configuration>
            """);
        Installation = Command.Dotnet(Folder, $"tool install --global SpliceAnalyzers.Tool --version {Repository.Version}", environment);
    }

    /// <summary>The home folder.</summary>
    public string Folder { get; }

    internal CommandResult Installation { get; }

    internal CommandResult Run(string arguments) => Command.Run(Path.Combine(Folder, ".dotnet", "tools", "splice-witness"), Folder, arguments, environment);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
