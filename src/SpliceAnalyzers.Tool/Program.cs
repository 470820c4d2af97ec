using SpliceAnalyzers.Tool;

return CommandLine.Run(args, Terminal.OfThisProcess());
