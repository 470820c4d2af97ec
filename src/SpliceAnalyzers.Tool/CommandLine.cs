using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.Threading;
using System.Threading.Tasks;
using SpliceAnalyzers.Tool.Commands;

namespace SpliceAnalyzers.Tool;

/// <summary>The commands, and what is the same for all of them.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments, Terminal terminal)
    {
        var root = new RootCommand(
            """
            Shows what SpliceAnalyzers found, and replays it. A witness is the short text, v1:..., that a diagnostic carries;
            a build writes one for every finding into its log: dotnet build -p:ErrorLog=FILE.sarif%2Cversion=2.1
            """)
        {
            ShowCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            CostCommand.Create(terminal),
            EnrichCommand.Create(terminal),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error) error.ShowHelp = false;
        var code = parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        if (parsed.Action is not ParseErrorAction) return code;
        terminal.Error.WriteLine($"'{NameOf(parsed.CommandResult.Command)} --help' tells more.");
        return ExitCode.BadInput;
    }

    /// <summary>Gives a command its action. What is wrong with the input is said on the error stream.</summary>
    public static Command WithAction(this Command command, Terminal terminal, Func<ParseResult, CancellationToken, int> action)
    {
        command.SetAction((parsed, cancellation) =>
        {
            try
            {
                return Task.FromResult(action(parsed, cancellation));
            }
            catch (BadInputException bad)
            {
                terminal.Error.WriteLine(bad.Message);
                return Task.FromResult(ExitCode.BadInput);
            }
        });
        return command;
    }

    private static string NameOf(Command command) => command is RootCommand ? "splice-witness" : $"splice-witness {command.Name}";
}
