using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>"Use RandomAccess.Write", where the descriptor comes from a SafeFileHandle.</summary>
public class RandomAccessTests
{
    private const string Program = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Sender
        {
            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, iovec* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "vmsplice")] public static extern nint Vmsplice(SafeHandle fd, iovec* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "vmsplice")] public static extern nuint Unsigned(SafeFileHandle fd, iovec* iov, nuint n, uint flags);

            private static readonly SafeFileHandle Kept = new(1, false);

            public static void Run(SafeFileHandle handle, SafeHandle other, FileStream stream, int given, byte* p, nuint n, int length, iovec* iovs, uint flags)
            {
                iovec iov = new iovec { iov_base = p, iov_len = n };
                /*body*/
                Console.WriteLine((nint)iov.iov_base);
            }
        }
        """;

    [Theory]
    [InlineData("vmsplice((int)handle.DangerousGetHandle(), &iov, 1, 0);", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(iov.iov_base, checked((int)iov.iov_len)), fileOffset: 0);")]
    [InlineData("vmsplice(handle.DangerousGetHandle().ToInt32(), iovs, 1, 8);", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(iovs->iov_base, checked((int)iovs->iov_len)), fileOffset: 0);")]
    [InlineData("_ = Vmsplice(handle, iovs, 1, 0);", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(iovs->iov_base, checked((int)iovs->iov_len)), fileOffset: 0);")]
    [InlineData("Vmsplice(stream.SafeFileHandle, iovs, 1, 0);", "RandomAccess.Write(stream.SafeFileHandle, new ReadOnlySpan<byte>(iovs->iov_base, checked((int)iovs->iov_len)), fileOffset: 0);")]
    public Task The_handle_is_written_to(string before, string after) => FixAsync(before, after);

    [Theory]
    [InlineData("int fd = (int)handle.DangerousGetHandle(); vmsplice(fd, iovs, 1, 0);", "RandomAccess.Write(handle, ")]
    [InlineData("int fd = (int)handle.DangerousGetHandle(); vmsplice(fd, iovs, 1, 0); Console.WriteLine(fd);", "int fd = (int)handle.DangerousGetHandle(); RandomAccess.Write(handle, ", " Console.WriteLine(fd);")]
    [InlineData("int fd = (int)Kept.DangerousGetHandle(); vmsplice(fd, iovs, 1, 0);", "RandomAccess.Write(Kept, ")]
    [InlineData("int fd = (int)stream.SafeFileHandle.DangerousGetHandle(); vmsplice(fd, iovs, 1, 0);", "RandomAccess.Write(stream.SafeFileHandle, ")]
    public Task A_descriptor_in_a_local_is_traced_to_its_handle(string before, string after, string rest = "") =>
        FixAsync(before, after + "new ReadOnlySpan<byte>(iovs->iov_base, checked((int)iovs->iov_len)), fileOffset: 0);" + rest);

    [Theory]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) < 0) throw new IOException();", "")]
    [InlineData("if ((long)Vmsplice(handle, iovs, 1, 0) == -1) { throw new IOException(); }", "")]
    [InlineData("nint sent = Vmsplice(handle, iovs, 1, 0); if (sent < 0) throw new IOException();", "")]
    [InlineData("for (int i = 0; i < 2; i++) if (Vmsplice(handle, iovs, 1, 0) < 0) throw new IOException();", "for (int i = 0; i < 2; i++) ")]
    public Task A_test_that_throws_goes_since_the_new_call_throws(string before, string after) =>
        FixAsync(before, after + "RandomAccess.Write(handle, new ReadOnlySpan<byte>(iovs->iov_base, checked((int)iovs->iov_len)), fileOffset: 0);");

    [Theory]
    [InlineData("iovec one = new() { iov_base = p, iov_len = (nuint)length }; Vmsplice(handle, &one, 1, 0);", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(p, length), fileOffset: 0);")]
    [InlineData("iovec one = new() { iov_base = p + 1, iov_len = 16 }; Vmsplice(handle, &one, 1, 0);", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(p + 1, 16), fileOffset: 0);")]
    [InlineData("iovec one = new() { iov_base = p, iov_len = n - 1 }; if (Vmsplice(handle, &one, 1, 0) < 0) throw new IOException();", "RandomAccess.Write(handle, new ReadOnlySpan<byte>(p, checked((int)(n - 1))), fileOffset: 0);")]
    public Task The_iovec_goes_where_it_served_nothing_else(string before, string after) => FixAsync(before, after);

    [Theory]
    [InlineData("vmsplice(given, iovs, 1, 0);")]
    [InlineData("Vmsplice(other, iovs, 1, 0);")]
    [InlineData("Vmsplice(handle, iovs, 2, 0);")]
    [InlineData("Vmsplice(handle, iovs, n, 0);")]
    [InlineData("Vmsplice(handle, iovs, 1, 2);")]
    [InlineData("Vmsplice(handle, iovs, 1, flags);")]
    [InlineData("Console.WriteLine(Vmsplice(handle, iovs, 1, 0));")]
    [InlineData("while (Vmsplice(handle, iovs, 1, 0) > 0) { }")]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) < 0) Console.WriteLine();")]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) < 0) throw new IOException(); else Console.WriteLine();")]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) >= 0) throw new IOException();")]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) < length) throw new IOException();")]
    [InlineData("if (Unsigned(handle, iovs, 1, 0) < 0) throw new IOException();")]
    [InlineData("if (Vmsplice(handle, iovs, 1, 0) < 0) /* the reader left */ throw new IOException();")]
    [InlineData("try { if (Vmsplice(handle, iovs, 1, 0) < 0) throw new InvalidOperationException(); } catch (InvalidOperationException) { }")]
    [InlineData("nint sent = Vmsplice(handle, iovs, 1, 0); if (sent < 0) throw new IOException(); Console.WriteLine(sent);")]
    [InlineData("nint sent = Vmsplice(handle, iovs, 1, 0); Console.WriteLine(); if (sent < 0) throw new IOException();")]
    [InlineData("int fd = (int)handle.DangerousGetHandle(); handle = Kept; vmsplice(fd, iovs, 1, 0);")]
    [InlineData("int fd = (int)handle.DangerousGetHandle(); fd++; vmsplice(fd, iovs, 1, 0);")]
    public Task It_is_not_offered_for(string body) => Verify.NotOfferedAsync(FixTitles.UseRandomAccess, Program.Replace("/*body*/", body));

    [Fact]
    public async Task It_comes_third_and_takes_the_hazard_away()
    {
        const string Source = """
            using System.Runtime.InteropServices;
            using Microsoft.Win32.SafeHandles;

            internal unsafe struct iovec
            {
                public void* iov_base;
                public nuint iov_len;
            }

            internal static unsafe class Sender
            {
                [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(SafeFileHandle fd, iovec* iov, nuint n, uint flags);

                internal static void Run(SafeFileHandle handle)
                {
                    byte* p = (byte*)NativeMemory.Alloc(4096);
                    NativeMemory.Fill(p, 4096, 1);
                    iovec iov = new() { iov_base = p, iov_len = 4096 };
                    vmsplice(handle, &iov, 1, 0);
                    p[0] = 2;
                }
            }
            """;
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("A.cs", Source)]);
        await Sources.AssertCompilesAsync(solution);
        var fixing = new Fixing(new HandOffAnalyzer());
        Diagnostic diagnostic = Assert.Single(await fixing.DiagnosticsAsync(solution.Projects.Single()));
        IReadOnlyList<CodeAction> offers = await fixing.OffersAsync(solution, diagnostic);
        Assert.Equal([FixTitles.UseWritev, FixTitles.UseWrite, FixTitles.UseRandomAccess], offers.Select(offer => offer.EquivalenceKey));

        Solution byKey = await fixing.FixAllAsync(solution, FixTitles.UseRandomAccess, FixAllScope.Document);
        await Sources.AssertCompilesAsync(byKey);
        Assert.Contains("System.IO.RandomAccess.Write(handle, new System.ReadOnlySpan<byte>(p, 4096), fileOffset: 0);", await Sources.TextAsync(byKey, "A.cs"));
        Assert.DoesNotContain("vmsplice", await Sources.TextAsync(byKey, "A.cs"));
        Assert.Contains("writev(handle, &iov, 1);", await Sources.TextAsync(await fixing.FixAllAsync(solution, null, FixAllScope.Document), "A.cs"));
    }

    private static Task FixAsync(string before, string after) => Verify.FixAsync(FixTitles.UseRandomAccess, Program.Replace("/*body*/", before), Program.Replace("/*body*/", after));
}
