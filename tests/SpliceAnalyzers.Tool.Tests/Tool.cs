using System.IO;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record Printed(int ExitCode, string Out, string Error)
{
    /// <summary>For a failing assertion.</summary>
    public override string ToString() => $"{Out}\n{Error}\nexit code {ExitCode}";
}

/// <summary>Runs commands as the process does, with what they read and print in memory.</summary>
internal static class Tool
{
    /// <summary>A store after the hand-off.</summary>
    public const string Store = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,s0@0+4096,r0@0+1";

    /// <summary>The same, read back before the store: nothing is wrong.</summary>
    public const string Drained = "v1:a0=native:8192,f0@0+8192,h0@0+8192>p0,c0+4096,s0@0+4096,r0@0+1";

    public const string Gift = "v1:a0=native:4096,f0@0+4096,h0@0+4096>p0!g,c0+4096,s0@0+1";

    public static Printed Run(params string[] arguments) => Run("", false, arguments);

    public static Printed RunPiped(string input, params string[] arguments) => Run(input, false, arguments);

    public static Printed RunInColour(params string[] arguments) => Run("", true, arguments);

    private static Printed Run(string input, bool hasColour, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Run(arguments, new Terminal(new StringReader(input), output, error, Terminal.DefaultWidth, hasColour, hasColour));
        return new Printed(code, output.ToString(), error.ToString());
    }
}
