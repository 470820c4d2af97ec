using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A plan as C#: a class of its own with one method that matters and its helpers.</summary>
internal sealed partial class MethodText
{
    private readonly Plan _plan;
    private readonly Dictionary<Act, int> _numbers;
    private readonly List<Line> _members = [];
    private readonly HashSet<int> _pinned = [];
    private List<Line> _lines = [];
    private int _depth;

    /// <summary>A line, how deep it stands, and the number of the statement that it belongs to; 0 where that is none.</summary>
    private readonly record struct Line(int Depth, string Text, int Owner);

    private MethodText(Plan plan) => (_plan, _numbers) = (plan, plan.Numbers());

    /// <summary>The text, and for each of its lines the number of the statement that it belongs to; 0 where that is none.</summary>
    public static (string Text, IReadOnlyList<int> Owners) Write(Plan plan, string name)
    {
        var writer = new MethodText(plan);
        writer.WriteClass(name);
        return (string.Concat(writer._lines.Select(static line => new string(' ', 4 * line.Depth) + line.Text + "\n")), [.. writer._lines.Select(static line => line.Owner)]);
    }

    /// <summary>What the generated methods need beside the prelude of the corpus.</summary>
    public const string Declarations = """
        internal readonly unsafe struct Segment(void* start, int length)
        {
            private readonly nint _start = (nint)start;
            private readonly nint _length = length;
        }

        internal static unsafe class Calls
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceRef(int fd, ref iovec iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceIn(int fd, in iovec iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceVoid(int fd, void* iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceSegment(int fd, in Segment iov, nuint count, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

            public static readonly object Gate = new();
        }

        """ + "\n";

    private void WriteClass(string name)
    {
        string access = _plan.IsPublic ? "public" : "internal";
        Add($"{access} static class {name}");
        Add("{");
        _depth++;
        string parameters = string.Concat(Pointers(BufferSource.Parameter).Select(static i => $", byte* b{i}"));
        Add($"{access} static unsafe void Run(int fd, bool c0, bool c1, int x0, int x1{parameters})");
        Add("{");
        _depth++;
        WriteSetUp();
        Write(_plan.Body);
        if (_plan.HasPrivatePipe)
            Add("close(fds[0]); close(fds[1]);");
        _depth--;
        Add("}");
        _lines.AddRange(_members);
        _depth--;
        Add("}");
    }

    private IEnumerable<int> Pointers(BufferSource source) => Enumerable.Range(0, _plan.Buffers.Count).Where(i => _plan.Buffers[i] == source);

    private void WriteSetUp()
    {
        Add("nint n = 0; long sum = 0;");
        for (int i = 0; i < _plan.Buffers.Count; i++)
        {
            string? text = _plan.Buffers[i] switch
            {
                BufferSource.Allocated => $"byte* b{i} = (byte*)NativeMemory.AlignedAlloc(8192, 4096);",
                BufferSource.GlobalHeap => $"byte* b{i} = (byte*)Marshal.AllocHGlobal(8192);",
                BufferSource.Malloc => $"byte* b{i} = (byte*)malloc(8192);",
                BufferSource.Stack => $"byte* b{i} = stackalloc byte[8192];",
                BufferSource.Mapped => $"byte* b{i} = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if (b{i} == (void*)-1) return;",
                BufferSource.Array => $"byte[] a{i} = new byte[8192];",
                BufferSource.Rented => $"byte[] a{i} = ArrayPool<byte>.Shared.Rent(8192);",
                BufferSource.PinnedArray => $"byte[] a{i} = GC.AllocateArray<byte>(8192, pinned: true);",
                _ => null,
            };
            if (text is not null)
                Add(text);
        }

        if (_plan.HasPrivatePipe)
            Add("int* fds = stackalloc int[2]; if (pipe(fds) != 0) return; byte* scratch = (byte*)NativeMemory.Alloc(8192);");
        if (_plan.HasFile)
            Add("int file = Calls.open(\"copy\", 0x42, 0x1a4); if (file < 0) return;");
    }

    private void Add(string text, int owner = 0) => _lines.Add(new Line(_depth, text, owner));

    /// <summary>A member of one line beside the method.</summary>
    private void AddMember(string text, int owner) => _members.Add(new Line(1, text, owner));
}
