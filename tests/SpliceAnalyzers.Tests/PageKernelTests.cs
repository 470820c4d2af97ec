using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Kernels;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>What a rule's page says of its bad example under each kernel is what is reported. SPLICE_DRAW_PAGES=1 writes it anew.</summary>
public class PageKernelTests
{
    private const string Head = "| `splice_analyzers.kernel` | what is reported of the code under [Bad](#bad) |\n|---|---|\n";

    private static readonly Regex Table = new(Regex.Escape(Head) + "(\\|.*\n)*", RegexOptions.Multiline);

    public static TheoryData<string> Ids => PagePictureTests.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_says_what_its_bad_example_is_under_each_kernel(string id)
    {
        string table = await TableOf(RulePage.Example(id, "Bad").Code);
        if (Environment.GetEnvironmentVariable(PagePictureTests.Draw) == "1")
            await File.WriteAllTextAsync(RulePage.PathOf(id), Table.Replace(RulePage.Text(id), table, 1), TestContext.Current.CancellationToken);

        Assert.Equal(table, Table.Match(RulePage.Text(id)).Value);
    }

    private static async Task<string> TableOf(string source)
    {
        var table = new StringBuilder(Head);
        foreach (string kernel in KernelNames.All)
        {
            var options = new DocumentationTests.ConfiguredOptions($"[*.cs]\nsplice_analyzers.kernel = {kernel}\n");
            ImmutableArray<Diagnostic> found = await DocumentationTests.Diagnose(source, options);
            IEnumerable<string> ids = found.Select(static diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal);
            table.Append(CultureInfo.InvariantCulture, $"| `{kernel}` | {string.Join(", ", ids.DefaultIfEmpty("nothing"))} |\n");
        }

        return table.ToString();
    }
}
