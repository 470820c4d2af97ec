using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace SpliceAnalyzers.Tests;

/// <summary>The rules' pages, and their examples.</summary>
internal static class RulePage
{
    /// <summary>The ids of all rules that have a page, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "SPL*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static string PathOf(string id, string extension = "md") => Path.Combine(Repository.Root, "docs", "rules", $"{id}.{extension}");

    public static string Text(string id) => File.ReadAllText(PathOf(id)).ReplaceLineEndings("\n");

    /// <summary>The example under a heading, "Bad" or "Good": C#, or a configuration (ini).</summary>
    public static (string Language, string Code) Example(string id, string heading)
    {
        Match example = Regex.Match(Text(id), $"^## {heading}\n+```(csharp|ini)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);
        return (example.Groups[1].Value, example.Groups[2].Value);
    }

    /// <summary>
    /// What is reported of the bad example. A gift that is kept, and a hand-off that the search did not get to the end of, are hand-offs too, of which
    /// SPL3001 says that they are.
    /// </summary>
    public static string[] ReportedOfBad(string id) => id switch
    {
        "SPL3002" => ["SPL3001", id],
        "SPL1008" => [id, "SPL3001"],
        _ => [id],
    };
}
