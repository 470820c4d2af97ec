using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>Links in the documentation lead somewhere: to a file, to a heading, and to the one repository there is.</summary>
public class LinkTests
{
    public static TheoryData<string> Documents =>
    [
        .. from path in Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Below("docs")).Concat(Below("nuget")).Concat(Below("src")).Concat(Below("samples"))
           where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
           select Path.GetRelativePath(Repository.Root, path)
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;

        IEnumerable<string> broken = from link in Links(document)
                                     where !link.Contains("://", StringComparison.Ordinal) && !Exists(folder, document, link)
                                     select link;

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_to_the_repository_use_its_address_and_lead_somewhere(string document)
    {
        foreach (string link in Links(document).Where(link => link.Contains("spliceanalyzers", StringComparison.Ordinal) && link.Contains("://", StringComparison.Ordinal)))
        {
            Assert.StartsWith(Repository.Url, link, StringComparison.Ordinal);
            string path = Regex.Replace(link[Repository.Url.Length..], "^/(blob|tree)/main/", "").TrimEnd('/');
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), link);
        }
    }

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories);

    private static IEnumerable<string> Links(string document) =>
        Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, document)), @"\]\(([^)\s]+)\)|<(https?://[^>\s]+)>").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value);

    private static bool Exists(string folder, string document, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? Path.Combine(Repository.Root, document) : Path.GetFullPath(Path.Combine(folder, parts[0]));
        return Path.Exists(target) && (parts.Length == 1 || Headings(target).Contains(parts[1]));
    }

    /// <summary>The headings of a document, as anchors.</summary>
    private static IEnumerable<string> Headings(string path) =>
        Regex.Matches(File.ReadAllText(path), "^#+ (.+?)\r?$", RegexOptions.Multiline)
            .Select(match => Regex.Replace(match.Groups[1].Value.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));
}
