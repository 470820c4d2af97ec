using System;
using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Benchmarks.Code;

/// <summary>
/// Classes as programs have them that hand memory to pipes: wrappers, loops over short transfers, drains, rotations, shared fields, pools, mappings,
/// files; some safe and some not. Sizes, limits, order and names differ. The same ones every time.
/// </summary>
internal static class SpliceCode
{
    /// <summary>What every compilation has once.</summary>
    public const string Declarations = """
        using System.Runtime.InteropServices;

        namespace Native;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Libc
        {
            public const uint SPLICE_F_MOVE = 1, SPLICE_F_NONBLOCK = 2, SPLICE_F_MORE = 4, SPLICE_F_GIFT = 8;
            public const int PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20, F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;

            [DllImport("libc", SetLastError = true)] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint splice(int fd_in, long* off_in, int fd_out, long* off_out, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint tee(int fd_in, int fd_out, nuint len, uint flags);
            [DllImport("libc", SetLastError = true)] public static extern nint sendfile(int out_fd, int in_fd, long* offset, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint read(int fd, void* buf, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint write(int fd, void* buf, nuint count);
            [DllImport("libc", SetLastError = true)] public static extern nint pwrite(int fd, void* buf, nuint count, long offset);
            [DllImport("libc", SetLastError = true)] public static extern int pipe(int* fds);
            [DllImport("libc", SetLastError = true)] public static extern int close(int fd);
            [DllImport("libc", SetLastError = true)] public static extern int fcntl(int fd, int cmd, int arg);
            [DllImport("libc", SetLastError = true)] public static extern void* mmap(void* addr, nuint length, int prot, int flags, int fd, long offset);
            [DllImport("libc", SetLastError = true)] public static extern int munmap(void* addr, nuint length);
        }

        """;

    /// <summary>A class, given its number and a source of differences, and how many of its methods are about hand-offs.</summary>
    private static readonly (int Methods, Func<int, Random, string> Write)[] Classes =
    [
        (2, BlockWriter), (3, BufferedStream), (2, Rotation), (2, PooledSender), (2, Relay), (2, FreshPages), (2, FileServer), (3, FrameWriter), (2, ArraySender), (2, RetryingSender),
    ];

    /// <summary>Files with at least so many methods about hand-offs, a class each, and the declarations.</summary>
    public static IReadOnlyList<string> Files(int methods)
    {
        var files = new List<string> { Declarations };
        for (int made = 0; made < methods; )
        {
            int number = files.Count;
            (int count, Func<int, Random, string> write) = Classes[number % Classes.Length];
            files.Add(File(number, write(number, new Random(number))));
            made += count;
        }

        return files;
    }

    /// <summary>How many methods <see cref="Files"/> really has.</summary>
    public static int Methods(IReadOnlyList<string> files) => Enumerable.Range(1, files.Count - 1).Sum(static number => Classes[number % Classes.Length].Methods);

    /// <summary>A class of a file's own, in a namespace of its own.</summary>
    public static string File(int number, string body) => $$"""
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.IO;
        using System.Runtime.InteropServices;
        using Native;
        using static Native.Libc;

        namespace Part{{number}};

        {{body}}

        """;

    private static string Maybe(Random random, string text, int outOf = 2) => random.Next(outOf) == 0 ? text : "";

    private static string Repeat(int times, Func<int, string> make) => string.Concat(Enumerable.Range(0, times).Select(make));

    private static int Pages(Random random, int most = 24) => 4096 * (1 + random.Next(most));

    /// <summary>Native memory that is filled, handed off in a loop over short transfers, and freed.</summary>
    private static string BlockWriter(int number, Random random) => $$"""
        public static unsafe class BlockWriter{{number}}
        {
            /// <summary>Sends records of a fixed length.</summary>
            public static long Send(int fd, ReadOnlySpan<int> records, bool flush)
            {
                nuint size = {{Pages(random)}};
                byte* block = (byte*)NativeMemory.{{(random.Next(2) == 0 ? "Alloc(size)" : "AlignedAlloc(size, 4096)")}};
                long total = 0;
                {{Maybe(random, "NativeMemory.Fill(block, size, 0xff);")}}
                for (int i = 0; i < records.Length && i < {{random.Next(8, 900)}}; i++)
                    block[i] = (byte)(records[i] % {{random.Next(3, 250)}});
                nuint sent = 0;
                while (sent < size)
                {
                    iovec vector = new() { iov_base = block + sent, iov_len = size - sent };
                    nint n = vmsplice(fd, &vector, 1, {{(random.Next(3) == 0 ? "SPLICE_F_GIFT" : "0")}});
                    if (n <= 0)
                        break;
                    sent += (nuint)n;
                    total += n;
                }
                {{Maybe(random, $"if (flush) block[{random.Next(4096)}] = 0;")}}
                {{Maybe(random, "if (total < 0) throw new IOException();")}}
                return total;
            }

            public static int Report(int fd, string[] names)
            {
                byte* text = (byte*)NativeMemory.Alloc({{Pages(random, 4)}});
                int length = 0;
                foreach (string name in names)
                {
                    foreach (char c in name)
                    {
                        if (length < {{random.Next(100, 4000)}})
                            text[length++] = (byte)c;
                    }
                }

                iovec vector = new() { iov_base = text, iov_len = (nuint)length };
                nint n = vmsplice(fd, &vector, 1, 0);
                {{Maybe(random, "NativeMemory.Free(text);")}}
                return n == length ? {{random.Next(100)}} : -1;
            }
        }
        """;

    /// <summary>A stream that collects bytes in a field's buffer and hands that off when it is full.</summary>
    private static string BufferedStream(int number, Random random)
    {
        int size = Pages(random);
        return $$"""
            public sealed unsafe class BufferedStream{{number}} : IDisposable
            {
                private const int Size = {{size}};
                private readonly int _fd;
                private {{(random.Next(2) == 0 ? "readonly " : "")}}byte* _buffer;
                private int _used;
                private long _written;

                public BufferedStream{{number}}(int fd)
                {
                    _fd = fd;
                    _buffer = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
                }

                public void Write(ReadOnlySpan<byte> data)
                {
                    while (data.Length > 0)
                    {
                        int count = Math.Min(data.Length, Size - _used);
                        data.Slice(0, count).CopyTo(new Span<byte>(_buffer + _used, count));
                        _used += count;
                        data = data.Slice(count);
                        if (_used >= {{random.Next(size / 2, size)}})
                            Flush();
                    }
                }

                public void Flush()
                {
                    if (_used == 0)
                        return;
                    iovec vector = new() { iov_base = _buffer, iov_len = (nuint)_used };
                    nint n = vmsplice(_fd, &vector, 1, {{random.Next(2) * 2}});
                    if (n < 0)
                        throw new IOException("{{number}}");
                    _written += n;
                    _used = {{(random.Next(3) == 0 ? "_used - (int)n" : "0")}};
                }

                public void Dispose()
                {
                    Flush();
                    {{(random.Next(2) == 0 ? "NativeMemory.AlignedFree(_buffer);" : "_written = 0;")}}
                }
            }
            """;
    }

    /// <summary>Buffers in rotation in a pipe whose size was checked, or was not.</summary>
    private static string Rotation(int number, Random random)
    {
        int buffers = random.Next(2, 5), size = 65536 << random.Next(3);
        return $$"""
            public sealed unsafe class Rotation{{number}}
            {
                private const int Count = {{buffers}}, Size = {{size}};

                public static void Run(int fd, Func<int> next)
                {
                    byte* memory = (byte*)NativeMemory.AlignedAlloc(Count * Size, 4096);
                    {{Maybe(random, $"if (fcntl(fd, F_SETPIPE_SZ, {(random.Next(2) == 0 ? "Size" : "4096")}) != {(random.Next(2) == 0 ? "Size" : "(Count - 1) * Size")}) return;")}}
                    for (int turn = 0; ; turn++)
                    {
                        byte* buffer = memory + turn % Count * Size;
                        int value = next();
                        if (value < {{random.Next(4)}})
                            break;
                        NativeMemory.Fill(buffer, Size, (byte)value);
                        nuint sent = 0;
                        while (sent < Size)
                        {
                            iovec vector = new() { iov_base = buffer + sent, iov_len = Size - sent };
                            nint n = vmsplice(fd, &vector, 1, 0);
                            if (n <= 0)
                                return;
                            sent += (nuint)n;
                        }
                    }
                }

                public static void Alternate(int fd, int rounds)
                {
                    byte* first = (byte*)NativeMemory.Alloc({{size / 4}}), second = (byte*)NativeMemory.Alloc({{size / 4}});
                    for (int i = 0; i < rounds; i++)
                    {
                        byte* page = i % 2 == 0 ? first : second;
                        page[{{random.Next(4000)}}] = (byte)i;
                        iovec vector = new() { iov_base = page, iov_len = {{size / 4}} };
                        if (vmsplice(fd, &vector, 1, 0) < {{random.Next(2)}})
                            break;
                    }
                }
            }
            """;
    }

    /// <summary>Rented arrays and their return.</summary>
    private static string PooledSender(int number, Random random) => $$"""
        public sealed unsafe class PooledSender{{number}}(int fd)
        {
            private int _errors;

            public bool Send(ReadOnlySpan<char> text)
            {
                byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length * {{random.Next(1, 5)}});
                try
                {
                    for (int i = 0; i < text.Length; i++)
                        rented[i] = (byte)(text[i] + {{random.Next(9)}});
                    fixed (byte* pinned = rented)
                    {
                        iovec vector = new() { iov_base = pinned{{Maybe(random, " + " + random.Next(1, 64))}}, iov_len = (nuint)text.Length };
                        nint n = vmsplice(fd, &vector, 1, 0);
                        if (n < 0)
                            _errors++;
                        return n == text.Length;
                    }
                }
                finally
                {
                    {{(random.Next(3) == 0 ? "_errors += 0;" : "ArrayPool<byte>.Shared.Return(rented);")}}
                }
            }

            public int SendAll(IReadOnlyList<byte[]> parts)
            {
                int done = 0;
                foreach (byte[] part in parts)
                {
                    if (part.Length > {{Pages(random)}})
                        continue;
                    fixed (byte* start = part)
                    {
                        iovec vector = new() { iov_base = start, iov_len = (nuint)part.Length };
                        if (vmsplice(fd, &vector, 1, SPLICE_F_NONBLOCK) == part.Length)
                            done++;
                    }
                    {{Maybe(random, "Array.Clear(part);")}}
                }

                return done;
            }
        }
        """;

    /// <summary>A pipe of its own that is drained before the buffer is used again.</summary>
    private static string Relay(int number, Random random) => $$"""
        public static unsafe class Relay{{number}}
        {
            private const int Block = {{Pages(random, 12)}};

            public static long Copy(int output, int rounds)
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) != 0)
                    return -1;
                byte* block = (byte*)NativeMemory.Alloc(Block);
                byte* scratch = (byte*)NativeMemory.Alloc(Block);
                long moved = 0;
                for (int round = 0; round < rounds; round++)
                {
                    block[{{random.Next(4096)}}] = (byte)round;
                    iovec vector = new() { iov_base = block, iov_len = Block };
                    nint n = vmsplice(ends[1], &vector, 1, 0);
                    if (n <= 0)
                        break;
                    for (nint left = n; left > 0; )
                    {
                        nint got = {{(random.Next(2) == 0 ? "read(ends[0], scratch, (nuint)left)" : "splice(ends[0], null, output, null, (nuint)left, SPLICE_F_MOVE)")}};
                        if (got <= 0)
                            return -1;
                        left -= got;
                        moved += got;
                    }
                }

                close(ends[0]);
                close(ends[1]);
                return moved;
            }

            public static nint Fork(int input, int output, int log)
            {
                nint n = tee(input, log, {{Pages(random)}}, 0);
                if (n <= 0)
                    return n;
                return splice(input, null, output, null, (nuint)n, {{(random.Next(2) == 0 ? "SPLICE_F_MORE" : "0")}});
            }
        }
        """;

    /// <summary>Fresh mappings, which are given up after each hand-off.</summary>
    private static string FreshPages(int number, Random random) => $$"""
        public static unsafe class FreshPages{{number}}
        {
            public static int Send(int fd, ReadOnlySpan<byte> data)
            {
                int blocks = 0;
                while (data.Length > 0)
                {
                    nuint size = {{Pages(random)}};
                    byte* page = (byte*)mmap(null, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                    if (page == (void*)-1)
                        return -1;
                    int count = Math.Min(data.Length, (int)size);
                    data.Slice(0, count).CopyTo(new Span<byte>(page, count));
                    if (!SendAll(fd, page, (nuint)count))
                        return -blocks;
                    {{Maybe(random, $"page[{random.Next(4096)}] = {random.Next(200)};", 4)}}
                    munmap(page, size);
                    data = data.Slice(count);
                    blocks += {{random.Next(1, 5)}};
                }

                return blocks;
            }

            private static bool SendAll(int fd, byte* start, nuint length)
            {
                for (nuint sent = 0; sent < length; )
                {
                    iovec vector = new() { iov_base = start + sent, iov_len = length - sent };
                    nint n = vmsplice(fd, &vector, 1, SPLICE_F_GIFT);
                    if (n < {{random.Next(2)}})
                        return false;
                    sent += (nuint)n;
                }

                return true;
            }
        }
        """;

    /// <summary>Pages of a file that go to a socket while the file lives on.</summary>
    private static string FileServer(int number, Random random) => $$"""
        public static unsafe class FileServer{{number}}
        {
            public static long Serve(int socket, int file, long length)
            {
                long offset = {{random.Next(3) * 4096}};
                while (offset < length)
                {
                    nint n = sendfile(socket, file, &offset, (nuint)Math.Min(length - offset, {{Pages(random, 200)}}));
                    if (n <= 0)
                        return offset;
                }
                {{Maybe(random, $"int mark = {random.Next(1000)}; pwrite(file, &mark, 4, {random.Next(9) * 512});")}}
                return length;
            }

            public static bool Update(int file, int output, byte* patch)
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) < 0)
                    return false;
                long from = 0;
                nint n = splice(file, &from, ends[1], null, {{Pages(random)}}, SPLICE_F_MOVE);
                {{Maybe(random, $"if (n > 0) pwrite(file, patch, {random.Next(1, 4096)}, {random.Next(4096)});")}}
                while (n > 0)
                {
                    nint moved = splice(ends[0], null, output, null, (nuint)n, SPLICE_F_MOVE);
                    if (moved <= {{random.Next(-3, 1)}})
                        break;
                    n -= moved;
                }

                close(ends[0]);
                close(ends[1]);
                return n == 0;
            }
        }
        """;

    /// <summary>Header and payload in one call; the header is reused, or on the stack.</summary>
    private static string FrameWriter(int number, Random random) => $$"""
        public sealed unsafe class FrameWriter{{number}}
        {
            private readonly int _fd;
            private int _sequence;

            public FrameWriter{{number}}(int fd) => _fd = fd;

            public bool Write(byte* payload, int length, int kind)
            {
                {{(random.Next(2) == 0 ? "byte* header = stackalloc byte[16];" : "byte* header = (byte*)NativeMemory.Alloc(16);")}}
                header[0] = (byte)kind;
                header[{{random.Next(1, 8)}}] = (byte)length;
                header[{{random.Next(8, 16)}}] = (byte)_sequence++;
                iovec* vectors = stackalloc iovec[2];
                vectors[0] = new iovec { iov_base = header, iov_len = {{random.Next(8, 17)}} };
                vectors[1] = new iovec { iov_base = payload, iov_len = (nuint)length };
                return Send(vectors, {{(random.Next(4) == 0 ? "1" : "2")}}) >= length;
            }

            private nint Send(iovec* vectors, int count)
            {
                nint n = vmsplice(_fd, vectors, (nuint)count, 0);
                return n < 0 ? {{-random.Next(1, 9)}} : n;
            }

            public int WriteMany(ReadOnlySpan<int> values)
            {
                byte* buffer = (byte*)NativeMemory.Alloc({{Pages(random, 4)}});
                int frames = 0;
                for (int i = 0; i < values.Length; i++)
                {
                    {{Repeat(random.Next(1, 5), i => $"buffer[{i * 7 + random.Next(6)}] = (byte)(values[i] >> {i * 8});\n            ")}}if (Write(buffer, {{random.Next(8, 64)}}, {{random.Next(9)}}))
                        frames++;
                    else if (values[i] < {{random.Next(50)}})
                        break;
                }

                return frames;
            }
        }
        """;

    /// <summary>Arrays on the pinned heap and behind handles.</summary>
    private static string ArraySender(int number, Random random) => $$"""
        public sealed unsafe class ArraySender{{number}}
        {
            private readonly byte[] _kept = GC.AllocateArray<byte>({{Pages(random)}}, pinned: true);

            public nint SendKept(int fd, int value)
            {
                {{Maybe(random, $"_kept[{random.Next(4096)}] = (byte)value;")}}
                byte* start = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_kept, {{random.Next(3) * 256}});
                iovec vector = new() { iov_base = start, iov_len = (nuint)Math.Min(_kept.Length, value) };
                nint n = vmsplice(fd, &vector, 1, 0);
                return n > {{random.Next(9)}} ? n : 0;
            }

            public static bool SendOnce(int fd, int[] values)
            {
                byte[] data = new byte[values.Length * {{random.Next(1, 4)}}];
                for (int i = 0; i < values.Length; i++)
                    data[i] = (byte)(values[i] ^ {{random.Next(256)}});
                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                iovec vector = new() { iov_base = (void*)handle.AddrOfPinnedObject(), iov_len = (nuint)data.Length };
                bool isSent = vmsplice(fd, &vector, 1, {{random.Next(2) * 8}}) == data.Length;
                {{(random.Next(2) == 0 ? "handle.Free();" : "")}}
                return isSent;
            }
        }
        """;

    /// <summary>A wrapper that tries again, and a caller that goes on with its buffer.</summary>
    private static string RetryingSender(int number, Random random) => $$"""
        public static unsafe class RetryingSender{{number}}
        {
            internal static bool TrySend(int fd, byte* data, int length, int attempts)
            {
                int sent = 0;
                for (int attempt = 0; attempt < attempts && sent < length; attempt++)
                {
                    iovec vector = new() { iov_base = data + sent, iov_len = (nuint)(length - sent) };
                    nint n = vmsplice(fd, &vector, 1, SPLICE_F_NONBLOCK);
                    if (n < 0)
                    {
                        int error = Marshal.GetLastPInvokeError();
                        if (error is not (4 or {{random.Next(11, 99)}}))
                            return false;
                        continue;
                    }

                    sent += (int)n;
                }

                return sent == length;
            }

            public static int Main{{number}}(int fd, int lines)
            {
                int size = {{Pages(random, 8)}}, done = 0;
                byte* line = (byte*)NativeMemory.Alloc((nuint)size);
                {{Maybe(random, "byte* spare = (byte*)NativeMemory.Alloc((nuint)size);")}}
                for (int i = 0; i < lines; i++)
                {
                    {{Maybe(random, $"line = (byte*)NativeMemory.Alloc((nuint)size);")}}
                    line[i % {{random.Next(2, 400)}}] = (byte)'{{(char)random.Next('a', 'z')}}';
                    if (TrySend(fd, line, size, {{random.Next(1, 6)}}))
                        done++;
                }
                {{Maybe(random, "NativeMemory.Free(line);")}}
                return done;
            }
        }
        """;
}
