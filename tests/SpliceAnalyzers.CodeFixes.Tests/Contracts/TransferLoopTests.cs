using System;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>A loop before the statement, and what the statement did with a failure after it.</summary>
public class TransferLoopTests
{
    private const string Declarations = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        internal static unsafe class Libc
        {
            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "writev")] public static extern nint WriteOne(SafeHandle fd, in IoVec iov, int n);
            [DllImport("libc", SetLastError = true, EntryPoint = "writev")] public static extern nint WriteAll(int fd, IoVec[] iov, int n);
            [DllImport("libc", SetLastError = true)] public static extern nint splice(int a, long* offA, int b, long* offB, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint tee(int a, int b, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint sendfile(int a, int b, ref long offset, nuint len);
        }
        """;

    private static ContractFix Fix => new(new CallAnalyzer(), new TransferLoopFix(), FixTitles.LoopOverTransfers);

    [Fact]
    public Task A_result_that_is_discarded() => VerifyAsync(
        """
                // All of it.
                Libc.splice(a, null, b, null, len, 0); // at once
                Use(len);
        """,
        """
                // All of it.
                nint moved = 0;
                nuint remaining = len;
                while (remaining > 0)
                {
                    moved = Libc.splice(a, null, b, null, remaining, 0);
                    if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved <= 0)
                        break;
                    remaining -= (nuint)moved;
                }
                if (moved < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage()); // at once
                Use(len);
        """);

    [Fact]
    public Task A_failure_that_is_looked_at() => VerifyAsync(
        """
                if (Libc.splice(a, null, b, null, len, 0) < 0)
                {
                    // Says why.
                    throw new IOException("splice");
                }
        """,
        """
                nint moved = 0;
                nuint remaining = len;
                while (remaining > 0)
                {
                    moved = Libc.splice(a, null, b, null, remaining, 0);
                    if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved <= 0)
                        break;
                    remaining -= (nuint)moved;
                }
                if (moved < 0)
                {
                    // Says why.
                    throw new IOException("splice");
                }
        """);

    [Fact]
    public Task A_local_that_is_only_tested_for_failure() => VerifyAsync(
        """
                nint n = Libc.sendfile(a, b, ref offset, len);
                if (n < 0)
                    Use(a);
        """,
        """
                nint n = 0;
                nuint remaining = len;
                while (remaining > 0)
                {
                    n = Libc.sendfile(a, b, ref offset, remaining);
                    if (n < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (n <= 0)
                        break;
                    remaining -= (nuint)n;
                }
                if (n < 0)
                    Use(a);
        """);

    [Fact]
    public Task A_local_that_nobody_reads() => VerifyAsync(
        """
                var n = Libc.splice(a, null, b, null, 2 * len, 0);
        """,
        """
                nint n = 0;
                nuint remaining = 2 * len;
                while (remaining > 0)
                {
                    n = Libc.splice(a, null, b, null, remaining, 0);
                    if (n < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (n <= 0)
                        break;
                    remaining -= (nuint)n;
                }
                if (n < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        """);

    [Theory]
    [InlineData("[DllImport(\"libc\")] ", "writev(1, iov, 1)", "writev(1, &rest, 1)")]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"syscall\")] ", "Raw(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 20 : 66, 1, iov, 1)", "Raw(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 20 : 66, 1, &rest, 1)")]
    [InlineData("", "((delegate* unmanaged<int, IoVec*, int, nint>)Pointer)(1, iov, 1)", "((delegate* unmanaged<int, IoVec*, int, nint>)Pointer)(1, &rest, 1)")]
    public Task Where_the_runtime_keeps_no_error(string attribute, string before, string after) => Fix.VerifyAsync(
        Unkept(attribute, before + ";"),
        Unkept(attribute, $$"""
            nint moved = 0;
                    IoVec rest = *iov;
                    while (rest.Length > 0)
                    {
                        moved = {{after}};
                        if (moved < 0 && Marshal.GetLastSystemError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        rest.Base = (byte*)rest.Base + moved;
                        rest.Length -= (nuint)moved;
                    }
                    if (moved < 0)
                        throw new IOException("writev failed: " + Marshal.GetLastSystemError());
            """));

    /// <summary>A binding such as Tmds.LibC: structures for ssize_t and size_t, properties for the members of iovec.</summary>
    [Fact]
    public async Task Types_of_a_binding()
    {
        const string Binding = """
            using System.Runtime.InteropServices;

            namespace Tmds.Linux;

            public struct size_t
            {
                private ulong value;
                public static implicit operator ulong(size_t arg) => arg.value;
                public static implicit operator size_t(int arg) => new size_t { value = (uint)arg };
                public static explicit operator size_t(ulong arg) => new size_t { value = arg };
                public static explicit operator size_t(ssize_t arg) => new size_t { value = (ulong)(long)arg };
            }

            public struct ssize_t
            {
                private long value;
                public static implicit operator long(ssize_t arg) => arg.value;
                public static implicit operator ssize_t(int arg) => new ssize_t { value = arg };
            }

            public unsafe struct iovec { public void* iov_base { get; set; } public size_t iov_len { get; set; } }

            public static unsafe class LibC
            {
                [DllImport("libc.so.6", SetLastError = true)] public static extern ssize_t vmsplice(int fd, iovec* iov, size_t count, uint flags);
            }
            """;
        const string Caller = """
            using Tmds.Linux;

            public static unsafe class C
            {
                public static void Run(int fd, iovec v)
                {
                    LibC.vmsplice(fd, &v, 1, 0);
                }
            }
            """;
        using var image = new System.IO.MemoryStream();
        Assert.True(SpliceAnalyzers.Tests.Verification.TestReferences.Compile("Tmds.LibC", Binding).Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("A.cs", Caller)]);
        solution = solution.AddMetadataReference(solution.ProjectIds[0], MetadataReference.CreateFromImage(image.ToArray()));
        Solution? changed = await new Fixing(new CallAnalyzer(), new TransferLoopFix()).FixFirstAsync(solution, FixTitles.LoopOverTransfers);
        Assert.NotNull(changed);
        await Sources.AssertCompilesAsync(changed);
        string text = await Sources.TextAsync(changed, "A.cs");
        Assert.Contains("rest.iov_base = (byte*)rest.iov_base + (long)moved;", text, StringComparison.Ordinal);
        Assert.Contains("rest.iov_len -= (size_t)moved;", text, StringComparison.Ordinal);
    }

    [Fact]
    public Task One_segment() => VerifyAsync(
        """
                IoVec segment = new() { Base = p, Length = len };
                Libc.vmsplice(b, &segment, 1, 0);
        """,
        """
                IoVec segment = new() { Base = p, Length = len };
                nint moved = 0;
                IoVec rest = segment;
                while (rest.Length > 0)
                {
                    moved = Libc.vmsplice(b, &rest, 1, 0);
                    if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved <= 0)
                        break;
                    rest.Base = (byte*)rest.Base + moved;
                    rest.Length -= (nuint)moved;
                }
                if (moved < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        """);

    [Fact]
    public Task Several_segments() => VerifyAsync(
        """
                if (Libc.vmsplice(b, iov, len, 0) == -1) return;
        """,
        """
                nint moved = 0;
                for (nuint i = 0; i < len && moved >= 0; i++)
                {
                    IoVec rest = iov[i];
                    while (rest.Length > 0)
                    {
                        moved = Libc.vmsplice(b, &rest, 1, 0);
                        if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        rest.Base = (byte*)rest.Base + moved;
                        rest.Length -= (nuint)moved;
                    }
                }
                if (moved == -1) return;
        """);

    [Fact]
    public Task A_segment_by_reference() => VerifyAsync(
        """
                IoVec segment = new() { Base = p, Length = len };
                bool ok = Libc.WriteOne(handle, in segment, 1) >= 0;
                Use(ok);
        """,
        """
                IoVec segment = new() { Base = p, Length = len };
                nint moved = 0;
                IoVec rest = segment;
                while (rest.Length > 0)
                {
                    moved = Libc.WriteOne(handle, in rest, 1);
                    if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved <= 0)
                        break;
                    rest.Base = (byte*)rest.Base + moved;
                    rest.Length -= (nuint)moved;
                }
                bool ok = moved >= 0;
                Use(ok);
        """);

    [Fact]
    public Task An_array_of_segments() => VerifyAsync(
        """
                IoVec[] all = new IoVec[2];
                Libc.WriteAll(b, all, all.Length);
        """,
        """
                IoVec[] all = new IoVec[2];
                nint moved = 0;
                for (int i = 0; i < all.Length && moved >= 0; i++)
                {
                    IoVec rest = all[i];
                    while (rest.Length > 0)
                    {
                        moved = Libc.WriteAll(b, new[] { rest }, 1);
                        if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        rest.Base = (byte*)rest.Base + moved;
                        rest.Length -= (nuint)moved;
                    }
                }
                if (moved < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        """);

    [Theory]
    [InlineData(
        "if (Libc.tee(a, b, len, 0) < 0)\n            return;",
        "if (copied < 0)\n            return;",
        "_ = (long)Libc.splice(a, null, b, null, len, 0) == 1;", "_ = (long)Libc.splice(a, null, b, null, (nuint)copied, 0) == 1;")]
    [InlineData(
        "Libc.tee(a, b, len, 0);",
        "if (copied < 0)\n            throw new IOException(Marshal.GetLastPInvokeErrorMessage());",
        "if (Libc.splice(a, null, b, null, len, 0) <= 0) Use(a);", "if (Libc.splice(a, null, b, null, (nuint)copied, 0) <= 0) Use(a);")]
    public Task A_second_tee_would_copy_the_same_bytes_again_so_the_next_call_takes_what_was_copied(string tee, string check, string next, string nextAfter) => VerifyAsync(
        $"        {tee}\n        {next}",
        $$"""
                nint copied;
                do
                {
                    copied = Libc.tee(a, b, len, 0);
                }
                while (copied < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */);
                {{check}}
                {{nextAfter}}
        """);

    [Fact]
    public Task A_check_of_tee_may_stand_before_the_next_call() => VerifyAsync(
        """
                nint n = Libc.tee(a, b, len, 0);
                if (n < 0)
                    throw new IOException();
                if (Libc.splice(a, null, b, null, len, 0) <= 0) Use(a);
        """,
        """
                nint n;
                do
                {
                    n = Libc.tee(a, b, len, 0);
                }
                while (n < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */);
                if (n < 0)
                    throw new IOException();
                if (Libc.splice(a, null, b, null, (nuint)n, 0) <= 0) Use(a);
        """);

    [Theory]
    [InlineData("        Libc.tee(a, b, len, 0);")]
    [InlineData("        Libc.tee(a, b, len, 0); Use(a);")]
    [InlineData("        if (Libc.tee(a, b, len, 0) < 0) Use(a); if (Libc.splice(a, null, b, null, len, 0) <= 0) Use(a);")]
    [InlineData("        Libc.tee(a, b, len, 0); if (Libc.splice(b, null, a, null, len, 0) <= 0) Use(a);")]
    [InlineData("        Libc.tee(a, b, len, 0); while (len > 0) { nint n = Libc.splice(a, null, b, null, len, 0); if (n <= 0) break; len -= (nuint)n; }")]
    public Task What_tee_left_behind_cannot_be_had_by_another_tee(string body) => Fix.NotOfferedAsync(Source("C", body));

    [Fact]
    public Task An_embedded_statement_becomes_a_block() => VerifyAsync(
        """
                if (len > 1)
                    Libc.splice(a, null, b, null, len, 0);
                else Use(len);
        """,
        """
                if (len > 1)
                {
                    nint moved = 0;
                    nuint remaining = len;
                    while (remaining > 0)
                    {
                        moved = Libc.splice(a, null, b, null, remaining, 0);
                        if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        remaining -= (nuint)moved;
                    }
                    if (moved < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                }
                else Use(len);
        """);

    [Fact]
    public Task Names_that_are_taken() => VerifyAsync(
        """
                int moved = 1, remaining = 2;
                Use(moved + remaining);
                Libc.splice(a, null, b, null, len, 0);
        """,
        """
                int moved = 1, remaining = 2;
                Use(moved + remaining);
                nint moved2 = 0;
                nuint remaining2 = len;
                while (remaining2 > 0)
                {
                    moved2 = Libc.splice(a, null, b, null, remaining2, 0);
                    if (moved2 < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved2 <= 0)
                        break;
                    remaining2 -= (nuint)moved2;
                }
                if (moved2 < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        """);

    [Theory]
    [InlineData("        Libc.splice(Next(), null, b, null, len, 0);")]
    [InlineData("        Libc.splice(a++, null, b, null, len, 0);")]
    [InlineData("        while (Libc.splice(a, null, b, null, len, 0) >= 0) { }")]
    [InlineData("        if (a > 0 && Libc.splice(a, null, b, null, len, 0) < 0) Use(a);")]
    [InlineData("        if (a < 0) Use(a); else if (Libc.splice(a, null, b, null, len, 0) < 0) Use(b);")]
    [InlineData("        Func<bool> f = () => Libc.splice(0, null, 1, null, 2, 0) < 0; f();")]
    [InlineData("        Action f = () => Libc.tee(0, 1, 2, 0); f();")]
    public Task Calls_that_cannot_be_repeated_before_their_statement(string body) => Fix.NotOfferedAsync(Source("C", body));

    [Fact]
    public Task A_body_that_is_nothing_but_the_call_becomes_a_block() => VerifyAsync(
        """
                Action<int> f = fd => Libc.splice(fd, null, 1, null, 2, 0);
                static void Local(int fd, nuint count) => Libc.splice(fd, null, 1, null, count, 0); // to the terminal
                f(a);
        """,
        """
                Action<int> f = fd =>
                {
                    nint moved = 0;
                    nuint remaining = 2;
                    while (remaining > 0)
                    {
                        moved = Libc.splice(fd, null, 1, null, remaining, 0);
                        if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        remaining -= (nuint)moved;
                    }
                    if (moved < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                };
                static void Local(int fd, nuint count)
                {
                    nint moved2 = 0;
                    nuint remaining2 = count;
                    while (remaining2 > 0)
                    {
                        moved2 = Libc.splice(fd, null, 1, null, remaining2, 0);
                        if (moved2 < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved2 <= 0)
                            break;
                        remaining2 -= (nuint)moved2;
                    }
                    if (moved2 < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                } // to the terminal
                f(a);
        """);

    [Fact]
    public Task Two_loops_in_one_method() => Fix.VerifyAllAsync(("A.cs", Source("A", """
                Libc.splice(a, null, b, null, len, 0);
                long n = (long)Libc.splice(b, null, a, null, len, 0);
        """), Source("A", """
                nint moved = 0;
                nuint remaining = len;
                while (remaining > 0)
                {
                    moved = Libc.splice(a, null, b, null, remaining, 0);
                    if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved <= 0)
                        break;
                    remaining -= (nuint)moved;
                }
                if (moved < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                nint moved2 = 0;
                nuint remaining2 = len;
                while (remaining2 > 0)
                {
                    moved2 = Libc.splice(b, null, a, null, remaining2, 0);
                    if (moved2 < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                        continue;
                    if (moved2 <= 0)
                        break;
                    remaining2 -= (nuint)moved2;
                }
                if (moved2 < 0)
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                long n = (long)moved2;
        """)));

    [Fact]
    public Task Three_documents_at_once()
    {
        const string Before = "        Libc.splice(a, null, b, null, len, 0);";
        const string After = """
                    nint moved = 0;
                    nuint remaining = len;
                    while (remaining > 0)
                    {
                        moved = Libc.splice(a, null, b, null, remaining, 0);
                        if (moved < 0 && Marshal.GetLastPInvokeError() == 4 /* EINTR */)
                            continue;
                        if (moved <= 0)
                            break;
                        remaining -= (nuint)moved;
                    }
                    if (moved < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            """;
        return Fix.VerifyAllAsync(
            ("A.cs", Source("A", Before), Source("A", After)),
            ("B.cs", Usings + Class("B", Before), Usings + Class("B", After)),
            ("C.cs", Usings + Class("C", Before), Usings + Class("C", After)));
    }

    private const string Usings = "using System.IO;\nusing System.Runtime.InteropServices;\n";

    private static string Unkept(string attribute, string body) => $$"""
        using System.IO;
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        internal static unsafe class C
        {
            private static readonly nint Pointer = NativeLibrary.GetExport(NativeLibrary.Load("libc"), "writev");
            {{(attribute.Length == 0 ? "" : $"{attribute}private static extern nint {(attribute.Contains("syscall") ? "Raw(long number, int fd" : "writev(int fd")}, IoVec* iov, int n);")}}

            public static void Run(IoVec* iov)
            {
                {{body}}
            }
        }
        """;

    private static Task VerifyAsync(string before, string after) => Fix.VerifyAsync(Source("C", before), Source("C", after));

    private static string Source(string name, string body) => Declarations + Class(name, body);

    private static string Class(string name, string body) => $$"""

        internal static unsafe class {{name}}
        {
            private static void Use(object o) => System.Console.WriteLine(o);

            private static int Next() => 1;

            public static void Run(int a, int b, long offset, nuint len, byte* p, IoVec* iov, SafeHandle handle)
            {
        {{body}}
            }
        }
        """;
}
