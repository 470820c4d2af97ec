using System;
using System.CommandLine;
using System.IO;
using System.Text;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Where the result of a command goes.</summary>
internal static class OutputOption
{
    public static Option<string?> Create() => new("--output", "-o") { Description = "The file to write to; standard output otherwise.", HelpName = "FILE" };

    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string? file, string text, Terminal terminal)
    {
        if (file is null)
        {
            terminal.Out.Write(text);
            return;
        }
        try
        {
            File.WriteAllText(file, text, new UTF8Encoding(false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"'{file}' cannot be written: {error.Message}");
        }
    }
}
