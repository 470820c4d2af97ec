using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>A gift that buys nothing is taken back; a broken one only where nothing else is wrong.</summary>
public class RemoveGiftTests
{
    private const string Declarations = """
        using System.IO;
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        internal static unsafe class Libc
        {
            public const uint SPLICE_F_NONBLOCK = 2, SPLICE_F_GIFT = 8;
            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint read(int fd, void* buffer, nuint n);
        }
        """;

    private static ContractFix Fix => new(new HandOffAnalyzer(), new RemoveGiftFix(), FixTitles.RemoveGift);

    [Theory]
    [InlineData("return Libc.vmsplice(fd, iov, 1, Libc.SPLICE_F_GIFT);", "return Libc.vmsplice(fd, iov, 1, 0);")]
    [InlineData("return Libc.vmsplice(fd, iov, 1, Libc.SPLICE_F_NONBLOCK | Libc.SPLICE_F_GIFT);", "return Libc.vmsplice(fd, iov, 1, Libc.SPLICE_F_NONBLOCK);")]
    [InlineData("return Libc.vmsplice(fd, iov, 1, 8);", "return Libc.vmsplice(fd, iov, 1, 0);")]
    public Task A_gift_that_buys_nothing(string before, string after) => Fix.VerifyAsync(Source("C", before), Source("C", after));

    [Fact]
    public Task A_broken_gift_that_is_a_hazard_without_the_flag_too() => Fix.NotOfferedAsync(Declarations + """

        internal static unsafe class C
        {
            public static void Run(int fd)
            {
                long* page = (long*)NativeMemory.AlignedAlloc(4096, 4096);
                IoVec segment = new() { Base = page, Length = 4096 };
                *page = 1;
                if (Libc.vmsplice(fd, &segment, 1, Libc.SPLICE_F_GIFT) != 4096)
                    throw new IOException();
                *page = 2;
            }
        }
        """);

    [Fact]
    public Task Three_documents_at_once() => Fix.VerifyAllAsync(
        ("A.cs", Source("A", "return Libc.vmsplice(fd, iov, 1, Libc.SPLICE_F_GIFT);"), Source("A", "return Libc.vmsplice(fd, iov, 1, 0);")),
        ("B.cs", Class("B", "return Libc.vmsplice(fd, iov, 1, Libc.SPLICE_F_GIFT | 2);"), Class("B", "return Libc.vmsplice(fd, iov, 1, 2);")),
        ("C.cs", Class("C", "/* all */ return Libc.vmsplice(fd, iov, 1, 0xa);"), Class("C", "/* all */ return Libc.vmsplice(fd, iov, 1, 0x2);")));

    private static string Source(string name, string body) => Declarations + Class(name, body);

    private static string Class(string name, string body) => $$"""

        internal static unsafe class {{name}}
        {
            public static nint Run(int fd, IoVec* iov)
            {
                {{body}}
            }
        }
        """;
}
