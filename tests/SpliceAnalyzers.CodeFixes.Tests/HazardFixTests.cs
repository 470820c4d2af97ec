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

/// <summary>What the analyzer itself reports gets its fix, wherever the hand-off stands and whatever it is reported as.</summary>
public class HazardFixTests
{
    private const string Native = """
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Libc
        {
            [DllImport("libc")] internal static extern nint vmsplice(int fd, iovec* iov, nuint n, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] internal static extern nint SpliceIn(int fd, in iovec iov, nuint n, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] internal static extern nint SpliceRef(int fd, ref iovec iov, nuint n, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] internal static extern nint SpliceArray(int fd, iovec[] iov, nuint n, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] internal static extern nint SpliceAt(int fd, nint iov, nuint n, uint flags);
            [DllImport("libc")] internal static extern int fcntl(int fd, int cmd, int arg);
            [DllImport("libc")] internal static extern nint syscall(nint number, int fd, iovec* iov, nuint n, uint flags);

            internal const nint SYS_vmsplice = 278;

            internal delegate nint Send(int fd, iovec* iov, nuint n, uint flags);

            internal static readonly Send Loaded = Marshal.GetDelegateForFunctionPointer<Send>(NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice"));
            internal static readonly delegate* unmanaged<int, iovec*, nuint, uint, nint> Pointer =
                (delegate* unmanaged<int, iovec*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load("libc"), "vmsplice");
        }
        """;

    private const string Usings = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using static Libc;


        """;

    private const string Send = """
        internal static unsafe class Pipe
        {
            internal static nint Send(int fd, void* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                return vmsplice(fd, &v, 1, 0);
            }

            internal static nint Give(int fd, void* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                return vmsplice(fd, &v, 1, 8);
            }
        }
        """;

    [Theory]
    [InlineData("SPL1001", "Pipe.Send(fd, p, 4096); p[0] = 2;")]
    [InlineData("SPL1002", "Pipe.Give(fd, p, 4096); p[0] = 2;")]
    [InlineData("SPL1003", "Pipe.Send(fd, p, 4096); NativeMemory.Free(p);")]
    [InlineData("SPL1004", "byte* line = stackalloc byte[64]; new Span<byte>(line, 64).Fill(1); Pipe.Send(fd, line, 64);")]
    [InlineData("SPL3001", "Pipe.Send(fd, p, 4096);")]
    public Task A_hand_off_in_a_helper_of_another_file(string id, string body)
    {
        string send = id == "SPL1002" ? Without(Send, "Send") : Without(Send, "Give");
        return FixedAsync([id], ("Program.cs", Program(body)), ("Pipe.cs", send));
    }

    [Theory]
    [InlineData("void Send(byte* data) { iovec v = new() { iov_base = data, iov_len = 4096 }; vmsplice(fd, &v, 1, 0); } Send(p); p[0] = 2;")]
    [InlineData("Action send = () => { iovec v = new() { iov_base = p, iov_len = 4096 }; vmsplice(fd, &v, 1, 0); }; send(); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; SpliceIn(fd, in v, 1, 0); p[0] = 2;")]
    [InlineData("SpliceIn(fd, new iovec { iov_base = p, iov_len = 4096 }, 1, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; SpliceRef(fd, ref v, 1, 0); p[0] = 2;")]
    [InlineData("iovec[] all = [new() { iov_base = p, iov_len = 4096 }]; SpliceArray(fd, all, 1, 0); p[0] = 2;")]
    [InlineData("iovec[] all = [new() { iov_base = p, iov_len = 2048 }, new() { iov_base = p + 2048, iov_len = 2048 }]; SpliceArray(fd, all, (nuint)all.Length, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; syscall(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 75 : 278, fd, &v, 1, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; syscall(SYS_vmsplice, fd, &v, 1, 2); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; Pointer(fd, &v, 1, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; Pointer(fd, &v, 1, 2); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; Loaded(fd, &v, 1, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; Func<int, nint, nuint, uint, nint> call = SpliceAt; call(fd, (nint)(&v), 1, 0); p[0] = 2;")]
    [InlineData("iovec v = new() { iov_base = p, iov_len = 4096 }; while (vmsplice(fd, &v, 1, 0) > 0) p[0]++;")]
    public Task A_hand_off_in_the_same_method_or_in_a_function_of_it(string body) => FixedAsync(["SPL1001"], ("Program.cs", Program(body)));

    [Fact]
    public Task Append_stores_where_Flush_handed_off() => FixedAsync(["SPL1001"], ("Logger.cs", """
        internal sealed unsafe class Logger
        {
            private const int Size = 4096;
            private readonly int _fd;
            private readonly byte* _buffer = (byte*)NativeMemory.Alloc(Size);
            private int _used;

            public Logger(int fd) => _fd = fd;

            public void Append(byte value)
            {
                if (_used == Size)
                    Flush();
                _buffer[_used] = value;
                _used++;
            }

            public void Flush()
            {
                iovec v = new() { iov_base = _buffer, iov_len = (nuint)_used };
                vmsplice(_fd, &v, 1, 0);
                _used = 0;
            }
        }
        """));

    [Fact]
    public Task Halves_of_a_partial_class_in_two_files() => FixedAsync(
        ["SPL1003"],
        ("Dispose.cs", "internal sealed unsafe partial class Report : IDisposable { public void Dispose() => NativeMemory.Free(_page); }"),
        ("Send.cs", """
            internal sealed unsafe partial class Report
            {
                private readonly byte* _page = (byte*)NativeMemory.Alloc(4096);

                public void Send(int fd)
                {
                    iovec v = new() { iov_base = _page, iov_len = 4096 };
                    vmsplice(fd, &v, 1, 0);
                }
            }
            """));

    [Fact]
    public Task A_stream_that_hands_off_what_it_is_given() => FixedAsync(["SPL1006"], ("PipeStream.cs", """
        public sealed unsafe class PipeStream : Stream
        {
            private readonly int _fd;

            public PipeStream(int fd) => _fd = fd;

            public override bool CanRead => false;
            public override bool CanSeek => false;
            public override bool CanWrite => true;
            public override long Length => throw new NotSupportedException();
            public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
            public override void Flush() { }
            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
            public override void SetLength(long value) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count)
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p + offset, iov_len = (nuint)count };
                    if (vmsplice(_fd, &v, 1, 0) < 0)
                        throw new IOException();
                }
            }
        }
        """));

    [Theory]
    [InlineData("if (fcntl(fd, 1031, Half) != Half) return;", "SPL1007")]
    [InlineData("", "SPL1001")]
    public Task Two_halves_in_rotation(string check, string id) => FixedAsync([id], ("Program.cs", $$"""
        internal static unsafe class Program
        {
            private const int Half = 65536;

            internal static void Run(int fd)
            {
                {{check}}
                byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * Half, 4096);
                int half = 0;
                for (byte i = 1; ; i++)
                {
                    byte* start = buffer + half * Half;
                    NativeMemory.Fill(start, Half, i);
                    iovec v = new() { iov_base = start, iov_len = Half };
                    while (v.iov_len > 0)
                    {
                        nint n = vmsplice(fd, &v, 1, 0);
                        if (n < 0)
                            return;
                        v.iov_base = (byte*)v.iov_base + n;
                        v.iov_len -= (nuint)n;
                    }
                    half ^= 1;
                }
            }
        }
        """));

    [Fact]
    public Task A_buffer_that_is_stored_to_and_freed_has_two_diagnostics_and_one_fix() =>
        FixedAsync(["SPL1001", "SPL1003"], ("Program.cs", Program("Pipe.Send(fd, p, 4096); p[0] = 2; NativeMemory.Free(p);")), ("Send.cs", Without(Send, "Give")));

    [Fact]
    public async Task Projects_of_a_solution_are_fixed_together()
    {
        const string Store = """
            internal static unsafe class Sender
            {
                internal static void Run(int fd)
                {
                    byte* p = (byte*)NativeMemory.Alloc(4096);
                    NativeMemory.Fill(p, 4096, 1);
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    vmsplice(fd, &v, 1, 0);
                    p[0] = 2;
                }
            }
            """;
        Solution solution = Sources.Solution(
            OutputKind.DynamicallyLinkedLibrary,
            [("Native.cs", Native.Replace("internal", "public"))],
            [("First.cs", Usings + Store)],
            [("Second.cs", Usings + Store.Replace("p[0] = 2", "NativeMemory.Free(p)"))]);
        await Sources.AssertCompilesAsync(solution);
        var fixing = new Fixing(new HandOffAnalyzer());
        Assert.Equal(["SPL1001", "SPL1003"], await IdsAsync(solution));

        Solution changed = await fixing.FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Solution);
        await Sources.AssertCompilesAsync(changed);
        Assert.Empty(await IdsAsync(changed));
        Assert.Contains("static extern nint writev(", await Sources.TextAsync(changed, "Native.cs"));

        async Task<List<string>> IdsAsync(Solution of)
        {
            var ids = new List<string>();
            foreach (Project project in of.Projects)
                ids.AddRange((await fixing.DiagnosticsAsync(project)).Select(diagnostic => diagnostic.Id));
            return ids;
        }
    }

    /// <summary>The diagnostics are these, each is offered writev, and each one's fix alone, or all of them together, leaves nothing that its hand-off did.</summary>
    private static async Task FixedAsync(string[] ids, params (string Path, string Text)[] files)
    {
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [.. files.Select(file => (file.Path, Usings + file.Text)), ("Native.cs", Native)]);
        await Sources.AssertCompilesAsync(solution);
        var fixing = new Fixing(new HandOffAnalyzer());
        IReadOnlyList<Diagnostic> found = await fixing.DiagnosticsAsync(solution.Projects.Single());
        Assert.Equal(ids, found.Select(diagnostic => diagnostic.Id));
        foreach (Diagnostic diagnostic in found)
        {
            IReadOnlyList<CodeAction> offers = await fixing.OffersAsync(solution, diagnostic);
            Assert.True(offers.Any(offer => offer.Title == FixTitles.UseWritev), $"{diagnostic} is not offered writev.");
        }

        await AssertCleanAsync(fixing, (await fixing.FixFirstAsync(solution, FixTitles.UseWritev))!);
        await AssertCleanAsync(fixing, await fixing.FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Solution));
    }

    private static async Task AssertCleanAsync(Fixing fixing, Solution changed)
    {
        await Sources.AssertCompilesAsync(changed);
        Assert.Empty(await fixing.DiagnosticsAsync(changed.Projects.Single()));
    }

    private static string Program(string body) => $$"""
        internal static unsafe class Program
        {
            internal static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                {{body}}
            }
        }
        """;

    /// <summary>The class without one of its two helpers, whose own hand-off would be reported, too.</summary>
    private static string Without(string text, string helper)
    {
        int start = text.IndexOf($"    internal static nint {helper}(", System.StringComparison.Ordinal);
        int end = text.IndexOf("    }\n", start, System.StringComparison.Ordinal) + "    }\n".Length;
        return text.Remove(start, end - start);
    }
}
