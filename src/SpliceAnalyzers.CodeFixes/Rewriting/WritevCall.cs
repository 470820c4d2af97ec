using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>
/// vmsplice(fd, iov, n, flags) becomes writev(fd, iov, n). Where the call asks not to be blocked, it becomes
/// pwritev2(fd, iov, n, -1, RWF_NOWAIT); where only running it would tell, the flag decides then: pwritev2 without RWF_NOWAIT
/// is writev. A named FIFO does not know RWF_NOWAIT: there the call stays. On the read end of a pipe it is readv and preadv2 in the same way.
/// A raw system call gets the other call's number, and the offset in two halves.
/// </summary>
internal static class WritevCall
{
    private const string NonBlockName = "SPLICE_F_NONBLOCK";

    /// <param name="handOff">The call.</param>
    /// <param name="plain">The function with vmsplice's arguments but the flags: writev, or readv in the other direction.</param>
    /// <param name="withFlags">The one that can be told not to wait: pwritev2, or preadv2.</param>
    /// <param name="names">The names of what is declared together.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<CallChange?> ForAsync(HandOff handOff, NativeFunction plain, NativeFunction withFlags, NewNames names, CancellationToken cancellationToken)
    {
        if (handOff.Written(VmspliceParameter.Descriptor) is not { } descriptor
            || handOff.Written(VmspliceParameter.Segments) is not { } segments
            || handOff.Written(VmspliceParameter.Count) is not { } count)
        {
            return null;
        }

        bool? nonBlocking = FlagBits.NonBlocking(handOff);
        if (nonBlocking != false && OpenedByPath.Is(handOff, cancellationToken))
            return null;

        NativeFunction function = nonBlocking == false ? plain : withFlags;
        List<ArgumentSyntax> kept = [descriptor, segments, count];
        List<Operand> operands = [.. kept.Select(argument => new WrittenOperand(argument.Expression)), .. TailOperands(handOff, nonBlocking)];
        NumberCopy? numbers = null;
        if (handOff.IsNumbered)
        {
            if (await NumberCopy.FindAsync(handOff, function, names, cancellationToken).ConfigureAwait(false) is not var (number, copy))
                return null;
            operands.Insert(0, number);
            kept.Insert(0, handOff.WrittenNumber!);
            numbers = copy;
        }

        if (await CalleeChoice.FindAsync(handOff, function, operands, segment: null, names, cancellationToken).ConfigureAwait(false) is not { } callee
            || Values(handOff, operands, callee) is not { } values)
        {
            return null;
        }

        IEnumerable<TextChange> changes = CallText.Callee(handOff, callee)
            .Concat(kept.SelectMany((argument, index) => CallText.Argument(argument, argument.Expression.Span, values[index], callee.ParameterNames[index])))
            .Concat(CallText.Tail(handOff, values, callee.ParameterNames));
        return new CallChange(
            handOff,
            [.. changes],
            [.. Moved(handOff, nonBlocking)],
            [.. callee.Declarations, .. numbers?.Declarations ?? []],
            [.. callee.Leftovers, .. numbers?.Leftovers ?? [], .. FlagBits.Symbols(handOff)],
            [.. Needed(handOff, nonBlocking)]);
    }

    /// <summary>What comes after the segments and their count.</summary>
    private static IEnumerable<Operand> TailOperands(HandOff handOff, bool? nonBlocking)
    {
        if (nonBlocking == false)
            return [];
        var offset = new NumberOperand(NativeFunction.CurrentPosition, NumberKind.Negative);
        return handOff.IsNumbered ? [offset, offset, NoWait(handOff, nonBlocking)] : [offset, NoWait(handOff, nonBlocking)];
    }

    /// <summary>The operands as the callee takes them; places that it has beyond them and cannot do without are 0.</summary>
    private static string[]? Values(HandOff handOff, IReadOnlyList<Operand> operands, Callee callee)
    {
        int required = callee.RequiredParameters;
        IEnumerable<Operand> padding = Enumerable.Repeat(NumberOperand.Zero, System.Math.Max(0, required - operands.Count));
        string[] values = [.. operands.Concat(padding).Zip(callee.ParameterTypes, (operand, type) => operand.As(type, handOff)).OfType<string>()];
        return values.Length == System.Math.Max(required, operands.Count) ? values : null;
    }

    private static NumberOperand NoWait(HandOff handOff, bool? nonBlocking)
    {
        string noWait = CalleeName.OfConstant(handOff, "RWF_NOWAIT")?.Text ?? $"{NativeFunction.NoWait} /* RWF_NOWAIT */";
        if (nonBlocking == true || handOff.Written(VmspliceParameter.Flags) is not { Expression: var flags })
            return new NumberOperand(noWait, NumberKind.Constant);

        string nonBlock = CalleeName.OfConstant(handOff, NonBlockName)?.Text ?? $"{FlagBits.NonBlock} /* {NonBlockName} */";
        return new NumberOperand($"({AsNumber(flags, handOff)} & {nonBlock}) != 0 ? {noWait} : 0", NumberKind.Computed);
    }

    /// <summary>The constants that the new text names.</summary>
    private static IEnumerable<ISymbol> Needed(HandOff handOff, bool? nonBlocking) =>
        nonBlocking is null && CalleeName.OfConstant(handOff, NonBlockName) is { } found ? [found.Constant] : [];

    private static string AsNumber(ExpressionSyntax flags, HandOff handOff)
    {
        string text = flags is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax
            ? flags.ToString()
            : $"({flags})";
        return handOff.Model.GetTypeInfo(flags).Type is { TypeKind: TypeKind.Enum } ? $"(uint){text}" : text;
    }

    private static IEnumerable<TextSpan> Moved(HandOff handOff, bool? nonBlocking) =>
        handOff.Written(VmspliceParameter.Flags) is { } flags && nonBlocking is null ? [flags.Expression.Span] : [];
}
