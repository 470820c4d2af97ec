using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SpliceAnalyzers.Benchmarks.Code;

namespace SpliceAnalyzers.Benchmarks.Analysis;

/// <summary>A project that was analysed, in which keys are pressed.</summary>
internal sealed class EditSession
{
    private const string Path = "Edited.cs";

    private readonly CSharpCompilation _before;
    private bool _isEdited;

    /// <param name="otherLines">So many lines are in other files.</param>
    public EditSession(int otherLines)
    {
        ImmutableArray<SyntaxTree> others = Compilations.Parse(EditedFile.Others(otherLines));
        _before = Compilations.Of([.. others, Compilations.Parse(EditedFile.Text(_isEdited), Path)]);
        Runs.Analyze(_before, AnalyzerSets.Ours);
    }

    /// <summary>The compilation after the next key, with the edited file's model. As an editor has by the time that it asks for diagnostics, it has declared everything.</summary>
    public SemanticModel PressKey()
    {
        _isEdited = !_isEdited;
        SyntaxTree tree = Compilations.Parse(EditedFile.Text(_isEdited), Path);
        CSharpCompilation after = _before.ReplaceSyntaxTree(_before.SyntaxTrees[^1], tree);
        after.GetDeclarationDiagnostics();
        return after.GetSemanticModel(tree);
    }
}
