namespace SpliceAnalyzers.CodeFixes;

/// <summary>What the light bulb says. The titles are also the fixes' equivalence keys.</summary>
public static class FixTitles
{
    public const string UseWritev = "Use writev";
    public const string UseWrite = "Use write";
}
