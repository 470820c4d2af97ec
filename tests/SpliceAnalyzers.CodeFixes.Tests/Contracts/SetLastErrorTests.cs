using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests.Contracts;

/// <summary>SetLastError = true goes into the attribute that is there.</summary>
public class SetLastErrorTests
{
    private static ContractFix Fix => new(new DeclarationAnalyzer(), new SetLastErrorFix(), FixTitles.SetLastError);

    [Theory]
    [InlineData("[DllImport(\"libc\")]", "[DllImport(\"libc\", SetLastError = true)]")]
    [InlineData("[DllImport(\"libc\", SetLastError = false)]", "[DllImport(\"libc\", SetLastError = true)]")]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"tee\")] // errno", "[DllImport(\"libc\", EntryPoint = \"tee\", SetLastError = true)] // errno")]
    [InlineData("[System.Runtime.InteropServices.DllImportAttribute(\"libc\")]", "[System.Runtime.InteropServices.DllImportAttribute(\"libc\", SetLastError = true)]")]
    public Task Imports(string before, string after) => Fix.VerifyAsync(Import("C", before), Import("C", after));

    [Fact]
    public Task Library_imports() => Fix.VerifyAsync(
        """
        using System.Runtime.InteropServices;

        internal static partial class C
        {
            /// <summary>Copies.</summary>
            [LibraryImport("libc")]
            internal static partial nint tee(int a, int b, nuint len, uint flags);
        }
        """,
        """
        using System.Runtime.InteropServices;

        internal static partial class C
        {
            /// <summary>Copies.</summary>
            [LibraryImport("libc", SetLastError = true)]
            internal static partial nint tee(int a, int b, nuint len, uint flags);
        }
        """);

    [Theory]
    [InlineData("[UnmanagedFunctionPointer(CallingConvention.Cdecl)]\n    ", "[UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]\n    ")]
    [InlineData("", "[UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]\n    ")]
    public Task Delegates(string before, string after) => Fix.VerifyAsync(Delegate(before), Delegate(after));

    [Fact]
    public Task Calls_by_number() => Fix.VerifyAsync(Numbered(""), Numbered(", SetLastError = true"));

    [Fact]
    public Task Function_pointers_have_no_attribute() => Fix.NotOfferedAsync("""
        using System.Runtime.InteropServices;

        internal static unsafe class C
        {
            private static readonly delegate* unmanaged<int, int, nuint, uint, nint> Tee = (delegate* unmanaged<int, int, nuint, uint, nint>)NativeLibrary.GetExport(0, "tee");
            public static nint Run() => Tee(0, 1, 2, 0);
        }
        """);

    [Fact]
    public Task Where_the_runtime_marshals_nothing() => Fix.NotOfferedAsync("[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]\n" + Import("C", "[System.Runtime.InteropServices.DllImport(\"libc\")]").Replace("using System.Runtime.InteropServices;\n", ""));

    [Fact]
    public Task Three_documents_at_once() => Fix.VerifyAllAsync(
        ("A.cs", Import("A", "[DllImport(\"libc\")]"), Import("A", "[DllImport(\"libc\", SetLastError = true)]")),
        ("B.cs", Import("B", "[DllImport(\"libc.so.6\")]"), Import("B", "[DllImport(\"libc.so.6\", SetLastError = true)]")),
        ("C.cs", Import("C", "[DllImport(\"c\", SetLastError = false)]"), Import("C", "[DllImport(\"c\", SetLastError = true)]")));

    private static string Import(string name, string attribute) => $$"""
        using System.Runtime.InteropServices;

        internal static class {{name}}
        {
            {{attribute}}
            internal static extern nint tee(int a, int b, nuint len, uint flags);
        }
        """;

    private static string Numbered(string argument) => $$"""
        using System.Runtime.InteropServices;

        internal static class C
        {
            [DllImport("libc"{{argument}})]
            private static extern nint syscall(long number, int a, int b, nuint len, uint flags);

            internal static nint Tee(int a, int b) => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? syscall(276, a, b, 4096, 0) : -1;
        }
        """;

    private static string Delegate(string attribute) => $$"""
        using System.Runtime.InteropServices;

        internal static class C
        {
            {{attribute}}internal delegate nint Tee(int a, int b, nuint len, uint flags);

            internal static readonly Tee Call = Marshal.GetDelegateForFunctionPointer<Tee>(NativeLibrary.GetExport(0, "tee"));
        }
        """;
}
