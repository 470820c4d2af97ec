using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Code as it is while someone types: the rules about declarations and calls may say anything of it, but do not fail.</summary>
public class BrokenCodeTests
{
    private const int Mutants = 300;

    private static readonly string[] Sources =
    [
        CallRules.Source("""
            int* ends = stackalloc int[2]; if (pipe(ends) < 0) Throw(); long off = 0;
            Use(splice(ends[0], &off, ends[1], null, len, SPLICE_F_GIFT | 0x10)); tee(ends[0], ends[1], len, b ? SPLICE_F_MORE : 0);
            nint n = vmsplice(ends[0], iov, 2000, 0); if (n < 0) Throw(); n = b ? writev(fd, iov, 1) : 0; if (n is not -1) return;
            long number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 278, Architecture.Arm64 or Architecture.X86 => 75, _ => 0 };
            if (!(RuntimeInformation.OSArchitecture == Architecture.X64 || b)) { syscall(number, fd, iov, 1, 0); } Use(syscall(278, fd, iov, 1, 0));
            uint size = (uint)fcntl(fd, F_SETPIPE_SZ, 1 << 20); if (size < 0) Use(fcntl2(other, F_GETPIPE_SZ));
            var f = (delegate* unmanaged<int, IoVec*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"); f(fd, iov, 1, 8);
            try { n = sendfile(fd, memfd_create("f", 0), null, len); } finally { Use(n); } Action a = () => writev(fd, iov, 1); a();
            using var s = new AnonymousPipeServerStream(PipeDirection.In); Use(vmspliceHandle(s.SafePipeHandle, *iov, 1, SpliceFlags.Gift));
            """, "static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;"),
        DeclarationRules.Source("""
            [StructLayout(LayoutKind.Explicit, Size = 20)] public struct V { [FieldOffset(0)] public void* Base; [FieldOffset(4)] public int Length; public fixed byte Pad[3]; }
            [DllImport("libc", CallingConvention = CallingConvention.StdCall)] static extern int vmsplice(nint fd, in V iov, int n, SpliceFlags flags);
            [LibraryImport("libc.so.6", EntryPoint = "splice", SetLastError = false)] internal static partial void S(int a, ref int offA, SafeHandle b, long offB, size_t len, ulong flags);
            [DllImport("libc")] static extern nint tee(int a, int b); [DllImport("libc")] static extern bool pipe(out int a, short[] b);
            static readonly delegate* unmanaged[Stdcall]<int, V*, nuint, uint, int> F = (delegate* unmanaged[Stdcall]<int, V*, nuint, uint, int>)NativeLibrary.GetExport(0, "vmsplice");
            [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate nint D(int fd, V* iov, nuint n, uint flags); static readonly D G = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(0, "vmsplice"));
            static void Run(int fd) { G(fd, null, 1, 0); F(fd, null, 1, 0); D d = Local; d(0, null, 0, 0); [DllImport("libc", EntryPoint = "vmsplice")] static extern nint Local(int fd, V* iov, nuint n, uint flags); }
            """),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Tokens_that_are_missing_doubled_or_swapped(int index)
    {
        var random = new Random(index);
        for (int mutant = 0; mutant < Mutants; mutant++)
        {
            string source = Mutate(Sources[index], random);
            ImmutableArray<Diagnostic> found = await AnalyseAsync(source);
            Assert.All(found, diagnostic => Assert.True(diagnostic.Id != "AD0001", $"{diagnostic}\n{source}"));
        }
    }

    [Fact]
    public async Task The_sources_themselves_are_reported()
    {
        IEnumerable<string> ids = (await AnalyseAsync(Sources[0])).Concat(await AnalyseAsync(Sources[1])).Select(diagnostic => diagnostic.Id).Distinct();
        Assert.Equal(["SPL2001", "SPL2002", "SPL2003", "SPL2004", "SPL2005", "SPL2006", "SPL2007", "SPL3003"], ids.Order(StringComparer.Ordinal));
    }

    private static string Mutate(string source, Random random)
    {
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions).GetRoot().DescendantTokens().Where(token => token.Span.Length > 0)];
        var changes = new List<TextChange>();
        foreach (int at in Enumerable.Range(0, 3).Select(_ => random.Next(tokens.Length - 1)).Distinct().Order())
        {
            if (changes.Count > 0 && changes[^1].Span.End > tokens[at].SpanStart)
                continue;
            changes.Add(random.Next(3) switch
            {
                0 => new TextChange(tokens[at].Span, ""),
                1 => new TextChange(tokens[at].Span, $"{tokens[at]} {tokens[at]}"),
                _ => new TextChange(TextSpan.FromBounds(tokens[at].SpanStart, tokens[at + 1].Span.End), $"{tokens[at + 1]} {tokens[at]}"),
            });
        }

        return SourceText.From(source).WithChanges(changes).ToString();
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyseAsync(string source)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Broken", [CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions)], TestReferences.Net10, TestCompilation.Options);
        return compilation.WithAnalyzers([new DeclarationAnalyzer(), new CallAnalyzer()], options: (AnalyzerOptions?)null).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }
}
