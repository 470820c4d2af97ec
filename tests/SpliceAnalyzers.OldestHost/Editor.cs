using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.OldestHost;

/// <summary>Applies a fix, as an editor does.</summary>
internal static class Editor
{
    /// <summary>The source after the first fix for the first diagnostic of that id.</summary>
    public static async Task<string> FixAsync(string source, string id, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerLoader loader)
    {
        using var workspace = new AdhocWorkspace();
        Document document = workspace.AddProject("Analysed", LanguageNames.CSharp)
            .WithCompilationOptions(Program.Options)
            .WithMetadataReferences(Program.References)
            .AddDocument("Program.cs", source);
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic diagnostic = (await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync()).First(found => found.Id == id);

        CodeAction fix = (await OffersAsync(document, diagnostic, loader)).First();
        ImmutableArray<CodeActionOperation> operations = await fix.GetOperationsAsync(CancellationToken.None);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return $"{fix.Title}:{Environment.NewLine}{await changed.GetDocument(document.Id)!.GetTextAsync()}";
    }

    private static async Task<List<CodeAction>> OffersAsync(Document document, Diagnostic diagnostic, AnalyzerLoader loader)
    {
        var offers = new List<CodeAction>();
        foreach (CodeFixProvider provider in loader.OneOfEach<CodeFixProvider>().Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None));
        return offers;
    }
}
