using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Segments;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>The call after a tee that takes out of the same pipe as many bytes as tee was asked to copy.</summary>
/// <param name="Length">How many it takes.</param>
/// <param name="Type">The type of that parameter.</param>
internal sealed record TeeConsumer(ArgumentSyntax Length, ITypeSymbol Type)
{
    /// <summary>Null where the statement after tee's, but for a check that tee failed, has no such call, or may be reached when tee failed.</summary>
    public static TeeConsumer? Of(NativeCall tee, StatementSyntax statement, SemanticModel model)
    {
        if (tee.Written(NativeRole.Source) is not { } source || tee.Written(NativeRole.Length) is not { } length)
            return null;
        ImmutableArray<StatementSyntax> list = StatementList.Around(statement);
        if (statement is IfStatementSyntax && !IsCheck(statement))
            return null;
        StatementSyntax? next = list.Skip(list.IndexOf(statement) + 1).SkipWhile(IsCheck).FirstOrDefault();
        if (next is null)
            return null;

        var calls = new NativeCalls(model.Compilation, CancellationToken.None);
        return next.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => StatementList.RunningOnce(call, list) is not null)
            .Select(call => model.GetOperation(call) is { } operation ? calls.Resolve(operation) : null)
            .OfType<NativeCall>()
            .Where(call => SourceOf(call) is { } from && from.Expression.IsEquivalentTo(source.Expression))
            .Select(call => call.Written(NativeRole.Length) is { } taken && taken.Expression.IsEquivalentTo(length.Expression) && call.Argument(NativeRole.Length)?.Parameter?.Type is { } type
                ? new TeeConsumer(taken, type)
                : null)
            .FirstOrDefault();
    }

    private static ArgumentSyntax? SourceOf(NativeCall call) => call.Function switch
    {
        "splice" or "sendfile" => call.Written(NativeRole.Source),
        "read" => call.Written(NativeRole.Descriptor),
        _ => null,
    };

    /// <summary>True for a check whose body leaves the list.</summary>
    private static bool IsCheck(StatementSyntax statement) => statement is IfStatementSyntax { Else: null, Statement: var body }
        && (body is BlockSyntax { Statements: [.., var last] } ? last : body) is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax;
}
