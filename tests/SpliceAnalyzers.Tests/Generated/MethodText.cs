using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>A plan as C#: a class of its own with one method that matters and its helpers.</summary>
internal sealed class MethodText
{
    private readonly Plan _plan;
    private readonly Dictionary<Act, int> _numbers;
    private readonly StringBuilder _text = new();
    private readonly List<int> _owners = [];
    private readonly List<(string Text, int Owner)> _helpers = [];
    private readonly HashSet<int> _pinned = [];
    private int _depth;

    private MethodText(Plan plan) => (_plan, _numbers) = (plan, plan.Numbers());

    /// <summary>The text, and for each of its lines the number of the statement that it belongs to; 0 where that is none.</summary>
    public static (string Text, IReadOnlyList<int> Owners) Write(Plan plan, string name)
    {
        var writer = new MethodText(plan);
        writer.WriteClass(name);
        return (writer._text.ToString(), writer._owners);
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
        }

        """ + "\n";

    private void WriteClass(string name)
    {
        string access = _plan.IsPublic ? "public" : "internal";
        Line($"{access} static unsafe class {name}");
        Line("{");
        _depth++;
        string parameters = string.Concat(Pointers(BufferSource.Parameter).Select(static i => $", byte* b{i}"));
        Line($"{access} static void Run(int fd, bool c0, bool c1, int x0, int x1{parameters})");
        Line("{");
        _depth++;
        WriteSetUp();
        Write(_plan.Body);
        if (_plan.HasPrivatePipe)
            Line("close(fds[0]); close(fds[1]);");
        _depth--;
        Line("}");
        foreach ((string text, int owner) in _helpers)
            Line(text, owner);
        _depth--;
        Line("}");
    }

    private IEnumerable<int> Pointers(BufferSource source) => Enumerable.Range(0, _plan.Buffers.Count).Where(i => _plan.Buffers[i] == source);

    private void WriteSetUp()
    {
        Line("nint n = 0; long sum = 0;");
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
                Line(text);
        }

        if (_plan.HasPrivatePipe)
            Line("int* fds = stackalloc int[2]; if (pipe(fds) != 0) return; byte* scratch = (byte*)NativeMemory.Alloc(8192);");
        if (_plan.HasFile)
            Line("int file = Calls.open(\"copy\", 0x42, 0x1a4); if (file < 0) return;");
    }

    private void Write(Block block)
    {
        foreach (Act act in block.Acts)
            Write(act);
    }

    private void Write(Act act)
    {
        int number = _numbers[act];
        switch (act)
        {
            case HandOff handOff: Line(Text(handOff, number), number); break;
            case Store store: Line(Text(store, number), number); break;
            case Look look: Line($"sum += {(IsArray(look.Buffer) ? "a" : "b")}{look.Buffer}[{look.From}];", number); break;
            case GiveUp giveUp: Line(Text(giveUp, number), number); break;
            case Empty empty: Line(Text(empty), number); break;
            case FreshBlock fresh:
                Line($"byte* m{number} = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if (m{number} != (void*)-1) {{ "
                    + $"NativeMemory.Fill(m{number}, 8192, 1); iovec v{number} = new() {{ iov_base = m{number}, iov_len = {fresh.Length} }}; n = vmsplice(fd, &v{number}, 1, 0); munmap(m{number}, 8192); }}", number);
                break;
            case Pinned pinned:
                _pinned.Add(pinned.Buffer);
                WriteBlock($"fixed (byte* b{pinned.Buffer} = a{pinned.Buffer})", pinned.Body, number);
                _pinned.Remove(pinned.Buffer);
                break;
            case Choice choice:
                WriteBlock($"if ({Text(choice)})", choice.Then, number);
                if (choice.Otherwise.Acts.Count > 0)
                    WriteBlock("else", choice.Otherwise, number);
                break;
            case Loop loop:
                WriteBlock(loop.Turns > 0 ? $"for (int i{number} = 0; i{number} < {loop.Turns}; i{number}++)" : "while (Random.Shared.Next(2) == 0)", loop.Body, number);
                break;
            case Rotation rotation: WriteRotation(rotation, number); break;
        }
    }

    private void WriteBlock(string head, Block block, int owner)
    {
        Line(head, owner);
        Line("{", owner);
        _depth++;
        Write(block);
        _depth--;
        Line("}", owner);
    }

    private bool IsArray(int buffer) => _plan.Buffers[buffer] is BufferSource.Array or BufferSource.Rented or BufferSource.PinnedArray;

    private static string Fill(string form, int number, int buffer, int from, int length) => form
        .Replace("#p", from == 0 ? $"b{buffer}" : $"b{buffer} + {from}").Replace("#b", $"b{buffer}").Replace("#a", $"a{buffer}")
        .Replace("#o", from.ToString(CultureInfo.InvariantCulture)).Replace("#n", length.ToString(CultureInfo.InvariantCulture))
        .Replace("#h", (length / 2).ToString(CultureInfo.InvariantCulture)).Replace("#i", number.ToString(CultureInfo.InvariantCulture));

    private string Text(HandOff handOff, int number)
    {
        string flags = handOff.IsGift ? "SPLICE_F_GIFT" : "0";
        string fd = handOff.Outlet == Outlet.Outside ? "fd" : "fds[1]";
        if (handOff.Form == Forms.Helper)
            _helpers.Add(($"static nint Send{number}(int f, byte* p, nint length) {{ iovec v = new() {{ iov_base = p, iov_len = (nuint)length }}; return vmsplice(f, &v, 1, {flags}); }}", number));
        string text = Fill(Forms.HandOffs[handOff.Form], number, handOff.Buffer, handOff.From, handOff.Length).Replace("#f", fd).Replace("#g", flags);
        bool needsPin = IsArray(handOff.Buffer) && !_pinned.Contains(handOff.Buffer);
        return needsPin ? $"fixed (byte* b{handOff.Buffer} = a{handOff.Buffer}) {{ {text} }}" : $"{{ {text} }}";
    }

    private string Text(Store store, int number)
    {
        if (IsArray(store.Buffer))
        {
            if (Forms.ArrayStores[store.Form].Text.StartsWith("PutInto", System.StringComparison.Ordinal))
                _helpers.Add(($"static void PutInto{number}(byte[] target) => target[{store.From}] = 1;", number));
            return $"{{ {Fill(Forms.ArrayStores[store.Form].Text, number, store.Buffer, store.From, store.Length)} }}";
        }

        if (Forms.PointerStores[store.Form].Text.StartsWith("Put", System.StringComparison.Ordinal))
            _helpers.Add(($"static void Put{number}(byte* target) => *target = 1;", number));
        return $"{{ {Fill(Forms.PointerStores[store.Form].Text, number, store.Buffer, store.From, store.Length)} }}";
    }

    private string Text(GiveUp giveUp, int number)
    {
        string name = IsArray(giveUp.Buffer) ? $"a{giveUp.Buffer}" : $"b{giveUp.Buffer}";
        string call = _plan.Buffers[giveUp.Buffer] switch
        {
            BufferSource.Allocated => "NativeMemory.AlignedFree(#)",
            BufferSource.GlobalHeap => "Marshal.FreeHGlobal((nint)#)",
            BufferSource.Malloc => "free(#)",
            BufferSource.Mapped => "munmap(#, 8192)",
            BufferSource.Rented => "ArrayPool<byte>.Shared.Return(#)",
            _ => "sum += 1",
        };
        if (!giveUp.InHelper)
            return call.Replace("#", name) + ";";
        _helpers.Add(($"static void Drop{number}({(IsArray(giveUp.Buffer) ? "byte[]" : "byte*")} it) {{ int sum = 0; {call.Replace("#", "it")}; }}", number));
        return $"Drop{number}({name});";
    }

    private static string Text(Empty empty) => empty.How switch
    {
        Drain.Read => $"n = read(fds[0], scratch, {empty.Length});",
        Drain.SpliceToFile => $"n = splice(fds[0], null, file, null, {empty.Length}, 0);",
        Drain.SpliceOutside => $"n = splice(fds[0], null, fd, null, {empty.Length}, SPLICE_F_MOVE);",
        _ => $"n = tee(fds[0], fd, {empty.Length}, 0);",
    };

    private static string Text(Choice choice) => choice.Question switch
    {
        Question.Transferred => "n > 0",
        Question.Failed => "n < 0",
        Question.TransferredAll => $"n == {choice.Which}",
        Question.Flag => $"c{choice.Which}",
        Question.IsLarge => $"x{choice.Which} > 5",
        _ => $"x{choice.Which} < 3",
    };

    private void WriteRotation(Rotation rotation, int number)
    {
        int size = rotation.PipePages * 4096;
        Line(rotation.IsChecked ? $"if (fcntl(fd, F_SETPIPE_SZ, {size}) != {size}) return;" : $"fcntl(fd, F_SETPIPE_SZ, {size});", number);
        Line($"byte* r{number} = (byte*)NativeMemory.AlignedAlloc({rotation.Buffers * 4096}, 4096);", number);
        Line($"for (int i{number} = 0; i{number} < 6; i{number}++)", number);
        Line("{", number);
        _depth++;
        Line($"byte* t{number} = r{number} + i{number} % {rotation.Buffers} * 4096; NativeMemory.Fill(t{number}, 4096, (byte)i{number}); iovec v{number} = new() {{ iov_base = t{number}, iov_len = 4096 }}; if (vmsplice(fd, &v{number}, 1, 0) != 4096) return;", number);
        _depth--;
        Line("}", number);
    }

    private void Line(string text, int owner = 0)
    {
        _text.Append(' ', 4 * _depth).Append(text).Append('\n');
        _owners.Add(owner);
    }
}
