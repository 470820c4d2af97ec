namespace SpliceAnalyzers.CodeFixes;

/// <summary>What the light bulb says. The titles are also the fixes' equivalence keys.</summary>
public static class FixTitles
{
    public const string UseWritev = "Use writev";
    public const string UseWrite = "Use write";
    public const string UseReadv = "Use readv";
    public const string RemoveGift = "Remove SPLICE_F_GIFT";
    public const string RemoveFlag = "Remove the flag";
    public const string CorrectSignature = "Correct the signature";
    public const string SetLastError = "Add SetLastError = true";
    public const string LoopOverTransfers = "Check the result and loop over short transfers";
}
