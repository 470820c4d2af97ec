using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Contracts;
using SpliceAnalyzers.Rules;

namespace SpliceAnalyzers.CodeFixes;

/// <summary>Takes flags out of a call that do nothing for it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveFlagFix))]
public sealed class RemoveFlagFix : SourceFix
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.FlagWithoutEffect);

    internal override string Title => FixTitles.RemoveFlag;

    internal override Task<Correction?> CorrectAsync(Document document, Diagnostic diagnostic, FreshNames names, CancellationToken cancellationToken) =>
        FlagCorrection.ForAsync(document, diagnostic.Location, static signature => signature.Flags is { } flags ? ~flags.Effective : 0, cancellationToken);
}
