using System;
using System.IO;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The folder that `dotnet pack nuget -o` wrote to.</summary>
internal static class PackageLocation
{
    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("SPLICE_PACKAGE_FOLDER")
        ?? throw new InvalidOperationException("Set SPLICE_PACKAGE_FOLDER to the folder the package was made in."));
}
