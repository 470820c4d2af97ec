using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>The pages tell of a fix exactly where there is one.</summary>
public class DocumentationTests
{
    private static readonly ImmutableHashSet<string> Fixable =
    [
        .. from type in typeof(UseWriteFix).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract
           from id in ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds
           select id
    ];

    public static TheoryData<string> Ids =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "rules"), "SPL*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_names_a_fix_where_there_is_one(string id)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules", id + ".md"));

        string named = Regex.Match(page, @"^\| Code fix \| (.+) \|\r?$", RegexOptions.Multiline).Groups[1].Value;

        Assert.Equal(Fixable.Contains(id), named != "None");
        Assert.NotEmpty(named);
    }
}
