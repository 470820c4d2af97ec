using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Buffers that are modified while in flight. Native memory that is never released, so that nothing else is wrong, unless a name says otherwise.</summary>
public class SPL1001Tests
{
    [Fact]
    public Task The_message_says_what_happened_and_why() => Case.File("""
        using System.Runtime.InteropServices;

        internal unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        internal static unsafe class Program
        {
            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            private static void Run(int fd)
            {
                byte* buffer = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(buffer, 4096, 1);
                iovec v = new() { iov_base = buffer, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|#0:buffer[0] = 2|};
            }
        }
        """,
        Case.At(0, "SPL1001",
            "'buffer' is modified while its pages are still in the pipe: vmsplice on line 19 queued bytes 0-4095 by reference and nothing has copied them, "
            + "so the reader gets the new bytes. Use writev, or store only after the reader has copied."));

    // ---- How the iovec comes to hold the buffer

    [Theory]
    [MemberData(nameof(Iovecs.Shapes), MemberType = typeof(Iovecs))]
    public Task The_buffer_is_found_through_the_iovec(string handOff) => Case.Types(Iovecs.Declarations + $$"""
        internal static unsafe partial class Program
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                {{Iovecs.Unmarked(handOff)}}
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task The_second_segment_is_in_flight_too() => Case.Members("""
        static void Run(int fd)
        {
            byte* header = (byte*)NativeMemory.Alloc(64);
            byte* body = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(header, 64, 1);
            NativeMemory.Fill(body, 4096, 2);
            iovec* v = stackalloc iovec[2];
            v[0] = new iovec { iov_base = header, iov_len = 64 };
            v[1] = new iovec { iov_base = body, iov_len = 4096 };
            vmsplice(fd, v, 2, 0);
            {|SPL1001:body[100] = 3|};
        }
        """);

    [Fact]
    public Task Both_segments_are_stored_to_and_the_first_store_is_reported() => Case.Members("""
        static void Run(int fd)
        {
            byte* header = (byte*)NativeMemory.Alloc(64);
            byte* body = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(header, 64, 1);
            NativeMemory.Fill(body, 4096, 2);
            iovec* v = stackalloc iovec[2];
            v[0].iov_base = header;
            v[0].iov_len = 64;
            v[1].iov_base = body;
            v[1].iov_len = 4096;
            vmsplice(fd, v, 2, 0);
            {|SPL1001:body[100] = 3|};
            header[0] = 3;
        }
        """);

    [Fact]
    public Task An_iovec_array_is_filled_in_a_loop() => Case.Members("""
        static void Run(int fd)
        {
            const int Pages = 4;
            byte* p = (byte*)NativeMemory.AlignedAlloc(Pages * 4096, 4096);
            NativeMemory.Fill(p, Pages * 4096, 1);
            iovec[] vectors = new iovec[Pages];
            for (int i = 0; i < vectors.Length; i++)
            {
                vectors[i].iov_base = p + i * 4096;
                vectors[i].iov_len = 4096;
            }
            fixed (iovec* v = vectors)
                vmsplice(fd, v, (nuint)vectors.Length, 0);
            {|SPL1001:p[3 * 4096] = 2|};
        }
        """);

    // ---- Which bytes are in flight

    [Theory]
    [InlineData("p[16] = 2")]
    [InlineData("p[115] = 2")]
    [InlineData("*(int*)(p + 14) = -1")]
    [InlineData("*(int*)(p + 113) = -1")]
    [InlineData("NativeMemory.Fill(p, 17, 2)")]
    [InlineData("new Span<byte>(p, 4096)[115..].Fill(2)")]
    public Task One_byte_of_the_store_is_in_flight(string store) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p + 16, iov_len = 100 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:{{store}}|};
        }
        """);

    [Fact]
    public Task The_last_accepted_byte_after_a_short_count() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = vmsplice(fd, &v, 1, 0);
            if (n > 0 && n < 8192)
                {|SPL1001:p[n - 1] = 2|};
        }
        """);

    // ---- What the result says

    [Theory]
    [InlineData("n > 0")]
    [InlineData("n >= 0")]
    [InlineData("n != -1")]
    [InlineData("n == 8192")]
    [InlineData("n != 8192")]
    [InlineData("n < 8192")]
    [InlineData("n <= 4096")]
    [InlineData("!(n < 0)")]
    [InlineData("n > 0 && n < 8192")]
    [InlineData("n is > 0 and < 8192")]
    public Task The_result_allows_bytes_in_flight(string condition) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = vmsplice(fd, &v, 1, 0);
            if ({{condition}})
                {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task Only_the_error_returns_early() => Case.Members("""
        static int Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            nint n = vmsplice(fd, &v, 1, 0);
            if (n < 0)
                return -1;
            {|SPL1001:NativeMemory.Clear(p, 4096)|};
            return (int)n;
        }
        """);

    [Fact]
    public Task Everything_accepted_returns_early_but_a_short_count_does_not() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            if (vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK) == 8192)
                return;
            {|SPL1001:NativeMemory.Fill(p, 8192, 2)|};
            write(fd, p, 8192);
        }
        """);

    [Fact]
    public Task A_switch_on_the_result_stores_in_the_wrong_arm() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            switch (vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK))
            {
                case -1:
                    p[0] = 2;
                    break;
                default:
                    {|SPL1001:p[0] = 3|};
                    break;
            }
        }
        """);

    [Fact]
    public Task Refilled_for_a_retry_although_the_first_try_was_short() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            if (vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK) < 8192)
            {
                {|SPL1001:NativeMemory.Fill(p, 8192, 2)|};
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Each_hand_off_has_its_own_store() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:p[0] = 2|};
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:p[0] = 3|};
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Two_buffers_and_one_of_them_is_stored_to() => Case.Members("""
        static void Run(int fd)
        {
            byte* a = (byte*)NativeMemory.Alloc(4096);
            byte* b = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(a, 4096, 1);
            NativeMemory.Fill(b, 4096, 2);
            iovec v = new() { iov_base = a, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            v.iov_base = b;
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            {|SPL1001:a[0] = 3|};
        }
        """);

    // ---- Control flow

    [Fact]
    public Task Stored_on_one_branch() => Case.Members("""
        static void Run(int fd, bool again)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            if (again)
            {
                {|SPL1001:p[0] = 2|};
                write(fd, p, 4096);
            }
        }
        """);

    [Fact]
    public Task Handed_off_on_one_branch_and_stored_after_the_join() => Case.Members("""
        static void Run(int fd, bool splice)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (splice)
                vmsplice(fd, &v, 1, 0);
            else
                write(fd, p, 4096);
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task The_same_flag_guards_hand_off_and_store() => Case.Members("""
        static void Run(int fd, bool splice)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (splice)
                vmsplice(fd, &v, 1, 0);
            if (splice)
                {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task A_secret_is_wiped_in_finally() => Case.Members("""
        static void Run(int fd)
        {
            byte* key = (byte*)NativeMemory.Alloc(64);
            Span<byte> span = new(key, 64);
            try
            {
                RandomNumberGenerator.Fill(span);
                iovec v = new() { iov_base = key, iov_len = 64 };
                vmsplice(fd, &v, 1, 0);
            }
            finally
            {
                {|SPL1001:CryptographicOperations.ZeroMemory(span)|};
            }
        }
        """);

    [Fact]
    public Task Stored_in_a_catch_after_the_hand_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            try
            {
                if (vmsplice(fd, &v, 1, 0) != 4096)
                    return;
                throw new InvalidOperationException();
            }
            catch (InvalidOperationException)
            {
                {|SPL1001:p[0] = (byte)'!'|};
            }
        }
        """);

    [Fact]
    public Task Goto_runs_back_to_the_store() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte value = 0;
            iovec v = new() { iov_base = p, iov_len = 4096 };
        again:
            {|SPL1001:NativeMemory.Fill(p, 4096, ++value)|};
            if (vmsplice(fd, &v, 1, 0) > 0)
                goto again;
        }
        """);

    [Fact]
    public Task A_for_loop_whose_iterator_stores() => Case.Members("""
        static void Run(int fd)
        {
            int* counter = (int*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(counter, 4096, 1);
            iovec v = new() { iov_base = counter, iov_len = 4096 };
            for (*counter = 0; *counter < 1000; {|SPL1001:(*counter)++|})
                vmsplice(fd, &v, 1, 0);
        }
        """);

    [Fact]
    public Task A_do_loop_stores_at_its_end() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            nint n;
            do
            {
                n = vmsplice(fd, &v, 1, 0);
                {|SPL1001:p[0]++|};
            }
            while (n > 0);
        }
        """);

    [Fact]
    public Task Two_rounds_are_enough() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 0; i < 2; i++)
            {
                {|SPL1001:NativeMemory.Fill(p, 4096, i)|};
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task The_first_store_of_the_next_round_is_reported() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 1; ; i++)
            {
                {|SPL1001:NativeMemory.Fill(p, 64, i)|};
                p[64] = i;
                NativeMemory.Fill(p + 65, 4096 - 65, i);
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task Stored_after_the_loop_that_advances_by_short_counts() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(p, 65536, 1);
            iovec v = new() { iov_base = p, iov_len = 65536 };
            while (v.iov_len > 0)
            {
                nint n = vmsplice(fd, &v, 1, 0);
                if (n <= 0)
                    return;
                v.iov_base = (byte*)v.iov_base + n;
                v.iov_len -= (nuint)n;
            }
            {|SPL1001:NativeMemory.Clear(p, 65536)|};
        }
        """);

    [Fact]
    public Task A_counter_page_is_updated_between_rounds_of_the_outer_loop() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            for (byte round = 1; round < 100; round++)
            {
                {|SPL1001:p[4096] = round|};
                for (int i = 0; i < 8; i++)
                {
                    if (vmsplice(fd, &v, 1, 0) < 0)
                        return;
                }
            }
        }
        """);

    // ---- Rotation without a proof

    [Fact]
    public Task Two_buffers_take_turns() => Case.Members("""
        static void Run(int fd)
        {
            byte* a = (byte*)NativeMemory.Alloc(4096);
            byte* b = (byte*)NativeMemory.Alloc(4096);
            byte* current = a;
            for (byte i = 1; ; i++)
            {
                {|SPL1001:NativeMemory.Fill(current, 4096, i)|};
                iovec v = new() { iov_base = current, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                current = current == a ? b : a;
            }
        }
        """);

    [Fact]
    public Task A_ring_of_four_pages_in_a_pipe_of_unknown_size() => Case.Members("""
        static void Run(int fd)
        {
            byte* ring = (byte*)NativeMemory.AlignedAlloc(4 * 4096, 4096);
            for (uint i = 0; ; i++)
            {
                byte* slot = ring + i % 4 * 4096;
                {|SPL1001:NativeMemory.Fill(slot, 4096, (byte)i)|};
                iovec v = new() { iov_base = slot, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task Fizzbuzz_with_two_halves_and_an_ignored_F_SETPIPE_SZ() => Case.Members("""
        const int Half = 1 << 20;

        static void Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * Half, 4096);
            fcntl(fd, F_SETPIPE_SZ, Half);
            int half = 0;
            for (byte i = 1; ; i++)
            {
                byte* start = buffer + half * Half;
                {|SPL1001:NativeMemory.Fill(start, Half, i)|};
                iovec v = new() { iov_base = start, iov_len = Half };
                while (v.iov_len > 0)
                {
                    nint n = vmsplice(fd, &v, 1, 0);
                    if (n < 0)
                        return;
                    v.iov_base = (byte*)v.iov_base + n;
                    v.iov_len -= (nuint)n;
                }
                half ^= 1;
            }
        }
        """);

    // ---- Programs that people write

    [Fact]
    public Task A_cat_that_reads_into_the_buffer_it_handed_off() => Case.Members("""
        static int Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            nint n;
            while ((n = {|SPL1001:read(0, buffer, 65536)|}) > 0)
            {
                iovec v = new() { iov_base = buffer, iov_len = (nuint)n };
                while (v.iov_len > 0)
                {
                    nint done = vmsplice(fd, &v, 1, 0);
                    if (done < 0)
                        return 1;
                    v.iov_base = (byte*)v.iov_base + done;
                    v.iov_len -= (nuint)done;
                }
            }
            return n < 0 ? 1 : 0;
        }
        """);

    [Fact]
    public Task A_tee_that_vmsplices_to_one_side_and_writes_to_the_other() => Case.Members("""
        static void Run(int fd, int copy)
        {
            byte* buffer = (byte*)NativeMemory.Alloc(4096);
            for (;;)
            {
                nint n = {|SPL1001:read(0, buffer, 4096)|};
                if (n <= 0)
                    break;
                iovec v;
                v.iov_base = buffer;
                v.iov_len = (nuint)n;
                if (vmsplice(fd, &v, 1, 0) != n)
                    break;
                write(copy, buffer, (nuint)n);
            }
        }
        """);

    [Fact]
    public Task A_template_responder_patches_its_Date_header() => Case.Members("""
        static void Run(int fd)
        {
            ReadOnlySpan<byte> template = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: 00000000\r\n\r\nOK"u8;
            byte* page = (byte*)NativeMemory.Alloc(4096);
            template.CopyTo(new Span<byte>(page, 4096));
            int date = template.IndexOf("00000000"u8);
            for (int request = 0; request < 1000; request++)
            {
                {|SPL1001:request.TryFormat(new Span<byte>(page + date, 8), out _)|};
                iovec v = new() { iov_base = page, iov_len = (nuint)template.Length };
                if (vmsplice(fd, &v, 1, 0) < 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task A_fuse_reply_whose_header_length_is_fixed_up_afterwards() => Case.Types("""
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
                header->len = (uint)sizeof(fuse_out_header);
                header->error = 0;
                header->unique = 7;
                iovec v = new() { iov_base = header, iov_len = (nuint)sizeof(fuse_out_header) };
                if (vmsplice(fds[1], &v, 1, SPLICE_F_NONBLOCK) != sizeof(fuse_out_header))
                    return -1;
                v = new() { iov_base = data, iov_len = 8192 };
                nint n = {|SPL3001:vmsplice(fds[1], &v, 1, SPLICE_F_NONBLOCK)|};
                if (n < 0)
                    return -1;
                {|SPL1001:header->len += (uint)n|};
                return (int)splice(fds[0], null, fd, null, (nuint)header->len, SPLICE_F_MOVE);
            }
        }
        """);

    [Fact]
    public Task A_kernel_crypto_call_whose_input_buffer_is_reused_for_the_next_one() => Case.Members("""
        static void Run(int socket)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* block = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            for (byte i = 1; i < 10; i++)
            {
                {|SPL1001:NativeMemory.Fill(block, 4096, i)|};
                iovec v = new() { iov_base = block, iov_len = 4096 };
                if (vmsplice(fds[1], &v, 1, 0) != 4096)
                    return;
                if (splice(fds[0], null, socket, null, 4096, SPLICE_F_MORE) != 4096)
                    return;
            }
        }
        """);

    [Fact]
    public Task Residue_of_a_short_splice_is_overwritten_by_the_next_block() => Case.Members("""
        static void Run(int target)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* block = (byte*)NativeMemory.AlignedAlloc(16384, 4096);
            while ({|SPL1001:read(0, block, 16384)|} == 16384)
            {
                iovec v = new() { iov_base = block, iov_len = 16384 };
                if (vmsplice(fds[1], &v, 1, 0) != 16384)
                    return;
                if (splice(fds[0], null, target, null, 16384, SPLICE_F_MOVE) < 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task A_logger_formats_the_next_line_over_the_last_one() => Case.Members("""
        static void Run(int fd)
        {
            byte* line = (byte*)NativeMemory.Alloc(512);
            Span<byte> span = new(line, 512);
            foreach (string message in new[] { "started", "working", "stopped" })
            {
                int length = {|SPL1001:Encoding.UTF8.GetBytes(message, span)|};
                iovec v = new() { iov_base = line, iov_len = (nuint)length };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task A_log_buffer_starts_again_when_it_is_full() => Case.Members("""
        static void Run(int fd)
        {
            const int Size = 65536;
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
            int used = 0;
            for (int i = 0; i < 100000; i++)
            {
                if (used + 16 > Size)
                    used = 0;
                {|SPL1001:NativeMemory.Fill(buffer + used, 16, (byte)(i % 251))|};
                iovec v = new() { iov_base = buffer + used, iov_len = 16 };
                if (vmsplice(fd, &v, 1, 0) != 16)
                    return;
                used += 16;
            }
        }
        """);

    // ---- What was opened by a path may be a FIFO

    private static Task Named(string open, string handOff, string store) => Case.Members($$"""
        [DllImport("libc", SetLastError = true)] static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);
        [DllImport("libc", SetLastError = true)] static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

        static void Run(string path, int read)
        {
            int fd = {{open}};
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({{handOff}} <= 0)
                return;
            {{store}};
        }
        """);

    [Theory]
    [InlineData("open(path, 1, 0)")]
    [InlineData("open(path, 2, 0)")]
    [InlineData("open(path, 0x41, 0x180)")]
    [InlineData("(int)File.OpenHandle(path, FileMode.Open, FileAccess.Write).DangerousGetHandle()")]
    [InlineData("(int)new FileStream(path, FileMode.Open, FileAccess.Write).SafeFileHandle.DangerousGetHandle()")]
    [InlineData("mkfifo(path, 0x180) < 0 ? -1 : open(path, 1 | 0x800, 0)")]
    [InlineData("open(\"/dev/stdout\", 1, 0)")]
    [InlineData("open($\"/proc/self/fd/{read}\", 2, 0)")]
    public Task The_pipe_was_opened_by_a_path(string open) => Named(open, "vmsplice(fd, &v, 1, 0)", "{|SPL1001:p[0] = 2|}");

    [Theory]
    [InlineData("open(path, 0, 0)", "vmsplice(fd, &v, 1, 0)")]
    [InlineData("open(path, 0x200000, 0)", "{|SPL3001:vmsplice(fd, &v, 1, 0)|}")]
    [InlineData("open(path, 0xC1, 0x180)", "{|SPL3001:vmsplice(fd, &v, 1, 0)|}")]
    public Task Safe_nothing_was_handed_off_through_what_was_opened(string open, string handOff) => Named(open, handOff, "p[0] = 2");

    // ---- Taken apart

    [Theory]
    [InlineData("internal readonly unsafe struct Block(byte* p, int n) { public byte* P { get; } = p; public void Deconstruct(out byte* p, out int length) { p = P; length = N; } public int N { get; } = n; }")]
    [InlineData("internal readonly unsafe struct Block { public readonly byte* P; public readonly int N; public Block(byte* p, int n) { P = p; N = n; } } internal static unsafe class Parts { public static void Deconstruct(this Block block, out byte* p, out int n) { p = block.P; n = block.N; } }")]
    [InlineData("internal unsafe class Block { private readonly byte* _p; public Block(byte* p, int n) => _p = p; public void Deconstruct(out byte* p, out int n) { p = _p; n = 4096; } }")]
    public Task A_block_is_deconstructed(string type) => Case.Types(type + """

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                Block block = new((byte*)NativeMemory.AllocZeroed(4096), 4096);
                var (p, n) = block;
                p[0] = 1;
                iovec v = new() { iov_base = p, iov_len = (nuint)n };
                if (vmsplice(fd, &v, 1, 0) <= 0)
                    return;
                {|SPL1001:p[1] = 2|};
            }
        }
        """);

    [Theory]
    [InlineData("sealed record")]
    [InlineData("readonly record struct")]
    public Task A_record_is_deconstructed(string kind) => Case.Types($$"""
        internal {{kind}} Block(nint Start, int Length);

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                Block block = new((nint)NativeMemory.AllocZeroed(4096), 4096);
                var (start, length) = block;
                new Span<byte>((void*)start, length).Fill(1);
                iovec v = new() { iov_base = (void*)start, iov_len = (nuint)length };
                if (vmsplice(fd, &v, 1, 0) <= 0)
                    return;
                {|SPL1001:new Span<byte>((void*)block.Start, 1).Clear()|};
            }
        }
        """);
}
