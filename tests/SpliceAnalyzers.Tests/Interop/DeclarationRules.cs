using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Members of a class that is unsafe and partial.</summary>
internal static class DeclarationRules
{
    public static Task VerifyAsync(string members, Platform platform = Platform.AnyCpu, bool libraryImport = false)
    {
        var test = new AnalyzerTest<DeclarationAnalyzer> { TestCode = Source(members), RunLibraryImportGenerator = libraryImport };
        test.SolutionTransforms.Add((solution, id) => solution.WithProjectCompilationOptions(id, TestCompilation.Options.WithPlatform(platform)));
        return test.RunAsync();
    }

    public static string Source(string members) => $$"""
        using System; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Runtime.InteropServices.Marshalling;
        using System.Runtime.Versioning; using Microsoft.Win32.SafeHandles;

        public unsafe struct IoVec { public void* Base; public nuint Length; }
        public struct size_t { private ulong value; }
        public struct off_t { private long value; }
        [Flags] public enum SpliceFlags : uint { None = 0, Gift = 8 }

        internal static unsafe partial class C
        {
            {{members}}
        }
        """;
}
