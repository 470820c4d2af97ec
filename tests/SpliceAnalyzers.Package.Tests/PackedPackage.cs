using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using SpliceAnalyzers.Tests;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The package under test: SpliceAnalyzers.VERSION.nupkg in the folder that SPLICE_PACKAGE_FOLDER names.</summary>
internal static class PackedPackage
{
    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("SPLICE_PACKAGE_FOLDER")
            ?? throw new InvalidOperationException("Set SPLICE_PACKAGE_FOLDER to the folder that `dotnet pack nuget -o` wrote to."),
        Repository.Root);

    public static string File { get; } = Path.Combine(Folder, $"SpliceAnalyzers.{Repository.Version}.nupkg");

    public static string[] EntryNames()
    {
        using ZipArchive package = ZipFile.OpenRead(File);
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    public static byte[] Read(string entryName)
    {
        using ZipArchive package = ZipFile.OpenRead(File);
        ZipArchiveEntry entry = package.GetEntry(entryName)
            ?? throw new FileNotFoundException($"{entryName} is not in {File}.");
        using Stream stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Writes all that is in the package to a folder.</summary>
    public static void ExtractTo(string folder) => ZipFile.ExtractToDirectory(File, folder);
}
