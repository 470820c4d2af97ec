using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.Options;
using Xunit;

namespace SpliceAnalyzers.Tests.Options;

/// <summary>The documents name every option, with the values that it takes and the one that it has.</summary>
public class OptionPageTests
{
    public static TheoryData<string> Names => [.. SpliceOption.All.Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_of_options_tells_its_values_and_its_default(string name)
    {
        SpliceOption option = SpliceOption.All.Single(option => option.Name == name);
        Match row = Regex.Match(RulePage.Text("SPL0001"), $@"^\| `{SpliceOption.Prefix}{name}` \| (.+) \| `?(\w+)`? \|$", RegexOptions.Multiline);

        string values = Regex.Replace(Regex.Replace(row.Groups[1].Value, @" \([^)]*\)", ""), "`", "");
        Assert.Equal(option.Allowed, values);
        AssertIsTheDefault(option, row.Groups[2].Value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_of_the_package_tells_its_default(string name)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "nuget", "README.md"));
        Match line = Regex.Match(readme, $@"^    {SpliceOption.Prefix}{name} = (\w+) ", RegexOptions.Multiline);

        AssertIsTheDefault(SpliceOption.All.Single(option => option.Name == name), line.Groups[1].Value);
    }

    private static void AssertIsTheDefault(SpliceOption option, string value)
    {
        var options = new ExplorationOptions();

        Assert.True(option.TryApply(value, options), $"'{value}' is no value of {option.Name}.");
        Assert.Equivalent(new ExplorationOptions(), options, strict: true);
    }
}
