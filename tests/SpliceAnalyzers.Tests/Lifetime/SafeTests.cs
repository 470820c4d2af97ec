using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Code that looks like a hazard and is none: the traps. What is said is SPL3001, and only where memory is handed off.</summary>
public class SafeTests
{
    // ---- Not a store, or not into these bytes

    [Theory]
    [InlineData("_ = p[0]")]
    [InlineData("_ = *(int*)(p + 8)")]
    [InlineData("_ = span[5] == 1")]
    [InlineData("_ = span.IndexOf((byte)3)")]
    [InlineData("_ = span.ToArray()")]
    [InlineData("_ = span.SequenceEqual(\"text\"u8)")]
    [InlineData("_ = span.Count((byte)1)")]
    [InlineData("_ = span.ContainsAnyExcept((byte)1)")]
    [InlineData("_ = span.LastIndexOfAny((byte)1, (byte)2)")]
    [InlineData("_ = span.StartsWith(\"text\"u8)")]
    [InlineData("_ = span.BinarySearch((byte)1)")]
    [InlineData("span.CopyTo(new Span<byte>(q, 4096))")]
    [InlineData("stream.Write(span)")]
    [InlineData("stream.Write(new ReadOnlySpan<byte>(p, 64))")]
    [InlineData("_ = Encoding.UTF8.GetString(span)")]
    [InlineData("_ = Encoding.ASCII.GetString(p, 16)")]
    [InlineData("_ = Convert.ToHexString(span)")]
    [InlineData("_ = SHA256.HashData(span)")]
    [InlineData("_ = BinaryPrimitives.ReadInt32BigEndian(span)")]
    [InlineData("_ = MemoryMarshal.Read<int>(span)")]
    [InlineData("_ = MemoryMarshal.Cast<byte, int>(span)[3]")]
    [InlineData("_ = Unsafe.Read<long>(p)")]
    [InlineData("_ = Volatile.Read(ref *p)")]
    [InlineData("_ = Marshal.ReadInt32((nint)p)")]
    [InlineData("_ = Marshal.PtrToStringUTF8((nint)p, 16)")]
    [InlineData("Marshal.Copy((nint)p, new byte[64], 0, 64)")]
    [InlineData("Buffer.MemoryCopy(p, q, 64, 64)")]
    [InlineData("Unsafe.CopyBlock(q, p, 64)")]
    [InlineData("NativeMemory.Copy(p, q, 64)")]
    [InlineData("memcpy(q, p, 64)")]
    [InlineData("write(fd, p, 64)")]
    [InlineData("writev(fd, &v, 1)")]
    [InlineData("_ = new string((sbyte*)p, 0, 16)")]
    [InlineData("Utf8Parser.TryParse(span, out int _, out _)")]
    [InlineData("p = q")]
    [InlineData("span = default")]
    [InlineData("span = span[1..]")]
    [InlineData("v = default")]
    [InlineData("v.iov_base = q")]
    [InlineData("v.iov_len = 0")]
    [InlineData("new Span<iovec>(ref v).Clear()")]
    public Task The_buffer_is_only_read_or_forgotten(string statement) => Case.Members($$"""
        static void Run(int fd, Stream stream)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte* q = (byte*)NativeMemory.Alloc(4096);
            Span<byte> span = new(p, 4096);
            span.Fill(1);
            NativeMemory.Fill(q, 4096, 200);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            {{statement}};
        }
        """);

    [Theory]
    [InlineData("q[0] = 2")]
    [InlineData("NativeMemory.Clear(q, 4096)")]
    [InlineData("p[15] = 2")]
    [InlineData("p[116] = 2")]
    [InlineData("p[4096] = 2")]
    [InlineData("*(int*)(p + 12) = -1")]
    [InlineData("*(int*)(p + 116) = -1")]
    [InlineData("NativeMemory.Fill(p, 16, 2)")]
    [InlineData("new Span<byte>(p, 8192)[116..].Fill(2)")]
    [InlineData("new Span<byte>(p, 16).Clear()")]
    [InlineData("read(0, p + 4096, 4096)")]
    [InlineData("p = q; p[20] = 2")]
    [InlineData("NativeMemory.Fill(p + 20, 0, 2)")]
    public Task Other_bytes_are_stored_to(string statement) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(8192);
            byte* q = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 8192, 1);
            NativeMemory.Fill(q, 4096, 1);
            iovec v = new() { iov_base = p + 16, iov_len = 100 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            {{statement}};
        }
        """);

    [Fact]
    public Task The_segment_that_is_stored_to_was_not_counted() => Case.Members("""
        static void Run(int fd)
        {
            byte* header = (byte*)NativeMemory.Alloc(64);
            byte* body = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(header, 64, 1);
            NativeMemory.Fill(body, 4096, 2);
            iovec* v = stackalloc iovec[2];
            v[0] = new() { iov_base = header, iov_len = 64 };
            v[1] = new() { iov_base = body, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, v, 1, 0)|};
            body[0] = 3;
        }
        """);

    [Fact]
    public Task The_iovec_is_reused_for_the_next_block() => Case.Members("""
        static void Run(int fd)
        {
            iovec v = default;
            byte* first = (byte*)NativeMemory.Alloc(4096);
            byte* second = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(first, 4096, 1);
            NativeMemory.Fill(second, 4096, 2);
            v.iov_base = first;
            v.iov_len = 4096;
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            v.iov_base = second;
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            v = default;
        }
        """);

    [Fact]
    public Task Only_what_was_not_accepted_is_stored_to() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            if (n >= 0 && n < 8192)
                p[n] = 2;
        }
        """);

    [Fact]
    public Task The_rest_after_a_short_count_is_filled_anew() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(p, 65536, 1);
            byte* next = p;
            byte* end = p + 65536;
            while (next < end)
            {
                iovec v = new() { iov_base = next, iov_len = (nuint)(end - next) };
                nint n = {|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|};
                if (n > 0)
                    next += n;
                NativeMemory.Fill(next, (nuint)(end - next), 2);
            }
        }
        """);

    [Fact]
    public Task A_local_that_is_not_the_memory_handed_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            int count = 0;
            int* address = &count;
            for (;;)
            {
                if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} < 0)
                    return;
                (*address)++;
                count += 2;
            }
        }
        """);

    [Fact]
    public Task The_pointer_has_moved_to_another_block() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 2);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task The_other_array_is_stored_to() => Case.Members("""
        static void Run(int fd)
        {
            byte[] front = new byte[4096], back = new byte[4096];
            fixed (byte* p = front)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)front.Length };
                for (byte i = 1; ; i++)
                {
                    back[0] = i;
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    // ---- What the result says

    [Theory]
    [InlineData("n <= 0")]
    [InlineData("n < 0")]
    [InlineData("n == -1")]
    [InlineData("n == 0")]
    [InlineData("!(n > 0)")]
    [InlineData("n < 1")]
    [InlineData("n is -1 or 0")]
    [InlineData("0 >= n")]
    [InlineData("n < 0 && Marshal.GetLastPInvokeError() == 11")]
    public Task The_result_says_that_nothing_was_accepted(string condition) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = {|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|};
            if ({{condition}})
            {
                p[0] = 2;
                NativeMemory.AlignedFree(p);
            }
        }
        """);

    [Fact]
    public Task Stored_to_after_everything_but_failure_returned() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|} > 0)
                return;
            p[0] = 2;
            write(fd, p, 4096);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_fallback_write_where_vmsplice_is_forbidden() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            bool spliced = {|SPL3001:vmsplice(fd, &v, 1, 0)|} > 0;
            if (!spliced)
            {
                writev(fd, &v, 1);
                NativeMemory.Clear(p, 8192);
            }
        }
        """);

    [Fact]
    public Task Refilled_for_a_retry_when_the_pipe_was_full() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            byte attempt = 0;
            do
                NativeMemory.Fill(p, 4096, ++attempt);
            while ({|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|} < 0);
        }
        """);

    [Fact]
    public Task A_switch_stores_in_the_arm_of_failure_only() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            switch ({|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|})
            {
                case -1:
                case 0:
                    p[0] = 2;
                    break;
                default:
                    _ = p[0];
                    break;
            }
        }
        """);

    // ---- Paths

    [Fact]
    public Task Handed_off_on_one_path_and_stored_to_on_the_other() => Case.Members("""
        static void Run(int fd, bool splice)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (splice)
            {
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
            else
            {
                write(fd, p, 4096);
                p[0] = 2;
                NativeMemory.Free(p);
            }
        }
        """);

    [Fact]
    public Task The_flag_that_chose_the_hand_off_forbids_the_store() => Case.Members("""
        static void Run(int fd, bool splice)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (splice)
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            else
                write(fd, p, 4096);
            if (!splice)
                NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task Finally_frees_unless_something_was_accepted() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            bool inFlight = false;
            try
            {
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                inFlight = {|SPL3001:vmsplice(fd, &v, 1, 0)|} > 0;
            }
            finally
            {
                if (!inFlight)
                    NativeMemory.Free(p);
            }
        }
        """);

    [Fact]
    public Task The_loop_runs_once() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 0; i < 1; i++)
            {
                NativeMemory.Fill(p, 4096, i);
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task The_loop_ends_with_the_first_hand_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 0; i < 100; i++)
            {
                NativeMemory.Fill(p, 4096, i);
                if (i == 99)
                {
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                    break;
                }
                write(fd, p, 4096);
            }
        }
        """);

    [Fact]
    public Task Everything_is_stored_before_the_first_hand_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            for (int i = 0; i < 65536; i++)
                p[i] = (byte)i;
            p[0] = 0xEE;
            iovec v = new() { iov_base = p, iov_len = 65536 };
            for (int i = 0; i < 100; i++)
            {
                if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} < 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task The_process_exits() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = stackalloc byte[4096];
            new Span<byte>(p, 4096).Fill(1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            Environment.Exit(0);
        }
        """);

    [Fact]
    public Task The_process_exits_before_fixed_is_left() => Case.Members("""
        static void Run(int fd)
        {
            byte[] page = new byte[4096];
            fixed (byte* p = page)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} > 0)
                    Environment.Exit(0);
                Environment.FailFast("nothing was accepted");
            }
        }
        """);

    // ---- Memory that goes away with its mapping, or is never used twice

    [Fact]
    public Task A_fresh_mapping_for_each_block() => Case.Members("""
        static void Run(int fd)
        {
            for (byte i = 1; i < 100; i++)
            {
                byte* p = (byte*)mmap(null, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (p == (void*)-1)
                    return;
                NativeMemory.Fill(p, 65536, i);
                iovec v = new() { iov_base = p, iov_len = 65536 };
                while (v.iov_len > 0)
                {
                    nint n = {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                    if (n <= 0)
                        return;
                    v.iov_base = (byte*)v.iov_base + n;
                    v.iov_len -= (nuint)n;
                }
                munmap(p, 65536);
            }
        }
        """);

    [Fact]
    public Task A_cat_that_maps_a_block_for_each_read() => Case.Members("""
        static void Run(int fd)
        {
            for (;;)
            {
                void* block = mmap(null, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (block == (void*)-1)
                    return;
                nint n = read(0, block, 16384);
                if (n > 0)
                {
                    iovec v = new() { iov_base = block, iov_len = (nuint)n };
                    {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                }
                munmap(block, 16384);
                if (n <= 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task A_block_is_allocated_for_each_round_and_never_freed() => Case.Members("""
        static void Run(int fd)
        {
            for (byte i = 1; i < 100; i++)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_page_of_its_own_for_each_round() => Case.Members("""
        static void Run(int fd)
        {
            byte* block = (byte*)NativeMemory.AlignedAlloc(8 * 4096, 4096);
            for (int i = 0; i < 8; i++)
            {
                byte* page = block + i * 4096;
                NativeMemory.Fill(page, 4096, (byte)i);
                iovec v = new() { iov_base = page, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Lines_are_appended_and_each_is_handed_off_once() => Case.Members("""
        static void Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            int used = 0;
            while (used + 16 <= 65536)
            {
                NativeMemory.Fill(buffer + used, 16, (byte)used);
                iovec v = new() { iov_base = buffer + used, iov_len = 16 };
                if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} != 16)
                    return;
                used += 16;
            }
        }
        """);

    [Fact]
    public Task Sent_from_the_back_to_the_front() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p + 4096, 4096, 1);
            iovec v = new() { iov_base = p + 4096, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            NativeMemory.Fill(p, 4096, 2);
            v.iov_base = p;
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    // ---- Constant contents

    [Fact]
    public Task A_yes_in_an_endless_loop() => Case.Members("""
        static void Run()
        {
            byte[] buffer = new byte[65536];
            for (int i = 0; i < buffer.Length; i += 2)
            {
                buffer[i] = (byte)'y';
                buffer[i + 1] = (byte)'\n';
            }
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)buffer.Length };
                while (true)
                    {|SPL3001:vmsplice(1, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_responder_with_a_static_page() => Case.Members("""
        static ReadOnlySpan<byte> Page => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"u8;

        static void Run(int fd)
        {
            for (int request = 0; request < 1000; request++)
            {
                fixed (byte* p = Page)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)Page.Length };
                    if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} < 0)
                        return;
                }
            }
        }
        """);

    [Fact]
    public Task A_template_is_filled_once_and_copied_by_tee_for_ever() => Case.Members("""
        static void Run(int fd)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(page, 4096, (byte)'y');
            iovec v = new() { iov_base = page, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fds[1], &v, 1, 0)|} != 4096)
                return;
            while (tee(fds[0], fd, 4096, 0) > 0)
            {
            }
        }
        """);

    [Fact]
    public Task A_file_is_relayed_without_touching_memory() => Case.Members("""
        static void Run(int fd, int source)
        {
            byte* buffer = stackalloc byte[16];
            while (splice(source, null, fd, null, 65536, SPLICE_F_MOVE | SPLICE_F_MORE) > 0)
                buffer[0]++;
        }
        """);

    [Fact]
    public Task A_fuse_reply_whose_header_is_complete_before_it_goes() => Case.Types("""
        internal struct fuse_out_header
        {
            public uint len;
            public int error;
            public ulong unique;
        }

        internal static unsafe class Program
        {
            static int Run(int fd)
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    return -1;
                fuse_out_header* header = (fuse_out_header*)NativeMemory.Alloc((nuint)sizeof(fuse_out_header));
                byte* data = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
                NativeMemory.Fill(data, 8192, 1);
                header->len = (uint)sizeof(fuse_out_header) + 8192;
                header->error = 0;
                header->unique = 7;
                iovec* v = stackalloc iovec[2];
                v[0] = new() { iov_base = header, iov_len = (nuint)sizeof(fuse_out_header) };
                v[1] = new() { iov_base = data, iov_len = 8192 };
                nint n = {|SPL3001:vmsplice(fds[1], v, 2, SPLICE_F_NONBLOCK)|};
                return n == header->len ? (int)splice(fds[0], null, fd, null, (nuint)n, SPLICE_F_MOVE) : -1;
            }
        }
        """);

    [Fact]
    public Task A_page_dump_unmaps_what_it_gave_away() => Case.Members("""
        static void Run(int image)
        {
            const int Pages = 8;
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* pages = (byte*)mmap(null, Pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (pages == (void*)-1)
                return;
            NativeMemory.Fill(pages, Pages * 4096, 1);
            iovec* v = stackalloc iovec[Pages];
            for (int i = 0; i < Pages; i++)
                v[i] = new() { iov_base = pages + i * 4096, iov_len = 4096 };
            nint n = {|SPL3002:{|SPL3001:vmsplice(fds[1], v, Pages, SPLICE_F_GIFT | SPLICE_F_NONBLOCK)|}|};
            munmap(pages, Pages * 4096);
            if (n > 0)
                splice(fds[0], null, image, null, (nuint)n, SPLICE_F_MOVE);
            close(fds[0]);
            close(fds[1]);
        }
        """);

    [Fact]
    public Task A_cat_with_plain_reads_and_writes() => Case.Members("""
        static void Run(int fd)
        {
            byte* buffer = stackalloc byte[4096];
            nint n;
            while ((n = read(0, buffer, 4096)) > 0)
            {
                byte* next = buffer;
                while (n > 0)
                {
                    nint done = write(fd, next, (nuint)n);
                    if (done <= 0)
                        return;
                    next += done;
                    n -= done;
                }
            }
        }
        """);

    [Fact]
    public Task A_writer_that_retries_with_advanced_iovecs() => Case.Members("""
        static bool Run(int fd)
        {
            byte* header = (byte*)NativeMemory.Alloc(64);
            byte* body = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(header, 64, 1);
            NativeMemory.Fill(body, 65536, 2);
            iovec[] vectors = [new() { iov_base = header, iov_len = 64 }, new() { iov_base = body, iov_len = 65536 }];
            fixed (iovec* start = vectors)
            {
                iovec* v = start;
                int left = vectors.Length;
                while (left > 0)
                {
                    nint n = {|SPL3001:vmsplice(fd, v, (nuint)left, 0)|};
                    if (n < 0)
                        return false;
                    while (left > 0 && (nuint)n >= v->iov_len)
                    {
                        n -= (nint)v->iov_len;
                        v++;
                        left--;
                    }
                    if (left > 0)
                    {
                        v->iov_base = (byte*)v->iov_base + n;
                        v->iov_len -= (nuint)n;
                    }
                }
            }
            return true;
        }
        """);
}
