using System.IO;
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

    [Theory]
    [InlineData("class C { void vmsplice() { } }", true)]
    [InlineData("class C { string s = \"tee\"; }", true)]
    [InlineData("class C { int Writev() => 0; }", true)]
    [InlineData("class C { string s = \"a pipe, a committee, a fcnt\"; }", false)]
    public void By_words(string source, bool isOpen) =>
        Assert.Equal(isOpen, NativeMentions.Any(TestReferences.Compile("Gate", source), NativeMention.HandOff | NativeMention.Function, TestContext.Current.CancellationToken));

    [Fact]
    public Task A_library_that_renames_a_function_as_a_file() => IsReported(Image(TestReferences.Compile("Binding", Binding)));

    [Fact]
    public Task A_library_that_renames_a_function_as_a_project() => IsReported(TestReferences.Compile("Binding", Binding).ToMetadataReference());

    [Fact]
    public void A_library_that_does_not() =>
        Assert.False(NativeReferences.AnyRenames(TestReferences.Compile("Gate", "", Image(TestReferences.Compile("Binding", Binding.Replace("libc", "libz")))), TestContext.Current.CancellationToken));

    [Fact]
    public void A_file_that_is_no_library() => Assert.False(NativeReferences.AnyRenames(
        CSharpCompilation.Create("Gate", references: [MetadataReference.CreateFromImage(new byte[16])]), TestContext.Current.CancellationToken));

    private static async Task IsReported(MetadataReference binding)
    {
        CompilationWithAnalyzers analysis = TestReferences.Compile("Gate", Caller, binding).WithAnalyzers([new CallAnalyzer()], options: (AnalyzerOptions?)null);
        Assert.Equal("SPL2003", Assert.Single(await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)).Id);
    }

    private static MetadataReference Image(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        Assert.True(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
