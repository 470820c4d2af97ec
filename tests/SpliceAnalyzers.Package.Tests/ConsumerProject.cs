using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using SpliceAnalyzers.Tests;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>
/// A folder with a project in it, outside the repository, that gets the packed package from a folder feed. Nothing comes from the network: targeting
/// packs of other frameworks come from where the restore of these tests put them, and no package comes from a cache.
/// </summary>
internal sealed class ConsumerProject : IDisposable
{
    /// <summary>How a project that is written by hand refers to the package.</summary>
    public static readonly string Reference = $"""<PackageReference Include="SpliceAnalyzers" Version="{Repository.Version}" />""";

    private readonly Dictionary<string, string> environment;

    /// <summary>A console project of one file.</summary>
    public ConsumerProject(string program)
        : this()
    {
        Write("Program.cs", program);
        Write("Consumer.csproj", ProjectFile("<OutputType>Exe</OutputType>", Reference));
    }

    /// <summary>A folder without any project.</summary>
    public ConsumerProject()
    {
        Folder = Directory.CreateTempSubdirectory("splice-consumer-").FullName;
        environment = new() { ["NUGET_PACKAGES"] = Path.Combine(Folder, "packages") };

        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{PackedPackage.Folder}" />
                <add key="restored" value="{Repository.Metadata("RestoredPackages")}" />
              </packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="packed">
                  <package pattern="*" />
                </packageSource>
                <packageSource key="restored">
                  <package pattern="Microsoft.*" />
                </packageSource>
              </packageSourceMapping>
              <fallbackPackageFolders>
                <clear />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>A library with these files: names, and what is in them.</summary>
    public static ConsumerProject Library(string properties, params (string Name, string Text)[] files)
    {
        var project = new ConsumerProject();
        project.Write("Consumer.csproj", ProjectFile(properties, Reference));
        project.Write("Native.cs", Programs.Native);
        foreach ((string name, string text) in files)
            project.Write(name, text);
        return project;
    }

    public string Folder { get; }

    /// <summary>A project file with properties and items of its own. Its framework is net10.0 where the properties say nothing else.</summary>
    public static string ProjectFile(string properties, string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <Nullable>enable</Nullable>
            <UseAppHost>false</UseAppHost>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <Compile Remove="packages/**" />
            {items}
          </ItemGroup>
        </Project>
        """;

    public CommandResult Dotnet(string arguments) => Command.Dotnet(Folder, arguments, environment);

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public JsonElement ReadJson(string name) => JsonDocument.Parse(Read(name)).RootElement;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public void Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
