using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>
/// vmsplice(fd, iov, n, flags) becomes writev(fd, iov, n). Where the call asks not to be blocked, it becomes
/// pwritev2(fd, iov, n, -1, RWF_NOWAIT); where only running it would tell, the flag decides then: pwritev2 without RWF_NOWAIT
/// is writev. A named FIFO does not know RWF_NOWAIT: there the call stays. On the read end of a pipe it is readv and preadv2 in the same way.
/// </summary>
internal static class WritevCall
{
    private const string NonBlockName = "SPLICE_F_NONBLOCK";

    /// <param name="handOff">The call.</param>
    /// <param name="plain">The function with vmsplice's arguments but the flags: writev, or readv in the other direction.</param>
    /// <param name="withFlags">The one that can be told not to wait: pwritev2, or preadv2.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<CallChange?> ForAsync(HandOff handOff, NativeFunction plain, NativeFunction withFlags, CancellationToken cancellationToken)
    {
        if (handOff.Written(VmspliceParameter.Descriptor) is not { } descriptor
            || handOff.Written(VmspliceParameter.Segments) is not { } segments
            || handOff.Written(VmspliceParameter.Count) is not { } count)
        {
            return null;
        }

        ArgumentSyntax? flags = handOff.Written(VmspliceParameter.Flags);
        bool? nonBlocking = FlagBits.NonBlocking(handOff);
        if (nonBlocking != false && OpenedByPath.Is(handOff, cancellationToken))
            return null;

        List<Operand> operands = [new WrittenOperand(descriptor.Expression), new WrittenOperand(segments.Expression), new WrittenOperand(count.Expression)];
        if (nonBlocking != false)
            operands.AddRange([new NumberOperand(NativeFunction.CurrentPosition, NumberKind.Negative), NoWait(handOff, flags, nonBlocking)]);

        NativeFunction function = nonBlocking == false ? plain : withFlags;
        if (await CalleeChoice.FindAsync(handOff, function, operands, segment: null, cancellationToken).ConfigureAwait(false) is not { } callee)
            return null;

        string[] values = [.. operands.Zip(callee.ParameterTypes, (operand, type) => operand.As(type, handOff)).OfType<string>()];
        if (values.Length != operands.Count)
            return null;

        IEnumerable<TextChange> changes = CallText.Callee(handOff, callee);
        ArgumentSyntax[] kept = [descriptor, segments, count];
        for (int index = 0; index < kept.Length; index++)
            changes = changes.Concat(CallText.Argument(kept[index], kept[index].Expression.Span, values[index], callee.ParameterNames[index]));
        changes = changes.Concat(Flags(handOff, flags, callee, values));
        IEnumerable<ISymbol> leftovers = FlagBits.Symbols(handOff).Prepend(handOff.Function);
        return new CallChange(handOff, [.. changes], [.. Moved(flags, nonBlocking)], callee.Declaration, [.. leftovers], [.. Needed(handOff, nonBlocking)]);
    }

    /// <summary>The flags argument goes, or makes room for an offset and other flags.</summary>
    private static IEnumerable<TextChange> Flags(HandOff handOff, ArgumentSyntax? flags, Callee callee, string[] values)
    {
        const int Offset = 3;
        const int NewFlags = 4;
        if (values.Length <= Offset)
            return flags is null ? [] : [ArgumentRemoval.Of(flags)];

        bool named = handOff.Syntax.ArgumentList.Arguments.Any(argument => argument.NameColon is not null);
        string text = named
            ? $"{callee.ParameterNames[Offset]}: {values[Offset]}, {callee.ParameterNames[NewFlags]}: {values[NewFlags]}"
            : $"{values[Offset]}, {values[NewFlags]}";
        int end = handOff.Syntax.ArgumentList.Arguments.Last().Span.End;
        return [flags is null ? new TextChange(new TextSpan(end, 0), ", " + text) : new TextChange(flags.Span, text)];
    }

    private static NumberOperand NoWait(HandOff handOff, ArgumentSyntax? flags, bool? nonBlocking)
    {
        string noWait = CalleeName.OfConstant(handOff, "RWF_NOWAIT")?.Text ?? $"{NativeFunction.NoWait} /* RWF_NOWAIT */";
        if (nonBlocking == true || flags is null)
            return new NumberOperand(noWait, NumberKind.Constant);

        string nonBlock = CalleeName.OfConstant(handOff, NonBlockName)?.Text ?? $"{FlagBits.NonBlock} /* {NonBlockName} */";
        return new NumberOperand($"({AsNumber(flags.Expression, handOff)} & {nonBlock}) != 0 ? {noWait} : 0", NumberKind.Computed);
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

    private static IEnumerable<TextSpan> Moved(ArgumentSyntax? flags, bool? nonBlocking) =>
        flags is not null && nonBlocking is null ? [flags.Expression.Span] : [];
}
