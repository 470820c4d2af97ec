using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Benchmarks.Code;

/// <summary>A file of a thousand lines with ten hand-offs, before and after a key was pressed in a method that hands off; ordinary files are beside it.</summary>
internal static class EditedFile
{
    private const int HandOffs = 10, Lines = 1_000;

    /// <summary>The file, with the edit done or not.</summary>
    public static string Text(bool isEdited)
    {
        string text = SpliceCode.File(0, $$"""
            public static unsafe class Editor
            {
            {{string.Join("\n", Enumerable.Range(0, HandOffs).Select(Sender))}}
            {{string.Join("\n", Enumerable.Range(0, Fillers()).Select(Filler))}}
            }
            """);
        return isEdited ? text.Replace("total += 3;", "total += 33;") : text;
    }

    /// <summary>What else is in the project.</summary>
    public static IReadOnlyList<string> Others(int lines) => [SpliceCode.Declarations, .. OrdinaryCode.Files(lines)];

    private static int Fillers() => (Lines - 25 - HandOffs * Height(Sender(0))) / Height(Filler(0));

    private static int Height(string text) => text.Count(static c => c == '\n') + 1;

    private static string Sender(int number) => $$"""
            public static long Send{{number}}(int fd, int[] values, int most)
            {
                byte* block = (byte*)NativeMemory.Alloc({{4096 * (number + 1)}});
                long total = 0;
                for (int i = 0; i < values.Length && i < most; i++)
                    block[i] = (byte)(values[i] + {{number}});
                iovec vector = new() { iov_base = block, iov_len = {{1024 * (number + 1)}} };
                nint n = vmsplice(fd, &vector, 1, {{number % 2 * 2}});
                if (n < 0)
                    return -1;
                total += {{number}};
                block[{{number * 7}}] = (byte)n;
                return total;
            }

        """;

    private static string Filler(int number) => $$"""
            private static Dictionary<string, int> Count{{number}}(IEnumerable<string> lines, int least)
            {
                var counts = new Dictionary<string, int>();
                foreach (string line in lines)
                {
                    foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (word.Length < least + {{number}})
                            continue;
                        counts.TryGetValue(word, out int count);
                        counts[word] = count + 1;
                    }
                }

                return counts;
            }

        """;
}
