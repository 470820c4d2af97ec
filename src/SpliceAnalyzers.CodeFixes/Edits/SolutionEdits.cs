using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Edits;

/// <summary>Changes to the documents of a solution. A file that several projects share is one document.</summary>
internal sealed class SolutionEdits
{
    private readonly Solution solution;
    private readonly Dictionary<DocumentId, DocumentEdits> byDocument = [];

    public SolutionEdits(Solution solution) => this.solution = solution;

    /// <summary>Every document that changes, in each project that has it.</summary>
    public IReadOnlyList<DocumentId> Documents =>
        byDocument.Keys.SelectMany(id => WithLinked(solution.GetDocument(id)!)).ToArray();

    public DocumentEdits For(Document document)
    {
        DocumentId id = FirstLinked(document);
        if (!byDocument.TryGetValue(id, out DocumentEdits? edits))
            byDocument.Add(id, edits = new DocumentEdits());
        return edits;
    }

    public bool Removes(Document document, TextSpan span) =>
        byDocument.TryGetValue(FirstLinked(document), out DocumentEdits? edits) && edits.Removes(span);

    public async Task<Solution> ApplyAsync(CancellationToken cancellationToken)
    {
        Solution changed = solution;
        foreach ((DocumentId id, DocumentEdits edits) in byDocument.Select(pair => (pair.Key, pair.Value)))
        {
            Document document = solution.GetDocument(id)!;
            SourceText text = edits.Apply(await document.GetTextAsync(cancellationToken).ConfigureAwait(false));
            foreach (DocumentId same in WithLinked(document))
                changed = changed.WithDocumentText(same, text);
        }

        return changed;
    }

    /// <summary>The same file's first document, whichever project it was found through.</summary>
    public static DocumentId FirstLinked(Document document) => WithLinked(document).OrderBy(id => id.Id).First();

    private static IEnumerable<DocumentId> WithLinked(Document document) => document.GetLinkedDocumentIds().Append(document.Id);
}
