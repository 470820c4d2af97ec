using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Hand-offs by functions of a referenced library, which is there as a file in a build, and may be a project in an editor.</summary>
public class LibraryTests
{
    private const string Importing = """
        using System;
        using System.Runtime.InteropServices;
        public unsafe struct Segment { public void* Start; public nuint Length; }
        public static unsafe class Posix
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint NAME(int fd, Segment* segments, nuint count, uint flags);
        }
        """;

    private const string Promising = """
        using System;
        [AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)] public sealed class LeavesInFlightAttribute : Attribute;
        public static unsafe class Posix
        {
            public static void Send(int fd, [LeavesInFlight] void* start, nuint length) => throw new NotImplementedException();
            [LeavesInFlight] public static void SendAll(int fd, void* start, nuint length) => throw new NotImplementedException();
        }
        """;

    [Theory]
    [InlineData("vmsplice")]
    [InlineData("VmSplice")]
    [InlineData("HandOver")]
    public Task An_import(string name) => Verify(Importing.Replace("NAME", name), """
        using System.Runtime.InteropServices;
        public static unsafe class Program
        {
            public static void Bad(int fd)
            {
                byte* page = (byte*)NativeMemory.Alloc(4096);
                Segment segment = new() { Start = page, Length = 4096 };
                if (Posix.NAME(fd, &segment, 1, 0) != 4096)
                    return;
                {|SPL1001:page[7] = 1|};
            }

            public static void Safe(int fd)
            {
                byte* page = (byte*)NativeMemory.Alloc(8192);
                Segment segment = new() { Start = page, Length = 4096 };
                if ({|SPL3001:Posix.NAME(fd, &segment, 1, 0)|} != 4096)
                    return;
                page[4096] = 1;
            }
        }
        """.Replace("NAME", name));

    [Theory]
    [InlineData("Send")]
    [InlineData("SendAll")]
    public Task A_promise(string name) => Verify(Promising, """
        using System.Runtime.InteropServices;
        public static unsafe class Program
        {
            public static void Bad(int fd)
            {
                byte* page = (byte*)NativeMemory.Alloc(4096);
                Posix.NAME(fd, page, 4096);
                {|SPL1001:page[7] = 1|};
            }

            public static void Safe(int fd)
            {
                byte* page = (byte*)NativeMemory.Alloc(4096);
                page[7] = 1;
                Posix.NAME(fd, page, 4096);
            }
        }
        """.Replace("NAME", name));

    [Fact]
    public Task A_struct_of_a_library_with_fields_and_constructors() => Verify("""
        public unsafe struct Block
        {
            public byte* Start;
            public int Length;
            public long Tag;
        }
        """, Program("""
            static void Bad(int fd)
            {
                Block block = default;
                block.Start = (byte*)NativeMemory.Alloc(4096);
                block.Length = 4096;
                Block other = block;
                Send(fd, other);
                {|SPL1001:block.Start[0] = 1|};
            }

            static void Safe(int fd)
            {
                Block block = default;
                block.Start = (byte*)NativeMemory.Alloc(4096);
                block.Length = 4096;
                Block other = block;
                Send(fd, other);
                other.Start = null;
                block.Length = 0;
            }

            private static void Send(int fd, Block block)
            {
                iovec segment = new() { iov_base = block.Start, iov_len = (nuint)block.Length };
                vmsplice(fd, &segment, 1, 0);
            }
            """));

    /// <summary>Both ways of referring to the library.</summary>
    private static async Task Verify(string library, string source)
    {
        CSharpCompilation compilation = TestReferences.Compile("Library", library);
        await Case.FileWith(TestReferences.Image(compilation), source);
        await Case.FileWith(compilation.ToMetadataReference(), source);
    }

    private static string Program(string members) => Prelude.Text + $$"""
        internal static unsafe class Program
        {
        {{members}}
        }
        """;
}
