using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Bench;

/// <summary>A solution made of source texts, with the real generator of LibraryImport.</summary>
internal static class Sources
{
    private static readonly AnalyzerReference Generators = new AnalyzerFileReference(LibraryImportGenerator.Type.Assembly.Location, new Loader());

    /// <summary>One project of the given files; a second and further ones reference all before them.</summary>
    public static Solution Solution(OutputKind kind, params (string Path, string Text)[][] projects)
    {
        var workspace = new AdhocWorkspace();
        Solution solution = workspace.CurrentSolution;
        foreach ((string Path, string Text)[] files in projects)
        {
            List<ProjectReference> references = [.. solution.ProjectIds.Select(id => new ProjectReference(id))];
            ProjectId project = ProjectId.CreateNewId();
            string name = "Project" + (solution.ProjectIds.Count + 1);
            solution = solution.AddProject(ProjectInfo.Create(
                project,
                VersionStamp.Default,
                name,
                name,
                LanguageNames.CSharp,
                compilationOptions: TestCompilation.Options.WithOutputKind(kind),
                parseOptions: TestCompilation.ParseOptions,
                projectReferences: references,
                metadataReferences: TestReferences.Net10,
                analyzerReferences: [Generators]));
            foreach ((string path, string text) in files)
                solution = solution.AddDocument(DocumentId.CreateNewId(project), path, SourceText.From(text), filePath: path);
        }

        return solution;
    }

    public static async Task<string> TextAsync(Solution solution, string path)
    {
        DocumentId id = Assert.Single(solution.GetDocumentIdsWithFilePath(path).Take(1));
        return (await solution.GetDocument(id)!.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
    }

    /// <summary>A test whose source does not compile tests something else than it says.</summary>
    public static async Task AssertCompilesAsync(Solution solution)
    {
        foreach (Project project in solution.Projects)
        {
            Compilation compilation = (await project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
            IEnumerable<Diagnostic> errors = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Assert.True(!errors.Any(), string.Join(Environment.NewLine, errors) + Environment.NewLine + await AllTextAsync(project));
        }
    }

    private static async Task<string> AllTextAsync(Project project)
    {
        string[] texts = await Task.WhenAll(project.Documents.Select(async document => $"// {document.Name}\n{await document.GetTextAsync(TestContext.Current.CancellationToken)}"));
        return string.Join(Environment.NewLine, texts);
    }

    /// <summary>The generator is in memory already, under the name that its file says.</summary>
    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.Load(AssemblyName.GetAssemblyName(fullPath));
    }
}
