using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>The types of the manual page, and the casts that callers need then.</summary>
public class CorrectSignatureTests
{
    private static ContractFix Fix => new(new DeclarationAnalyzer(), new CorrectSignatureFix(), FixTitles.CorrectSignature);

    [Theory]
    [InlineData("int tee(int a, int b, nuint len, uint flags);", "nint tee(int a, int b, nuint len, uint flags);")]
    [InlineData("nint tee(nint a, long b, nuint len, uint flags);", "nint tee(int a, int b, nuint len, uint flags);")]
    [InlineData("nint tee(int a, int b, int len, ushort flags);", "nint tee(int a, int b, nuint len, uint flags);")]
    [InlineData("void tee(int a, /* to */ int b, uint len /* bytes */, ulong flags);", "nint tee(int a, /* to */ int b, nuint len /* bytes */, uint flags);")]
    [InlineData("nint splice(int a, int* offA, int b, ref int offB, nuint len, uint flags);", "nint splice(int a, long* offA, int b, ref long offB, nuint len, uint flags);")]
    [InlineData("nint splice(int a, long offA, int b, int offB, nuint len, uint flags);", "nint splice(int a, nint offA, int b, nint offB, nuint len, uint flags);")]
    [InlineData("nint vmsplice(int fd, IoVec iov, nuint n, uint flags);", "nint vmsplice(int fd, in IoVec iov, nuint n, uint flags);")]
    [InlineData("nint pwritev2(int fd, IoVec* iov, short n, int offset, long flags);", "nint pwritev2(int fd, IoVec* iov, int n, long offset, int flags);")]
    [InlineData("nint pipe(short[] ends);", "int pipe(int[] ends);")]
    [InlineData("long fcntl(int fd, int cmd, int arg);", "int fcntl(int fd, int cmd, int arg);")]
    public Task Declarations(string before, string after) => Fix.VerifyAsync(Import("C", before), Import("C", after));

    [Theory]
    [InlineData("nint tee(int a, int b, nuint len);")]
    [InlineData("int pipe(out int read, out int write);")]
    [InlineData("nint vmsplice(int fd, System.Span<IoVec> iov, nuint n, uint flags);")]
    public Task What_no_other_type_would_mend(string declaration) => Fix.NotOfferedAsync(Import("C", declaration));

    [Theory]
    [InlineData("[DllImport(\"libc\", CallingConvention = CallingConvention.StdCall, SetLastError = true)]", "[DllImport(\"libc\", SetLastError = true)]")]
    [InlineData("[DllImport(\"libc\", SetLastError = true, PreserveSig = false)]", "[DllImport(\"libc\", SetLastError = true)]")]
    public Task Attributes(string before, string after)
    {
        string source = Import("C", "nint tee(int a, int b, nuint len, uint flags);");
        const string Written = "[DllImport(\"libc\", SetLastError = true)]";
        return Fix.VerifyAsync(source.Replace(Written, before), source.Replace(Written, after));
    }

    [Fact]
    public Task Callers_get_casts() => Fix.VerifyAsync(
        Import("C", "int tee(long a, int b, int len, ulong flags);") + """

        internal static class Caller
        {
            private static int last;

            internal static int Run(long a, int b, int len, ulong flags)
            {
                int n = C.tee(a, b, len, flags);
                n += C.tee(a + 1, b, 4096, 0);
                last = C.tee(3, b, len * 2, flags | 2);
                return C.tee(a, b, len, flags);
            }
        }
        """,
        Import("C", "nint tee(int a, int b, nuint len, uint flags);") + """

        internal static class Caller
        {
            private static int last;

            internal static int Run(long a, int b, int len, ulong flags)
            {
                int n = (int)C.tee((int)a, b, (nuint)len, (uint)flags);
                n += (int)C.tee((int)(a + 1), b, 4096, 0);
                last = (int)C.tee(3, b, (nuint)(len * 2), (uint)(flags | 2));
                return (int)C.tee((int)a, b, (nuint)len, (uint)flags);
            }
        }
        """);

    [Theory]
    [InlineData("public void* Base; public int Length;", "public void* Base; public nuint Length;")]
    [InlineData("public int Base; public nuint Length;", "public nint Base; public nuint Length;")]
    [InlineData("public void* Base { get; set; } public uint Length { get; set; }", "public void* Base { get; set; } public nuint Length { get; set; }")]
    public Task Structures(string before, string after) => Fix.VerifyAsync(Segment("", before), Segment("", after));

    [Theory]
    [InlineData("[StructLayout(LayoutKind.Auto)] ", "[StructLayout(LayoutKind.Sequential)] ", "public void* Base; public nuint Length;", "public void* Base; public nuint Length;")]
    [InlineData("[StructLayout(LayoutKind.Sequential, Size = 32)] ", "[StructLayout(LayoutKind.Sequential)] ", "public void* Base; public nuint Length;", "public void* Base; public nuint Length;")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] ", "[StructLayout(LayoutKind.Explicit)] ", "[FieldOffset(0)] public void* Base; [FieldOffset(4)] public nuint Length;", "[FieldOffset(0)] public void* Base; [FieldOffset(8)] public nuint Length;")]
    public Task Layouts(string before, string after, string fieldsBefore, string fieldsAfter) => Fix.VerifyAsync(Segment(before, fieldsBefore), Segment(after, fieldsAfter));

    [Theory]
    [InlineData("public nuint Length; public void* Base;", "public void* Base; public nuint Length;")]
    [InlineData("public int Length; /* in bytes */ public void* Base;", "public void* Base; public nuint Length; /* in bytes */")]
    [InlineData("public uint Length { get; set; } public void* Base { get; set; }", "public void* Base { get; set; } public nuint Length { get; set; }")]
    [InlineData(
        "\n    /// <summary>How many.</summary>\n    public nuint Length;\n    /// <summary>Where.</summary>\n    public void* Base; // aligned\n",
        "\n    /// <summary>Where.</summary>\n    public void* Base; // aligned\n    /// <summary>How many.</summary>\n    public nuint Length;\n")]
    public Task A_structure_with_its_pointer_last_is_turned(string before, string after) => Fix.VerifyAsync(Segment("", before), Segment("", after));

    [Fact]
    public Task A_structure_with_its_pointer_last_by_offsets_gets_others() => Fix.VerifyAsync(
        Segment("[StructLayout(LayoutKind.Explicit)] ", "[FieldOffset(0)] public nuint Length; [FieldOffset(8)] public void* Base;"),
        Segment("[StructLayout(LayoutKind.Explicit)] ", "[FieldOffset(8)] public nuint Length; [FieldOffset(0)] public void* Base;"));

    [Fact]
    public Task Those_who_fill_a_structure_get_casts() => Fix.VerifyAsync(
        Segment("", "public void* Base; public int Length;") + """

        internal static unsafe class Caller
        {
            internal static int Run(byte* p, int length)
            {
                Segment s = new() { Base = p, Length = length };
                s.Length = 4096;
                return s.Length;
            }
        }
        """,
        Segment("", "public void* Base; public nuint Length;") + """

        internal static unsafe class Caller
        {
            internal static int Run(byte* p, int length)
            {
                Segment s = new() { Base = p, Length = (nuint)length };
                s.Length = 4096;
                return (int)s.Length;
            }
        }
        """);

    [Fact]
    public Task Function_pointers() => Fix.VerifyAsync(
        """
        using System.Runtime.InteropServices;

        internal static unsafe class C
        {
            private static readonly delegate* unmanaged[Stdcall]<int, int, uint, uint, int> Tee = (delegate* unmanaged[Stdcall]<int, int, uint, uint, int>)NativeLibrary.GetExport(0, "tee");

            public static int Run(uint n) => Tee(0, 1, n, 0) < 0 ? Marshal.GetLastSystemError() : Tee(0, 1, n, 0);
        }
        """,
        """
        using System.Runtime.InteropServices;

        internal static unsafe class C
        {
            private static readonly delegate* unmanaged<int, int, nuint, uint, nint> Tee = (delegate* unmanaged<int, int, nuint, uint, nint>)NativeLibrary.GetExport(0, "tee");

            public static int Run(uint n) => Tee(0, 1, n, 0) < 0 ? Marshal.GetLastSystemError() : (int)Tee(0, 1, n, 0);
        }
        """);

    [Fact]
    public Task Delegates() => Fix.VerifyAsync(Delegate("StdCall", "int"), Delegate("Cdecl", "nint"));

    [Fact]
    public Task Library_imports() => Fix.VerifyAsync(LibraryImport("int", "int"), LibraryImport("nint", "nuint"));

    [Fact]
    public Task Three_documents_at_once() => Fix.VerifyAllAsync(
        ("A.cs", Import("A", "int tee(int a, int b, int len, uint flags);"), Import("A", "nint tee(int a, int b, nuint len, uint flags);")),
        ("B.cs", Segment("", "public void* Base; public uint Length;"), Segment("", "public void* Base; public nuint Length;")),
        ("C.cs", "internal static class User { internal static int Run(int n) => A.tee(0, 1, n, 0); }", "internal static class User { internal static int Run(int n) => (int)A.tee(0, 1, (nuint)n, 0); }"));

    private static string Import(string name, string declaration) => $$"""
        using System.Runtime.InteropServices;

        internal unsafe struct IoVec { public void* Base; public nuint Length; }

        internal static unsafe class {{name}}
        {
            [DllImport("libc", SetLastError = true)]
            internal static extern {{declaration}}
        }
        """;

    private static string Segment(string attribute, string fields) => $$"""
        using System.Runtime.InteropServices;

        {{attribute}}internal unsafe struct Segment { {{fields}} }

        internal static unsafe class S
        {
            [DllImport("libc", SetLastError = true)]
            internal static extern nint writev(int fd, Segment* iov, int n);
        }
        """;

    private static string Delegate(string convention, string result) => $$"""
        using System.Runtime.InteropServices;

        internal static class C
        {
            [UnmanagedFunctionPointer(CallingConvention.{{convention}}, SetLastError = true)]
            internal delegate {{result}} Tee(int a, int b, nuint len, uint flags);

            internal static readonly Tee Call = Marshal.GetDelegateForFunctionPointer<Tee>(NativeLibrary.GetExport(0, "tee"));
        }
        """;

    private static string LibraryImport(string result, string length) => $$"""
        using System.Runtime.InteropServices;

        internal static partial class C
        {
            [LibraryImport("libc", SetLastError = true)]
            internal static partial {{result}} tee(int a, int b, {{length}} len, uint flags);
        }
        """;
}
