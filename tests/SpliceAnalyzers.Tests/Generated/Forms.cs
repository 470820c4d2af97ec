namespace SpliceAnalyzers.Tests.Generated;

/// <summary>The ways of C# to say one thing, as text: #p is where the bytes begin, #n how many, #i the statement's number.</summary>
internal static class Forms
{
    /// <summary>Calls of vmsplice; #f is the descriptor, #g the flags. The last but one splits the bytes into two segments, the last calls a helper.</summary>
    public static readonly string[] HandOffs =
    [
        "iovec v#i = new() { iov_base = #p, iov_len = #n }; n = vmsplice(#f, &v#i, 1, #g);",
        "iovec v#i; v#i.iov_base = #p; v#i.iov_len = #n; n = vmsplice(#f, &v#i, 1, #g);",
        "iovec v#i = default; iovec* q#i = &v#i; q#i->iov_len = #n; q#i->iov_base = #p; n = vmsplice(#f, q#i, 1, #g);",
        "iovec* q#i = stackalloc iovec[2]; q#i[1] = new iovec { iov_base = #p, iov_len = #n }; n = vmsplice(#f, q#i + 1, 1, #g);",
        "iovec[] w#i = [new() { iov_base = #p, iov_len = #n }]; fixed (iovec* q#i = w#i) n = vmsplice(#f, q#i, (nuint)w#i.Length, #g);",
        "Span<iovec> u#i = stackalloc iovec[1]; u#i[0] = new() { iov_len = #n, iov_base = #p }; fixed (iovec* q#i = u#i) n = vmsplice(#f, q#i, 1, #g);",
        "iovec v#i = new() { iov_len = #n }; iovec w#i = v#i with { iov_base = #p }; n = Calls.SpliceRef(#f, ref w#i, 1, #g);",
        "n = Calls.SpliceIn(#f, new iovec { iov_base = #p, iov_len = #n }, 1, #g);",
        "nint* q#i = stackalloc nint[2] { (nint)(#p), #n }; n = Calls.SpliceVoid(#f, q#i, 1, #g);",
        "using SafeFileHandle owned#i = new((nint)(#f), false); iovec[] w#i = [new() { iov_base = #p, iov_len = #n }]; fixed (iovec* q#i = w#i) n = Calls.SpliceHandle(owned#i, q#i, 1, #g);",
        "SafePipeHandle owned#i = new((nint)(#f), false); iovec[] w#i = new iovec[2]; w#i[1].iov_base = #p; w#i[1].iov_len = #n; fixed (iovec* q#i = &w#i[1]) n = vmsplice((int)owned#i.DangerousGetHandle(), q#i, 1, #g);",
        "n = Calls.SpliceArray(#f, [new() { iov_base = #p, iov_len = #n }], 1, #g);",
        "n = Calls.SpliceByNumber(278, #f, [new() { iov_base = #p, iov_len = #n }], 1, #g);",
        "Segment v#i = new(#p, #n); n = Calls.SpliceSegment(#f, in v#i, 1, #g);",
        "byte* e#i = #p; iovec* q#i = stackalloc iovec[2] { new() { iov_base = e#i, iov_len = #h }, new() { iov_base = e#i + #h, iov_len = #n - #h } }; n = vmsplice(#f, q#i, 2, #g);",
        "n = Send#i(#f, #p, #n);",
    ];

    /// <summary>One for where nobody may take the address of a variable.</summary>
    public const int WithoutAddress = 4;

    /// <summary>A store of eight bytes that takes no address of a variable.</summary>
    public const int EightBytes = 2;

    public static int TwoSegments => HandOffs.Length - 2;

    public static int Helper => HandOffs.Length - 1;

    /// <summary>Stores through a pointer: the text, and how many bytes it writes; 0 is as many as are asked for.</summary>
    public static readonly (string Text, int Bytes)[] PointerStores =
    [
        ("(#p)[0] = 1;", 1),
        ("*(#p) = 2;", 1),
        ("*(long*)(#p) = 3;", 8),
        ("NativeMemory.Fill(#p, #n, 4);", 0),
        ("new Span<byte>(#p, #n).Clear();", 0),
        ("byte* z#i = #p; z#i[0]++;", 1),
        ("ref byte z#i = ref *(#p); z#i = 5;", 1),
        ("memset(#p, 0, #n);", 0),
        ("read(0, #p, #n);", 0),
        ("Unsafe.Write(#p, 6L);", 8),
        ("Span<byte> z#i = new(#b, 8192); z#i.Slice(#o, #n).Fill(7);", 0),
        ("for (byte* z#i = #p; z#i < #p + 4; z#i++) *z#i = 8;", 4),
        ("(int, long) z#i = (9, 9); memcpy(#p, &z#i, 8);", 8),
        ("Put#i(#p);", 1),
        ("Marshal.WriteByte((nint)(#p), 11);", 1),
        ("Marshal.WriteInt64((nint)(#p), 12);", 8),
        ("Unsafe.InitBlock(#p, 13, #n);", 0),
        ("Unsafe.WriteUnaligned(#p, (short)14);", 2),
        ("new Span<byte>(#p, #n).Reverse();", 0),
        ("MemoryMarshal.Write(new Span<byte>(#p, 16), 15);", 4),
        ("MemoryMarshal.Cast<byte, int>(new Span<byte>(#p, 16))[0] = 16;", 4),
        ("BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(#p, 8), 17);", 2),
        ("Encoding.UTF8.GetBytes(\"text\", new Span<byte>(#p, 16));", 16),
        ("sum.TryFormat(new Span<byte>(#p, 16), out _);", 16),
        ("Utf8Formatter.TryFormat(18, new Span<byte>(#p, 16), out _);", 16),
        ("SHA256.HashData([1, 2], new Span<byte>(#p, 32));", 32),
        ("RandomNumberGenerator.Fill(new Span<byte>(#p, #n));", 0),
        ("Random.Shared.NextBytes(new Span<byte>(#p, #n));", 0),
        ("\"bytes\"u8.CopyTo(new Span<byte>(#p, 5));", 5),
        ("NativeMemory.Copy(#p, #p, 16);", 16),
        ("*(iovec*)(#p) = default;", 16),
        ("(*(int*)(#p), int y#i) = (19, 20); sum += y#i;", 4),
        ("Unsafe.Add(ref Unsafe.AsRef<byte>(#p), 3) = 21;", 4),
        ("void Local#i() => (#p)[0] = 10; Local#i();", 1),
    ];

    /// <summary>Stores into an array, #a.</summary>
    public static readonly (string Text, int Bytes)[] ArrayStores =
    [
        ("#a[#o] = 1;", 1),
        ("#a[#o] ^= 2;", 1),
        ("#a.AsSpan(#o, #n).Fill(3);", 0),
        ("#a.AsSpan().Slice(#o, #n).Clear();", 0),
        ("Span<byte> z#i = #a; z#i[#o] = 4;", 1),
        ("ref byte z#i = ref #a[#o]; z#i = 5;", 1),
        ("new byte[#n].AsSpan().CopyTo(#a.AsSpan(#o));", 0),
        ("BinaryPrimitives.WriteInt64LittleEndian(#a.AsSpan(#o), 6);", 8),
        ("fixed (byte* z#i = &#a[#o]) z#i[0] = 7;", 1),
        ("Array.Clear(#a, #o, #n);", 0),
        ("Array.Fill(#a, (byte)8, #o, #n);", 0),
        ("Array.Copy(new byte[16], 0, #a, #o, 16);", 16),
        ("Buffer.BlockCopy(new byte[16], 0, #a, #o, 16);", 16),
        ("Array.Reverse(#a, #o, #n);", 0),
        ("Marshal.Copy(0x1000, #a, #o, 16);", 16),
        ("new byte[4].CopyTo(#a, #o);", 4),
        ("Memory<byte> z#i = #a; z#i.Slice(#o, #n).Span.Fill(9);", 0),
        ("ArraySegment<byte> z#i = new(#a, #o, 16); z#i[0] = 10;", 1),
        ("Random.Shared.NextBytes(#a.AsSpan(#o, #n));", 0),
        ("using (MemoryStream z#i = new(new byte[16])) z#i.ReadExactly(#a, #o, 16);", 16),
        ("RandomNumberGenerator.Fill(#a.AsSpan()[#o..(#o + 16)]);", 16),
        ("PutInto#i(#a);", 1),
    ];
}
