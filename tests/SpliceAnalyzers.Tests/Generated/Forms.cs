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
        "Span<iovec> s#i = stackalloc iovec[1]; s#i[0] = new() { iov_len = #n, iov_base = #p }; fixed (iovec* q#i = s#i) n = vmsplice(#f, q#i, 1, #g);",
        "iovec v#i = new() { iov_len = #n }; iovec w#i = v#i with { iov_base = #p }; n = Calls.SpliceRef(#f, ref w#i, 1, #g);",
        "n = Calls.SpliceIn(#f, new iovec { iov_base = #p, iov_len = #n }, 1, #g);",
        "nint* q#i = stackalloc nint[2] { (nint)(#p), #n }; n = Calls.SpliceVoid(#f, q#i, 1, #g);",
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
        ("PutInto#i(#a);", 1),
    ];
}
