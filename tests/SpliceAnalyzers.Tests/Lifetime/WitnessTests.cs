using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>What a diagnostic carries beside its place: the witness's other steps in order, and its text form.</summary>
public class WitnessTests
{
    [Fact]
    public async Task A_store_carries_its_hand_off()
    {
        Diagnostic store = await Single("SPL1001", """
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                p[0] = 2;
            }
            """);

        Assert.Equal("p[0] = 2", TextAt(store.Location));
        Assert.Contains("vmsplice(fd, &v, 1, 0)", StepsOf(store));
        // The place itself, then the other locations, by the steps of the text form that they belong to.
        Assert.Equal("v1:a0=native:4096,f0@0+4096,h0@0+4096>p0,s0@0+1,r0@0+1", store.Properties["witness"]);
        Assert.Equal("3,0,2", store.Properties["steps"]);
    }

    [Fact]
    public async Task A_store_into_a_gift_carries_its_hand_off()
    {
        Diagnostic store = await Single("SPL1002", """
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, SPLICE_F_GIFT);
                p[0] = 2;
            }
            """);

        Assert.Contains("vmsplice(fd, &v, 1, SPLICE_F_GIFT)", StepsOf(store));
    }

    [Fact]
    public async Task A_release_carries_its_hand_off()
    {
        Diagnostic release = await Single("SPL1003", """
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                NativeMemory.Free(p);
            }
            """);

        Assert.Equal("NativeMemory.Free(p)", TextAt(release.Location));
        Assert.Contains("vmsplice(fd, &v, 1, 0)", StepsOf(release));
    }

    [Fact]
    public async Task A_store_in_a_callee_is_a_step_behind_its_call()
    {
        Diagnostic store = await Single("SPL1001", """
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                Refill(p);
            }

            private static void Refill(byte* block) => NativeMemory.Fill(block, 64, 7);
            """);

        Assert.Equal("Refill(p)", TextAt(store.Location));
        string[] steps = StepsOf(store);
        int handOff = Array.IndexOf(steps, "vmsplice(fd, &v, 1, 0)");
        int inner = Array.IndexOf(steps, "NativeMemory.Fill(block, 64, 7)");
        Assert.True(handOff >= 0 && inner > handOff, string.Join("; ", steps));
        Assert.Equal("3,0,2,3", store.Properties["steps"]);
    }

    [Fact]
    public async Task A_hand_off_in_a_callee_is_a_step()
    {
        Diagnostic store = await Single("SPL1001", """
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                Send(fd, p);
                p[0] = 2;
            }

            private static void Send(int fd, byte* data)
            {
                iovec v = new() { iov_base = data, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
            """);

        Assert.Equal("p[0] = 2", TextAt(store.Location));
        Assert.Contains("vmsplice(fd, &v, 1, 0)", StepsOf(store));
    }

    [Theory]
    [InlineData("SPL1001", "byte* p = (byte*)NativeMemory.Alloc(4096);", "p[0] = 2;")]
    [InlineData("SPL1003", "byte* p = (byte*)NativeMemory.Alloc(4096);", "NativeMemory.Free(p);")]
    [InlineData("SPL1004", "byte* p = stackalloc byte[4096];", "")]
    public async Task The_text_form_is_in_the_properties(string id, string declare, string after)
    {
        Diagnostic diagnostic = await Single(id, $$"""
            static void Run(int fd)
            {
                {{declare}}
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {{after}}
            }
            """);

        Assert.Contains(diagnostic.Properties.Values, value => value is not null && value.StartsWith("v1:", StringComparison.Ordinal));
    }

    private static async Task<Diagnostic> Single(string id, string members)
    {
        string source = Prelude.Text + "internal static unsafe class Program\n{\n" + members + "\n}\n";
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Case",
            [CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions, cancellationToken: TestContext.Current.CancellationToken)],
            TestReferences.Net10,
            TestCompilation.Options);
        ImmutableArray<Diagnostic> all = await compilation
            .WithAnalyzers([new HandOffAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return Assert.Single(all, diagnostic => diagnostic.Id == id);
    }

    private static string[] StepsOf(Diagnostic diagnostic) => [.. diagnostic.AdditionalLocations.Select(TextAt)];

    private static string TextAt(Location location) => location.SourceTree!.ToString().Substring(location.SourceSpan.Start, location.SourceSpan.Length);
}
