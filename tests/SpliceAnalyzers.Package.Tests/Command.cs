using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>What a process printed, on both streams, and how it ended.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output)
{
    /// <summary>What a build says of rules: "Program.cs: warning SPL1001", each once, in order of their names.</summary>
    public IEnumerable<string> Findings => Regex.Matches(Output, @"^(?:.*?([^/(]+)\([0-9,]+\): |CSC : |.* : )(warning|error) (SPL[0-9]{4}):", RegexOptions.Multiline)
        .Select(match => $"{(match.Groups[1].Success ? match.Groups[1].Value : "no file")}: {match.Groups[2].Value} {match.Groups[3].Value}")
        .Distinct().Order(StringComparer.Ordinal);

    /// <summary>For a failing assertion: everything there is to know.</summary>
    public override string ToString() => $"$ {CommandLine}\n{Output}\nexit code {ExitCode}";
}

/// <summary>Runs `dotnet` or another program as a user would, not as a child of `dotnet test`.</summary>
internal static class Command
{
    // Far beyond what any of them takes: only a process that hangs gets there.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    // What the test host and MSBuild leave in the environment would change what the child does.
    private static readonly string[] Inherited = ["MSBUILD", "VSTEST", "TESTINGPLATFORM", "XUNIT", "SPLICE_", "NUGET_", "CI"];

    public static CommandResult Dotnet(string workingDirectory, string arguments, IReadOnlyDictionary<string, string> environment) =>
        Run("dotnet", workingDirectory, arguments, environment);

    public static CommandResult Run(string program, string workingDirectory, string arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsInherited).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "true";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        return Run(start);
    }

    private static bool IsInherited(string name) => Inherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static CommandResult Run(ProcessStartInfo start)
    {
        string commandLine = $"{start.FileName} {start.Arguments}";
        var output = new StringBuilder();
        var gate = new Lock();
        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (gate)
                output.AppendLine(line.Data);
        }

        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            lock (gate)
                throw new TimeoutException($"$ {commandLine}\n{output}\nnot done after {Timeout}");
        }

        process.WaitForExit();
        return new CommandResult(commandLine, process.ExitCode, output.ToString());
    }
}
