using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>One commit is one package, whoever packs it and wherever.</summary>
public class ReproducibilityTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public void Two_clones_in_different_folders_pack_the_same_bytes()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("splice-packs-");

        string[] one = PackClone(folder, "one");
        string[] two = PackClone(folder, Path.Combine("in a deeper folder", "two"));
        folder.Delete(recursive: true);

        Assert.NotEmpty(one);
        Assert.Equal(one, two);
    }

    /// <summary>Clones what is committed here, packs it, and tells the names of the packages and the hashes of their bytes.</summary>
    private static string[] PackClone(DirectoryInfo folder, string name)
    {
        string clone = Path.Combine(folder.FullName, name);
        CommandResult cloned = Command.Run("git", folder.FullName, $"clone --quiet --no-hardlinks \"{Repository.Root.TrimEnd('/')}\" \"{clone}\"", NoEnvironment);
        Assert.True(cloned.ExitCode == 0, cloned.ToString());

        CommandResult packed = Command.Dotnet(clone, "pack nuget -c Release -o packed", NoEnvironment);
        Assert.True(packed.ExitCode == 0, packed.ToString());
        return
        [
            .. from package in Directory.EnumerateFiles(Path.Combine(clone, "packed")).Order(StringComparer.Ordinal)
               select $"{Path.GetFileName(package)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(package)))}"
        ];
    }
}
