using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using SpliceAnalyzers.Tests;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>
/// A console project in a folder of its own, outside the repository, that gets the packed package from a folder feed and nothing from
/// anywhere else, not even from a package cache.
/// </summary>
internal sealed class ConsumerProject : IDisposable
{
    private readonly Dictionary<string, string> environment;

    public ConsumerProject(string program)
    {
        Folder = Directory.CreateTempSubdirectory("splice-consumer-").FullName;
        environment = new() { ["NUGET_PACKAGES"] = Path.Combine(Folder, "packages") };

        Write("Program.cs", program);
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{PackedPackage.Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
              </fallbackPackageFolders>
            </configuration>
            """);
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <Compile Remove="packages/**" />
                <PackageReference Include="SpliceAnalyzers" Version="{Repository.Version}" />
              </ItemGroup>
            </Project>
            """);
    }

    public string Folder { get; }

    public CommandResult Dotnet(string arguments) => Command.Dotnet(Folder, arguments, environment);

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public JsonElement ReadJson(string name) => JsonDocument.Parse(Read(name)).RootElement;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
