using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>vmsplice on a read end becomes readv, with the declaration that it needs.</summary>
public class UseReadvTests
{
    private static ContractFix Fix => new(new CallAnalyzer(), new UseReadvFix(), FixTitles.UseReadv);

    [Theory]
    [InlineData("vmsplice(ends[0], iov, 1, 0)", "readv(ends[0], iov, 1)", "nint readv(int fd, IoVec* iov, int n);")]
    [InlineData("vmsplice(ends[0], iov, n, 0)", "readv(ends[0], iov, (int)n)", "nint readv(int fd, IoVec* iov, int n);")]
    [InlineData("vmsplice(ends[0], iov, 1, 2)", "preadv2(ends[0], iov, 1, -1, 8 /* RWF_NOWAIT */)", "nint preadv2(int fd, IoVec* iov, int n, long offset, int flags);")]
    public Task The_call_and_its_declaration(string before, string after, string declaration) =>
        Fix.VerifyAsync(Source("C", before, "nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);"), Source("C", after, declaration));

    [Fact]
    public Task Three_documents_at_once() => Fix.VerifyAllAsync(
        ("A.cs", Source("A", "vmsplice(ends[0], iov, 1, 0)", "nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);"), Source("A", "readv(ends[0], iov, 1)", "nint readv(int fd, IoVec* iov, int n);")),
        ("B.cs", Class("B", "A.vmsplice(ends[0], iov, 1, 0)"), Class("B", "A.readv(ends[0], iov, 1)")),
        ("C.cs", Class("C", "A.vmsplice(ends[0], iov, n, 0)"), Class("C", "A.readv(ends[0], iov, (int)n)")));

    private static string Source(string name, string call, string declaration) => $$"""
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        internal static unsafe class {{name}}
        {
            [DllImport("libc", SetLastError = true)]
            internal static extern {{declaration}}

            [DllImport("libc", SetLastError = true)]
            internal static extern int pipe(int* ends);

            public static nint Run(IoVec* iov, nuint n)
            {
                int* ends = stackalloc int[2];
                return pipe(ends) < 0 ? -1 : {{call}};
            }
        }
        """;

    private static string Class(string name, string call) => $$"""
        internal static unsafe class {{name}}
        {
            public static nint Run(IoVec* iov, nuint n)
            {
                int* ends = stackalloc int[2];
                return A.pipe(ends) < 0 ? -1 : {{call}};
            }
        }
        """;
}
