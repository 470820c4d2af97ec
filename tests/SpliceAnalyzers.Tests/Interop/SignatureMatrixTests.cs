using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>
/// vmsplice in every combination of how it is declared, by which library name, and with which types, right and wrong. Each combination is
/// compiled and has to be reported exactly if one of its parts is wrong.
/// </summary>
public class SignatureMatrixTests
{
    /// <summary>A part of a declaration, and whether the kernel would take it.</summary>
    private readonly record struct Part(string Text, bool IsRight = true)
    {
        public override string ToString() => IsRight ? Text : Text + " (wrong)";
    }

    private static readonly Part[] Results = [new("nint"), new("long"), new("System.IntPtr"), new("CLong"), new("size_t"), new("int", false), new("uint", false), new("short", false)];
    private static readonly Part[] Counts = [new("nuint"), new("ulong"), new("UIntPtr"), new("CULong"), new("size_t"), new("int", false), new("uint", false), new("byte", false)];
    private static readonly Part[] Flags = [new("uint"), new("int"), new("SpliceFlags"), new("ulong", false), new("nuint", false), new("ushort", false), new("WideFlags", false)];
    private static readonly Part[] Descriptors = [new("int"), new("SafeHandle"), new("SafePipeHandle"), new("nint", false), new("long", false), new("short", false)];
    private static readonly Part[] Segments =
    [
        new("IoVec* iov"), new("Wrapped* iov"), new("void* iov"), new("nint iov"), new("in IoVec iov"), new("ref IoVec iov"), new("IoVec[] iov"), new("IoVec iov", false), new("long iov", false),
    ];

    private static readonly Part[] Structures =
    [
        new("public struct IoVec { public void* Base; public nuint Length; }"),
        new("public struct IoVec { public nint Base; public ulong Length; }"),
        new("public struct IoVec { public void* Base { get; set; } public size_t Length { get; set; } }"),
        new("[StructLayout(LayoutKind.Explicit)] public struct IoVec { [FieldOffset(0)] public void* Base; [FieldOffset(8)] public nuint Length; }"),
        new("[StructLayout(LayoutKind.Sequential, Pack = 4)] public struct IoVec { public void* Base; public nuint Length; }"),
        new("public struct IoVec { public void* Base; public int Length; }", false),
        new("public struct IoVec { public void* Base; public uint Length; private int pad; }", false),
        new("public struct IoVec { public nuint Length; public void* Base; }", false),
        new("[StructLayout(LayoutKind.Explicit)] public struct IoVec { [FieldOffset(0)] public void* Base; [FieldOffset(4)] public nuint Length; }", false),
    ];

    private static readonly string[] Libraries = ["libc", "c", "libc.so", "libc.so.6", "libc.musl-x86_64.so.1", "/lib64/libc.so.6", "libz", "vmsplice"];

    private static readonly string[] Kinds = ["DllImport", "DllImport renamed", "local DllImport", "LibraryImport", "function pointer", "delegate"];

    /// <summary>All pairs of a kind with every other dimension, where the remaining parts are right; and every library with every kind.</summary>
    private static IEnumerable<(string Kind, string Library, Part Result, Part Descriptor, Part Segment, Part Count, Part Flag, Part Structure)> Combinations()
    {
        foreach (string kind in Kinds)
        {
            foreach (string library in Libraries)
            {
                yield return (kind, library, Results[0], Descriptors[0], Segments[0], Counts[0], Flags[0], Structures[0]);
                yield return (kind, library, Results[5], Descriptors[0], Segments[0], Counts[0], Flags[0], Structures[0]);
            }

            foreach (Part result in Results)
                yield return (kind, "libc", result, Descriptors[0], Segments[0], Counts[0], Flags[0], Structures[0]);
            foreach (Part descriptor in Descriptors.Where(part => Allows(kind, part)))
                yield return (kind, "libc", Results[0], descriptor, Segments[0], Counts[0], Flags[0], Structures[0]);
            foreach (Part segment in Segments.Where(part => Allows(kind, part)))
                yield return (kind, "libc", Results[0], Descriptors[0], segment, Counts[0], Flags[0], Structures[0]);
            foreach (Part count in Counts)
            {
                foreach (Part flag in Flags)
                    yield return (kind, "libc", Results[0], Descriptors[0], Segments[0], count, flag, Structures[0]);
            }

            foreach (Part structure in Structures)
                yield return (kind, "libc", Results[0], Descriptors[0], Segments[0], Counts[0], Flags[0], structure);
        }
    }

    /// <summary>Function pointers pass only what needs no marshalling.</summary>
    private static bool Allows(string kind, Part part) => kind != "function pointer" || !part.Text.Contains("Handle") && !part.Text.Contains("[]");

    [Fact]
    public async Task Every_combination_is_reported_exactly_if_a_part_is_wrong()
    {
        var seen = 0;
        var wrong = new List<string>();
        foreach (var combination in Combinations())
        {
            (string kind, string library, Part result, Part descriptor, Part segment, Part count, Part flag, Part structure) = combination;
            bool isLibc = library is not ("libz" or "vmsplice");
            bool expected = isLibc && !(result.IsRight && descriptor.IsRight && segment.IsRight && count.IsRight && flag.IsRight && structure.IsRight);
            string source = Source(combination);
            ImmutableArray<Diagnostic> found = await AnalyseAsync(source);
            Assert.All(found, diagnostic => Assert.NotEqual("AD0001", diagnostic.Id));
            int reported = found.Count(diagnostic => diagnostic.Id == RuleIds.SignatureDiffers);
            if (reported != (expected ? 1 : 0))
                wrong.Add($"{reported} for {kind}, {library}, {result}, {descriptor}, {segment}, {count}, {flag}, {structure}");
            seen++;
        }

        Assert.Empty(wrong);
        Assert.True(seen >= 200, $"{seen} combinations");
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyseAsync(string source)
    {
        CSharpCompilation compilation = TestReferences.Compile("Matrix", source);
        return await compilation.WithAnalyzers([new DeclarationAnalyzer()], options: (AnalyzerOptions?)null).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    private static string Source((string Kind, string Library, Part Result, Part Descriptor, Part Segment, Part Count, Part Flag, Part Structure) part) => $$"""
        using System; using System.Runtime.InteropServices; using Microsoft.Win32.SafeHandles;

        {{part.Structure.Text.Replace("struct IoVec", "unsafe struct IoVec")}}
        public struct Wrapped { public nint Base; public size_t Length; }
        public struct size_t { private nuint value; }
        [Flags] public enum SpliceFlags : uint { None = 0, Gift = 8 }
        [Flags] public enum WideFlags : ulong { None = 0, Gift = 8 }

        internal static unsafe partial class C
        {
            {{Declaration(part.Kind, part.Library, part.Result.Text, $"{part.Descriptor.Text} fd, {part.Segment.Text}, {part.Count.Text} n, {part.Flag.Text} flags")}}
        }
        """;

    private static string Declaration(string kind, string library, string result, string parameters) => kind switch
    {
        "DllImport" => $"[DllImport(\"{library}\", SetLastError = true)] internal static extern {result} vmsplice({parameters});",
        "DllImport renamed" => $"[DllImport(\"{library}\", EntryPoint = \"vmsplice\", SetLastError = true)] internal static extern {result} Hand({parameters});",
        "local DllImport" => $"static void Run() {{ _ = nameof(vmsplice); [DllImport(\"{library}\", SetLastError = true)] static extern {result} vmsplice({parameters}); }}",
        "LibraryImport" => $"[LibraryImport(\"{library}\", SetLastError = true)] internal static partial {result} vmsplice({parameters});",
        "function pointer" => $"static int Error() => Marshal.GetLastSystemError(); static readonly {PointerType(result, parameters)} F = ({PointerType(result, parameters)})NativeLibrary.GetExport(NativeLibrary.Load(\"{library}\"), \"vmsplice\");",
        _ => $"[UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)] internal delegate {result} D({parameters}); static readonly D F = Marshal.GetDelegateForFunctionPointer<D>(NativeLibrary.GetExport(NativeLibrary.Load(\"{library}\"), \"vmsplice\"));",
    };

    private static string PointerType(string result, string parameters) =>
        $"delegate* unmanaged<{string.Join(", ", parameters.Split(", ").Select(parameter => parameter[..parameter.LastIndexOf(' ')]))}, {result}>";
}
