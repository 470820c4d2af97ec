using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>Ways to declare vmsplice, to fill an iovec, to pass flags and to use the result, crossed: writev is offered for all of them, and what it makes compiles.</summary>
public class CombinationTests
{
    private static readonly Declaration[] Declarations =
    [
        new("[DllImport(\"libc\")] private static extern nint vmsplice(int fd, iovec* iov, nuint n, uint flags);", "int", "nuint", "uint"),
        new("[LibraryImport(\"libc\", SetLastError = true)] public static partial nint vmsplice(int fd, iovec* iov, nuint n, uint flags);", "int", "nuint", "uint"),
        new("[DllImport(\"libc.so.6\", EntryPoint = \"vmsplice\")] internal static extern IntPtr vmsplice(int fd, iovec* iov, UIntPtr n, int flags);", "int", "UIntPtr", "int"),
        new("[LibraryImport(\"c\")]\n    private static partial long vmsplice(nint fd, void* iov, ulong n, SpliceFlags flags);", "nint", "ulong", "SpliceFlags"),
        new("/// <summary>Hands off.</summary>\n    [DllImport(\"libc\", SetLastError = true)]\n    private static extern nint vmsplice(SafeHandle fd, iovec* iov, nint n, uint flags = 0);", "SafeHandle", "nint", "uint"),
    ];

    private static readonly string[] Fillings =
    [
        "iovec iov = new() { iov_base = p, iov_len = length }; iovec* all = &iov; int n = 1;",
        "iovec* all = stackalloc iovec[2]; all[0] = new iovec { iov_base = p, iov_len = 1 }; all[1] = default; const int n = 2;",
        "iovec* all = stackalloc iovec[1]; all->iov_base = p; all->iov_len = (nuint)length; byte n = 1;",
    ];

    private static readonly string[] Flags = ["0", "8", "2", "flags", "gift ? 8 : 4"];

    private static readonly string[] Uses =
    [
        "{0};",
        "var sent = {0}; Console.WriteLine(sent);",
        "if ({0} < 0) throw new InvalidOperationException();",
        "while ((long){0} > 0) { }",
        "Func<long> send = () => (long){0}; send();",
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Declarations.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public async Task Writev_fits_them_all(int index)
    {
        IEnumerable<string> methods =
            from filling in Fillings
            from flags in Flags
            from use in Uses
            where !(use.Contains("=>") && filling.Contains("&iov"))
            select Method(Declarations[index], filling, flags, use);
        string source = Program.Replace("/*declaration*/", Declarations[index].Text).Replace("/*methods*/", string.Concat(methods.Select(Numbered)));
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Program.cs", source)]);
        await Sources.AssertCompilesAsync(solution);

        Solution changed = await new Fixing(new EveryHandOff()).FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Document);
        await Sources.AssertCompilesAsync(changed);
        Assert.DoesNotContain("vmsplice", await Sources.TextAsync(changed, "Program.cs"), System.StringComparison.Ordinal);
    }

    private static string Method(Declaration declaration, string filling, string flags, string use)
    {
        string call = $"vmsplice(fd, all, ({declaration.CountType})n, ({declaration.FlagsType})({flags}))";
        return $$"""
            public static void Run({{declaration.DescriptorType}} fd, byte* p, nuint length, {{declaration.FlagsType}} flags, bool gift)
            {
                {{filling}}
                {{use.Replace("{0}", call)}}
            }

            """;
    }

    private static string Numbered(string method, int number) => method.Replace("Run(", $"Run{number}(");

    private sealed record Declaration(string Text, string DescriptorType, string CountType, string FlagsType);

    private const string Program = """
        using System;
        using System.Runtime.InteropServices;

        [Flags]
        internal enum SpliceFlags : uint { Move = 1, NonBlock = 2, More = 4, Gift = 8 }

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe partial class Native
        {
            /*declaration*/
            /*methods*/
        }
        """;
}
