using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.Contracts;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Gives a native function, or the structure that serves it as iovec, the types of the manual page, and callers the casts they need then.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CorrectSignatureFix))]
public sealed class CorrectSignatureFix : SourceFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.SignatureDiffers);

    internal override string Title => FixTitles.CorrectSignature;

    internal override async Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken)
    {
        if (await NodeAsync(document, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not var (node, model))
            return null;
        if (node is TypeDeclarationSyntax structure)
            return SegmentChange.For(document, structure, model, cancellationToken);
        return DeclarationSyntax.At(node, model, cancellationToken) is { } declaration ? SignatureChange.For(document, declaration, model) : null;
    }
}
