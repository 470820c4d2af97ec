using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Contracts;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Repeats a call until everything is transferred, and looks at why it fails.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TransferLoopFix))]
public sealed class TransferLoopFix : SourceFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.CountIgnored);

    internal override string Title => FixTitles.LoopOverTransfers;

    internal override async Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken)
    {
        if (await NodeAsync(document, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not var (node, model))
            return null;
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } syntax || model.GetOperation(syntax, cancellationToken) is not { } operation)
            return null;
        return new NativeCalls(model.Compilation, cancellationToken).Resolve(operation) is { Signature: not null } call ? TransferLoop.For(document, syntax, call, model, names) : null;
    }
}
