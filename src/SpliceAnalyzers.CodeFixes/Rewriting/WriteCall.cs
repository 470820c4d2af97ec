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
using SpliceAnalyzers.CodeFixes.Segments;

namespace SpliceAnalyzers.CodeFixes.Rewriting;

/// <summary>vmsplice(fd, &amp;iov, 1, 0) becomes write(fd, base, length), and the iovec goes if it served nothing else.</summary>
internal static class WriteCall
{
    public static async Task<CallChange?> ForAsync(HandOff handOff, NewNames names, CancellationToken cancellationToken)
    {
        ArgumentSyntax? flags = handOff.Written(VmspliceParameter.Flags);
        if (!handOff.IsImported
            || FlagBits.NonBlocking(handOff) != false
            || handOff.Written(VmspliceParameter.Descriptor) is not { } descriptor
            || handOff.Written(VmspliceParameter.Segments) is not { } segments
            || handOff.Written(VmspliceParameter.Count) is not { } count
            || Segment.Of(handOff) is not { } segment)
        {
            return null;
        }

        IReadOnlyList<Operand> operands = [new WrittenOperand(descriptor.Expression), segment.Base, segment.Length];
        if (await CalleeChoice.FindAsync(handOff, NativeFunction.Write, operands, segment.Members, names, cancellationToken).ConfigureAwait(false) is not { } callee)
            return null;

        string[] values = [.. operands.Zip(callee.ParameterTypes, (operand, type) => operand.As(type, handOff)).OfType<string>()];
        if (values.Length != operands.Count)
            return null;

        IReadOnlyList<TextSpan> moved = [.. operands.Skip(1).OfType<WrittenOperand>().Select(operand => operand.Expression.Span)];
        IEnumerable<TextChange> changes = CallText.Callee(handOff, callee)
            .Concat(CallText.Argument(descriptor, descriptor.Expression.Span, values[0], callee.ParameterNames[0]))
            .Concat(CallText.Argument(segments, WithoutName(segments), values[1], callee.ParameterNames[1]))
            .Concat(CallText.Argument(count, count.Expression.Span, values[2], callee.ParameterNames[2]))
            .Concat(flags is null ? [] : [ArgumentRemoval.Of(flags)])
            .Concat(Filling(segment, moved));
        IEnumerable<ISymbol> leftovers = callee.Leftovers.Concat(FlagBits.Symbols(handOff)).Append(segment.Members.Base.ContainingType);
        return new CallChange(handOff, [.. changes], moved, callee.Declarations, [.. leftovers], Needed: []);
    }

    /// <summary>The argument with its ref or in, without its name.</summary>
    private static TextSpan WithoutName(ArgumentSyntax argument) =>
        TextSpan.FromBounds(argument.NameColon is null ? argument.SpanStart : argument.NameColon.GetLastToken().GetNextToken().SpanStart, argument.Span.End);

    private static IEnumerable<TextChange> Filling(Segment segment, IReadOnlyList<TextSpan> moved)
    {
        if (segment.Filling is not { } filling)
            return [];
        SourceText text = filling.Base.SyntaxTree.GetText();
        return filling.Statements.Select(statement => Removal.OfStatement(text, statement, moved));
    }
}
