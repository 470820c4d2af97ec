using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>SPL1001 for every way to store, and for every alias to store through.</summary>
public class StoreTests
{
    // ---- How the store reaches the bytes

    [Theory]
    [InlineData("p[0] = 0xEE")]
    [InlineData("*p = 0xEE")]
    [InlineData("*(p + 100) = 0xEE")]
    [InlineData("p[4095] = 0xEE")]
    [InlineData("p[10]++")]
    [InlineData("++*p")]
    [InlineData("p[3] ^= 0xFF")]
    [InlineData("*(int*)(p + 8) = -1")]
    [InlineData("((long*)p)[2] = -1")]
    [InlineData("*(Guid*)p = Guid.NewGuid()")]
    [InlineData("((Point*)p)->Y = -1")]
    [InlineData("*((Point*)p) = new Point { X = 90, Y = 91 }")]
    [InlineData("((Point*)p)->X += 5")]
    [InlineData("span[0] = 0xEE")]
    [InlineData("span[^1] = 0xEE")]
    [InlineData("span[5]++")]
    [InlineData("span[1..3][0] = 0xEE")]
    [InlineData("span.Slice(64, 8)[7] = 0xEE")]
    [InlineData("new Span<byte>(p, 64)[9] = 0xEE")]
    [InlineData("MemoryMarshal.Cast<byte, int>(span)[3] = -1")]
    [InlineData("MemoryMarshal.GetReference(span) = 0xEE")]
    [InlineData("Unsafe.Add(ref *p, 5) = 0xEE")]
    [InlineData("Unsafe.AsRef<int>(p) = -1")]
    [InlineData("Unsafe.As<byte, long>(ref span[8]) = -1")]
    public Task Stored_by_an_expression(string store) => Case.Types(StoreAfterHandOff(store));

    [Theory]
    [InlineData("span.Fill(7)")]
    [InlineData("span.Clear()")]
    [InlineData("span.Reverse()")]
    [InlineData("span.Sort()")]
    [InlineData("span[16..32].Fill(7)")]
    [InlineData("\"text\"u8.CopyTo(span)")]
    [InlineData("source.AsSpan().CopyTo(span)")]
    [InlineData("source.AsSpan(0, 8).TryCopyTo(span[8..])")]
    [InlineData("source.CopyTo(span)")]
    [InlineData("Buffer.MemoryCopy(q, p, 4096, 64)")]
    [InlineData("Unsafe.CopyBlock(p, q, 64)")]
    [InlineData("Unsafe.CopyBlockUnaligned(p + 1, q, 64)")]
    [InlineData("Unsafe.InitBlock(p, 0xEE, 64)")]
    [InlineData("Unsafe.InitBlockUnaligned(ref span[3], 0xEE, 64)")]
    [InlineData("Unsafe.Write(p, -1)")]
    [InlineData("Unsafe.WriteUnaligned(p + 1, -1L)")]
    [InlineData("NativeMemory.Fill(p, 64, 0xEE)")]
    [InlineData("NativeMemory.Clear(p, 64)")]
    [InlineData("NativeMemory.Copy(q, p, 64)")]
    [InlineData("Marshal.Copy(source, 0, (nint)p, 16)")]
    [InlineData("Marshal.WriteByte((nint)p, 0xEE)")]
    [InlineData("Marshal.WriteInt32((nint)p, 12, -1)")]
    [InlineData("Marshal.StructureToPtr(new Point { X = 90 }, (nint)p, false)")]
    [InlineData("Volatile.Write(ref *p, (byte)0xEE)")]
    [InlineData("Interlocked.Increment(ref *(int*)p)")]
    [InlineData("Interlocked.Exchange(ref *(long*)(p + 8), -1)")]
    public Task Stored_by_a_method_that_copies_or_fills(string store) => Case.Types(StoreAfterHandOff(store));

    [Theory]
    [InlineData("Encoding.UTF8.GetBytes(\"text\", span)")]
    [InlineData("Encoding.ASCII.GetBytes(\"text\".AsSpan(1), span[100..])")]
    [InlineData("BinaryPrimitives.WriteInt32BigEndian(span, -2)")]
    [InlineData("BinaryPrimitives.WriteUInt16LittleEndian(span[2..], 0xEEEE)")]
    [InlineData("BitConverter.TryWriteBytes(span, 1234.5)")]
    [InlineData("MemoryMarshal.Write(span, 1234.5)")]
    [InlineData("1234.TryFormat(span, out _)")]
    [InlineData("Utf8Formatter.TryFormat(1234, span, out _)")]
    [InlineData("Utf8.TryWrite(span, $\"{1234}\", out _)")]
    [InlineData("Random.Shared.NextBytes(span)")]
    [InlineData("RandomNumberGenerator.Fill(span)")]
    [InlineData("CryptographicOperations.ZeroMemory(span)")]
    [InlineData("SHA256.HashData(\"text\"u8, span)")]
    [InlineData("Base64.EncodeToUtf8(\"text\"u8, span, out _, out _)")]
    [InlineData("Convert.TryFromBase64String(\"c2FtcGxl\", span, out _)")]
    public Task Stored_by_a_method_that_encodes(string store) => Case.Types(StoreAfterHandOff(store));

    [Theory]
    [InlineData("read(0, p, 64)")]
    [InlineData("memset(p, 0xEE, 64)")]
    [InlineData("memcpy(p, q, 64)")]
    [InlineData("memcpy(p + 4000, q, 96)")]
    [InlineData("stream.Read(span)")]
    [InlineData("stream.ReadExactly(span[..64])")]
    [InlineData("stream.ReadAtLeast(span, 16)")]
    public Task Stored_by_reading_something_into_it(string store) => Case.Types(StoreAfterHandOff(store));

    [Theory]
    [InlineData("socket.Receive(span)")]
    [InlineData("socket.Receive(span[..64], SocketFlags.None)")]
    [InlineData("RandomAccess.Read(file, span, 0)")]
    [InlineData("recv(0, p, 64, 0)")]
    public Task Stored_by_reading_a_socket_or_a_file_into_it(string store) => Case.Members($$"""
        static void Run(int fd, Socket socket, SafeFileHandle file)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Span<byte> span = new(p, 4096);
            span.Fill(1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:{{store}}|};
        }
        """);

    private static string StoreAfterHandOff(string store) => $$"""
        internal struct Point
        {
            public int X, Y;
        }

        internal static unsafe class Program
        {
            static void Run(int fd, Stream stream)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                byte* q = (byte*)NativeMemory.Alloc(4096);
                byte[] source = new byte[64];
                Span<byte> span = new(p, 4096);
                for (int i = 0; i < 4096; i++)
                    p[i] = (byte)(i + 1);
                NativeMemory.Fill(q, 4096, 200);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1001:{{store}}|};
            }
        }
        """;

    /// <summary>An array that stays pinned for ever: the scope of `fixed` is never left.</summary>
    [Theory]
    [InlineData("buffer[0] = i")]
    [InlineData("buffer[^1] += 3")]
    [InlineData("p[7] = i")]
    [InlineData("Array.Fill(buffer, i)")]
    [InlineData("Array.Clear(buffer)")]
    [InlineData("Array.Reverse(buffer)")]
    [InlineData("Array.Copy(source, buffer, 64)")]
    [InlineData("Array.Copy(source, 0, buffer, 3, 64)")]
    [InlineData("Array.Clear(buffer, 1, 2)")]
    [InlineData("Array.Fill(buffer, i, 3, 1)")]
    [InlineData("Array.Reverse(buffer, 3, 2)")]
    [InlineData("Marshal.Copy((nint)p, buffer, 3, 2)")]
    [InlineData("new UnmanagedMemoryStream(p, 16, 16, FileAccess.Write).WriteByte(i)")]
    [InlineData("source.CopyTo(buffer, 128)")]
    [InlineData("Buffer.BlockCopy(source, 0, buffer, 0, 64)")]
    [InlineData("Buffer.SetByte(buffer, 3, i)")]
    [InlineData("Random.Shared.NextBytes(buffer)")]
    [InlineData("Encoding.ASCII.GetBytes(\"text\", 0, 4, buffer, i)")]
    [InlineData("buffer.AsSpan().Fill(i)")]
    [InlineData("buffer.AsSpan(4, 4)[0] = i")]
    [InlineData("buffer.AsMemory(16).Span[0] = i")]
    [InlineData("i.TryFormat(buffer, out _)")]
    [InlineData("BinaryPrimitives.WriteInt32LittleEndian(buffer, i)")]
    [InlineData("MemoryMarshal.GetArrayDataReference(buffer) = i")]
    [InlineData("Volatile.Write(ref buffer[0], i)")]
    [InlineData("Unsafe.As<byte, int>(ref buffer[0]) = i")]
    public Task An_array_is_stored_to(string store) => Case.Members($$"""
        static void Run(int fd)
        {
            byte[] source = new byte[64];
            byte[] buffer = new byte[4096];
            new Random(1).NextBytes(buffer);
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                for (byte i = 3; ; i += 5)
                {
                    vmsplice(fd, &v, 1, 0);
                    {|SPL1001:{{store}}|};
                }
            }
        }
        """);

    [Theory]
    [InlineData("Array.Copy(source, buffer, 64)")]
    [InlineData("Array.Copy(source, 0, buffer, 3, 64)")]
    [InlineData("Array.Clear(buffer, 960, 64)")]
    [InlineData("Array.Fill(buffer, (byte)1, 0, 1024)")]
    [InlineData("Array.Reverse(buffer, 2048, 100)")]
    [InlineData("Buffer.BlockCopy(source, 0, buffer, 960, 64)")]
    [InlineData("Marshal.Copy((nint)p, buffer, 2048, 100)")]
    [InlineData("source.CopyTo(buffer, 960)")]
    public Task Safe_another_part_of_the_array_is_stored_to(string store) => Case.Members($$"""
        static void Run(int fd)
        {
            byte[] source = new byte[64];
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p + 1024, iov_len = 1024 };
                while (true)
                {
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                    {{store}};
                }
            }
        }
        """);

    // ---- Aliases

    [Theory]
    [InlineData("byte* q = p + 16;", "q[0] = 2")]
    [InlineData("nint address = (nint)p; byte* q = (byte*)(address + 64);", "*q = 2")]
    [InlineData("void* untyped = p; ulong* q = (ulong*)untyped;", "q[1] = 2")]
    [InlineData("ref byte r = ref p[5];", "r = 2")]
    [InlineData("ref byte r = ref Unsafe.AsRef<byte>(p); ref byte s = ref r;", "s++")]
    [InlineData("Span<byte> a = new(p, 4096), b = a[..128], c = b.Slice(32);", "c[0] = 2")]
    [InlineData("Span<int> ints = MemoryMarshal.Cast<byte, int>(new Span<byte>(p, 4096));", "ints.Fill(-1)")]
    [InlineData("Span<byte> s = MemoryMarshal.CreateSpan(ref *p, 4096);", "s[9] = 2")]
    [InlineData("(nint Start, int Length) pair = ((nint)p, 4096);", "((byte*)pair.Start)[0] = 2")]
    [InlineData("byte** table = stackalloc byte*[2]; table[0] = p;", "table[0][3] = 2")]
    [InlineData("byte*[] table = new byte*[] { null, p };", "table[1][3] = 2")]
    [InlineData("nint a = (nint)p, b = (nint)NativeMemory.Alloc(4096); (a, b) = (b, a);", "*(byte*)b = 2")]
    [InlineData("byte* q = fd > 0 ? p : (byte*)NativeMemory.Alloc(4096);", "q[0] = 2")]
    [InlineData("byte* q = (byte*)v.iov_base;", "q[0] = 2")]
    [InlineData("", "((byte*)v.iov_base)[0] = 2")]
    [InlineData("iovec* vector = &v;", "*(byte*)vector->iov_base = 2")]
    [InlineData("Span<byte> s = new(v.iov_base, (int)v.iov_len);", "s.Clear()")]
    public Task Stored_through_an_alias(string alias, string store) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {{alias}}
            {|SPL1001:{{store}}|};
        }
        """);

    [Fact]
    public Task The_alias_was_made_before_the_pointer_moved_on() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte* start = p;
            for (int i = 0; i < 4096; i++)
                *p++ = 1;
            iovec v = new() { iov_base = start, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:p[-1] = 2|};
        }
        """);

    [Fact]
    public Task The_array_was_handed_off_under_another_name() => Case.Members("""
        static void Run(int fd)
        {
            byte[] front = new byte[4096], back = front;
            fixed (byte* p = front)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)front.Length };
                for (byte i = 1; ; i++)
                {
                    {|SPL1001:back[0] = i|};
                    vmsplice(fd, &v, 1, 0);
                }
            }
        }
        """);

    [Theory]
    [InlineData("", "buffer.Next = 1")]
    [InlineData("", "buffer.Next++")]
    [InlineData("", "buffer.Next += 2")]
    [InlineData("ref byte next = ref buffer.Next;", "next = 3")]
    public Task Through_a_property_that_returns_a_reference(string before, string store) => Case.Types($$"""
        internal sealed unsafe class Buffer
        {
            private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(4096);
            private int _next;

            internal ref byte Next => ref _bytes[_next++ % 4096];

            internal void Send(int fd)
            {
                iovec v = new() { iov_base = _bytes, iov_len = 4096 };
                if (vmsplice(fd, &v, 1, 0) < 0)
                    throw new IOException();
            }
        }

        internal static class Program
        {
            private static void Run(int fd)
            {
                Buffer buffer = new();
                for (int i = 0; i < 4096; i++)
                    buffer.Next = (byte)i;
                buffer.Send(fd);
                {{before}}
                {|SPL1001:{{store}}|};
            }
        }
        """);
}
