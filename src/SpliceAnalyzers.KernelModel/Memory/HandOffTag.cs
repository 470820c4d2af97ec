namespace SpliceAnalyzers.KernelModel.Memory;

/// <summary>Which hand-off put bytes in flight. Only <see cref="Place"/> is part of the state; the rest tells runs of the same place apart in a witness.</summary>
internal struct HandOffTag
{
    /// <summary>The hand-off's place: its site and those of the calls that were running, as a number.</summary>
    public int Place;

    /// <summary>True when a widened value decided which bytes were handed off.</summary>
    public bool Blurred;

    /// <summary>True when the hand-off carried SPLICE_F_GIFT.</summary>
    public bool Gifted;

    /// <summary>Which execution of it, counted while a witness is recorded; 0 otherwise.</summary>
    public int Serial;

    /// <summary>The <see cref="Region.Identity"/> of the region.</summary>
    public int Region;

    public readonly bool IsSamePlace(in HandOffTag other) => Place == other.Place && Blurred == other.Blurred && Gifted == other.Gifted;
}
