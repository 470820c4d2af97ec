using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>Which compiler these tests run on, and which one the analyzers were compiled against.</summary>
public class CompilerTests
{
    [Fact]
    public void The_tests_run_on_the_compiler_that_was_asked_for()
    {
        Assert.Equal(Repository.RoslynVersion, typeof(Compilation).Assembly.GetName().Version!.ToString(3));
        Assert.Equal(Repository.RoslynVersion, typeof(CSharpCompilation).Assembly.GetName().Version!.ToString(3));
    }

    [Fact]
    public void The_analyzers_are_compiled_against_the_oldest() =>
        Assert.Equal(
            ["4.8.0", "4.8.0"],
            typeof(RuleIds).Assembly.GetReferencedAssemblies().Where(reference => reference.Name!.StartsWith("Microsoft.CodeAnalysis", System.StringComparison.Ordinal)).Select(reference => reference.Version!.ToString(3)));
}
