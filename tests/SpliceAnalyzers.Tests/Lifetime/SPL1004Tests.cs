using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Scopes that end while their memory is in flight: `fixed`, the stack, and the last reference to a pinned array.</summary>
public class SPL1004Tests
{
    // ---- Leaving fixed

    [Theory]
    [InlineData("byte[] a = new byte[4096];", "byte* p = a")]
    [InlineData("byte[] a = new byte[4096];", "byte* p = &a[0]")]
    [InlineData("byte[] a = new byte[8192];", "byte* p = &a[4096]")]
    [InlineData("byte[] a = new byte[4096];", "byte* p = a.AsSpan()")]
    [InlineData("byte[] a = new byte[8192];", "byte* p = a.AsSpan(0, 4096)")]
    [InlineData("byte[] a = new byte[4096];", "byte* p = &MemoryMarshal.GetArrayDataReference(a)")]
    [InlineData("byte[] a = new byte[4096];", "byte* p = &MemoryMarshal.GetReference(a.AsSpan())")]
    [InlineData("byte[] a = new byte[4096]; ref byte first = ref a[0];", "byte* p = &first")]
    [InlineData("Span<byte> a = new byte[4096];", "byte* p = a")]
    [InlineData("ReadOnlySpan<byte> a = new byte[4096];", "byte* p = &a.GetPinnableReference()")]
    [InlineData("Memory<byte> a = new byte[4096];", "byte* p = a.Span")]
    [InlineData("int[] a = new int[1024];", "int* p = a")]
    [InlineData("Guid[] a = new Guid[256];", "Guid* p = a")]
    [InlineData("int[,] a = new int[32, 32];", "int* p = a")]
    [InlineData("byte[] a = GC.AllocateUninitializedArray<byte>(4096);", "byte* p = a")]
    [InlineData("List<byte> a = new(new byte[4096]);", "byte* p = CollectionsMarshal.AsSpan(a)")]
    [InlineData("string a = new('x', 2048);", "char* p = a")]
    [InlineData("string a = new('x', 4096);", "char* p = a.AsSpan(1000)")]
    [InlineData("byte[] a = Table;", "byte* p = a")]
    [InlineData("", "byte* p = Shared")]
    public Task An_object_that_the_collector_can_move(string declare, string pin) => Case.Members($$"""
        static readonly byte[] Table = Encoding.ASCII.GetBytes(new string('x', 4096));
        static byte[] Shared = new byte[4096];

        static void Run(int fd)
        {
            {{declare}}
            fixed ({{pin}})
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_field_of_an_object_is_unpinned() => Case.Types("""
        internal unsafe struct Page
        {
            public fixed byte Bytes[4096];
        }

        internal sealed class Holder
        {
            public Page Page;
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                Holder holder = new();
                fixed (byte* p = holder.Page.Bytes)
                {
                    new Span<byte>(p, 4096).Fill(1);
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task One_number_in_an_object_is_unpinned() => Case.Types("""
        internal sealed class Counter
        {
            public long Value = 42;
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                Counter counter = new();
                fixed (long* p = &counter.Value)
                {
                    iovec v = new() { iov_base = p, iov_len = sizeof(long) };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task Two_arrays_in_one_fixed_statement() => Case.Members("""
        static void Run(int fd)
        {
            byte[] header = new byte[64], body = new byte[4096];
            fixed (byte* h = header, b = body)
            {
                iovec* v = stackalloc iovec[2];
                v[0] = new() { iov_base = h, iov_len = 64 };
                v[1] = new() { iov_base = b, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, v, 2, 0)|};
            }
        }
        """);

    [Fact]
    public Task The_inner_of_two_fixed_statements_is_left() => Case.Members("""
        static void Run(int fd)
        {
            byte[] outer = new byte[4096], inner = new byte[4096];
            fixed (byte* o = outer)
            {
                iovec v = new() { iov_base = o, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                fixed (byte* i = inner)
                {
                    v.iov_base = i;
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
                for (;;)
                    pause();
            }
        }
        """);

    [Fact]
    public Task Left_in_every_iteration() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            for (;;)
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task Left_by_return() => Case.Members("""
        static nint Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                return {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Left_by_break_when_the_reader_is_gone() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                while (true)
                {
                    if ({|SPL1004:vmsplice(fd, &v, 1, 0)|} < 0)
                        break;
                }
            }
        }
        """);

    [Fact]
    public Task Left_by_goto() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[8192];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 8192 };
                if ({|SPL1004:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|} == 8192)
                    goto done;
                for (;;)
                    pause();
            }
        done:
            return;
        }
        """);

    [Fact]
    public Task Left_after_a_short_count_only() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[65536];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 65536 };
                nint n = {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                if (n == 65536)
                {
                    for (;;)
                        pause();
                }
            }
        }
        """);

    // ---- Returning from the method that owns the stack memory

    [Theory]
    [InlineData("byte* p = stackalloc byte[4096];")]
    [InlineData("long* p = stackalloc long[512];")]
    [InlineData("byte* block = stackalloc byte[8192]; byte* p = block + 4096;")]
    [InlineData("Block block = default; void* p = &block;")]
    [InlineData("Block block = default; byte* p = block.Bytes;")]
    [InlineData("Block block = default; byte* p = (byte*)Unsafe.AsPointer(ref block);")]
    [InlineData("Page page = default; void* p = &page;")]
    [InlineData("Page page = default; byte* p = (byte*)Unsafe.AsPointer(ref page[0]);")]
    public Task Memory_of_the_stack(string declare) => Case.Types($$"""
        internal unsafe struct Block
        {
            public fixed byte Bytes[4096];
        }

        [InlineArray(4096)]
        internal struct Page
        {
            private byte _first;
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                {{declare}}
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Theory]
    [InlineData("Span<byte> a = stackalloc byte[4096];", "byte* p = a")]
    [InlineData("Span<byte> a = stackalloc byte[4096];", "byte* p = &a[0]")]
    [InlineData("Span<byte> a = stackalloc byte[8192]; Span<byte> b = a[4096..];", "byte* p = b")]
    [InlineData("Span<byte> a = stackalloc byte[4096];", "byte* p = &MemoryMarshal.GetReference(a)")]
    [InlineData("ReadOnlySpan<int> a = stackalloc int[1024];", "int* p = a")]
    public Task A_span_over_memory_of_the_stack(string declare, string pin) => Case.Members($$"""
        static void Run(int fd)
        {
            {{declare}}
            fixed ({{pin}})
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_span_of_the_stack_without_fixed() => Case.Members("""
        static void Run(int fd)
        {
            Span<byte> line = stackalloc byte[256];
            int length = Encoding.UTF8.GetBytes("a line of the log\n", line);
            iovec v = new() { iov_base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(line)), iov_len = (nuint)length };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task The_address_of_a_local() => Case.Members("""
        static void Run(int fd)
        {
            ulong sequence = 0x1122334455667788;
            iovec v = new() { iov_base = &sequence, iov_len = sizeof(ulong) };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task The_address_of_a_value_parameter() => Case.Members("""
        static void Run(int fd, int number)
        {
            iovec v = new() { iov_base = &number, iov_len = sizeof(int) };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task A_local_header_before_a_constant_body() => Case.Types("""
        internal struct Header
        {
            public int Length, Kind;
        }

        internal static unsafe class Program
        {
            static readonly byte* Body = (byte*)NativeMemory.AllocZeroed(4096);

            static void Run(int fd)
            {
                Header header = new() { Length = 4096, Kind = 1 };
                iovec* v = stackalloc iovec[2];
                v[0] = new() { iov_base = &header, iov_len = (nuint)sizeof(Header) };
                v[1] = new() { iov_base = Body, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, v, 2, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_local_number_is_stored_to_and_then_the_method_returns() => Case.Members("""
        static void Run(int fd)
        {
            int number = 1;
            iovec v = new() { iov_base = &number, iov_len = sizeof(int) };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            {|SPL1001:number = 2|};
        }
        """);

    [Fact]
    public Task A_local_counter_is_incremented_in_a_loop_that_ends() => Case.Members("""
        static void Run(int fd)
        {
            int number = 0;
            iovec v = new() { iov_base = &number, iov_len = sizeof(int) };
            while ({|SPL1004:vmsplice(fd, &v, 1, 0)|} == sizeof(int))
                {|SPL1001:number++|};
        }
        """);

    [Fact]
    public Task Returned_early_when_the_reader_is_gone() => Case.Members("""
        static int Run(int fd)
        {
            byte* p = stackalloc byte[8192];
            new Span<byte>(p, 8192).Fill((byte)'y');
            iovec v = new() { iov_base = p, iov_len = 8192 };
            for (;;)
            {
                if ({|SPL1004:vmsplice(fd, &v, 1, 0)|} < 0)
                    return 1;
            }
        }
        """);

    [Fact]
    public Task Left_by_an_exception() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = stackalloc byte[8192];
            new Span<byte>(p, 8192).Fill(1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            if (n != 8192)
                throw new IOException("short count");
            for (;;)
                pause();
        }
        """);

    [Fact]
    public Task Returned_in_a_try_with_finally() => Case.Members("""
        static nint Run(int fd)
        {
            byte* p = stackalloc byte[4096];
            iovec* v = (iovec*)malloc((nuint)sizeof(iovec));
            try
            {
                v->iov_base = p;
                v->iov_len = 4096;
                return {|SPL1004:vmsplice(fd, v, 1, 0)|};
            }
            finally
            {
                free(v);
            }
        }
        """);

    [Fact]
    public Task The_stack_or_the_heap_by_size() => Case.Members("""
        static void Run(int fd, int length)
        {
            byte* p;
            if (length <= 1024)
            {
                byte* small = stackalloc byte[1024];
                p = small;
            }
            else
            {
                p = (byte*)NativeMemory.Alloc((nuint)length);
            }
            iovec v = new() { iov_base = p, iov_len = (nuint)length };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    // ---- The last reference to a pinned array

    [Fact]
    public Task Only_a_local_reaches_the_array_on_the_pinned_heap() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = GC.AllocateArray<byte>(4096, pinned: true);
            buffer.AsSpan().Fill(1);
            iovec v = new() { iov_base = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0), iov_len = 4096 };
            {|SPL1004:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task A_pinned_array_for_each_line() => Case.Members("""
        static void Run(int fd)
        {
            for (int i = 0; i < 1000; i++)
            {
                byte[] line = GC.AllocateUninitializedArray<byte>(64, pinned: true);
                i.TryFormat(line, out int length);
                byte* p = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(line));
                iovec v = new() { iov_base = p, iov_len = (nuint)length };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    // ---- Programs that people write

    [Fact]
    public Task A_yes_with_a_managed_buffer_pins_it_for_each_call() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[16384];
            for (int i = 0; i < buffer.Length; i += 2)
            {
                buffer[i] = (byte)'y';
                buffer[i + 1] = (byte)'\n';
            }
            nint n;
            do
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)buffer.Length };
                    n = {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
            while (n > 0);
        }
        """);

    [Fact]
    public Task A_cat_with_a_buffer_on_the_stack() => Case.Members("""
        static void Run(int fd)
        {
            byte* buffer = stackalloc byte[16384];
            nint n;
            while ((n = {|SPL1001:read(0, buffer, 16384)|}) > 0)
            {
                iovec v = new() { iov_base = buffer, iov_len = (nuint)n };
                if ({|SPL1004:vmsplice(fd, &v, 1, 0)|} < 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task A_cat_with_a_managed_buffer() => Case.Members("""
        static void Run(int fd, Stream source)
        {
            byte[] buffer = new byte[16384];
            int n;
            while ((n = {|SPL1001:source.Read(buffer, 0, buffer.Length)|}) > 0)
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)n };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task A_logger_with_a_line_on_the_stack() => Case.Members("""
        static void Run(int fd)
        {
            Span<byte> line = stackalloc byte[512];
            int used = Encoding.UTF8.GetBytes("request ", line);
            if (!Environment.ProcessId.TryFormat(line[used..], out int digits))
                return;
            used += digits;
            line[used++] = (byte)'\n';
            fixed (byte* p = line)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)used };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_responder_that_sends_its_page_from_a_string() => Case.Members("""
        static void Run(int fd, string name)
        {
            byte[] page = Encoding.UTF8.GetBytes("<h1>Hello, " + name + "</h1>");
            fixed (byte* p = page)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)page.Length };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task An_anonymous_pipe_stream_is_written_behind_its_back() => Case.Members("""
        static void Run(AnonymousPipeServerStream pipe)
        {
            byte[] data = new byte[4096];
            Array.Fill(data, (byte)1);
            fixed (byte* p = data)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice((int)pipe.SafePipeHandle.DangerousGetHandle(), &v, 1, 0)|};
            }
        }
        """);

    // ---- Safe twins

    [Fact]
    public Task Safe_fixed_is_never_left() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                for (;;)
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_fixed_is_left_only_when_nothing_was_accepted() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                if ({|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|} > 0)
                {
                    for (;;)
                        pause();
                }
            }
        }
        """);

    [Fact]
    public Task Safe_a_plain_write_in_fixed() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
                write(fd, p, 4096);
        }
        """);

    [Fact]
    public Task Safe_a_plain_write_from_the_stack() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = stackalloc byte[4096];
            iovec v = new() { iov_base = p, iov_len = 4096 };
            writev(fd, &v, 1);
        }
        """);

    [Theory]
    [InlineData("", "byte* p = \"HTTP/1.1 200 OK\\r\\n\\r\\n\"u8")]
    [InlineData("ReadOnlySpan<byte> a = \"HTTP/1.1 200 OK\\r\\n\\r\\n\"u8;", "byte* p = a")]
    [InlineData("ReadOnlySpan<byte> a = \"HTTP/1.1 200 OK\\r\\n\\r\\n\"u8[3..];", "byte* p = &a[1]")]
    [InlineData("ReadOnlySpan<byte> a = \"HTTP/1.1 200 OK\\r\\n\\r\\n\"u8;", "byte* p = &MemoryMarshal.GetReference(a)")]
    [InlineData("ReadOnlySpan<byte> a = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };", "byte* p = a")]
    [InlineData("ReadOnlySpan<int> a = [1, 2, 3, 4, 5, 6, 7, 8];", "int* p = a")]
    [InlineData("", "byte* p = Answer")]
    [InlineData("", "byte* p = Table")]
    public Task Safe_read_only_data_does_not_move(string declare, string pin) => Case.Members($$"""
        static ReadOnlySpan<byte> Answer => "HTTP/1.1 204 No Content\r\n\r\n"u8;

        static ReadOnlySpan<byte> Table => new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

        static void Run(int fd)
        {
            {{declare}}
            fixed ({{pin}})
            {
                iovec v = new() { iov_base = p, iov_len = 12 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Theory]
    [InlineData("Span<byte> span = new(native, 4096);", "byte* p = span")]
    [InlineData("ReadOnlySpan<byte> span = new(native, 4096);", "byte* p = span[64..]")]
    [InlineData("Span<byte> span = MemoryMarshal.CreateSpan(ref *native, 4096);", "byte* p = &span[0]")]
    [InlineData("ref byte first = ref *native;", "byte* p = &first")]
    public Task Safe_native_memory_behind_a_span_does_not_move(string declare, string pin) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* native = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(native, 4096, 1);
            {{declare}}
            fixed ({{pin}})
            {
                iovec v = new() { iov_base = p, iov_len = 1024 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_a_pinned_array_that_a_static_field_keeps() => Case.Members("""
        static readonly byte[] Page = GC.AllocateArray<byte>(4096, pinned: true);

        static void Run(int fd)
        {
            fixed (byte* p = Page)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_a_handle_that_is_never_freed_keeps_the_array_pinned() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            GCHandle handle = GCHandle.Alloc(buffer, GCHandleType.Pinned);
            iovec v = new() { iov_base = (void*)handle.AddrOfPinnedObject(), iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Safe_fixed_is_left_but_a_handle_pins_too() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            GCHandle handle = GCHandle.Alloc(buffer, GCHandleType.Pinned);
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_an_outer_fixed_goes_on() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            fixed (byte* outer = buffer)
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                }
                for (;;)
                    pause();
            }
        }
        """);

    [Fact]
    public Task Safe_only_the_iovec_is_on_the_stack() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec* v = stackalloc iovec[1];
            v->iov_base = p;
            v->iov_len = 4096;
            {|SPL3001:vmsplice(fd, v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Safe_only_the_iovec_array_is_unpinned() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec[] vectors = { new() { iov_base = p, iov_len = 4096 } };
            fixed (iovec* v = vectors)
                {|SPL3001:vmsplice(fd, v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Safe_stack_memory_is_read_back_before_the_method_returns() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = stackalloc byte[256];
            byte* copy = stackalloc byte[256];
            new Span<byte>(p, 256).Fill(1);
            iovec v = new() { iov_base = p, iov_len = 256 };
            nint n = {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            if (n > 0)
            {
                nint got = 0;
                while (got < n)
                {
                    nint r = read(fds[0], copy, (nuint)(n - got));
                    if (r > 0)
                        got += r;
                }
            }
        }
        """);

    [Fact]
    public Task Safe_the_pipe_is_closed_before_fixed_is_left() => Case.Members("""
        static void Run()
        {
            byte[] buffer = new byte[4096];
            fixed (byte* p = buffer)
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    return;
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
                close(fds[1]);
                close(fds[0]);
            }
        }
        """);

    [Fact]
    public Task Safe_the_method_that_owns_the_stack_memory_never_returns() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = stackalloc byte[4096];
            new Span<byte>(p, 4096).Fill((byte)'y');
            iovec v = new() { iov_base = p, iov_len = 4096 };
            while (true)
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Safe_the_array_was_copied_to_native_memory() => Case.Members("""
        static void Run(int fd, string name)
        {
            byte[] page = Encoding.UTF8.GetBytes("<h1>Hello, " + name + "</h1>");
            byte* copy = (byte*)NativeMemory.Alloc((nuint)page.Length);
            page.CopyTo(new Span<byte>(copy, page.Length));
            iovec v = new() { iov_base = copy, iov_len = (nuint)page.Length };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);
}
