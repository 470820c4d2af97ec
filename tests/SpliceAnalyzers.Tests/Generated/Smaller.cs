using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A plan with one thing less.</summary>
internal static class Smaller
{
    public static IEnumerable<Plan> Than(Plan plan)
    {
        foreach (Block body in Than(plan.Body))
            yield return plan with { Body = body };
        if (plan.IsPublic)
            yield return plan with { IsPublic = false };
        if (plan.Buffers.Count > 1 && !plan.Body.All().Any(static a => a is HandOff { Buffer: 1 } or Store { Buffer: 1 } or Look { Buffer: 1 } or GiveUp { Buffer: 1 } or Pinned { Buffer: 1 }))
            yield return plan with { Buffers = [plan.Buffers[0]] };
    }

    /// <summary>Without a statement, with a statement's blocks in its place, or with a smaller block in a statement.</summary>
    private static IEnumerable<Block> Than(Block block)
    {
        for (int i = 0; i < block.Acts.Count; i++)
        {
            Act act = block.Acts[i];
            yield return Replaced(block, i, []);
            foreach (Block inner in act.Blocks)
                yield return Replaced(block, i, inner.Acts);
            foreach (Act smaller in Than(act))
                yield return Replaced(block, i, [smaller]);
        }
    }

    private static IEnumerable<Act> Than(Act act)
    {
        for (int i = 0; i < act.Blocks.Count; i++)
        {
            foreach (Block smaller in Than(act.Blocks[i]))
                yield return act.With([.. act.Blocks.Select((block, j) => j == i ? smaller : block)]);
        }

        if (act is HandOff { Form: > 0 } handOff)
            yield return new HandOff(handOff.Buffer, handOff.From, handOff.Length, handOff.Outlet, 0, handOff.IsGift);
        if (act is Store { Form: > 0 } store)
            yield return new Store(store.Buffer, store.From, store.Length, 0);
    }

    private static Block Replaced(Block block, int index, IEnumerable<Act> acts) =>
        new([.. block.Acts.Take(index), .. acts, .. block.Acts.Skip(index + 1)]);
}
