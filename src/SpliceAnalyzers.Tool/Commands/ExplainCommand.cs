using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Prints a rule's page.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var rule = new Argument<string?>("SPLxxxx") { Description = "The rule's id. Without one, all rules are listed.", HelpName = "SPLxxxx", Arity = ArgumentArity.ZeroOrOne };
        return new Command("explain", "Explains a rule: what it finds, why that corrupts, and what to do.") { rule }.WithAction(terminal, (parsed, _) =>
        {
            if (parsed.GetValue(rule) is { } id) Print(ReadPage(id), terminal);
            else List(terminal);
            return ExitCode.Done;
        });
    }

    /// <summary>The pages of docs/rules, which the build embeds under their rules' ids.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. typeof(ExplainCommand).Assembly.GetManifestResourceNames().Where(static name => name.StartsWith("SPL", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A page's picture and the sentence before it, which say nothing in a terminal.</summary>
    private static readonly Regex Picture = new("[^\n]+\n\n<!-- picture -->\n.*?<!-- /picture -->\n\n", RegexOptions.Singleline);

    /// <exception cref="BadInputException">There is no such rule.</exception>
    public static string ReadPage(string id)
    {
        var known = Ids.FirstOrDefault(known => string.Equals(known, id, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadInputException($"There is no rule '{id}'. The rules are: {string.Join(", ", Ids)}.");
        using var page = new StreamReader(typeof(ExplainCommand).Assembly.GetManifestResourceStream(known)!);
        return Picture.Replace(page.ReadToEnd().ReplaceLineEndings("\n"), "");
    }

    private static void Print(string page, Terminal terminal)
    {
        foreach (var line in page.TrimEnd('\n').Split('\n')) terminal.Out.WriteLine(line.StartsWith('#') ? terminal.Bold(line) : line);
    }

    private static void List(Terminal terminal)
    {
        foreach (var id in Ids) terminal.Out.WriteLine(ReadPage(id).Split('\n')[0].TrimStart('#', ' '));
    }
}
