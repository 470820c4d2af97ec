using System;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>The fixes of the rules about declarations and calls, from the command line: one diagnostic without a fix among them does not stop the others.</summary>
public class ContractFixTests
{
    private const string Head = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        """;

    // In each program the first diagnostic has no fix, and the second has one.
    [Theory]
    [InlineData("SPL2001", """
        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true, EntryPoint = "tee")] private static extern nint TooFew(int a, int b, nuint len);
            [DllImport("libc", SetLastError = true)] private static extern int tee(int a, int b, int len, uint flags);

            private static int Main(string[] args) => args.Length > 2 ? tee(0, 1, args.Length, 0) + (int)TooFew(0, 1, 2) : 0;
        }
        """, "extern nint tee(int a, int b, nuint len, uint flags);", "(int)(tee(0, 1, (nuint)args.Length, 0) + (int)TooFew(0, 1, 2)) : 0")]
    [InlineData("SPL2002", """
        internal static unsafe class Program
        {
            private static readonly delegate* unmanaged<int, int, nuint, uint, nint> Tee = (delegate* unmanaged<int, int, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load("libc"), "tee");
            [DllImport("libc")] private static extern nint tee(int a, int b, nuint len, uint flags);

            private static int Main(string[] args) => args.Length > 2 ? (int)tee(0, 1, 2, 0) + (int)Tee(0, 1, 2, 0) : 0;
        }
        """, "[DllImport(\"libc\", SetLastError = true)]", "extern nint tee")]
    [InlineData("SPL2003", """
        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)] private static extern nint sendfile(int a, int b, ref long offset, nuint len);

            private static void Main(string[] args)
            {
                long offset = 0;
                Func<bool> repeat = () => sendfile(1, args.Length, ref offset, 2) < 0;
                if (args.Length > 2)
                    repeat();
                if (args.Length > 1 && sendfile(1, 0, ref offset, 2) < 0)
                    return;
                if (args.Length > 0)
                    Copy(args.Length, 4096);
            }

            private static void Copy(int target, nuint length)
            {
                long offset = 0;
                sendfile(target, 0, ref offset, length);
            }
        }
        """, "while (remaining > 0)", "moved = sendfile(target, 0, ref offset, remaining);")]
    [InlineData("SPL2004", """
        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)] private static extern nint tee(int a, int b, nuint len, uint flags);

            private static int Main(string[] args)
            {
                uint both = 4;
                if (args.Length > 3)
                    both = 2;
                return args.Length > 2 ? (int)(tee(0, 1, 2, both) + tee(0, 1, 2, 4 | 2)) : 0;
            }
        }
        """, "tee(0, 1, 2, 2)", "both = 2;")]
    [InlineData("SPL3002", """
        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);

            private static int Main(string[] args)
            {
                byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                IoVec segment = new() { Base = page, Length = 4096 };
                return args.Length > 2 ? (int)vmsplice(1, &segment, 1, 8 | 2) : 0;
            }
        }
        """, "vmsplice(1, &segment, 1, 2)", "Length = 4096")]
    [InlineData("SPL3003", """
        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)] private static extern int pipe(int* ends);
            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);

            private static int Main(string[] args)
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) < 0)
                    return 1;
                byte* page = stackalloc byte[16];
                IoVec segment = new() { Base = page, Length = 16 };
                return args.Length > 2 ? (int)vmsplice(ends[0], &segment, 1, 0) : 0;
            }
        }
        """, "extern nint readv(int fd, IoVec* iov, int n);", "readv(ends[0], &segment, 1)")]
    public void Format_fixes_what_can_be_fixed(string id, string program, string expected, string alsoExpected)
    {
        using var project = new ConsumerProject(Head + program);

        CommandResult before = project.Dotnet("build -warnaserror:" + id);
        CommandResult format = project.Dotnet($"format analyzers --diagnostics {id} --severity info --verbosity normal");
        CommandResult after = project.Dotnet("build");

        string text = project.Read("Program.cs");
        Assert.True(IsInfo(id) || before.ExitCode != 0, before.ToString());
        Assert.True(format.ExitCode == 0, format.ToString());
        Assert.True(text.Contains(expected, StringComparison.Ordinal) && text.Contains(alsoExpected, StringComparison.Ordinal), $"{format}\n{text}");
        Assert.True(after.ExitCode == 0, $"{after}\n{text}");
    }

    // A pipe holds 64 KiB: the first sendfile ends there, whatever the reader does later.
    private const string SendsAMegabyte = """
        internal static unsafe class Program
        {
            private const int Length = 1 << 20;

            [DllImport("libc", SetLastError = true)] private static extern int pipe(int* ends);
            [DllImport("libc", SetLastError = true)] private static extern int memfd_create(string name, uint flags);
            [DllImport("libc", SetLastError = true)] private static extern nint write(int fd, byte* bytes, nuint count);
            [DllImport("libc", SetLastError = true)] private static extern nint read(int fd, byte* bytes, nuint count);
            [DllImport("libc", SetLastError = true)] private static extern int close(int fd);
            [DllImport("libc", SetLastError = true)] private static extern nint sendfile(int target, int source, ref long offset, nuint count);

            private static void Main()
            {
                int* ends = stackalloc int[2];
                byte* bytes = (byte*)NativeMemory.AllocZeroed(Length);
                int file = memfd_create("source", 0);
                if (pipe(ends) < 0 || write(file, bytes, Length) != Length)
                    throw new IOException();

                int source = ends[0];
                long received = 0;
                var reader = new System.Threading.Thread(() =>
                {
                    System.Threading.Thread.Sleep(200);
                    byte[] part = new byte[5000];
                    fixed (byte* p = part)
                    {
                        for (nint n; (n = read(source, p, 5000)) > 0;)
                            received += n;
                    }
                });
                reader.Start();
                Send(ends[1], file, Length);
                close(ends[1]);
                reader.Join();
                Console.WriteLine($"received: {received}");
            }

            private static void Send(int target, int file, nuint length)
            {
                long offset = 0;
                sendfile(target, file, ref offset, length);
            }
        }
        """;

    [Fact]
    public void The_loop_transfers_what_the_call_left()
    {
        using var project = new ConsumerProject(Head + SendsAMegabyte);

        CommandResult lost = project.Dotnet("run");
        CommandResult format = project.Dotnet("format analyzers --diagnostics SPL2003 --verbosity normal");
        CommandResult whole = project.Dotnet("run");

        Assert.True(lost.Output.Contains("received: ", StringComparison.Ordinal) && !lost.Output.Contains("received: 1048576", StringComparison.Ordinal), lost.ToString());
        Assert.True(whole.Output.Contains("received: 1048576", StringComparison.Ordinal), $"{format}\n{whole}\n{project.Read("Program.cs")}");
    }

    // A build does not show these: the editor does, and so does format.
    private static bool IsInfo(string id) => id is not ("SPL2001" or "SPL2003");
}
