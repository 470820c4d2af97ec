using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>What is in the pictures.</summary>
public class DrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_wrong_bytes_are_marked_in_the_picture()
    {
        var picture = XDocument.Parse(Tool.Run("show", Tool.Store, "--format", "svg").Out).Root!;

        Assert.Equal(Svg + "svg", picture.Name);
        // The slot in two steps, and the box of the read.
        Assert.Equal(3, picture.Descendants(Svg + "rect").Count(static rect => Classes(rect).Contains("bad")));
        Assert.Equal(["B!", "B!"], picture.Descendants(Svg + "text").Select(static text => text.Value).Where(static text => text.EndsWith('!')));
        Assert.Equal("bytes 0-4095: B, handed off as A", picture.Descendants(Svg + "title").Select(static title => title.Value).First(static title => title.Contains("handed off", StringComparison.Ordinal)));
        Assert.Contains("reads 1 byte of pipe 0:", picture.Descendants(Svg + "text").Select(static text => text.Value));
    }

    [Theory]
    [InlineData(Tool.Store)]
    [InlineData(Tool.Drained)]
    [InlineData("v1:a0=callerarray:10000,f0@0+10000,h0@0+10000>p0,x0:return,u0@0+10000,r0@0+1")]
    [InlineData("v1:a0=managed:8192,f0@0+8192,h0@0+8192>p0!g,m0>p1+8192,d1>p2+4096,s0@100+1,r1@100+1")]
    [InlineData("v1:a0=native:9000000,a1=native:1,f0@0+4096,h0@100+8000000>p0,s0@5000+1,s0@9000+1,s0@19000+1,s0@29000+1,s0@39000+1,s0@49000+1,r0@4800+200")]
    public void Everything_is_inside_of_the_picture(string witness)
    {
        var picture = XDocument.Parse(Tool.Run("show", witness, "--format", "svg").Out).Root!;
        var (width, height) = ((int)picture.Attribute("width")!, (int)picture.Attribute("height")!);

        Assert.All(picture.Descendants(Svg + "rect").Where(static rect => rect.Attribute("x") is not null), rect =>
        {
            Assert.InRange((int)rect.Attribute("x")! + (int)rect.Attribute("width")!, 0, width);
            Assert.InRange((int)rect.Attribute("y")! + (int)rect.Attribute("height")!, 0, height);
        });
        Assert.All(picture.Descendants(Svg + "text").Where(static text => text.Attribute("text-anchor") is null && !Classes(text).Contains("on")), text =>
            Assert.InRange((int)text.Attribute("x")! + text.Value.Length * 7, 0, width));
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("html")]
    public void It_is_one_file_that_loads_nothing_and_runs_nothing(string format)
    {
        using var logs = new Logs();
        var page = Tool.Run("show", logs.Write(logs.Result(), logs.Result()), "--format", format).Out;

        Assert.DoesNotMatch("(?i)<script|<link|<img|<iframe|@import|url\\(|javascript:| on\\w+=", page);
        Assert.All(Regex.Matches(page, "(?:src|href)=\"([^\"]*)\"").Select(static match => match.Groups[1].Value), static target => Assert.StartsWith("#w", target, StringComparison.Ordinal));
        Assert.All(Regex.Matches(page, "https?://[^\"]*").Select(static match => match.Value), static name => Assert.Equal(Svg.NamespaceName, name));
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_the_message_the_source_and_the_witness_of_each_finding()
    {
        using var logs = new Logs();
        var page = Tool.Run("show", logs.Write(logs.Result(), logs.Result("SPL1003")), "--format", "html").Out;

        Assert.Equal(2, Regex.Count(page, "<svg "));
        Assert.Contains("<h2>Sender.cs(7,5): SPL1001</h2>\n<p>&#39;buffer&#39; is modified &lt;while&gt; in flight.</p>", page, StringComparison.Ordinal);
        Assert.Contains("vmsplice(pipe, &amp;segment, 1, 0);</text>", page, StringComparison.Ordinal);
        Assert.Contains("Fill(&lt;buffer&gt;);</text>", page, StringComparison.Ordinal);
        Assert.Contains("splice-witness replay --real &#39;v1:a0=native:4096,", page.Replace("'v1", "&#39;v1", StringComparison.Ordinal).Replace("real '", "real &#39;", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Source_code_stands_beside_the_steps_in_text()
    {
        using var logs = new Logs();
        var text = Tool.Run("show", logs.Write(logs.Result())).Out;

        Assert.Contains("|   Sender.cs(4): Fill(<buffer>);\n", text, StringComparison.Ordinal);
        Assert.Contains("|   Sender.cs(5): vmsplice(pipe, &segment, 1, 0);\n", text, StringComparison.Ordinal);
        Assert.Contains("|   Sender.cs(7): buffer[0] = \"&\";\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_source_files_the_places_are_left()
    {
        using var logs = new Logs();
        var path = logs.Write(logs.Result());
        System.IO.File.Delete(System.IO.Path.Combine(logs.Folder, "Sender.cs"));

        Assert.Contains("|   Sender.cs(5)\n", Tool.Run("show", path).Out, StringComparison.Ordinal);
    }

    private static string[] Classes(XElement element) => ((string?)element.Attribute("class") ?? "").Split(' ');
}
