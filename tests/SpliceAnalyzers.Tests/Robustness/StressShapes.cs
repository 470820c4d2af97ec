using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>Methods of a shape that nobody writes and generators do.</summary>
internal static class StressShapes
{
    public const string HandOff = "v = new() { iov_base = b, iov_len = 4096 }; n += vmsplice(fd, &v, 1, 0);";

    private static string Repeat(int times, Func<int, string> make) => string.Concat(Enumerable.Range(0, times).Select(make));

    public static string Method(string body) => $$"""
        internal static unsafe class Program
        {
            static nint Run(int fd, bool[] c, int x)
            {
                byte* b = (byte*)NativeMemory.Alloc(8192);
                NativeMemory.Fill(b, 8192, 1);
                iovec v;
                nint n = 0;
                {{body}}
                return n;
            }
        }
        """;

    /// <summary>Each with its name, to be compiled with the prelude of the corpus.</summary>
    public static IReadOnlyList<(string Name, string Source)> All { get; } =
    [
        ("400 branches around hand-offs", Method(Repeat(400, i => $"if (c[{i}]) {{ {HandOff} }}\n") + "b[0] = 2;")),
        ("400 branches on results", Method(Repeat(400, _ => $"{HandOff} if (n < 0) return n;\n") + "b[0] = 2;")),
        ("400 branches with a store in each", Method(Repeat(400, i => $"if (c[{i}]) {{ {HandOff} }} else b[{i}] = 2;\n"))),
        ("60 nested loops", Method(Repeat(60, i => $"for (int i{i} = 0; i{i} < x; i{i}++) {{\n") + HandOff + "b[0]++;" + Repeat(60, _ => "}"))),
        ("60 nested loops of two turns", Method(Repeat(60, i => $"for (int i{i} = 0; i{i} < 2; i{i}++) {{\n") + HandOff + "b[0]++;" + Repeat(60, _ => "}"))),
        ("5,000 stores", Method(HandOff + Repeat(5_000, i => $"b[{i}] = 2;\n"))),
        ("5,000 hand-offs", Method(Repeat(5_000, _ => HandOff + "\n") + "b[0] = 2;")),
        ("200 buffers", Method(Repeat(200, i => $"byte* b{i} = (byte*)NativeMemory.Alloc(4096); b{i}[0] = 1; v = new() {{ iov_base = b{i}, iov_len = 4096 }}; n += vmsplice(fd, &v, 1, 0);\n") + Repeat(200, i => $"b{i}[0] = 2;\n"))),
        ("200 buffers in a list", Method("byte*[] all = new byte*[200];" + Repeat(200, i => $"all[{i}] = (byte*)NativeMemory.Alloc(4096);\n") + "for (int i = 0; ; i++) { v = new() { iov_base = all[i % 200], iov_len = 4096 }; n += vmsplice(fd, &v, 1, 0); all[i % 200][0]++; }")),
        ("switch with 400 cases", Method("switch (x) {\n" + Repeat(400, i => $"case {i}: {HandOff} b[{i}] = 2; break;\n") + "}")),
        ("60 nested try statements", Method(Repeat(60, _ => "try {\n") + HandOff + Repeat(60, i => $"}} finally {{ b[{i}] = 2; }}\n"))),
        ("an expression 1,000 levels deep", Method("n = " + Repeat(1_000, _ => "(n + ") + "1" + Repeat(1_000, _ => ")") + $"; {HandOff} b[0] = 2;")),
        ("mutual recursion", Recursion),
        ("a chain of 500 calls", Chain(500)),
        ("goto spaghetti", Method(Spaghetti(120))),
    ];

    private const string Recursion = """
        internal static unsafe class Program
        {
            static void Run(int fd, byte* b, int depth)
            {
                b[0] = (byte)depth;
                iovec v = new() { iov_base = b, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                Even(fd, b, depth - 1);
            }

            static void Even(int fd, byte* b, int depth)
            {
                if (depth % 3 == 0)
                    Run(fd, b, depth - 1);
                else
                    Odd(fd, b, depth - 1);
            }

            static void Odd(int fd, byte* b, int depth)
            {
                if (depth > 0)
                    Even(fd, b, depth - 2);
                Run(fd, b, depth);
            }
        }
        """;

    private static string Chain(int length) => $$"""
        internal static unsafe class Program
        {
            static void Call0(int fd, byte* b) { iovec v = new() { iov_base = b, iov_len = 4096 }; vmsplice(fd, &v, 1, 0); }
            {{Repeat(length, i => $"static void Call{i + 1}(int fd, byte* b) => Call{i}(fd, b);\n")}}
            static void Run(int fd, byte* b) { Call{{length}}(fd, b); b[0] = 2; }
        }
        """;

    private static string Spaghetti(int labels)
    {
        PCG random = PCG.Parse("0N0XIzNsQ0O2");
        return Repeat(labels, i =>
        {
            uint target = random.Next((uint)labels);
            string act = (i % 4) switch { 0 => HandOff, 1 => $"b[{i}] = 2;", 2 => "n--;", _ => "x++;" };
            return $"L{i}: {act} if (c[{i}]) goto L{target};\n";
        });
    }
}
