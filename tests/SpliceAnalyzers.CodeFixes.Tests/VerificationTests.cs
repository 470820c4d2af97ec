using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>A fix is offered only where its result is clean. The verdicts are played by comments.</summary>
public class VerificationTests
{
    private const string Native = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Native
        {
            [DllImport("libc")] public static extern nint vmsplice(int fd, in iovec iov, nuint nr_segs, uint flags);
            [DllImport("libc")] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
            [DllImport("libc")] public static extern nint writev(int fd, in iovec iov, int iovcnt);
            [DllImport("libc")] public static extern nint writev(int fd, iovec* iov, int iovcnt);
            [DllImport("libc")] public static extern nint write(int fd, void* buf, nuint count);
        }
        """;

    [Fact]
    public async Task The_hand_off_is_fixed_wherever_it_stands()
    {
        const string Store = "class Store { /*SPL1001 of Native.vmsplice(fd, iov, 1, 0)*/ }";
        const string Send = "unsafe class Send { void Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 0); }";
        Solution? changed = await FixFirstAsync(FixTitles.UseWritev, ("Store.cs", Store), ("Send.cs", Send));
        Assert.Equal(Store, await Sources.TextAsync(changed!, "Store.cs"));
        Assert.Equal("unsafe class Send { void Run(int fd, iovec* iov) => Native.writev(fd, iov, 1); }", await Sources.TextAsync(changed!, "Send.cs"));
    }

    [Theory]
    [InlineData("/*SPL1003 if Native.writev(fd, iov, 1)*/", "another hazard comes")]
    [InlineData("/*SPL1008 if Native.writev(fd, iov, 1)*/", "the analysis gives up")]
    [InlineData("/*SPL1001 of Native.writev(fd, iov, 1)*/", "the hazard stays")]
    public async Task It_is_not_offered_if(string comment, string reason)
    {
        const string Send = "unsafe class Send { /*SPL1001 of Native.vmsplice(fd, iov, 1, 0)*/ void Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 0); ";
        Assert.True(await FixFirstAsync(FixTitles.UseWritev, ("Send.cs", Send + comment + " }")) is null, reason);
        Assert.NotNull(await FixFirstAsync(FixTitles.UseWrite, ("Send.cs", Send + comment + " }")));
    }

    [Fact]
    public async Task It_is_not_offered_if_the_build_would_break()
    {
        // iov_base is a pointer, and this method is not unsafe.
        const string Send = "class Send { /*SPL1001 of Native.vmsplice(fd, iov, 1, 0)*/ void Run(int fd, in iovec iov) => Native.vmsplice(fd, iov, 1, 0); }";
        Assert.Null(await FixFirstAsync(FixTitles.UseWrite, ("Send.cs", Send)));
        Assert.NotNull(await FixFirstAsync(FixTitles.UseWritev, ("Send.cs", Send)));
    }

    [Fact]
    public async Task A_diagnostic_that_names_no_hand_off_has_no_fix() =>
        Assert.Null(await FixFirstAsync(FixTitles.UseWritev, ("Send.cs", "unsafe class Send { /*SPL1001 if Native.vmsplice(fd, iov, 1, 0)*/ void Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 0); }")));

    [Fact]
    public async Task A_hazard_that_a_second_hand_off_has_too_does_not_stop_the_first()
    {
        const string Send = """
            unsafe class Send
            {
                /*SPL1001 of Native.vmsplice(fd, iov, 1, 0)*/
                void Run(int fd, iovec* iov)
                {
                    Native.vmsplice(fd, iov, 1, 0);
                    Native.vmsplice(fd, iov, 1, 0);
                }
            }
            """;
        Solution? changed = await FixFirstAsync(FixTitles.UseWritev, ("Send.cs", Send));
        Assert.Contains("Native.writev(fd, iov, 1);\n        Native.vmsplice(fd, iov, 1, 0);", await Sources.TextAsync(changed!, "Send.cs"));
    }

    [Fact]
    public async Task Several_diagnostics_of_one_hand_off_are_one_edit_and_one_analysis()
    {
        const string Send = """
            unsafe class Send
            {
                /*SPL1001 of Native.vmsplice(fd, iov, 1, 0)*/
                /*SPL1003 of Native.vmsplice(fd, iov, 1, 0)*/
                /*SPL1004 of Native.vmsplice(fd, iov, 1, 0)*/
                void Run(int fd, iovec* iov) => Native.vmsplice(fd, iov, 1, 0);
            }
            """;
        var script = new HazardScript();
        var fixing = new Fixing(script);
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Send.cs", Send), ("Native.cs", Native)]);
        IReadOnlyList<Diagnostic> diagnostics = await fixing.DiagnosticsAsync(solution.Projects.Single());
        Assert.Equal(3, diagnostics.Count);

        int before = script.Runs;
        foreach (Diagnostic diagnostic in diagnostics)
        {
            IReadOnlyList<CodeAction> offers = await fixing.OffersAsync(solution, diagnostic);
            Assert.Equal([FixTitles.UseWritev, FixTitles.UseWrite], offers.Select(offer => offer.Title));
            Assert.Equal([FixTitles.UseWritev, FixTitles.UseWrite], offers.Select(offer => offer.EquivalenceKey));
        }

        // Once as it is, once with writev, once with write.
        Assert.Equal(3, script.Runs - before);
        Solution changed = await fixing.FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Solution);
        Assert.Contains("=> Native.writev(fd, iov, 1);", await Sources.TextAsync(changed, "Send.cs"));
    }

    [Fact]
    public async Task All_but_the_one_that_would_not_be_clean_are_fixed()
    {
        const string Send = """
            unsafe class Send
            {
                /*SPL1001 of Native.vmsplice(1, a, 1, 0)*/
                /*SPL1001 of Native.vmsplice(2, b, 1, 0)*/
                /*SPL1001 of Native.vmsplice(3, c, 1, 0)*/
                /*SPL1003 if Native.writev(2, b, 1)*/
                void Run(iovec* a, iovec* b, iovec* c)
                {
                    Native.vmsplice(1, a, 1, 0);
                    Native.vmsplice(2, b, 1, 0);
                    Native.vmsplice(3, c, 1, 0);
                }
            }
            """;
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Send.cs", Send), ("Native.cs", Native)]);
        Solution changed = await new Fixing(new HazardScript()).FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Project);
        string text = await Sources.TextAsync(changed, "Send.cs");
        Assert.Contains("        Native.writev(1, a, 1);\n        Native.vmsplice(2, b, 1, 0);\n        Native.writev(3, c, 1);\n", text);
    }

    private static async Task<Solution?> FixFirstAsync(string title, params (string Path, string Text)[] files)
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [.. files, ("Native.cs", Native)]);
        await Sources.AssertCompilesAsync(solution);
        return await new Fixing(new HazardScript()).FixFirstAsync(solution, title);
    }
}
