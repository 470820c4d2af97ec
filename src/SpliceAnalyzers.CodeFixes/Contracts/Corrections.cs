using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.Rewriting;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Applies corrections to a solution, all in one go.</summary>
internal static class Corrections
{
    /// <summary>The changed solution, casts added where a corrected type asks for them; null where it builds worse than before.</summary>
    public static async Task<Solution?> ApplyAsync(Solution solution, IReadOnlyList<Correction> corrections, CancellationToken cancellationToken)
    {
        var edits = new SolutionEdits(solution);
        var applied = new HashSet<(DocumentId, TextChange)>();
        foreach (Correction correction in corrections)
            Add(correction, edits, applied);
        if (applied.Count == 0)
            return null;
        IReadOnlyList<Leftover> leftovers = await Leftover.FindAsync(solution, corrections.SelectMany(correction => correction.Leftovers), edits, cancellationToken).ConfigureAwait(false);
        foreach (Leftover leftover in leftovers)
            Rewrite.Remove(leftover, edits);

        Solution changed = await edits.ApplyAsync(cancellationToken).ConfigureAwait(false);
        string[] names = [.. corrections.Select(correction => correction.ChangedName).OfType<string>().Distinct()];
        IReadOnlyList<DocumentId> concerned = await ConcernedAsync(solution, edits.Documents, names, cancellationToken).ConfigureAwait(false);
        if (names.Length > 0)
            changed = await CastRepair.ApplyAsync(changed, concerned, cancellationToken).ConfigureAwait(false);
        return await CompilerFindings.AreNewAsync(solution, changed, concerned, cancellationToken).ConfigureAwait(false) ? null : changed;
    }

    /// <summary>All of a correction or nothing of it. Two may want the same change: it is made once.</summary>
    private static void Add(Correction correction, SolutionEdits edits, HashSet<(DocumentId, TextChange)> applied)
    {
        SourceChange[] added = [.. correction.Changes.Where(each => !applied.Contains((SolutionEdits.FirstLinked(each.Document), each.Change)))];
        if (!added.All(each => edits.For(each.Document).Accepts(each.Change)))
            return;
        foreach (SourceChange each in added)
        {
            edits.For(each.Document).Add(each.Change);
            applied.Add((SolutionEdits.FirstLinked(each.Document), each.Change));
        }
    }

    private static async Task<IReadOnlyList<DocumentId>> ConcernedAsync(Solution solution, IReadOnlyList<DocumentId> changed, string[] names, CancellationToken cancellationToken)
    {
        var concerned = new HashSet<DocumentId>(changed);
        if (names.Length == 0)
            return [.. concerned];
        foreach (Document document in solution.Projects.Where(project => project.Language == LanguageNames.CSharp).SelectMany(project => project.Documents))
        {
            string text = (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString();
            if (names.Any(text.Contains))
                concerned.Add(document.Id);
        }

        return [.. concerned];
    }
}
