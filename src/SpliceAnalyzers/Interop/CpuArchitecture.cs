using System;

namespace SpliceAnalyzers.Interop;

/// <summary>The architectures whose numbers the table has. The names are those of System.Runtime.InteropServices.Architecture.</summary>
[Flags]
internal enum CpuArchitecture
{
    None = 0,
    X64 = 1,
    Arm64 = 2,
    X86 = 4,
    /// <summary>All that have another numbering.</summary>
    Other = 8,
    Any = X64 | Arm64 | X86 | Other,
}
