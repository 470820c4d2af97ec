namespace SpliceAnalyzers.Interop;

/// <summary>The architectures that some code can run on.</summary>
/// <param name="Possible">As far as is known.</param>
/// <param name="IsChecked">Something asked for the architecture, whether or not it was understood.</param>
internal readonly record struct ArchitectureSet(CpuArchitecture Possible, bool IsChecked)
{
    public static readonly ArchitectureSet Unchecked = new(CpuArchitecture.Any, IsChecked: false);

    /// <summary>Both conditions hold.</summary>
    public ArchitectureSet And(ArchitectureSet other) => new(Possible & other.Possible, IsChecked || other.IsChecked);

    /// <summary>One of the conditions holds; a check in one of them alone decides nothing.</summary>
    public ArchitectureSet Or(ArchitectureSet other) => new(Possible | other.Possible, IsChecked && other.IsChecked);

    /// <summary>A test for the named ones, and its opposite. Other stands for several, of which one test names one.</summary>
    public static (ArchitectureSet Yes, ArchitectureSet No) Split(CpuArchitecture named) =>
        (new(named, IsChecked: true), new(CpuArchitecture.Any & ~named | CpuArchitecture.Other, IsChecked: true));
}
