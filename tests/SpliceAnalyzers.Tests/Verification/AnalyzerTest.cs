using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SpliceAnalyzers.Tests.Verification;

/// <summary>An analyzer test over .NET 10 references, the newest C#, and unsafe code.</summary>
public class AnalyzerTest<TAnalyzer> : CSharpAnalyzerTest<TAnalyzer, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    public AnalyzerTest()
    {
        ReferenceAssemblies = TestReferences.NoDownload;
        TestState.AdditionalReferences.AddRange(TestReferences.Net10);
    }

    public bool RunLibraryImportGenerator { get; set; }

    protected override CompilationOptions CreateCompilationOptions() => TestCompilation.Options;

    protected override ParseOptions CreateParseOptions() => TestCompilation.ParseOptions;

    protected override IEnumerable<Type> GetSourceGenerators()
    {
        if (!RunLibraryImportGenerator)
            return base.GetSourceGenerators();

        // The generated halves are the SDK's, not ours to compare.
        TestBehaviors |= TestBehaviors.SkipGeneratedSourcesCheck;
        return [LibraryImportGenerator.Type];
    }
}
