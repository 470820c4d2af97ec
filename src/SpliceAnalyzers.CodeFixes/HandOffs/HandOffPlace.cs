using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>Where a diagnostic's hand-off stands.</summary>
internal static class HandOffPlace
{
    /// <summary>Property of a diagnostic: the index of its hand-off among the additional locations, or -1 for its own location.</summary>
    public const string Property = "handOff";

    public static Location? Of(Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(Property, out string? text)
            || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            return null;
        }

        if (index < 0)
            return diagnostic.Location;
        return index < diagnostic.AdditionalLocations.Count ? diagnostic.AdditionalLocations[index] : null;
    }

    public static async Task<HandOff?> FindAsync(Project project, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (Of(diagnostic) is not { } location || DocumentOf(project, location) is not { } document)
            return null;

        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(location.SourceSpan))
            return null;

        return InvocationAt(root, location.SourceSpan) is { } syntax ? HandOff.Of(document, model, syntax, cancellationToken) : null;
    }

    private static InvocationExpressionSyntax? InvocationAt(SyntaxNode root, TextSpan span) =>
        root.FindNode(span, getInnermostNodeForTie: true).AncestorsAndSelf().OfType<InvocationExpressionSyntax>().FirstOrDefault();

    /// <summary>A location that came from another process has a path but no tree of this solution.</summary>
    private static Document? DocumentOf(Project project, Location location)
    {
        Document? document = project.Solution.GetDocument(location.SourceTree)
            ?? project.Documents.FirstOrDefault(candidate => candidate.FilePath == location.GetLineSpan().Path);
        return document is SourceGeneratedDocument ? null : document;
    }
}
