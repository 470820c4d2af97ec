using System;
using System.IO;

namespace SpliceAnalyzers.Tool;

/// <summary>Where output goes, and what it can show.</summary>
/// <param name="In">What is piped in.</param>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong, and how far long work is.</param>
/// <param name="Width">Columns that text may use.</param>
/// <param name="HasColour">True when somebody looks who wants colours.</param>
/// <param name="ShowsProgress">True when somebody looks at <paramref name="Error"/>.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, int Width, bool HasColour, bool ShowsProgress)
{
    /// <summary>What a text without a terminal is written for.</summary>
    public const int DefaultWidth = 100;

    /// <summary>Lines longer than this are hard to read.</summary>
    private const int MostWidth = 120;

    public static Terminal OfThisProcess()
    {
        var isPiped = Console.IsOutputRedirected;
        // https://no-color.org: set to anything but nothing.
        var wantsColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var width = isPiped || Console.WindowWidth <= 0 ? DefaultWidth : Math.Min(Console.WindowWidth, MostWidth);
        return new Terminal(Console.In, Console.Out, Console.Error, width, !isPiped && wantsColour, !Console.IsErrorRedirected);
    }

    public string Red(string text) => In16(31, text);

    public string Green(string text) => In16(32, text);

    public string Bold(string text) => In16(1, text);

    private string In16(int code, string text) => HasColour ? $"\u001b[{code}m{text}\u001b[0m" : text;

    /// <summary>Says on one line how far the work is; the line goes when the work is done.</summary>
    public void ShowProgress(string what, int done, int all)
    {
        if (ShowsProgress && all > 1) Error.Write(done == all ? "\r\u001b[K" : $"\r{what} {done + 1} of {all}\u001b[K");
    }
}
