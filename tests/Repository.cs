using System.Linq;
using System.Reflection;

namespace SpliceAnalyzers.Tests;

/// <summary>What the build knows about the repository these tests were compiled in.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Url { get; } = Metadata("RepositoryUrl");

    public static string Version { get; } = Metadata("PackageVersion");

    /// <summary>The compiler that the tests were built to run on.</summary>
    public static string RoslynVersion { get; } = Metadata("RoslynVersion");

    /// <summary>A value that only some of the test projects have.</summary>
    public static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
