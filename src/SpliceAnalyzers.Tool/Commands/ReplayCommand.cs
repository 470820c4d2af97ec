using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Witnesses;
using SpliceAnalyzers.Tool.Logs;
using SpliceAnalyzers.Tool.Replay;

namespace SpliceAnalyzers.Tool.Commands;

/// <summary>Runs witnesses again, in the model or on the running kernel.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = WitnessInput.CreateArgument();
        var rule = WitnessInput.CreateRuleOption();
        var kernel = new Option<string>("--kernel") { Description = "The kernel in the model.", DefaultValueFactory = static _ => KernelNames.Of(KernelKind.Linux) };
        kernel.AcceptOnlyFromAmong([.. KernelNames.All]);
        var real = new Option<bool>("--real") { Description = "On the running kernel: real memory, real pipes, a real read. Linux only." };
        var command = new Command("replay", "Runs a witness: 0 when the corruption showed, 1 when it did not, 2 when the input is bad, 3 when this system cannot.") { input, kernel, real, rule };
        command.Validators.Add(result =>
        {
            if (result.GetValue(real) && result.GetResult(kernel) is { Implicit: false }) result.AddError("--real is the running kernel: it does not go together with --kernel.");
        });
        return command.WithAction(terminal, (parsed, cancellation) =>
        {
            var findings = WitnessInput.Read(parsed.GetRequiredValue(input), parsed.GetValue(rule), terminal);
            RequirePossible(findings);
            KernelNames.TryParse(parsed.GetRequiredValue(kernel), out var kind);
            return Replay(findings, parsed.GetValue(real) ? null : kind, terminal, cancellation);
        });
    }

    /// <exception cref="BadInputException">A witness has a step that cannot be.</exception>
    private static void RequirePossible(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var result = WitnessReplay.Run(finding.Steps);
            if (!result.IsPossible) throw new BadInputException($"{finding.Title}: {result.Message}");
        }
    }

    /// <param name="findings">What is replayed.</param>
    /// <param name="kernel">The kernel in the model; null for the running one.</param>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="cancellation">Ends an exploration.</param>
    private static int Replay(IReadOnlyList<Finding> findings, KernelKind? kernel, Terminal terminal, CancellationToken cancellation)
    {
        var shown = 0;
        for (var i = 0; i < findings.Count; i++)
        {
            terminal.ShowProgress("replaying", i, findings.Count);
            bool isShown;
            string message;
            try
            {
                (isShown, message) = kernel is { } kind ? InModel(findings[i], kind, cancellation) : OnRunningKernel(findings[i]);
            }
            catch (KernelRefusalException refusal)
            {
                terminal.ShowProgress("replaying", findings.Count, findings.Count);
                terminal.Error.WriteLine($"{findings[i].Title}: not replayed. {refusal.Message}");
                return ExitCode.CannotHere;
            }
            shown += isShown ? 1 : 0;
            terminal.Out.WriteLine($"{findings[i].Title}: {(isShown ? terminal.Red("corrupted") : terminal.Green("intact"))}. {message}");
        }
        terminal.ShowProgress("replaying", findings.Count, findings.Count);
        if (findings.Count > 1) terminal.Out.WriteLine($"{shown} of {findings.Count} corrupt {Where(kernel)}.");
        return shown == findings.Count ? ExitCode.Done : ExitCode.NotShown;
    }

    private static string Where(KernelKind? kernel) => kernel is { } kind ? $"in the model of {KernelNames.Of(kind)}" : "on the running kernel";

    private static (bool IsShown, string Message) InModel(Finding finding, KernelKind kernel, CancellationToken cancellation)
    {
        var result = WitnessReplay.Run(finding.Steps, kernel, cancellation);
        var read = Timeline.Of(finding.Steps).Steps[^1];
        if (read.Trace.Action != TraceAction.Read) return (result.IsConfirmed, $"{result.Message} ({Where(kernel)})");
        // The timeline is that of today's kernel; where the bytes stay, only its letters of the hand-off hold.
        var words = result.IsConfirmed ? read.Text : "reads what was handed off";
        return (result.IsConfirmed, $"In step {read.Number} the consumer {words} ({Where(kernel)}).");
    }

    private static (bool IsShown, string Message) OnRunningKernel(Finding finding)
    {
        using var driver = new WitnessDriver(finding.Steps);
        if (driver.Run() is not { } read) return (false, "Nobody reads, so nothing can be seen: what is broken is the promise that a gift is.");
        var bytes = read.Count == 1 ? "the byte" : $"byte {read.Index} of {read.Count}, the first of {read.Differing} that differ";
        return read.Differing > 0
            ? (true, $"Handed off was {Name(read.HandedOff)}, the consumer got {Name(read.Got)} ({bytes} read, {Where(null)}).")
            : (false, $"The consumer got what was handed off, {Name(read.Got)} ({Where(null)}).");
    }

    private static string Name(byte value) => value is >= 0x21 and <= 0x7E ? $"{value:x2} '{(char)value}'" : $"{value:x2}";
}
