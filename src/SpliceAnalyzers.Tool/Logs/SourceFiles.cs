using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>Source files that a log refers to, as far as they are still there.</summary>
internal sealed class SourceFiles
{
    private readonly Dictionary<string, string[]> _lines = [];

    /// <summary>The place in short, and the code there; no code where the file is not to be had.</summary>
    public TimelineSource Describe(StepLocation location)
    {
        var lines = LinesOf(location.File);
        var code = location.FirstLine < 1 || location.FirstLine > lines.Length
            ? ""
            : string.Join(' ', lines[(location.FirstLine - 1)..Math.Clamp(location.LastLine, location.FirstLine, lines.Length)].Select(static line => line.Trim()));
        return new TimelineSource(location.Step, $"{Path.GetFileName(location.File)}({location.FirstLine})", code);
    }

    private string[] LinesOf(string file)
    {
        if (_lines.TryGetValue(file, out var lines)) return lines;
        try
        {
            lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A picture without this line is still a picture.
            lines = [];
        }
        return _lines[file] = lines;
    }
}
