using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Native signature does not match the kernel's. The combinations are in <see cref="SignatureMatrixTests"/>.</summary>
public class SPL2001Tests
{
    private const string Import = "[DllImport(\"libc\", SetLastError = true)] static extern ";

    [Theory]
    [InlineData("int {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("void {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(nint fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(long fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec iov, nuint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, Span<IoVec> iov, nuint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, uint n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, int n, uint flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, ulong flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, ushort flags);")]
    [InlineData("nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n);")]
    [InlineData("nint {|SPL2001:splice|}(int a, int* offA, int b, long* offB, nuint len, uint flags);")]
    [InlineData("nint {|SPL2001:splice|}(int a, ref int offA, int b, nint offB, nuint len, uint flags);")]
    [InlineData("nint {|SPL2001:splice|}(int a, long offA, int b, long offB, nuint len, uint flags);")]
    [InlineData("nint {|SPL2001:splice|}(int a, long* offA, int b, long* offB, int len, uint flags);")]
    [InlineData("nint {|SPL2001:tee|}(int a, int b, uint len, uint flags);")]
    [InlineData("int {|SPL2001:sendfile|}(int a, int b, long* offset, nuint count);")]
    [InlineData("nint {|SPL2001:sendfile|}(int a, int b, ref int offset, nuint count);")]
    [InlineData("int {|SPL2001:writev|}(int fd, IoVec* iov, int n);")]
    [InlineData("nint {|SPL2001:readv|}(int fd, IoVec* iov, short n);")]
    [InlineData("nint {|SPL2001:pwritev2|}(int fd, IoVec* iov, int n, int offset, int flags);")]
    [InlineData("nint {|SPL2001:preadv2|}(int fd, IoVec* iov, int n, long offset);")]
    [InlineData("nint {|SPL2001:pipe|}(int* ends);")]
    [InlineData("int {|SPL2001:pipe|}(out int read, out int write);")]
    [InlineData("int {|SPL2001:pipe|}(short[] ends);")]
    [InlineData("int {|SPL2001:pipe2|}(int[] ends, long flags);")]
    [InlineData("nint {|SPL2001:fcntl|}(int fd, int cmd, int arg);")]
    [InlineData("int {|SPL2001:fcntl|}(nint fd, int cmd, int arg);")]
    [InlineData("ref int {|SPL2001:pipe|}(int* ends);")]
    public Task Wrong_declarations(string declaration) => DeclarationRules.VerifyAsync(Import + declaration);

    [Theory]
    [InlineData("nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("long vmsplice(int fd, IoVec* iov, ulong n, int flags);")]
    [InlineData("IntPtr vmsplice(SafeHandle fd, in IoVec iov, UIntPtr n, SpliceFlags flags);")]
    [InlineData("nint vmsplice(SafePipeHandle fd, IoVec[] iov, size_t n, uint flags);")]
    [InlineData("CLong vmsplice(int fd, ref IoVec iov, CULong n, uint flags);")]
    [InlineData("void* vmsplice(int fd, void** iov, nuint n, uint flags);")]
    [InlineData("nint vmsplice(int fd, nint iov, nuint n, uint flags);")]
    [InlineData("nint vmsplice(int fd, long* iov, nuint n, uint flags);")]
    [InlineData("nint splice(int a, long* offA, int b, ref long offB, nuint len, uint flags);")]
    [InlineData("nint splice(int a, off_t* offA, int b, nint offB, nuint len, uint flags);")]
    [InlineData("nint splice(int a, void* offA, int b, out long offB, nuint len, uint flags);")]
    [InlineData("nint tee(int a, int b, nuint len, uint flags);")]
    [InlineData("nint sendfile(int a, int b, in long offset, nuint count);")]
    [InlineData("nint sendfile64(int a, int b, long* offset, nuint count);")]
    [InlineData("nint writev(int fd, IoVec* iov, int n);")]
    [InlineData("nint readv(int fd, IoVec* iov, nuint n);")]
    [InlineData("nint pwritev2(int fd, IoVec* iov, int n, long offset, int flags);")]
    [InlineData("int pipe(int* ends);")]
    [InlineData("int pipe([Out] int[] ends);")]
    [InlineData("int pipe2(ref int ends, int flags);")]
    [InlineData("int pipe2(nint ends, int flags);")]
    [InlineData("int fcntl(int fd, int cmd);")]
    [InlineData("int fcntl(int fd, int cmd, nint arg);")]
    [InlineData("int fcntl(int fd, int cmd, void* arg);")]
    [InlineData("int syscall(int number, int a, int b);")]
    [InlineData("int poll(void* fds, int n, int timeout);")]
    [InlineData("int write(int fd, byte[] buf, int n);")]
    public Task Right_declarations(string declaration) => DeclarationRules.VerifyAsync(Import + declaration);

    [Theory]
    [InlineData("public struct V { public void* Base; public int Length; }")]
    [InlineData("public struct V { public void* Base; public uint Length; }")]
    [InlineData("public struct V { public int Base; public nuint Length; }")]
    [InlineData("public struct V { public nuint Length; public void* Base; }")]
    [InlineData("public struct V { public void* Base; public nuint Length; public int More; }")]
    [InlineData("public struct V { public byte[] Base; public nuint Length; }")]
    [InlineData("[StructLayout(LayoutKind.Auto)] public struct V { public void* Base; public nuint Length; }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] public struct V { [FieldOffset(0)] public void* Base; [FieldOffset(4)] public nuint Length; }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] public struct V { [FieldOffset(0)] public nuint Length; [FieldOffset(8)] public void* Base; }")]
    [InlineData("[StructLayout(LayoutKind.Sequential, Size = 32)] public struct V { public void* Base; public nuint Length; }")]
    public Task Wrong_structures(string structure) =>
        DeclarationRules.VerifyAsync(structure.Replace("struct V", "struct {|SPL2001:V|}") + Import + "nint vmsplice(int fd, V* iov, nuint n, uint flags);");

    [Theory]
    [InlineData("public struct V { public void* Base; public nuint Length; }")]
    [InlineData("public struct V { public nint Base; public ulong Length; }")]
    [InlineData("public struct V { public void* Base { get; set; } public size_t Length { get; set; } }")]
    [InlineData("[StructLayout(LayoutKind.Sequential, Pack = 1)] public struct V { public void* Base; public nuint Length; }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] public struct V { [FieldOffset(8)] public nuint Length; [FieldOffset(0)] public void* Base; }")]
    [InlineData("public struct V(nint start, CULong length) { public nint Base = start; public CULong Length = length; public static int Count; public const int Max = 1024; }")]
    public Task Right_structures(string structure) => DeclarationRules.VerifyAsync(structure + Import + "nint vmsplice(int fd, V* iov, nuint n, uint flags);");

    [Fact]
    public Task A_structure_that_is_no_iovec_may_look_as_it_likes() =>
        DeclarationRules.VerifyAsync("public struct V { public void* Base; public int Length; } " + Import + "nint mine(int fd, V* iov, nuint n, uint flags);");

    [Fact]
    public Task A_structure_of_two_declarations_is_reported_once() => DeclarationRules.VerifyAsync(
        "public struct {|SPL2001:V|} { public void* Base; public int Length; }" + Import + "nint writev(int fd, V* iov, int n);" + Import + "nint readv(int fd, ref V iov, int n);");

    [Fact]
    public async Task A_structure_of_another_project_is_reported_where_it_is_used()
    {
        const string Source = "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern nint writev(int fd, ref V iov, int n);";
        MetadataReference other = TestReferences.Compile("Other", "public struct V { public nint Base; public int Length; }").ToMetadataReference();
        CompilationWithAnalyzers analysis = TestReferences.Compile("Own", "class C { " + Source + " }", other).WithAnalyzers([new DeclarationAnalyzer()], options: (AnalyzerOptions?)null);
        Diagnostic found = Assert.Single(await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        Assert.Contains("'Length' has to be a pointer-sized length", found.GetMessage(), System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[DllImport(\"libc\", SetLastError = true, CallingConvention = CallingConvention.StdCall)] static extern nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("[DllImport(\"libc\", SetLastError = true, CallingConvention = CallingConvention.Cdecl)] static extern nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("[DllImport(\"libc\", SetLastError = true, PreserveSig = false)] static extern nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("[DllImport(\"libz\", SetLastError = true)] static extern int vmsplice(int fd, IoVec* iov, int n, uint flags);")]
    [InlineData("[SupportedOSPlatform(\"macos\"), DllImport(\"libc\", SetLastError = true)] static extern int sendfile(int fd, int s, long offset, ref long len, void* headers, int flags);")]
    [InlineData("static int vmsplice(int fd, IoVec* iov, int n, uint flags) => 0;")]
    [InlineData("[DllImport(\"libc\", SetLastError = true, EntryPoint = \"vmsplice\")] static extern int {|SPL2001:Hand|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("// [DllImport(\"libc\")] static extern int vmsplice();")]
    [InlineData("static void Run() { Local(0, null, 0, 0); [DllImport(\"libc\", SetLastError = true, EntryPoint = \"vmsplice\")] static extern int {|SPL2001:Local|}(int fd, IoVec* iov, nuint n, uint flags); }")]
    public Task Imports(string declaration) => DeclarationRules.VerifyAsync(declaration);

    [Theory]
    [InlineData("internal static partial int {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("internal static partial int {|SPL2001:vmsplice|}(SafePipeHandle fd, ReadOnlySpan<IoVec> iov, nuint n, uint flags);")]
    [InlineData("internal static partial nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("internal static partial nint vmsplice(SafePipeHandle fd, ReadOnlySpan<IoVec> iov, nuint n, uint flags);")]
    [InlineData("[UnmanagedCallConv(CallConvs = [typeof(CallConvStdcall)])] internal static partial nint {|SPL2001:vmsplice|}(int fd, IoVec* iov, nuint n, uint flags);")]
    [InlineData("[UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])] internal static partial nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);")]
    public Task Library_imports_with_their_generated_half(string declaration) =>
        DeclarationRules.VerifyAsync("[LibraryImport(\"libc\", SetLastError = true)] " + declaration, libraryImport: true);

    [Theory]
    [InlineData("static readonly {|SPL2001:delegate* unmanaged<int, IoVec*, nuint, uint, int>|} F = (delegate* unmanaged<int, IoVec*, nuint, uint, int>)NativeLibrary.GetExport(0, \"vmsplice\"); static int E() => Marshal.GetLastSystemError();")]
    [InlineData("static void Run() { var f = ({|SPL2001:delegate* unmanaged<int, IoVec*, int, uint, nint>|})NativeLibrary.GetExport(0, \"vmsplice\"); f(0, null, 0, 0); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = ({|SPL2001:delegate*<int, IoVec*, nuint, uint, nint>|})NativeLibrary.GetExport(0, \"vmsplice\"); f(0, null, 0, 0); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = ({|SPL2001:delegate* unmanaged[Stdcall]<int, IoVec*, nuint, uint, nint>|})NativeLibrary.GetExport(0, \"vmsplice\"); f(0, null, 0, 0); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = ({|SPL2001:delegate* unmanaged<int, IoVec[], nuint, uint, nint>|})NativeLibrary.GetExport(0, \"vmsplice\"); f(0, null!, 0, 0); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = (delegate* unmanaged<int, IoVec*, nuint, uint, nint>)NativeLibrary.GetExport(0, \"vmsplice\"); f(0, null, 0, 0); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = (delegate* unmanaged[Cdecl]<int, ref IoVec, nuint, uint, nint>)NativeLibrary.GetExport(0, \"vmsplice\"); Marshal.GetLastSystemError(); }")]
    [InlineData("static void Run() { var f = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(0, \"mine\"); f(0); } // vmsplice")]
    [InlineData("delegate int {|SPL2001:D|}(int fd, IoVec* iov, nuint n, uint flags); static readonly D F = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(0, \"vmsplice\"));", "[UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)] ")]
    [InlineData("delegate nint {|SPL2001:D|}(int fd, IoVec* iov, nuint n, uint flags); static readonly D F = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(0, \"vmsplice\"));", "[UnmanagedFunctionPointer(CallingConvention.StdCall, SetLastError = true)] ")]
    [InlineData("delegate nint D(int fd, IoVec* iov, nuint n, uint flags); static readonly D F = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(0, \"vmsplice\"));", "[UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)] ")]
    [InlineData("delegate int D(int fd, IoVec* iov, nuint n, uint flags); static readonly D F = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(0, \"mine\")); // vmsplice")]
    public Task Pointers_and_delegates(string declaration, string attribute = "") => DeclarationRules.VerifyAsync(attribute + declaration);

    [Theory]
    [InlineData("long vmsplice(int fd, IoVec* iov, nuint n, uint flags);", Platform.X86, true)]
    [InlineData("nint vmsplice(int fd, IoVec* iov, ulong n, uint flags);", Platform.Arm, true)]
    [InlineData("nint vmsplice(int fd, IoVec* iov, ulong n, uint flags);", Platform.Arm64, false)]
    [InlineData("nint vmsplice(int fd, IoVec* iov, nuint n, uint flags);", Platform.X86, false)]
    [InlineData("nint splice(int a, long* offA, int b, long* offB, nuint len, uint flags);", Platform.X86, false)]
    public Task Where_pointers_have_32_bits(string declaration, Platform platform, bool reported) =>
        DeclarationRules.VerifyAsync(Import + (reported ? declaration.Replace("vmsplice", "{|SPL2001:vmsplice|}") : declaration), platform);

    [Fact]
    public Task A_structure_of_long_where_pointers_have_32_bits() => DeclarationRules.VerifyAsync(
        "public struct {|SPL2001:V|} { public void* Base; public ulong Length; }" + Import + "nint writev(int fd, V* iov, int n);", Platform.X86);
}
