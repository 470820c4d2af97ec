using System.Text.RegularExpressions;
using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>Flags that do nothing for a call go, and what was written around them stays.</summary>
public partial class RemoveFlagTests
{
    private const string Declarations = """
        using System;
        using System.Runtime.InteropServices;

        [Flags] public enum SpliceFlags : uint { None = 0, Move = 1, NonBlock = 2, More = 4, Gift = 8 }

        internal static unsafe class Libc
        {
            public const uint SPLICE_F_MOVE = 1, SPLICE_F_NONBLOCK = 2, SPLICE_F_MORE = 4, SPLICE_F_GIFT = 8;
            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint splice(int a, long* offA, int b, long* offB, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint tee(int a, int b, nuint len, uint flags);
            [DllImport("libc", SetLastError = true, EntryPoint = "tee")] public static extern nint teeEnum(int a, int b, nuint len, SpliceFlags flags);
        }
        """;

    private static ContractFix Fix => new(new CallAnalyzer(), new RemoveFlagFix(), FixTitles.RemoveFlag);

    [Theory]
    [InlineData("return tee(a, b, len, SPLICE_F_GIFT);", "return tee(a, b, len, 0);")]
    [InlineData("return tee(a, b, len, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);", "return tee(a, b, len, SPLICE_F_NONBLOCK);")]
    [InlineData("return tee(a, b, len, SPLICE_F_NONBLOCK | SPLICE_F_MORE);", "return tee(a, b, len, SPLICE_F_NONBLOCK);")]
    [InlineData("return tee(a, b, len, SPLICE_F_MORE | SPLICE_F_NONBLOCK | SPLICE_F_MOVE);", "return tee(a, b, len, SPLICE_F_NONBLOCK);")]
    [InlineData("return tee(a, b, len, SPLICE_F_MORE | flags);", "return tee(a, b, len, flags);")]
    [InlineData("return tee(a, b, len, (SPLICE_F_MORE | flags));", "return tee(a, b, len, (flags));")]
    [InlineData("return tee(a, b, len, 6);", "return tee(a, b, len, 2);")]
    [InlineData("return tee(a, b, len, 0x6u);", "return tee(a, b, len, 0x2u);")]
    [InlineData("return tee(a, b, len, 0x10 | SPLICE_F_NONBLOCK);", "return tee(a, b, len, SPLICE_F_NONBLOCK);")]
    [InlineData("return tee(a, b, len, c ? SPLICE_F_MORE : SPLICE_F_NONBLOCK);", "return tee(a, b, len, c ? 0 : SPLICE_F_NONBLOCK);")]
    [InlineData("return tee(a, b, len, c ? SPLICE_F_MORE : 0);", "return tee(a, b, len, 0);")]
    [InlineData("return tee(a, b, len, (uint)SpliceFlags.More);", "return tee(a, b, len, 0);")]
    [InlineData("return teeEnum(a, b, len, SpliceFlags.More | SpliceFlags.NonBlock);", "return teeEnum(a, b, len, SpliceFlags.NonBlock);")]
    [InlineData("return teeEnum(a, b, len, SpliceFlags.More);", "return teeEnum(a, b, len, 0);")]
    [InlineData("return tee(a, flags: /* all */ SPLICE_F_MOVE, len: len, b: b); // done", "return tee(a, flags: /* all */ 0, len: len, b: b); // done")]
    [InlineData("uint f = SPLICE_F_MORE | SPLICE_F_NONBLOCK; return tee(a, b, len, f);", "uint f = SPLICE_F_NONBLOCK; return tee(a, b, len, f);")]
    [InlineData("return splice(a, null, b, null, len, SPLICE_F_MOVE | SPLICE_F_GIFT);", "return splice(a, null, b, null, len, SPLICE_F_MOVE);")]
    [InlineData("return vmsplice(a, null, 0, SPLICE_F_MOVE);", "return vmsplice(a, null, 0, 0);")]
    public Task One_flag(string before, string after) => Fix.VerifyAsync(Source("C", before), Source("C", after));

    [Theory]
    [InlineData("uint f = SPLICE_F_MORE; if (c) f = flags; return tee(a, b, len, f);")]
    [InlineData("uint f = SPLICE_F_MORE; return tee(a, b, len, f) + splice(a, null, b, null, len, f);")]
    public Task Variables_that_serve_for_more(string body) => Fix.NotOfferedAsync(Source("C", body));

    [Fact]
    public Task A_constant_that_has_lost_its_last_use_goes() => Fix.VerifyAsync(
        Declarations + "\n" + """
        internal static class Own
        {
            private const uint Gift = 8;

            public static nint Run(int a, int b) => Libc.tee(a, b, 1, Gift);
        }
        """,
        Declarations + "\n" + """
        internal static class Own
        {
            public static nint Run(int a, int b) => Libc.tee(a, b, 1, 0);
        }
        """);

    [Fact]
    public Task Three_documents_at_once() => Fix.VerifyAllAsync(
        ("A.cs", Declarations + Class("A", "return tee(a, b, len, SPLICE_F_GIFT);"), Declarations + Class("A", "return tee(a, b, len, 0);")),
        ("B.cs", Usings + Class("B", "return tee(a, b, len, SPLICE_F_MORE | flags) + tee(b, a, len, 1);"), Usings + Class("B", "return tee(a, b, len, flags) + tee(b, a, len, 0);")),
        ("C.cs", Usings + Class("C", "return splice(a, null, b, null, len, 9);"), Usings + Class("C", "return splice(a, null, b, null, len, 1);")));

    private const string Usings = "using System;\n";

    private static string Source(string name, string body) => Declarations + Class(name, body);

    private static string Class(string name, string body) => $$"""

        internal static unsafe class {{name}}
        {
            public static nint Run(int a, int b, nuint len, uint flags, bool c)
            {
                {{Qualified(body)}}
            }
        }
        """;

    private static string Qualified(string body) => Names().Replace(body, "Libc.$0");

    [GeneratedRegex(@"\b(tee|teeEnum|splice|vmsplice)\(|\bSPLICE_F_")]
    private static partial Regex Names();
}
