using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>Which registers still matter where: clearing the others lets states meet that differ in nothing that is used again.</summary>
internal static class Liveness
{
    /// <summary>For each instruction, a bit set of the registers that may be read at or after it before they are set.</summary>
    public static ulong[][] Compute(Instruction[] code, int registers)
    {
        var words = registers / 64 + 1;
        var live = new ulong[code.Length][];
        for (var i = 0; i < code.Length; i++) live[i] = new ulong[words];
        var incoming = new ulong[words];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var pc = code.Length - 1; pc >= 0; pc--)
            {
                Transfer(code, pc, live, incoming);
                for (var word = 0; word < words; word++)
                {
                    changed |= live[pc][word] != incoming[word];
                    live[pc][word] = incoming[word];
                }
            }
        }
        return live;
    }

    /// <summary>Marks the instructions that more than one other leads to.</summary>
    public static bool[] FindJoins(Instruction[] code)
    {
        var counts = new int[code.Length + 1];
        for (var pc = 0; pc < code.Length; pc++) InstructionFacts.VisitSuccessors(code[pc], pc, next => counts[next]++);
        return System.Array.ConvertAll(counts, static count => count > 1);
    }

    private static void Transfer(Instruction[] code, int pc, ulong[][] live, ulong[] incoming)
    {
        System.Array.Clear(incoming, 0, incoming.Length);
        var handler = code[pc] is Call { OnThrow: >= 0 and var onThrow } ? onThrow : -1;
        InstructionFacts.VisitSuccessors(code[pc], pc, next =>
        {
            if (next != handler) Join(incoming, live, next);
        });
        InstructionFacts.VisitTargets(code[pc], target => incoming[target >> 6] &= ~(1UL << (target & 63)));
        // A callee that throws sets no register.
        if (handler >= 0) Join(incoming, live, handler);
        InstructionFacts.VisitOperands(code[pc], expression => MarkUses(expression, incoming));
    }

    private static void Join(ulong[] target, ulong[][] live, int pc)
    {
        if (pc >= live.Length) return;
        for (var word = 0; word < target.Length; word++) target[word] |= live[pc][word];
    }

    private static void MarkUses(Expression expression, ulong[] used)
    {
        switch (expression)
        {
            case RegisterExpression register:
                used[register.Index >> 6] |= 1UL << (register.Index & 63);
                break;
            case BinaryExpression binary:
                MarkUses(binary.Left, used);
                MarkUses(binary.Right, used);
                break;
        }
    }
}
