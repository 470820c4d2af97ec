using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Interop;

/// <summary>The number of a raw system call.</summary>
/// <param name="Value">The number.</param>
/// <param name="Architecture">Where it means the call that is assumed.</param>
/// <param name="IsGuarded">A check of the architecture dominates the call, or chooses the number.</param>
/// <param name="Argument">Where it is passed.</param>
internal sealed record SystemCallNumber(long Value, CpuArchitecture Architecture, bool IsGuarded, IOperation Argument);
