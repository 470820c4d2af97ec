using System.Collections.Concurrent;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Rules;

/// <summary>The verdicts of a compilation: programs of the same form are explored once. It lives no longer than the compilation.</summary>
internal sealed class VerdictCache
{
    private readonly ConcurrentDictionary<(ProgramForm, (KernelKind, ConsumerKind, GiftContract, long)), Verdict> _known = new();

    /// <summary>The verdict of a program, with the sites of that one.</summary>
    public Verdict Of(ProgramForm program, ExplorationOptions options, CancellationToken cancellation)
    {
        var key = (program, Key(options));
        if (!_known.TryGetValue(key, out Verdict known))
            known = _known.GetOrAdd(key, Explorer.Explore(program.Program, options, cancellation));
        return known.At(program.Sites);
    }

    /// <summary>What makes two sets of options the same.</summary>
    public static (KernelKind, ConsumerKind, GiftContract, long) Key(ExplorationOptions options) => (options.Kernel, options.Consumer, options.GiftContract, options.MaxStates);
}
