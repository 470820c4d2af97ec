using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A plan as C#: a class of its own with one method that matters and its helpers.</summary>
internal sealed partial class MethodText
{
    private readonly Plan _plan;
    private readonly Dictionary<Act, int> _numbers;
    private readonly List<Line> _members = [];
    private readonly List<Line> _baseMembers = [];
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
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceHandle(SafeFileHandle fd, iovec* iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)] public static extern nint SpliceArray(int fd, iovec[] iov, nuint count, uint flags);
            [DllImport("libc", EntryPoint = "syscall", SetLastError = true)] public static extern nint SpliceByNumber(nint number, int fd, iovec[] iov, nuint count, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);
            [DllImport("libc", SetLastError = true)] public static extern int memfd_create([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);
            [DllImport("libc", EntryPoint = "splice", SetLastError = true)] public static extern nint SpliceFrom(int fd_in, ref long off_in, int fd_out, void* off_out, nuint len, uint flags);
            [DllImport("libc", EntryPoint = "sendfile", SetLastError = true)] public static extern nint SendFrom(int out_fd, int in_fd, ref long offset, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint sendfile(int out_fd, int in_fd, long* offset, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint pwrite(int fd, void* buf, nuint count, long offset);
            [DllImport("libc", SetLastError = true)] public static extern long lseek(int fd, long offset, int whence);
            [DllImport("libc", SetLastError = true)] public static extern int ftruncate(int fd, long length);
            [DllImport("libc", SetLastError = true)] public static extern int dup(int fd);

            public static readonly object Gate = new();
        }

        """ + "\n";

    private void WriteClass(string name)
    {
        string access = _plan.IsPublic ? "public" : "internal";
        string kind = _plan.Storage switch
        {
            Storage.Locals or Storage.StaticFields => "static class",
            Storage.FieldsOfStructure => "struct",
            _ => "sealed class",
        };
        Add($"{access} {kind} {name}{(_plan.Storage == Storage.FieldsOfBase ? " : Base" + name : "")}");
        Add("{");
        _depth++;
        WriteRun(access);
        _lines.AddRange(_members);
        _depth--;
        Add("}");
        if (_plan.Storage == Storage.FieldsOfBase)
            _lines.AddRange(Defined($"{access} abstract unsafe class Base{name}", [.. _baseMembers], 0, Fields("private protected ")));
        else if (_plan.Storage != Storage.Locals)
            _lines.Insert(2, new Line(1, Fields("private "), 0));
    }

    private void WriteRun(string access)
    {
        string[] parameters = ["fd", "c0", "c1", "x0", "x1", .. Pointers(BufferSource.Parameter).Select(static i => $"b{i}"), .. FileParameters()];
        Add($"{access} {Static}unsafe void Run({string.Join(", ", parameters.Select(p => $"{TypeOf(p)} {p}{(IsShared ? "_" : "")}"))})");
        Add("{");
        _depth++;
        if (IsShared)
            Add(string.Concat(parameters.Select(static p => $"{p} = {p}_; ")));
        WriteSetUp();
        Write(_plan.Body);
        if (_plan.HasPrivatePipe)
            Add("close(fds[0]); close(fds[1]);");
        _depth--;
        Add("}");
    }

    /// <summary>True when the variables are members.</summary>
    private bool IsShared => _plan.Storage != Storage.Locals;

    private string Static => _plan.Storage is Storage.Locals or Storage.StaticFields ? "static " : "";

    /// <summary>The variables as members.</summary>
    private string Fields(string access)
    {
        string end = _plan.Storage == Storage.Properties ? " { get; set; }" : ";";
        return string.Join(" ", Variables.Select(v => $"{access}{Static}unsafe {v.Type} {v.Name}{end}"));
    }

    private static string TypeOf(string variable) => Variables.First(v => v.Name == variable).Type;

    private IEnumerable<int> Pointers(BufferSource source) => Enumerable.Range(0, _plan.Buffers.Count).Where(i => _plan.Buffers[i] == source);

    private void WriteSetUp()
    {
        Add($"{Set("n", "0")} {Set("sum", "0")}");
        for (int i = 0; i < _plan.Buffers.Count; i++)
        {
            string? made = _plan.Buffers[i] switch
            {
                BufferSource.Allocated => "(byte*)NativeMemory.AlignedAlloc(8192, 4096)",
                BufferSource.GlobalHeap => "(byte*)Marshal.AllocHGlobal(8192)",
                BufferSource.Malloc => "(byte*)malloc(8192)",
                BufferSource.Stack => "stackalloc byte[8192]",
                BufferSource.Mapped => "(byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)",
                BufferSource.Array => "new byte[8192]",
                BufferSource.Rented => "ArrayPool<byte>.Shared.Rent(8192)",
                BufferSource.PinnedArray => "GC.AllocateArray<byte>(8192, pinned: true)",
                _ => null,
            };
            if (made is not null)
                Add(Set(NameOf(i), made) + (_plan.Buffers[i] == BufferSource.Mapped ? $" if (b{i} == (void*)-1) return;" : ""));
        }

        if (_plan.HasPrivatePipe)
            Add($"{Set("fds", "stackalloc int[2]")} if (pipe(fds) != 0) return; {Set("scratch", "(byte*)NativeMemory.Alloc(8192)")}");
        if (_plan.HasFile)
            Add($"{Set("file", "Calls.open(\"copy\", 0x42, 0x1a4)")} if (file < 0) return;");
        WriteFileSetUp();
    }

    /// <summary>A variable gets its first value.</summary>
    private string Set(string name, string value) =>
        !IsShared ? $"{TypeOf(name)} {name} = {value};"
        : value.StartsWith("stackalloc", System.StringComparison.Ordinal) ? $"{TypeOf(name)} {name}_ = {value}; {name} = {name}_;"
        : $"{name} = {value};";

    private void Add(string text, int owner = 0) => _lines.Add(new Line(_depth, text, owner));

    /// <summary>A member of one line beside the method.</summary>
    private void AddMember(string text, int owner) => _members.Add(new Line(1, text, owner));
}
