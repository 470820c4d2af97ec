using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Contracts;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Has the runtime keep errno.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SetLastErrorFix))]
public sealed class SetLastErrorFix : SourceFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.ErrorsUnreadable);

    internal override string Title => FixTitles.SetLastError;

    internal override async Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken) =>
        await NodeAsync(document, diagnostic.Location, cancellationToken).ConfigureAwait(false) is var (node, model) && DeclarationSyntax.At(node, model, cancellationToken) is { } declaration
            ? Correction.Of(LastErrorChange.For(document, declaration, model))
            : null;
}
