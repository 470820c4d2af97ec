namespace SpliceAnalyzers.KernelModel;

/// <summary>The unit in which memory is handed to a pipe: one slot for every page that a segment touches.</summary>
public static class PageSize
{
    public const int Bytes = 4096;
}
