using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Ways to tell vmsplice where the 4096 bytes at `p` are.</summary>
public static class Iovecs
{
    /// <summary>What some of <see cref="Shapes"/> need beside the prelude.</summary>
    public const string Declarations = """
        [StructLayout(LayoutKind.Sequential)]
        internal readonly struct IoVector
        {
            private readonly nint _base;
            private readonly nint _length;

            public unsafe IoVector(void* start, int length)
            {
                _base = (nint)start;
                _length = length;
            }
        }

        internal static unsafe partial class Program
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceRef(int fd, ref iovec iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceIn(int fd, in iovec iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceArray(int fd, iovec[] iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceVoid(int fd, void* iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceAddress(int fd, nint iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] static extern nint SpliceVector(int fd, in IoVector iov, nuint count, uint flags);
        }

        """ + "\n";

    /// <summary>Statements, the hand-off in them marked as one that nothing is wrong with.</summary>
    public static TheoryData<string> Shapes { get; } =
    [
        "iovec v; v.iov_base = p; v.iov_len = 4096; {|SPL3001:vmsplice(fd, &v, 1, 0)|};",
        "iovec v = default; v.iov_len = 4096; v.iov_base = p; {|SPL3001:vmsplice(fd, &v, 1, 0)|};",
        "var v = new iovec { iov_base = p, iov_len = 4096 }; {|SPL3001:vmsplice(fd, &v, 1, 0)|};",
        "iovec v = new() { iov_len = 4096, iov_base = p }; {|SPL3001:vmsplice(iov: &v, fd: fd, flags: 0, nr_segs: 1)|};",
        "iovec v = new() { iov_base = p, iov_len = 4096 }; iovec w = v; {|SPL3001:vmsplice(fd, &w, 1, 0)|};",
        "iovec v = new() { iov_len = 4096 }; iovec w = v with { iov_base = p }; {|SPL3001:vmsplice(fd, &w, 1, 0)|};",
        "iovec v; iovec* q = &v; q->iov_base = p; q->iov_len = 4096; {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "iovec v; iovec* q = &v; (*q).iov_base = p; (*q).iov_len = 4096; {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "iovec v = default; ref iovec r = ref v; r.iov_base = p; r.iov_len = 4096; {|SPL3001:vmsplice(fd, &v, 1, 0)|};",
        "iovec* q = stackalloc iovec[1]; q[0].iov_base = p; q[0].iov_len = 4096; {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "iovec* q = stackalloc iovec[1]; q->iov_base = p; q->iov_len = 4096; {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "iovec* q = stackalloc iovec[2]; q[1] = new iovec { iov_base = p, iov_len = 4096 }; {|SPL3001:vmsplice(fd, q + 1, 1, 0)|};",
        "iovec* q = stackalloc iovec[] { new() { iov_base = p, iov_len = 4096 } }; {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "Span<iovec> s = stackalloc iovec[1]; s[0] = new() { iov_base = p, iov_len = 4096 }; fixed (iovec* q = s) {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "Span<iovec> s = stackalloc iovec[4]; s.Clear(); s[3].iov_base = p; s[3].iov_len = 4096; fixed (iovec* q = s) {|SPL3001:vmsplice(fd, q, (nuint)s.Length, 0)|};",
        "iovec[] a = new iovec[1]; a[0].iov_base = p; a[0].iov_len = 4096; fixed (iovec* q = a) {|SPL3001:vmsplice(fd, q, 1, 0)|};",
        "iovec[] a = { new iovec { iov_base = p, iov_len = 4096 } }; fixed (iovec* q = &a[0]) {|SPL3001:vmsplice(fd, q, (nuint)a.Length, 0)|};",
        "iovec[] a = [new() { iov_base = p, iov_len = 2048 }, new() { iov_base = p + 2048, iov_len = 2048 }]; fixed (iovec* q = a) {|SPL3001:vmsplice(fd, q, 2, 0)|};",
        "iovec* q = (iovec*)NativeMemory.Alloc((nuint)sizeof(iovec)); q->iov_base = p; q->iov_len = 4096; {|SPL3001:vmsplice(fd, q, 1, 0)|}; NativeMemory.Free(q);",
        "iovec v = new() { iov_base = p, iov_len = 4096 }; {|SPL3001:SpliceRef(fd, ref v, 1, 0)|};",
        "iovec v = new() { iov_base = p, iov_len = 4096 }; {|SPL3001:SpliceIn(fd, in v, 1, 0)|};",
        "{|SPL3001:SpliceIn(fd, new iovec { iov_base = p, iov_len = 4096 }, 1, 0)|};",
        "iovec[] a = [new() { iov_base = p, iov_len = 4096 }]; {|SPL3001:SpliceArray(fd, a, 1, 0)|};",
        "iovec v = new() { iov_base = p, iov_len = 4096 }; {|SPL3001:SpliceVoid(fd, &v, 1, 0)|};",
        "iovec v = new() { iov_base = p, iov_len = 4096 }; {|SPL3001:SpliceAddress(fd, (nint)(&v), 1, 0)|};",
        "IoVector v = new(p, 4096); {|SPL3001:SpliceVector(fd, in v, 1, 0)|};",
        "void** raw = stackalloc void*[2]; raw[0] = p; raw[1] = (void*)4096; {|SPL3001:vmsplice(fd, (iovec*)raw, 1, 0)|};",
        "nint* raw = stackalloc nint[2] { (nint)p, 4096 }; {|SPL3001:SpliceVoid(fd, raw, 1, 0)|};",
    ];

    /// <summary>The same statements without marks.</summary>
    public static string Unmarked(string shape) => shape.Replace("{|SPL3001:", "").Replace("|}", "");
}
