using System;
using System.IO;
using System.Text.RegularExpressions;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>
/// The fixes of the lifetime rules from the command line, one id at a time. In each program the first diagnostic has no fix, since a named FIFO cannot
/// be told not to wait by any other call: the second is fixed all the same.
/// </summary>
public class LifetimeFixTests
{
    // #fd is the descriptor, #flags are the flags.
    [Theory]
    [InlineData("SPL1001", "iovec v = new() { Base = page, Length = 4096 }; if (vmsplice(#fd, &v, 1, #flags) < 0) return; page[0] = 2;")]
    [InlineData("SPL1002", "iovec v = new() { Base = page, Length = 4096 }; if (vmsplice(#fd, &v, 1, 8 | #flags) < 0) return; page[0] = 2;")]
    [InlineData("SPL1003", "iovec v = new() { Base = page, Length = 4096 }; if (vmsplice(#fd, &v, 1, #flags) < 0) return; NativeMemory.Free(page);")]
    [InlineData("SPL1004", "byte* line = stackalloc byte[16]; line[0] = 1; iovec v = new() { Base = line, Length = 16 }; if (vmsplice(#fd, &v, 1, #flags) < 0) return;")]
    [InlineData("SPL1006", "iovec v = new() { Base = given, Length = 16 }; if (vmsplice(#fd, &v, 1, #flags) < 0) return;")]
    [InlineData("SPL1007", """
        if (fcntl(#fd, 1031, 65536) != 65536)
            return;
        byte* halves = (byte*)NativeMemory.AlignedAlloc(2 * 65536, 4096);
        for (int number = 0; number < 6; number++)
        {
            byte* half = halves + number % 2 * 65536;
            NativeMemory.Fill(half, 65536, (byte)number);
            iovec v = new() { Base = half, Length = 65536 };
            if (vmsplice(#fd, &v, 1, #flags) != 65536)
                return;
        }
        """)]
    [InlineData("SPL3001", "iovec v = new() { Base = page, Length = 4096 }; if (vmsplice(#fd, &v, 1, #flags) < 0) return;")]
    public void One_that_cannot_be_fixed_does_not_stop_the_other(string id, string statements)
    {
        string program = Program
            .Replace("/*cannot*/", statements.Replace("#fd", "fifo").Replace("#flags", "2"))
            .Replace("/*can*/", statements.Replace("#fd", "fd").Replace("#flags", "0"));
        using var project = new ConsumerProject(program);

        CommandResult format = project.Dotnet($"format analyzers --diagnostics {id} --severity info --verbosity normal");
        CommandResult build = project.Dotnet("build");

        string text = project.Read("Program.cs");
        Assert.True(format.ExitCode == 0 && build.ExitCode == 0, $"{format}\n{build}\n{text}");
        Assert.True(text.Contains("writev(fd, &v, 1)", StringComparison.Ordinal) && text.Contains("vmsplice(fifo, &v, 1, ", StringComparison.Ordinal), $"{format}\n{text}");
    }

    [Fact]
    public void Two_projects_of_a_solution_share_a_declaration_that_a_third_has()
    {
        using var solution = new ConsumerProject("");
        File.Delete(Path.Combine(solution.Folder, "Consumer.csproj"));
        File.Delete(Path.Combine(solution.Folder, "Program.cs"));
        solution.Write("All.slnx", """<Solution><Project Path="Native/Native.csproj" /><Project Path="First/First.csproj" /><Project Path="Second/Second.csproj" /></Solution>""");
        WriteProject(solution, "Native", "", """
            using System.Runtime.InteropServices;

            public unsafe struct iovec
            {
                public void* Base;
                public nuint Length;
            }

            public static unsafe partial class Native
            {
                [LibraryImport("libc", SetLastError = true)]
                public static partial nint vmsplice(int fd, iovec* iov, nuint count, uint flags);
            }
            """);
        foreach (string name in new[] { "First", "Second" })
            WriteProject(solution, name, """<ProjectReference Include="../Native/Native.csproj" />""", StoresTwice.Replace("/*name*/", name));

        CommandResult format = solution.Dotnet("format analyzers All.slnx --diagnostics SPL1001 --severity info --verbosity normal");
        CommandResult build = solution.Dotnet("build All.slnx -warnaserror:SPL1001");

        string all = string.Join("\n", solution.Read("Native/Program.cs"), solution.Read("First/Program.cs"), solution.Read("Second/Program.cs"));
        Assert.True(build.ExitCode == 0, $"{format}\n{build}\n{all}");
        Assert.Equal(4, Regex.Count(all, @"Native\.writev\(fd, &[ab], 1\)"));
        Assert.Single(Regex.Matches(all, "public static partial nint writev"));
    }

    [Fact]
    public void What_is_unmapped_right_after_the_call_arrives_after_the_fix_too()
    {
        using var project = new ConsumerProject(UnmapsAtOnce);

        CommandResult before = project.Dotnet("run");
        CommandResult format = project.Dotnet("format analyzers --diagnostics SPL3001 --severity info --verbosity normal");
        CommandResult after = project.Dotnet("run");

        string text = project.Read("Program.cs");
        Assert.Contains("received: 1 2 3 4", before.Output, StringComparison.Ordinal);
        Assert.True(text.Contains("writev(fd, ", StringComparison.Ordinal) && !text.Contains("vmsplice", StringComparison.Ordinal), $"{format}\n{text}");
        Assert.True(after.Output.Contains("received: 1 2 3 4", StringComparison.Ordinal), $"{after}\n{text}");
    }

    private static void WriteProject(ConsumerProject solution, string name, string references, string text)
    {
        Directory.CreateDirectory(Path.Combine(solution.Folder, name));
        solution.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SpliceAnalyzers" Version="{Repository.Version}" />
                {references}
              </ItemGroup>
            </Project>
            """);
        solution.Write($"{name}/Program.cs", text);
    }

    private const string StoresTwice = """
        using System.Runtime.InteropServices;

        internal static unsafe class /*name*/
        {
            internal static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec a = new() { Base = p, Length = 2048 }, b = new() { Base = p + 2048, Length = 2048 };
                if (Native.vmsplice(fd, &a, 1, 0) < 0 || Native.vmsplice(fd, &b, 1, 0) < 0) return;
                p[0] = 2; p[2048] = 2;
            }
        }
        """;

    private const string UnmapsAtOnce = """
        using System;
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* Base;
            public nuint Length;
        }

        internal static unsafe class Program
        {
            private const int Size = 4096;

            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, iovec* iov, nuint count, uint flags);
            [DllImport("libc", SetLastError = true)] private static extern int pipe(int* ends);
            [DllImport("libc", SetLastError = true)] private static extern nint read(int fd, void* buffer, nuint count);
            [DllImport("libc", SetLastError = true)] private static extern void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);
            [DllImport("libc", SetLastError = true)] private static extern int munmap(void* address, nuint length);

            private static void Main()
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) < 0)
                    throw new InvalidOperationException();
                for (byte number = 1; number <= 4; number++)
                    Send(ends[1], number);
                byte* page = stackalloc byte[Size];
                Console.Write("received:");
                for (int i = 0; i < 4; i++)
                    Console.Write(read(ends[0], page, Size) == Size ? $" {page[Size - 1]}" : " short");
                Console.WriteLine();
            }

            // A call that hands off keeps the pages alive; one that copies needs them no more.
            private static void Send(int fd, byte number)
            {
                byte* page = (byte*)mmap(null, Size, 3, 0x22, -1, 0);
                if (page == (byte*)-1)
                    throw new InvalidOperationException();
                NativeMemory.Fill(page, Size, number);
                iovec rest = new() { Base = page, Length = Size };
                while (rest.Length > 0)
                {
                    nint sent = vmsplice(fd, &rest, 1, 0);
                    if (sent < 0)
                        throw new InvalidOperationException();
                    rest.Base = (byte*)rest.Base + sent;
                    rest.Length -= (nuint)sent;
                }

                if (munmap(page, Size) < 0)
                    throw new InvalidOperationException();
            }
        }
        """;

    private const string Program = """
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* Base;
            public nuint Length;
        }

        public static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, iovec* iov, nuint count, uint flags);
            [DllImport("libc", SetLastError = true)] private static extern int open(string path, int flags);
            [DllImport("libc", SetLastError = true)] private static extern int fcntl(int fd, int command, int argument);

            private static void Main(string[] args)
            {
                if (args.Length < 3)
                    return;
                Can(1, (byte*)NativeMemory.AllocZeroed(4096));
                Cannot(args[0], (byte*)NativeMemory.AllocZeroed(4096));
            }

            public static void Cannot(string path, byte* given)
            {
                byte* page = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(page, 4096, 1);
                int fifo = open(path, 1);
                /*cannot*/
            }

            public static void Can(int fd, byte* given)
            {
                byte* page = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(page, 4096, 1);
                /*can*/
            }
        }
        """;
}
