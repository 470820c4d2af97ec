namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>The parameters of vmsplice by position. What they are called is the declaration's business.</summary>
internal enum VmspliceParameter
{
    Descriptor = 0,
    Segments = 1,
    Count = 2,
    Flags = 3,
}
