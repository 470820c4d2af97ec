using System;
using System.IO;
using System.Linq;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>What the commands say of themselves and of what is wrong, and what they end with.</summary>
public class CommandTests
{
    [Theory]
    [InlineData("", "show", "replay", "explain", "cost", "enrich", "--version")]
    [InlineData("show", "WITNESS|FILE", "--format", "--rule", "--width", "--output")]
    [InlineData("replay", "WITNESS|FILE", "--kernel", "--real", "--rule", "cow_snapshot")]
    [InlineData("explain", "SPLxxxx")]
    [InlineData("cost", "--size", "--reuse", "--share", "--offset", "--threads", "in-flight")]
    [InlineData("enrich", "FILE.sarif", "--output")]
    public void Help_names_everything(string command, params string[] named)
    {
        var printed = Tool.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (printed.ExitCode, printed.Error));
        Assert.All(named, name => Assert.Contains(name, printed.Out, StringComparison.Ordinal));
    }

    public static TheoryData<string, string[]> Mistakes => new()
    {
        { "Required command was not provided.", [] },
        { "Unrecognized command or argument 'frobnicate'.", ["frobnicate"] },
        { "Required argument 'WITNESS|FILE' missing", ["show"] },
        { "Required argument 'WITNESS|FILE' missing", ["replay"] },
        { "Required argument 'FILE.sarif' missing", ["enrich"] },
        { "Unrecognized command or argument '--frob'.", ["replay", Tool.Store, "--frob"] },
        { "'png' not recognized", ["show", Tool.Store, "--format", "png"] },
        { "--width is '59', and must be a number from 60 to 1000.", ["show", Tool.Store, "--width", "59"] },
        { "--width is 'wide', and must be a number", ["show", Tool.Store, "--width", "wide"] },
        { "'bsd' not recognized", ["replay", Tool.Store, "--kernel", "bsd"] },
        { "--real is the running kernel", ["replay", Tool.Store, "--real", "--kernel", "linux"] },
        { "--size is '0', and must be a number from 1 to 1048576.", ["cost", "--size", "0"] },
        { "--offset is '4096', and must be a number from 0 to 4095.", ["cost", "--offset", "4096"] },
        { "--share is '101', and must be a number from 1 to 100.", ["cost", "--share", "101"] },
        { "'sometimes' not recognized", ["cost", "--reuse", "sometimes"] },
        { "There is no rule 'SPL9999'. The rules are: SPL0001, ", ["explain", "SPL9999"] },
        { "is no witness (v1:...), and cannot be read as a file: Could not find file", ["show", "nowhere.sarif"] },
        { "cannot be read as a file", ["replay", Path.GetTempPath()] },
        { "cannot be read as a file", ["enrich", "nowhere.sarif"] },
        { "The witness cannot be read. Expected a step (one of the letters afhsxucmdr) at character 3.", ["replay", "v1:q"] },
        { "Step 1 cannot happen: region 0 has 4096 bytes.", ["replay", "v1:a0=native:4096,h0@0+8192>p0,r0@0+1"] },
        { "Step 1 cannot happen: region 0 has 4096 bytes.", ["show", "v1:a0=native:4096,h0@0+8192>p0,r0@0+1"] },
        { "'/proc/nowhere/file' cannot be written: ", ["show", Tool.Store, "--output", "/proc/nowhere/file"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_said_on_the_error_stream_and_ends_with_2(string said, string[] arguments)
    {
        var printed = Tool.Run(arguments);

        Assert.Equal(2, printed.ExitCode);
        Assert.Contains(said, printed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", printed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "What was piped in is neither a witness (v1:...) nor a SARIF log")]
    [InlineData("<html>", "What was piped in is neither a witness (v1:...) nor a SARIF log")]
    [InlineData("[]", "is JSON, but no SARIF log")]
    [InlineData("{\"runs\":[]}", "is a SARIF log of version '', and 2.1 is needed")]
    [InlineData("{\"version\":\"1.0.0\",\"runs\":[]}", "is a SARIF log of version '1.0.0', and 2.1 is needed. A build writes one with: dotnet build -p:ErrorLog=FILE.sarif%2Cversion=2.1")]
    [InlineData("{\"version\":2,\"runs\":[]}", "is no SARIF log as the standard has it")]
    [InlineData("{\"version\":\"2.1.0\",\"runs\":[{}]}", "No result in What was piped in carries a witness.")]
    [InlineData("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"ruleId\":\"SPL1001\",\"properties\":{\"witness\":\"v1:q\"}}]}]}", "A result of SPL1001 in What was piped in has a witness that cannot be read")]
    [InlineData("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"ruleId\":7,\"properties\":{\"witness\":\"v1:q\"}}]}]}", "is no SARIF log as the standard has it")]
    [InlineData("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"suppressions\":[{}],\"properties\":{\"witness\":\"v1:q\"}}]}]}", "1 are suppressed in the source")]
    public void Input_that_is_none_is_said(string input, string said)
    {
        foreach (var command in new[] { "show", "replay" })
        {
            var printed = Tool.RunPiped(input, command, "-");

            Assert.Equal((2, ""), (printed.ExitCode, printed.Out));
            Assert.Contains(said, printed.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_rule_chooses_its_findings()
    {
        using var logs = new Logs();
        var path = logs.Write(logs.Result(), logs.Result("SPL1003", Tool.Drained, "4,0,2"));

        Assert.Equal("1 of 2 corrupt in the model of linux.", Tool.Run("replay", path).Out.TrimEnd().Split(Environment.NewLine)[^1]);
        Assert.Equal((0, "Sender.cs(7,5): SPL1001: corrupted. In step 4 the consumer reads 1 byte of pipe 0: gets B, not A (in the model of linux)."), ResultOf("replay", path, "--rule", "spl1001"));
        Assert.Equal((1, "Sender.cs(7,5): SPL1003: intact. In step 5 the consumer reads what was handed off (in the model of linux)."), ResultOf("replay", path, "--rule", "SPL1003"));
        Assert.Contains("No result of SPL1004 in", Tool.Run("replay", path, "--rule", "SPL1004").Error, StringComparison.Ordinal);
    }

    private static (int, string) ResultOf(params string[] arguments)
    {
        var printed = Tool.Run(arguments);
        return (printed.ExitCode, printed.Out.TrimEnd());
    }

    [Theory]
    [InlineData(Tool.Store, "linux", 0)]
    [InlineData(Tool.Store, "vmsplice_copies", 1)]
    [InlineData(Tool.Store, "cow_snapshot", 1)]
    [InlineData(Tool.Drained, "linux", 1)]
    [InlineData(Tool.Gift, "linux", 0)]
    [InlineData(Tool.Gift, "vmsplice_copies", 1)]
    public void A_replay_ends_with_0_only_when_the_corruption_shows(string witness, string kernel, int code)
    {
        var printed = Tool.Run("replay", witness, "--kernel", kernel);

        Assert.True(printed.ExitCode == code && printed.Error.Length == 0, printed.ToString());
        Assert.Contains(code == 0 ? ": corrupted. " : ": intact. ", printed.Out, StringComparison.Ordinal);
        Assert.Contains($"in the model of {kernel}", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_witness_is_named_by_its_beginning()
    {
        var witness = "v1:a0=native:4096" + string.Concat(Enumerable.Repeat(",f0@0+4096", 20)) + ",h0@0+4096>p0,s0@0+4096,r0@0+1";

        Assert.StartsWith($"{witness[..77]}...: corrupted. In step 23 ", Tool.Run("replay", witness).Out, StringComparison.Ordinal);
        Assert.All(Tool.Run("show", witness, "--width", "80").Out.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_witness_may_come_from_a_file_or_a_pipe()
    {
        using var logs = new Logs();

        Assert.Equal(Tool.Run("show", Tool.Store).Out, Tool.Run("show", logs.WriteText($"\n {Tool.Store}\n")).Out);
        Assert.Equal(Tool.Run("show", Tool.Store).Out, Tool.RunPiped(Tool.Store + "\n", "show", "-").Out);
    }

    [Fact]
    public void Colours_and_progress_are_for_terminals_only()
    {
        using var logs = new Logs();
        var path = logs.Write(logs.Result(), logs.Result());
        string[][] commands = [["show", path], ["replay", path], ["explain", "SPL1001"], ["cost"]];

        foreach (var arguments in commands)
        {
            var plain = Tool.Run(arguments);
            var coloured = Tool.RunInColour(arguments);
            Assert.DoesNotContain('\u001b', plain.Out + plain.Error);
            Assert.Contains("\u001b[", coloured.Out, StringComparison.Ordinal);
            Assert.Equal(plain.Out, WithoutColour(coloured.Out));
        }
        Assert.Equal("\rreplaying 1 of 2\u001b[K\rreplaying 2 of 2\u001b[K\r\u001b[K", Tool.RunInColour("replay", path).Error);
        Assert.DoesNotContain('\u001b', Tool.RunInColour("show", path, "--format", "html").Out);
    }

    private static string WithoutColour(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9]+m", "");

    [Fact]
    public void Every_rule_is_explained_by_its_page()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "rules"), "SPL*.md").Order(StringComparer.Ordinal).ToList();

        Assert.Equal(pages.Select(static page => File.ReadLines(page).First()[2..]), Tool.Run("explain").Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        foreach (var page in pages)
        {
            var explained = Tool.Run("explain", Path.GetFileNameWithoutExtension(page).ToLowerInvariant()).Out.ReplaceLineEndings("\n");
            var text = File.ReadAllText(page).ReplaceLineEndings("\n");
            Assert.DoesNotContain(".svg", explained, StringComparison.Ordinal);
            Assert.Equal(Headings(text), Headings(explained));
            Assert.EndsWith(text[text.IndexOf("\n## Bad", StringComparison.Ordinal)..], explained, StringComparison.Ordinal);
        }
    }

    private static string[] Headings(string page) => [.. page.Split('\n').Where(static line => line.StartsWith('#'))];

    [Fact]
    public void A_price_stands_for_each_kernel_and_call_with_what_the_reader_gets()
    {
        var rows = Rows("--reuse", "in-flight");

        Assert.Equal(15, rows.Length);
        Assert.Equal(["linux vmsplice", "linux vmsplice, gift"], rows.Where(static row => row.Gets == "wrong bytes").Select(static row => row.Name));
        Assert.Equal(1, rows.Single(static row => row.Name == "linux write").Ratio);
        Assert.InRange(rows.Single(static row => row.Name == "linux vmsplice").Ratio, 0.2, 0.4);
        Assert.True(rows.Single(static row => row.Name == "cow_snapshot vmsplice").Ratio > 1.5, "stores in flight cost more than copying");
        Assert.All(rows, row => Assert.Equal(Math.Round(row.Price / rows.Max(static other => other.Price) * 36), row.Bar));
    }

    [Theory]
    [InlineData("after-read")]
    [InlineData("never")]
    [InlineData("fresh")]
    public void Other_ways_to_reuse_are_right_everywhere(string reuse) => Assert.All(Rows("--reuse", reuse, "--size", "8192"), static row => Assert.Equal("right bytes", row.Gets));

    [Fact]
    public void Alignment_and_threads_change_what_taking_pages_costs()
    {
        double At(params string[] more) => Rows(["--reuse", "never", .. more]).Single(static row => row.Name == "cow_snapshot vmsplice").Ratio;

        Assert.InRange(At(), 0.3, 0.6);
        Assert.Equal(1, At("--offset", "100"));
        Assert.True(At("--threads") > At(), "another thread has to be interrupted");
    }

    private static (string Name, double Price, double Ratio, string Gets, double Bar)[] Rows(params string[] arguments)
    {
        var printed = Tool.Run(["cost", .. arguments]);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Error));
        var kernel = "";
        return
        [
            .. printed.Out.Split(Environment.NewLine).Where(static line => line.EndsWith('#')).Select(line =>
            {
                kernel = line[..16].Trim() is { Length: > 0 } name ? name : kernel;
                var numbers = System.Globalization.CultureInfo.InvariantCulture;
                return ($"{kernel} {line[17..32].Trim()}", double.Parse(line[33..41], numbers), double.Parse(line[42..48], numbers), line[50..62].Trim(), (double)line.Count(static c => c == '#'));
            }),
        ];
    }
}
