namespace SpliceAnalyzers.Tool;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done; of a replay: the corruption showed.</summary>
    public const int Done = 0;

    /// <summary>The replay was done, and the corruption did not show.</summary>
    public const int NotShown = 1;

    /// <summary>The command line or the input makes no sense.</summary>
    public const int BadInput = 2;

    /// <summary>This system cannot do it.</summary>
    public const int CannotHere = 3;
}
