using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>What commands are given: a witness, a file with one, or a log with several.</summary>
internal static class WitnessInput
{
    private const string Header = "v1:";

    public static Argument<string> CreateArgument() => new("WITNESS|FILE")
    {
        Description = "A witness (v1:...), a file with one, or a SARIF 2.1 log; - reads from standard input.",
        HelpName = "WITNESS|FILE",
    };

    public static Option<string?> CreateRuleOption() => new("--rule")
    {
        Description = "Only the findings of this rule, such as SPL1001.",
        HelpName = "SPLxxxx",
    };

    /// <summary>The findings that were asked for, at least one.</summary>
    /// <exception cref="BadInputException">There is none, or the input cannot be read.</exception>
    public static IReadOnlyList<Finding> Read(string argument, string? rule, Terminal terminal)
    {
        var text = IsWitness(argument) ? argument : ReadText(argument, terminal);
        if (IsWitness(text)) return [Decode(text.Trim())];
        var log = SarifLog.Parse(text, NameOf(argument), FolderOf(argument));
        var findings = log.Findings.Where(finding => rule is null || string.Equals(finding.Rule, rule, StringComparison.OrdinalIgnoreCase)).ToList();
        if (findings.Count > 0) return findings;
        var suppressed = log.Suppressed > 0 ? $" {log.Suppressed} are suppressed in the source." : "";
        throw new BadInputException($"No result{(rule is null ? "" : $" of {rule}")} in {NameOf(argument)} carries a witness.{suppressed} Warnings of the SPL1xxx series of SpliceAnalyzers carry one.");
    }

    /// <summary>The text of a file, or of standard input.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static string ReadText(string argument, Terminal terminal)
    {
        if (argument == "-") return terminal.In.ReadToEnd();
        try
        {
            return File.ReadAllText(argument);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"'{argument}' is no witness (v1:...), and cannot be read as a file: {error.Message}");
        }
    }

    public static string NameOf(string argument) => argument == "-" ? "What was piped in" : $"'{argument}'";

    public static string FolderOf(string argument) => argument == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(argument))!;

    private static bool IsWitness(string text) => text.AsSpan().TrimStart().StartsWith(Header, StringComparison.Ordinal);

    private static Finding Decode(string witness) => WitnessText.TryDecode(witness, out var steps, out var error)
        ? new Finding("", "", "", witness, steps, [], null)
        : throw new BadInputException($"The witness cannot be read. {error}");
}
