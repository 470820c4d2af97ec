using System;
using System.Collections.Immutable;
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

    public static TheoryData<string> Ids => [.. RulePage.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_names_a_fix_where_there_is_one(string id)
    {
        string named = Regex.Match(RulePage.Text(id), @"^\| Code fix \| (.+) \|$", RegexOptions.Multiline).Groups[1].Value;

        Assert.Equal(Fixable.Contains(id), named != "None");
        Assert.NotEmpty(named);
    }
}
