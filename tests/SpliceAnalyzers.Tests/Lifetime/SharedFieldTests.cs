using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Types whose methods share a buffer in a field. Any public method may be called after any other.</summary>
public class SharedFieldTests
{
    [Fact]
    public Task Append_stores_where_Flush_handed_off() => Case.Types("""
        internal sealed unsafe class Logger
        {
            private const int Size = 4096;
            private readonly int _fd;
            private readonly byte* _buffer = (byte*)NativeMemory.Alloc(Size);
            private int _used;

            public Logger(int fd) => _fd = fd;

            public void Append(byte value)
            {
                if (_used == Size)
                    Flush();
                {|SPL1001:_buffer[_used] = value|};
                _used++;
            }

            public void Flush()
            {
                iovec v = new() { iov_base = _buffer, iov_len = (nuint)_used };
                vmsplice(_fd, &v, 1, 0);
                _used = 0;
            }
        }
        """);

    [Fact]
    public Task Dispose_frees_what_Flush_handed_off() => Case.Types("""
        internal sealed unsafe class Report : IDisposable
        {
            private readonly byte* _page;

            public Report(ReadOnlySpan<byte> text)
            {
                _page = (byte*)NativeMemory.Alloc(4096);
                text.CopyTo(new Span<byte>(_page, 4096));
            }

            public void Send(int fd)
            {
                iovec v = new() { iov_base = _page, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }

            public void Dispose() => {|SPL1003:NativeMemory.Free(_page)|};
        }
        """);

    [Fact]
    public Task A_managed_buffer_is_unpinned_by_Flush_and_stored_to_by_Append() => Case.Types("""
        internal sealed unsafe class Logger(int fd)
        {
            private readonly byte[] _buffer = new byte[4096];
            private int _used;

            public void Append(ReadOnlySpan<byte> text)
            {
                if (text.Length > _buffer.Length - _used)
                    return;
                {|SPL1001:text.CopyTo(_buffer.AsSpan(_used))|};
                _used += text.Length;
            }

            public void Flush()
            {
                fixed (byte* p = _buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)_used };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
                _used = 0;
            }
        }
        """);

    [Fact]
    public Task A_rented_buffer_goes_back_in_Dispose() => Case.Types("""
        internal sealed unsafe class Sender(int fd) : IDisposable
        {
            private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(4096);

            public void Send()
            {
                fixed (byte* p = _rented)
                {
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }

            public void Dispose() => {|SPL1003:ArrayPool<byte>.Shared.Return(_rented)|};
        }
        """);

    [Fact]
    public Task A_template_is_patched_between_two_answers() => Case.Types("""
        internal sealed unsafe class Responder
        {
            private readonly byte* _page;

            public Responder()
            {
                _page = (byte*)NativeMemory.Alloc(4096);
                "HTTP/1.1 200 OK\r\nDate: 00000000\r\n\r\n"u8.CopyTo(new Span<byte>(_page, 4096));
            }

            public int Seconds
            {
                set => {|SPL1001:value.TryFormat(new Span<byte>(_page + 23, 8), out _)|};
            }

            public bool Answer(int fd)
            {
                iovec v = new() { iov_base = _page, iov_len = 35 };
                return vmsplice(fd, &v, 1, 0) == 35;
            }
        }
        """);

    [Fact]
    public Task Two_buffers_are_swapped_by_Flush() => Case.Types("""
        internal sealed unsafe class Logger(int fd)
        {
            private byte* _current = (byte*)NativeMemory.Alloc(4096);
            private byte* _other = (byte*)NativeMemory.Alloc(4096);
            private int _used;

            public void Append(byte value)
            {
                if (_used == 4096)
                    return;
                {|SPL1001:_current[_used] = value|};
                _used++;
            }

            public void Flush()
            {
                iovec v = new() { iov_base = _current, iov_len = (nuint)_used };
                vmsplice(fd, &v, 1, 0);
                byte* swap = _current;
                _current = _other;
                _other = swap;
                _used = 0;
            }
        }
        """);

    [Fact]
    public Task The_base_class_hands_off_and_the_derived_class_stores() => Case.Types("""
        internal unsafe class Channel
        {
            protected readonly byte* Buffer = (byte*)NativeMemory.Alloc(4096);

            public void Send(int fd)
            {
                iovec v = new() { iov_base = Buffer, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
        }

        internal sealed unsafe class NumberedChannel : Channel
        {
            public void Number(int number) => {|SPL1001:*(int*)Buffer = number|};
        }
        """);

    [Fact]
    public Task Reload_reads_a_file_into_the_page_that_is_being_sent() => Case.Types("""
        internal sealed unsafe class PageCache
        {
            private readonly byte* _page = (byte*)NativeMemory.AllocZeroed(65536);
            private int _length;

            public void Reload(FileStream file)
            {
                _length = {|SPL1001:file.Read(new Span<byte>(_page, 65536))|};
            }

            public nint Serve(int fd)
            {
                iovec v = new() { iov_base = _page, iov_len = (nuint)_length };
                return vmsplice(fd, &v, 1, SPLICE_F_MORE);
            }
        }
        """);

    [Fact]
    public Task One_method_does_both_and_is_called_again() => Case.Types("""
        internal sealed unsafe class Ticker(int fd)
        {
            private readonly long* _now = (long*)NativeMemory.AllocZeroed(sizeof(long));

            public void Tick()
            {
                {|SPL1001:*_now = Environment.TickCount64|};
                iovec v = new() { iov_base = _now, iov_len = sizeof(long) };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task The_caller_of_the_type_is_the_innermost_that_sees_both() => Case.Types("""
        internal sealed unsafe class Block
        {
            public readonly byte* Start = (byte*)NativeMemory.Alloc(4096);
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                Block block = new();
                NativeMemory.Fill(block.Start, 4096, 1);
                iovec v = new() { iov_base = block.Start, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1001:block.Start[0] = 2|};
            }
        }
        """);

    private static string Template(string access, string condition, string recover, string send) => $$"""
        internal abstract unsafe class Channel
        {
            private protected byte* Page;

            public void Send(int fd)
            {
                Page = (byte*)NativeMemory.AllocZeroed(4096);
                iovec v = new() { iov_base = Page, iov_len = 4096 };
                if ({{send}} {{condition}})
                    {{recover}};
            }

            {{access}} abstract void Recover();
        }

        internal sealed unsafe class MarkingChannel : Channel
        {
            {{access}} override void Recover() => Page[0] = 2;
        }
        """;

    [Theory]
    [InlineData("protected")]
    [InlineData("private protected")]
    public Task A_method_of_the_derived_class_that_only_the_base_class_calls(string access) =>
        Case.Types(Template(access, "> 0", "{|SPL1001:Recover()|}", "vmsplice(fd, &v, 1, 0)"));

    [Theory]
    [InlineData("protected")]
    [InlineData("private protected")]
    public Task Safe_the_base_class_calls_it_when_nothing_was_sent(string access) =>
        Case.Types(Template(access, "< 0", "Recover()", "{|SPL3001:vmsplice(fd, &v, 1, 0)|}"));

    /// <summary>The compiler spills the property, since the vector is made in several steps.</summary>
    [Theory]
    [InlineData("Sent { get; set; }")]
    [InlineData("Sent { get => _sent; set => _sent = value; } private nint _sent;")]
    public Task A_property_gets_the_result_of_a_call_with_an_initialiser(string property) => Case.Types($$"""
        internal sealed unsafe class Sender
        {
            [DllImport("libc", SetLastError = true)] private static extern nint vmsplice(int fd, in iovec iov, nuint count, uint flags);

            private nint {{property}}

            internal void Run(int fd)
            {
                Sent = 0;
                byte* page = (byte*)NativeMemory.AllocZeroed(4096);
                Sent = vmsplice(fd, new iovec { iov_base = page, iov_len = 4096 }, 1, 0);
                if (Sent > 0)
                    {|SPL1001:page[0] = 1|};
            }
        }
        """);

    // ---- Safe twins

    [Fact]
    public Task Safe_Flush_writes() => Case.Types("""
        internal sealed unsafe class Logger(int fd) : IDisposable
        {
            private readonly byte* _buffer = (byte*)NativeMemory.Alloc(4096);
            private int _used;

            public void Append(byte value)
            {
                if (_used == 4096)
                    Flush();
                _buffer[_used++] = value;
            }

            public void Flush()
            {
                write(fd, _buffer, (nuint)_used);
                _used = 0;
            }

            public void Dispose() => NativeMemory.Free(_buffer);
        }
        """);

    [Fact]
    public Task Safe_Flush_takes_a_new_buffer() => Case.Types("""
        internal sealed unsafe class Logger(int fd)
        {
            private byte* _buffer = (byte*)NativeMemory.Alloc(4096);
            private int _used;

            public void Append(byte value)
            {
                if (_used == 4096)
                    Flush();
                _buffer[_used++] = value;
            }

            public void Flush()
            {
                iovec v = new() { iov_base = _buffer, iov_len = (nuint)_used };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                _buffer = (byte*)NativeMemory.Alloc(4096);
                _used = 0;
            }
        }
        """);

    [Fact]
    public Task Safe_Flush_copies_to_a_mapping_that_it_unmaps() => Case.Types("""
        internal sealed unsafe class Logger(int fd)
        {
            private readonly byte[] _buffer = new byte[4096];
            private int _used;

            public void Append(byte value)
            {
                if (_used == 4096)
                    Flush();
                _buffer[_used++] = value;
            }

            public void Flush()
            {
                void* copy = mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (copy == (void*)-1)
                    return;
                _buffer.AsSpan(0, _used).CopyTo(new Span<byte>(copy, 4096));
                iovec v = new() { iov_base = copy, iov_len = (nuint)_used };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                munmap(copy, 4096);
                _used = 0;
            }
        }
        """);

    [Fact]
    public Task Safe_the_page_is_written_by_the_constructor_only() => Case.Types("""
        internal sealed unsafe class Responder
        {
            private readonly byte* _page;
            private int _answers;

            public Responder()
            {
                _page = (byte*)NativeMemory.Alloc(4096);
                "HTTP/1.1 204 No Content\r\n\r\n"u8.CopyTo(new Span<byte>(_page, 4096));
            }

            public bool Answer(int fd)
            {
                iovec v = new() { iov_base = _page, iov_len = 27 };
                _answers++;
                return {|SPL3001:vmsplice(fd, &v, 1, 0)|} == 27;
            }
        }
        """);

    [Fact]
    public Task Safe_Append_stores_to_another_field() => Case.Types("""
        internal sealed unsafe class Counter
        {
            private readonly long* _published = (long*)NativeMemory.AllocZeroed(sizeof(long));
            private readonly long* _pending = (long*)NativeMemory.AllocZeroed(sizeof(long));

            public void Add(long amount) => *_pending += amount;

            public void Publish(int fd)
            {
                iovec v = new() { iov_base = _published, iov_len = sizeof(long) };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_each_instance_is_sent_by_the_method_that_made_it() => Case.Types("""
        internal sealed unsafe class Message
        {
            public readonly byte* Start = (byte*)NativeMemory.Alloc(64);

            public void Set(byte value) => NativeMemory.Fill(Start, 64, value);
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                for (byte i = 1; i < 100; i++)
                {
                    Message message = new();
                    message.Set(i);
                    iovec v = new() { iov_base = message.Start, iov_len = 64 };
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    /// <summary>Many methods in any order are more than can be looked at; those that lead to no static field are looked at by themselves.</summary>
    [Fact]
    public Task Static_methods_without_static_fields() => Case.Types($$"""
        internal static unsafe class Program
        {
            private static readonly int Size = Environment.ProcessorCount;
            private static byte* _last;

            private static void Send(int fd, byte* start)
            {
                iovec v = new() { iov_base = start, iov_len = 4096 };
                if (vmsplice(fd, &v, 1, 0) != 4096)
                    throw new IOException();
            }

            private static byte* Page() => (byte*)NativeMemory.AlignedAlloc(4096, 4096);

            private static byte* Pages() => (byte*)NativeMemory.AlignedAlloc(16 * 4096, 4096);

            static void Keep(int fd)
            {
                if (_last != null)
                    {|SPL1001:_last[0] = 1|};
                _last = Page();
                Send(fd, _last);
            }

            {{string.Concat(Enumerable.Range(0, 20).Select(i => $$"""
            static void Fill{{i}}(int fd)
            {
                int* ends = stackalloc int[2];
                byte* pages = Pages(), copy = stackalloc byte[4096];
                if (pipe(ends) != 0)
                    return;
                for (int round = 0; round < Size; round++)
                {
                    for (int i = 0; i < {{i % 2 + 3}}; i++)
                    {
                        pages[4096 * i] = {{i}};
                        Send(ends[1], pages + 4096 * i);
                    }

                    for (int i = 0; i < {{i % 2 + 3}}; i++)
                    {
                        if (read(ends[0], copy, 4096) != 4096)
                            return;
                    }
                }
            }

            """))}}
        }
        """);
}
