using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Whether a compilation is looked at, at all.</summary>
public class GateTests
{
    private const string Binding = """
        using System.Runtime.InteropServices;
        public static unsafe class Pages
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint Hand(int fd, void* iov, nuint n, uint flags);
        }
        """;

    private const string Caller = "static unsafe class C { static void Run(int fd, void* p) => Pages.Hand(fd, p, 1, 0); }";

    private const string Import = "static class Own { [System.Runtime.InteropServices.DllImport(\"own\")] public static extern int own(); }\n";

    [Theory]
    [InlineData("class C { void vmsplice() { } }", true)]
    [InlineData("class C { string s = \"tee\"; }", true)]
    [InlineData("class C { int Writev() => 0; }", true)]
    [InlineData("class C { string s = \"a pipe, a committee, a fcnt\"; }", false)]
    public void By_words_where_there_is_an_import(string source, bool isOpen)
    {
        Assert.Equal(isOpen, IsOpen(TestReferences.Compile("Gate", Import + source)));
        Assert.False(IsOpen(TestReferences.Compile("Gate", source)));
    }

    [Theory]
    [InlineData("class C { nint f = System.Runtime.InteropServices.NativeLibrary.GetExport(0, \"vmsplice\"); }")]
    [InlineData("class C { bool f = System.Runtime.InteropServices.NativeLibrary.TryGetExport(0, \"vmsplice\", out _); }")]
    [InlineData("class LeavesInFlight : System.Attribute; class C { void Send([LeavesInFlight] byte[] page) { } }")]
    public void By_words_where_there_is_another_way(string source) => Assert.True(IsOpen(TestReferences.Compile("Gate", source)));

    [Theory]
    [InlineData("global using System.Runtime.InteropServices;")]
    [InlineData("global using DllImportAttribute = System.Runtime.InteropServices.DllImportAttribute;")]
    public void The_namespace_may_be_named_in_another_file(string usings)
    {
        CSharpCompilation compilation = TestReferences.Compile("Gate", usings);
        SyntaxTree import = CSharpSyntaxTree.ParseText("static class Own { [DllImport(\"libc\")] public static extern int vmsplice(); }", TestCompilation.ParseOptions, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(IsOpen(compilation.AddSyntaxTrees(import)));
    }

    /// <summary>The host of a script says what is used in it, or what ran before it does.</summary>
    [Fact]
    public void Scripts_need_no_namespace()
    {
        SyntaxTree script = CSharpSyntaxTree.ParseText("[DllImport(\"libc\")] static extern int vmsplice();", new(kind: SourceCodeKind.Script), cancellationToken: TestContext.Current.CancellationToken);
        CSharpCompilationOptions hosted = new(OutputKind.DynamicallyLinkedLibrary, usings: ["System.Runtime.InteropServices"]);
        Assert.True(IsOpen(CSharpCompilation.CreateScriptCompilation("Gate", script, TestReferences.Net10, hosted)));
        Assert.True(IsOpen(CSharpCompilation.CreateScriptCompilation("Gate", script, TestReferences.Net10)));
        Assert.True(IsOpen(CSharpCompilation.Create("Gate", [script], TestReferences.Net10, hosted)));
    }

    [Fact]
    public void By_words_where_a_library_has_the_import()
    {
        MetadataReference library = TestReferences.Image(TestReferences.Compile("Binding", Binding.Replace("Hand", "vmsplice")));
        Assert.True(IsOpen(TestReferences.Compile("Gate", Caller.Replace("Hand", "vmsplice"), library)));
        Assert.False(IsOpen(TestReferences.Compile("Gate", "class C;", library)));
    }

    private static bool IsOpen(Compilation compilation) => NativeMentions.Any(compilation, NativeMention.HandOff | NativeMention.Function, TestContext.Current.CancellationToken);

    [Fact]
    public Task A_library_that_renames_a_function_as_a_file() => IsReported(TestReferences.Image(TestReferences.Compile("Binding", Binding)));

    [Fact]
    public Task A_library_that_renames_a_function_as_a_project() => IsReported(TestReferences.Compile("Binding", Binding).ToMetadataReference());

    [Fact]
    public void A_library_that_does_not() => Assert.Equal(
        NativeImports.None, NativeReferences.Of(TestReferences.Compile("Gate", "", TestReferences.Image(TestReferences.Compile("Binding", Binding.Replace("libc", "libz")))), TestContext.Current.CancellationToken));

    [Fact]
    public void A_file_that_is_no_library() => Assert.Equal(NativeImports.None, NativeReferences.Of(
        CSharpCompilation.Create("Gate", references: [MetadataReference.CreateFromImage(new byte[16])]), TestContext.Current.CancellationToken));

    private static async Task IsReported(MetadataReference binding)
    {
        CompilationWithAnalyzers analysis = TestReferences.Compile("Gate", Caller, binding).WithAnalyzers([new CallAnalyzer()], options: (AnalyzerOptions?)null);
        Assert.Equal("SPL2003", Assert.Single(await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)).Id);
    }
}
