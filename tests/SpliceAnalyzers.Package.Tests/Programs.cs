namespace SpliceAnalyzers.Package.Tests;

/// <summary>Programs that more than one test builds.</summary>
internal static class Programs
{
    /// <summary>SPL1001 on line 20, for a hand-off on line 19.</summary>
    public const string StoresAfterHandOff = """
        using System.Runtime.InteropServices;

        internal static unsafe class Program
        {
            private struct IoVec
            {
                public void* Base;
                public nuint Length;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

            private static void Main()
            {
                byte* buffer = (byte*)NativeMemory.AllocZeroed(4096);
                buffer[0] = 1;
                IoVec segment = new() { Base = buffer, Length = 4096 };
                if (vmsplice(1, &segment, 1, 0) == 4096)
                    buffer[0] = 2;
            }
        }
        """;

    /// <summary>What the pieces of code below call.</summary>
    public const string Native = """
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec
        {
            public void* Base;
            public nuint Length;
        }

        internal static unsafe class Native
        {
            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

            [DllImport("libc", SetLastError = true)]
            public static extern nint splice(int source, long* sourceOffset, int target, long* targetOffset, nuint length, uint flags);

            [DllImport("libc", SetLastError = true)]
            public static extern nint pwrite(int fd, void* buffer, nuint count, long offset);
        }
        """;

    /// <summary>A type of that name whose method is SPL1001: a store to a buffer that was handed off.</summary>
    public static string StoringType(string name) => $$"""
        using System.Runtime.InteropServices;

        internal static unsafe class {{name}}
        {
            internal static void Run(int pipe)
            {
                byte* buffer = (byte*)NativeMemory.AllocZeroed(4096);
                buffer[0] = 1;
                IoVec segment = new() { Base = buffer, Length = 4096 };
                if (Native.vmsplice(pipe, &segment, 1, 0) == 4096)
                    buffer[0] = 2;
            }
        }
        """;

    /// <summary>A type of that name whose method is SPL3001: a hand-off that nothing is found against.</summary>
    public static string KeepingType(string name) => $$"""
        using System.IO;
        using System.Runtime.InteropServices;

        internal static unsafe class {{name}}
        {
            internal static void Run(int pipe)
            {
                byte* buffer = (byte*)NativeMemory.AllocZeroed(4096);
                IoVec segment = new() { Base = buffer, Length = 4096 };
                if (Native.vmsplice(pipe, &segment, 1, 0) != 4096)
                    throw new IOException();
            }
        }
        """;

    /// <summary>A type of that name whose method is SPL1005: a file is written while its pages are in the pipe.</summary>
    public static string FileWritingType(string name) => $$"""
        internal static unsafe class {{name}}
        {
            internal static void Run(int journal, int pipe, long next)
            {
                long start = 0;
                if (Native.splice(journal, &start, pipe, null, 4096, 0) != 4096)
                    return;

                if (Native.pwrite(journal, &next, 8, 0) != 8)
                    return;
            }
        }
        """;
}
