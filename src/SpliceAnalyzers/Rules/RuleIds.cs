namespace SpliceAnalyzers.Rules;

/// <summary>The ids are public API: they do not change.</summary>
public static class RuleIds
{
    public const string UnknownOptionValue = "SPL0001";

    public const string ModifiedInFlight = "SPL1001";
    public const string GiftedBufferModified = "SPL1002";
    public const string ReleasedInFlight = "SPL1003";
    public const string LifetimeEndsInFlight = "SPL1004";
    public const string SourceFileModified = "SPL1005";
    public const string CallersBufferInFlight = "SPL1006";
    public const string RecycledByPipeSize = "SPL1007";
    public const string NotAnalysedCompletely = "SPL1008";

    public const string SignatureDiffers = "SPL2001";
    public const string ErrorsUnreadable = "SPL2002";
    public const string CountIgnored = "SPL2003";
    public const string FlagWithoutEffect = "SPL2004";
    public const string UncheckedNumber = "SPL2005";
    public const string PipeSizeUnchecked = "SPL2006";
    public const string RejectedArguments = "SPL2007";

    public const string PreferWrite = "SPL3001";
    public const string GiftBuysNothing = "SPL3002";
    public const string PreferReadv = "SPL3003";
}
