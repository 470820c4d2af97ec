using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The packed assemblies load into the oldest compiler and editor they are meant for.</summary>
public class PackageAssemblyTests
{
    private const string Folder = "analyzers/dotnet/cs/";

    // What a host with Roslyn 4.8 offers to an analyzer.
    private static readonly Dictionary<string, Version> Offered = new(StringComparer.Ordinal)
    {
        ["netstandard"] = new(2, 0, 0, 0),
        ["Microsoft.CodeAnalysis"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.Workspaces"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp.Workspaces"] = new(4, 8, 0, 0),
        ["System.Buffers"] = new(4, 0, 3, 0),
        ["System.Collections.Immutable"] = new(7, 0, 0, 0),
        ["System.Composition.AttributedModel"] = new(7, 0, 0, 0),
        ["System.Memory"] = new(4, 0, 1, 2),
        ["System.Numerics.Vectors"] = new(4, 1, 4, 0),
        ["System.Reflection.Metadata"] = new(7, 0, 0, 0),
        ["System.Runtime.CompilerServices.Unsafe"] = new(6, 0, 0, 0),
        ["System.Threading.Tasks.Extensions"] = new(4, 2, 0, 1),
    };

    public static TheoryData<string> Assemblies => ["SpliceAnalyzers", "SpliceAnalyzers.KernelModel", "SpliceAnalyzers.CodeFixes"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void It_refers_to_nothing_newer_than_Roslyn_4_8_offers(string assembly)
    {
        IEnumerable<string> tooNew = References(assembly)
            .Where(reference => !Assemblies.Any(row => row.Data == reference.Name))
            .Where(reference => !Offered.TryGetValue(reference.Name, out Version? offered) || reference.Version > offered)
            .Select(reference => $"{reference.Name} {reference.Version}");

        Assert.Empty(tooNew);
    }

    [Theory]
    [InlineData("SpliceAnalyzers")]
    [InlineData("SpliceAnalyzers.KernelModel")]
    public void What_the_compiler_loads_does_not_refer_to_Workspaces(string assembly) =>
        Assert.DoesNotContain(References(assembly), reference => reference.Name.EndsWith("Workspaces", StringComparison.Ordinal));

    [Fact]
    public void The_kernel_model_knows_no_compiler() =>
        Assert.Equal(["netstandard"], References("SpliceAnalyzers.KernelModel").Select(reference => reference.Name));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Its_symbols_are_inside_and_lead_to_the_published_sources(string assembly)
    {
        using var image = new PEReader(new MemoryStream(PackedPackage.Read($"{Folder}{assembly}.dll")));
        using MetadataReaderProvider symbols = image.ReadEmbeddedPortablePdbDebugDirectoryData(
            image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
        MetadataReader reader = symbols.GetMetadataReader();

        string link = Encoding.UTF8.GetString(reader.GetBlobBytes(
            reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition).Select(reader.GetCustomDebugInformation).Single(information => reader.GetGuid(information.Kind) == SourceLink).Value));
        string published = Repository.Url.Replace("https://github.com/", "https://raw.githubusercontent.com/", StringComparison.Ordinal);
        Assert.Matches("^{\"documents\":{\"/_/\\*\":\"" + published + "/[0-9a-f]{40}/\\*\"}}$", link);
        Assert.All(reader.Documents, document => Assert.StartsWith("/_/src/", reader.GetString(reader.GetDocument(document).Name), StringComparison.Ordinal));
    }

    // The kind of debug information that SourceLink is, in portable symbols.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static (string Name, Version Version)[] References(string assembly)
    {
        using var image = new PEReader(new MemoryStream(PackedPackage.Read($"{Folder}{assembly}.dll")));
        MetadataReader reader = image.GetMetadataReader();
        return
        [
            .. from handle in reader.AssemblyReferences
               let reference = reader.GetAssemblyReference(handle)
               select (reader.GetString(reference.Name), reference.Version)
        ];
    }
}
