using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Generated;
using SpliceAnalyzers.Tests.Lifetime;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>
/// Random methods of the grammar that the lowering is tested with: whatever fix is offered there builds, removes what it is offered for, and
/// brings nothing new. Judged by the lines of the text, not by what the fixes themselves take for the same place.
/// </summary>
public class GeneratedFixTests(ITestOutputHelper output)
{
    private const int Methods = 200;
    private const int Together = 60;
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly string[] Hazards =
    [
        RuleIds.ModifiedInFlight, RuleIds.GiftedBufferModified, RuleIds.ReleasedInFlight, RuleIds.LifetimeEndsInFlight, RuleIds.CallersBufferInFlight, RuleIds.RecycledByPipeSize,
    ];

    private readonly Fixing[] _fixes = [new(new HandOffAnalyzer()), new(new HandOffAnalyzer(), new RemoveGiftFix())];
    private int _hazards, _fixable, _offers;

    [Fact]
    public async Task What_is_offered_is_clean_and_nearly_everything_is_offered_something()
    {
        Solution common = await CommonAsync();
        await Parallel.ForEachAsync(Texts(), TestContext.Current.CancellationToken, async (text, _) => await TryAsync(common, text));

        double share = 100.0 * _fixable / _hazards;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Methods} methods, {_hazards} hazards, {_offers} fixes tried: {share:0.0} % of the hazards have one."));
        Assert.True(share >= 95, $"Only {share:0.0} % of {_hazards} hazards have a fix.");
    }

    [Fact]
    public async Task All_of_them_at_once_leave_nothing()
    {
        Solution solution = Sources.Solution(
            OutputKind.DynamicallyLinkedLibrary,
            [("Common.cs", Prelude.Text + MethodText.Declarations), .. Texts().Take(Together).Select((text, index) => ($"Generated{index}.cs", Prelude.Usings + text))]);
        Assert.True((await HazardsAsync(solution)).Count > Together / 2);

        Solution changed = await _fixes[0].FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Solution);
        await Sources.AssertCompilesAsync(changed);
        Assert.Empty(await HazardsAsync(changed));
    }

    /// <summary>A class of its own for each method, whose names differ.</summary>
    private static IEnumerable<string> Texts()
    {
        PCG random = PCG.Parse(Seed);
        return Enumerable.Range(0, Methods).Select(index => MethodText.Write(Plans.Any.Generate(random, null, out Size? _), $"Generated{index}").Text).ToArray();
    }

    /// <summary>What all methods share. What is known of its libraries is found out once.</summary>
    private static async Task<Solution> CommonAsync()
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Common.cs", Prelude.Text + MethodText.Declarations), ("Generated.cs", "")]);
        solution = solution.WithProjectAnalyzerReferences(solution.ProjectIds.Single(), []);
        await Sources.AssertCompilesAsync(solution);
        return solution;
    }

    private async Task TryAsync(Solution common, string text)
    {
        Solution solution = common.WithDocumentText(common.GetDocumentIdsWithFilePath("Generated.cs").Single(), SourceText.From(Prelude.Usings + text));
        IReadOnlyList<Diagnostic> found = await _fixes[0].DiagnosticsAsync(solution.Projects.Single());
        HashSet<Said> before = [.. found.Select(Said.Of)];
        foreach (IGrouping<int, Diagnostic> handOff in found.Where(IsHazard).GroupBy(diagnostic => Said.Of(diagnostic).HandOff))
        {
            var tried = new HashSet<string>();
            foreach (Diagnostic diagnostic in handOff)
            {
                bool isOffered = false;
                foreach (CodeAction offer in await OffersAsync(solution, diagnostic))
                {
                    isOffered = true;
                    // The same fix of the same hand-off is the same change, whichever of its diagnostics it is offered for.
                    if (tried.Add(offer.Title) || offer.Title == FixTitles.RemoveGift)
                        await AssertCleanAsync(offer, Said.Of(diagnostic), before);
                }

                Interlocked.Increment(ref _hazards);
                if (isOffered)
                    Interlocked.Increment(ref _fixable);
                else
                    output.WriteLine($"Nothing for {Said.Of(diagnostic)}:\n{text}");
            }
        }
    }

    private async Task<IReadOnlyList<CodeAction>> OffersAsync(Solution solution, Diagnostic diagnostic)
    {
        IEnumerable<Fixing> fixing = diagnostic.Id == RuleIds.GiftedBufferModified ? _fixes : _fixes.Take(1);
        var offers = new List<CodeAction>();
        foreach (Fixing fix in fixing)
            offers.AddRange(await fix.OffersAsync(solution, diagnostic));
        return offers;
    }

    private async Task AssertCleanAsync(CodeAction offer, Said solved, IReadOnlySet<Said> before)
    {
        Interlocked.Increment(ref _offers);
        Solution changed = await Fixing.ApplyAsync(offer);
        await Sources.AssertCompilesAsync(changed);
        IEnumerable<Said> after = (await HazardsAsync(changed)).Select(Said.Of);
        // Without the gift the call is still a hand-off; with any other fix there is none left.
        bool isLeft(Said said) => offer.Title == FixTitles.RemoveGift ? said == solved : said.HandOff == solved.HandOff;
        // Several hand-offs that meet at one place have one diagnostic, which may name another of them now.
        bool isNew(Said said) => !before.Any(known => known.Rule == said.Rule && (known.Place == said.Place || known.HandOff == said.HandOff));
        string[] wrong = [.. after.Where(said => isLeft(said) || isNew(said)).Select(said => said.ToString())];
        Assert.True(wrong.Length == 0, $"After '{offer.Title}' for {solved}: {string.Join(", ", wrong)}\n{await Sources.TextAsync(changed, "Generated.cs")}");
    }

    private async Task<IReadOnlyList<Diagnostic>> HazardsAsync(Solution solution) => [.. (await _fixes[0].DiagnosticsAsync(solution.Projects.Single())).Where(IsHazard)];

    private static bool IsHazard(Diagnostic diagnostic) => Hazards.Contains(diagnostic.Id);

    /// <summary>What a diagnostic says, by lines of the file: no fix takes one away, since each statement of these methods is a line with more on it.</summary>
    private readonly record struct Said(string Rule, int HandOff, int Place)
    {
        public static Said Of(Diagnostic diagnostic) =>
            new(diagnostic.Id, LineOf(HandOffPlace.Of(diagnostic) ?? diagnostic.Location), LineOf(diagnostic.Location));

        public override string ToString() => $"{Rule} of line {HandOff} at line {Place}";

        private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
    }
}
