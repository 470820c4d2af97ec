using System.Globalization;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>The statements.</summary>
internal sealed partial class MethodText
{
    private void Write(Block block)
    {
        foreach (Act act in block.Acts)
        {
            if (_context.IsSafe)
                WriteSafely(act);
            else
                Write(act);
        }
    }

    private void Write(Act act)
    {
        int number = _numbers[act];
        switch (act)
        {
            case HandOff handOff: Add(Text(handOff, number), number); break;
            case Store store: Add(Text(store, number), number); break;
            case Look look: Add($"sum += {NameOf(look.Buffer)}[{look.From}];", number); break;
            case GiveUp giveUp: Add(Text(giveUp, number), number); break;
            case Empty empty: Add(Text(empty), number); break;
            case SendFile send: Add(Text(send, number), number); break;
            case ModifyFile modify: Add(Text(modify, number), number); break;
            case FreshBlock fresh:
                Add($"byte* m{number} = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if (m{number} != (void*)-1) {{ "
                    + $"NativeMemory.Fill(m{number}, 8192, 1); iovec v{number} = new() {{ iov_base = m{number}, iov_len = {fresh.Length} }}; n = {OneSegment(number)}; munmap(m{number}, 8192); }}", number);
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
            case Owner owner: WriteOwner(owner, number); break;
            case Wrap wrap: WriteWrap(wrap, number); break;
        }
    }

    private void WriteBlock(string head, Block block, int owner)
    {
        Add(head, owner);
        Add("{", owner);
        _depth++;
        Write(block);
        _depth--;
        Add("}", owner);
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
            AddMember($"static unsafe nint Send{number}(int f, byte* p, nint length) {{ iovec v = new() {{ iov_base = p, iov_len = (nuint)length }}; return vmsplice(f, &v, 1, {flags}); }}", number);
        string text = Fill(Forms.HandOffs[handOff.Form] is var form && _context.IsIterator && form.Contains("&v#i", System.StringComparison.Ordinal) ? Forms.HandOffs[Forms.WithoutAddress] : form, number, handOff.Buffer, handOff.From, handOff.Length).Replace("#f", fd).Replace("#g", flags);
        bool needsPin = IsArray(handOff.Buffer) && !_pinned.Contains(handOff.Buffer);
        return needsPin ? $"fixed (byte* b{handOff.Buffer} = a{handOff.Buffer}) {{ {text} }}" : $"{{ {text} }}";
    }

    private string Text(Store store, int number)
    {
        if (IsArray(store.Buffer))
        {
            if (Forms.ArrayStores[store.Form].Text.StartsWith("PutInto", System.StringComparison.Ordinal))
                AddMember($"static unsafe void PutInto{number}(byte[] target) => target[{store.From}] = 1;", number);
            return $"{{ {Fill(Forms.ArrayStores[store.Form].Text, number, store.Buffer, store.From, store.Length)} }}";
        }

        if (Forms.PointerStores[store.Form].Text.StartsWith("Put", System.StringComparison.Ordinal))
            AddMember($"static unsafe void Put{number}(byte* target) => *target = 1;", number);
        string text = Forms.PointerStores[store.Form].Text;
        if (_context.IsIterator && text.Contains("&z", System.StringComparison.Ordinal))
            text = Forms.PointerStores[Forms.EightBytes].Text;
        return $"{{ {Fill(text, number, store.Buffer, store.From, store.Length)} }}";
    }

    /// <summary>The call that gives # up, which is a buffer of the plan.</summary>
    private string ReleaseOf(int buffer) => _plan.Buffers[buffer] switch
    {
        BufferSource.Allocated => "NativeMemory.AlignedFree(#)",
        BufferSource.GlobalHeap => "Marshal.FreeHGlobal((nint)#)",
        BufferSource.Malloc => "free(#)",
        BufferSource.Mapped => "munmap(#, 8192)",
        BufferSource.Rented => "ArrayPool<byte>.Shared.Return(#)",
        _ => "sum += 1",
    };

    private string TypeOf(int buffer) => IsArray(buffer) ? "byte[]" : "byte*";

    private string NameOf(int buffer) => $"{(IsArray(buffer) ? 'a' : 'b')}{buffer}";

    private string Text(GiveUp giveUp, int number)
    {
        string release = ReleaseOf(giveUp.Buffer), name = NameOf(giveUp.Buffer);
        if (!giveUp.InHelper)
            return release.Replace("#", name) + ";";
        AddMember($"static unsafe void Drop{number}({TypeOf(giveUp.Buffer)} it) {{ int sum = 0; {release.Replace("#", "it")}; }}", number);
        return $"Drop{number}({name});";
    }

    /// <summary>A block in which somebody owns the buffer, who gives it up.</summary>
    private void WriteOwner(Owner owner, int number)
    {
        string type = TypeOf(owner.Buffer), kind = owner.IsStructure ? "readonly struct" : "sealed class";
        AddMember($"private unsafe {kind} Owner{number}({type} it) : IDisposable {{ private readonly {type} _it = it; public void Dispose() {{ int sum = 0; {ReleaseOf(owner.Buffer).Replace("#", "_it")}; }} }}", number);
        string made = $"Owner{number} o{number} = new({NameOf(owner.Buffer)})";
        if (number % 2 == 0)
            WriteBlock($"using ({made})", owner.Body, number);
        else
        {
            Add("{", number);
            _depth++;
            Add($"using {made};", number);
            Write(owner.Body);
            _depth--;
            Add("}", number);
        }
    }

    private static string Text(Empty empty) => empty.How switch
    {
        Drain.Read => $"n = read(fds[0], scratch, {empty.Length});",
        Drain.SpliceToFile => $"n = splice(fds[0], null, file, null, {empty.Length}, 0);",
        Drain.SpliceOutside => $"n = splice(fds[0], null, fd, null, {empty.Length}, SPLICE_F_MOVE);",
        _ => $"n = tee(fds[0], fd, {empty.Length}, 0);",
    };

    private string OneSegment(int number) => _context.IsIterator ? $"Calls.SpliceIn(fd, v{number}, 1, 0)" : $"vmsplice(fd, &v{number}, 1, 0)";

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
        Add(rotation.IsChecked ? $"if (fcntl(fd, F_SETPIPE_SZ, {size}) != {size}) {_context.Return}" : $"fcntl(fd, F_SETPIPE_SZ, {size});", number);
        Add($"byte* r{number} = (byte*)NativeMemory.AlignedAlloc({rotation.Buffers * 4096}, 4096);", number);
        Add($"for (int i{number} = 0; i{number} < 6; i{number}++)", number);
        Add("{", number);
        _depth++;
        Add($"byte* t{number} = r{number} + i{number} % {rotation.Buffers} * 4096; NativeMemory.Fill(t{number}, 4096, (byte)i{number}); iovec v{number} = new() {{ iov_base = t{number}, iov_len = 4096 }}; if ({OneSegment(number)} != 4096) {_context.Return}", number);
        _depth--;
        Add("}", number);
    }
}
