namespace SpliceAnalyzers.Tool.Replay;

/// <summary>What the consumer of a replayed witness got.</summary>
/// <param name="Count">How many bytes it read at last.</param>
/// <param name="Differing">How many of them are not those that were handed off.</param>
/// <param name="Index">The first that differs; 0 where none does.</param>
/// <param name="HandedOff">What was handed off there.</param>
/// <param name="Got">What was read there.</param>
internal readonly record struct ReadBytes(long Count, long Differing, long Index, byte HandedOff, byte Got);
