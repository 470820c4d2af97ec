using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Which call is which native function.</summary>
public class NativeCallTests
{
    private const string Vmsplice = "vmsplice(fd, iov, 1, 0)";

    private const string Nothing = "";

    [Theory]
    [InlineData("libc")]
    [InlineData("c")]
    [InlineData("libc.so")]
    [InlineData("libc.so.6")]
    [InlineData("libc.musl-x86_64.so.1")]
    [InlineData("libc.musl-riscv64.so.1")]
    [InlineData("ld-musl-aarch64.so.1")]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("/usr/lib/libc.so.6")]
    public void Every_spelling_of_the_C_library_is_one(string library) =>
        Assert.Equal([Vmsplice], Calls($"[DllImport(\"{library}\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice));

    [Theory]
    [InlineData("libvmsplice")]
    [InlineData("libSystem.Native")]
    [InlineData("libuv")]
    [InlineData("msvcrt")]
    [InlineData("libc.dylib")]
    [InlineData("libcrypt.so.1")]
    public void Other_libraries_have_other_functions(string library) =>
        Assert.Empty(Calls($"[DllImport(\"{library}\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice));

    [Theory]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"vmsplice\")] static extern nint Hand(int fd, void* iov, nuint n, uint flags);", "Hand(fd, iov, 1, 0)", Vmsplice)]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"write\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, "write(fd, iov, 1, 0)")]
    [InlineData("[LibraryImport(\"libc\")] private static partial nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, Vmsplice)]
    [InlineData("[LibraryImport(\"libc\", EntryPoint = \"vmsplice\")] private static partial nint Hand(int fd, void* iov, nuint n, uint flags);", "Hand(fd, iov, 1, 0)", Vmsplice)]
    [InlineData("[LibraryImport(\"libz\")] private static partial nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, Nothing)]
    [InlineData("static nint vmsplice(int fd, void* iov, nuint n, uint flags) => 0;", Vmsplice, Nothing)]
    [InlineData("[DllImport(\"libc\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", "vmsplice(flags: 0, n: 1, iov: iov, fd: fd)", Vmsplice)]
    [InlineData("[SupportedOSPlatform(\"macos\"), DllImport(\"libc\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, Nothing)]
    [InlineData("[SupportedOSPlatform(\"macos\"), SupportedOSPlatform(\"linux\"), DllImport(\"libc\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, Vmsplice)]
    [InlineData("[UnsupportedOSPlatform(\"linux\"), DllImport(\"libc\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);", Vmsplice, Nothing)]
    public void Imports(string declaration, string call, string expected) => Assert.Equal(expected, string.Join(" ", Calls(declaration, call)));

    [Theory]
    [InlineData("", "delegate* unmanaged<int, void*, nuint, uint, nint> f = (delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\"); f(fd, iov, 1, 0);")]
    [InlineData("", "((delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(handle, \"vmsplice\"))(fd, iov, 1, 0);")]
    [InlineData("", "nint p = NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), \"vmsplice\"); var f = (delegate* unmanaged<int, void*, nuint, uint, nint>)p; f(fd, iov, 1, 0);")]
    [InlineData("", "if (!NativeLibrary.TryGetExport(handle, \"vmsplice\", out nint p)) return; ((delegate* unmanaged<int, void*, nuint, uint, nint>)p)(fd, iov, 1, 0);")]
    [InlineData("", "nint p = 0; NativeLibrary.TryGetExport(handle, \"vmsplice\", out p); ((delegate* unmanaged<int, void*, nuint, uint, nint>)(void*)p)(fd, iov, 1, 0);")]
    [InlineData("static readonly delegate* unmanaged<int, void*, nuint, uint, nint> F = (delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load(\"libc.so.6\"), \"vmsplice\");", "F(fd, iov, 1, 0);")]
    [InlineData("static delegate* unmanaged<int, void*, nuint, uint, nint> f; static C() { f = (delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(Libc, \"vmsplice\"); } static readonly nint Libc = NativeLibrary.Load(\"libc\");", "f(fd, iov, 1, 0);")]
    [InlineData("static delegate* unmanaged<int, void*, nuint, uint, nint> F { get; } = (delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\");", "F(fd, iov, 1, 0);")]
    [InlineData("[DllImport(\"libdl\")] static extern nint dlsym(nint handle, string name);", "((delegate* unmanaged<int, void*, nuint, uint, nint>)dlsym(0, \"vmsplice\"))(fd, iov, 1, 0);")]
    public void Function_pointers(string member, string body) => Assert.Contains(Vmsplice, CallsOf(member, body));

    [Theory]
    [InlineData("((delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(handle, \"other\"))(fd, iov, 1, 0);")]
    [InlineData("((delegate* unmanaged<int, void*, nuint, uint, nint>)NativeLibrary.GetExport(NativeLibrary.Load(\"libz\"), \"vmsplice\"))(fd, iov, 1, 0);")]
    [InlineData("((delegate* unmanaged<int, void*, nuint, uint, nint>)handle)(fd, iov, 1, 0);")]
    [InlineData("nint p = NativeLibrary.GetExport(handle, \"vmsplice\"); p = handle; ((delegate* unmanaged<int, void*, nuint, uint, nint>)p)(fd, iov, 1, 0);")]
    [InlineData("nint p = NativeLibrary.GetExport(handle, \"vmsplice\"); Change(ref p); ((delegate* unmanaged<int, void*, nuint, uint, nint>)p)(fd, iov, 1, 0); static void Change(ref nint p) { }")]
    public void Pointers_to_other_functions(string body) => Assert.DoesNotContain(CallsOf("", body), call => call.StartsWith("vmsplice", StringComparison.Ordinal));

    [Theory]
    [InlineData("delegate nint D(int fd, void* iov, nuint n, uint flags);", "D d = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(handle, \"vmsplice\")); d(fd, iov, 1, 0);")]
    [InlineData("delegate nint D(int fd, void* iov, nuint n, uint flags); static readonly D Call = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(NativeLibrary.Load(\"libc\"), \"vmsplice\"));", "Call.Invoke(fd, iov, 1, 0);")]
    [InlineData("delegate nint D(int fd, void* iov, nuint n, uint flags);", "var d = (D)Marshal.GetDelegateForFunctionPointer(NativeLibrary.GetExport(handle, \"vmsplice\"), typeof(D)); d(fd, iov, 1, 0);")]
    [InlineData("[DllImport(\"libc\")] static extern nint vmsplice(int fd, void* iov, nuint n, uint flags); delegate nint D(int fd, void* iov, nuint n, uint flags);", "D d = vmsplice; d(fd, iov, 1, 0);")]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"vmsplice\")] static extern nint Hand(int fd, void* iov, nuint n, uint flags); delegate nint D(int fd, void* iov, nuint n, uint flags);", "D d = new D(Hand); d(fd, iov, 1, 0);")]
    public void Delegates(string member, string body) => Assert.Contains(Vmsplice, CallsOf(member, body));

    [Fact]
    public void Delegates_of_managed_methods_are_none() =>
        Assert.Empty(CallsOf("static nint vmsplice(int fd, void* iov, nuint n, uint flags) => 0; delegate nint D(int fd, void* iov, nuint n, uint flags);", "D d = vmsplice; d(fd, iov, 1, 0);"));

    [Theory]
    [InlineData("syscall(278, fd, iov, 1, 0);", "vmsplice X64")]
    [InlineData("syscall(75, fd, iov, 1, 0);", "vmsplice Arm64")]
    [InlineData("syscall(316, fd, iov, 1, 0);", "vmsplice X86")]
    [InlineData("const long Number = 278; syscall(Number, fd, iov, 1, 0);", "vmsplice X64")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64) syscall(278, fd, iov, 1, 0);", "vmsplice X64 checked")]
    [InlineData("if (RuntimeInformation.OSArchitecture != Architecture.Arm64) return; syscall(75, fd, iov, 1, 0);", "vmsplice Arm64 checked")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.Arm64) syscall(278, fd, iov, 1, 0);", "")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64) syscall(75, fd, iov, 1, 0);", "")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64) syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 278 : 75, fd, iov, 1, 0);", "vmsplice Arm64 checked")]
    [InlineData("long number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 278, Architecture.Arm64 => 75, _ => throw new PlatformNotSupportedException() }; syscall(number, fd, iov, 1, 0);", "vmsplice Arm64 checked")]
    [InlineData("long number; if (RuntimeInformation.ProcessArchitecture == Architecture.X64) number = 278; else number = 75; syscall(number, fd, iov, 1, 0);", "vmsplice Arm64 checked")]
    [InlineData("switch (RuntimeInformation.ProcessArchitecture) { case Architecture.X64: syscall(278, fd, iov, 1, 0); break; }", "vmsplice X64 checked")]
    [InlineData("switch (RuntimeInformation.ProcessArchitecture) { case Architecture.Arm64: break; default: syscall(278, fd, iov, 1, 0); break; }", "vmsplice X64 checked")]
    [InlineData("bool x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64; if (x64) { syscall(278, fd, iov, 1, 0); }", "vmsplice X64 checked")]
    [InlineData("if (IsX64 && fd > 0) syscall(278, fd, iov, 1, 0);", "vmsplice X64 checked")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64 || fd > 0) syscall(278, fd, iov, 1, 0);", "vmsplice X64")]
    [InlineData("if (fd > 0) syscall(278, fd, iov, 1, 0);", "vmsplice X64")]
    [InlineData("syscall(NumberOfMine, fd, iov, 1, 0);", "vmsplice Arm64 checked")]
    [InlineData("syscall(39, fd, iov, 1, 0);", "")]
    [InlineData("syscall(fd, fd, iov, 1, 0);", "")]
    public void Raw_system_calls(string body, string expected)
    {
        const string Members = """
            [DllImport("libc")] static extern nint syscall(long number, int fd, void* iov, nuint n, uint flags);
            static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
            static long NumberOfMine => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 278 : 75;
            """;
        NativeCall[] calls = [.. Resolve(Members, body)];
        Assert.Equal(expected, string.Join(";", calls.Select(call => $"{call.Function} {call.Number!.Architecture}{(call.Number.IsGuarded ? " checked" : "")}")));
        Assert.All(calls, call => Assert.Equal("fd, iov, 1, 0", Arguments(call)));
    }

    [Fact]
    public void An_assembly_for_another_system_has_that_systems_functions()
    {
        const string Source = """
            [assembly: System.Runtime.Versioning.SupportedOSPlatform("macos13.0")]
            class C { [System.Runtime.InteropServices.DllImport("libc")] internal static extern nint sendfile(int fd, int s, long offset, ref long len, nint headers, int flags); }
            """;
        CSharpCompilation compilation = TestReferences.Compile("Mac", Source);
        Assert.Null(NativeFunction.NameOf((IMethodSymbol)compilation.GetTypeByMetadataName("C")!.GetMembers("sendfile").Single()));
    }

    [Fact]
    public void Functions_of_a_library_that_is_referenced()
    {
        const string Binding = """
            using System.Runtime.InteropServices;
            public static unsafe class LibC
            {
                [DllImport("libc.so.6", SetLastError = true)] public static extern nint vmsplice(int fd, void* iov, nuint n, uint flags);
                public static int SPLICE_F_GIFT => 8;
            }
            """;
        CSharpCompilation binding = TestReferences.Compile("LibC", Binding);
        NativeCall call = Assert.Single(Resolve("", "LibC.vmsplice(fd, iov, 1, (uint)LibC.SPLICE_F_GIFT);", binding.ToMetadataReference()));
        Assert.Equal("vmsplice", call.Function);
        Assert.Equal(8, NativeConstant.Of(call.Argument(NativeRole.Flags)));
    }

    [Fact]
    public void The_table_has_each_function_once_and_each_number_once()
    {
        Assert.Equal(NativeSignatures.All.Length, NativeSignatures.All.Select(row => row.Name).Distinct().Count());
        foreach (Func<NativeSignature, int> number in new Func<NativeSignature, int>[] { row => row.Numbers.X64, row => row.Numbers.Arm64, row => row.Numbers.X86 })
        {
            int[] numbers = [.. NativeSignatures.All.Select(number).Where(value => value >= 0)];
            Assert.Equal(numbers.Length, numbers.Distinct().Count());
        }
    }

    private static IEnumerable<string> Calls(string declaration, string call) => CallsOf(declaration, call + ";");

    private static IEnumerable<string> CallsOf(string members, string body) =>
        Resolve(members, body).Where(call => call.Function != "dlsym").Select(call => $"{call.Function}({Arguments(call)})");

    private static string Arguments(NativeCall call) => string.Join(", ", call.Arguments.Select(argument => argument.Value.Syntax.ToString()));

    /// <summary>Resolves every call of the body twice, in the operation tree and in the control flow graph, which have to agree.</summary>
    private static List<NativeCall> Resolve(string members, string body, params MetadataReference[] references)
    {
        CSharpCompilation compilation = TestReferences.Compile("Calls", $$"""
            using System; using System.Runtime.InteropServices; using System.Runtime.Versioning;
            unsafe partial class C
            {
                {{members}}
                static void Run(int fd, void* iov, nint handle) { {{body}} }
            }
            """, references);
        SyntaxTree tree = compilation.SyntaxTrees.Single();
        SemanticModel model = compilation.GetSemanticModel(tree);
        MethodDeclarationSyntax method = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single(node => node.Identifier.Text == "Run");
        var resolver = new NativeCalls(compilation, TestContext.Current.CancellationToken);
        List<NativeCall> ofTree = [.. model.GetOperation(method)!.Descendants().Select(resolver.Resolve).OfType<NativeCall>()];
        IEnumerable<IOperation> graph = ControlFlowGraph.Create(method, model)!.Blocks
            .SelectMany(block => block.Operations.Concat(block.BranchValue is { } value ? [value] : []))
            .SelectMany(operation => operation.DescendantsAndSelf());
        Assert.Equal(ofTree.Select(call => call.Function), graph.Select(resolver.Resolve).OfType<NativeCall>().Select(call => call.Function));
        return ofTree;
    }
}
