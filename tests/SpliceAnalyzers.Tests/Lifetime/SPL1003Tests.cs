using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Memory that goes back to an allocator, a pool or the collector's hands while in flight.</summary>
public class SPL1003Tests
{
    [Fact]
    public Task The_message_says_what_happened_and_why() => Case.File("""
        using System.Buffers;
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
                byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
                fixed (byte* p = rented)
                {
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
                {|#0:ArrayPool<byte>.Shared.Return(rented)|};
            }
        }
        """,
        Case.At(0, "SPL1003",
            "'rented' goes back to its pool while its pages are still in the pipe (vmsplice on line 21); the next renter's bytes would be read instead. "
            + "Use writev, or return it only after the reader has copied."));

    // ---- Who takes it back

    [Theory]
    [InlineData("NativeMemory.Alloc(4096)", "NativeMemory.Free(p)")]
    [InlineData("NativeMemory.Alloc(4096, 1)", "NativeMemory.Free(p)")]
    [InlineData("NativeMemory.AllocZeroed(4096)", "NativeMemory.Free(p)")]
    [InlineData("NativeMemory.AlignedAlloc(4096, 4096)", "NativeMemory.AlignedFree(p)")]
    [InlineData("NativeMemory.Realloc(NativeMemory.Alloc(64), 4096)", "NativeMemory.Free(p)")]
    [InlineData("NativeMemory.Realloc(null, 4096)", "NativeMemory.Free(p)")]
    [InlineData("NativeMemory.AlignedRealloc(null, 4096, 64)", "NativeMemory.AlignedFree(p)")]
    [InlineData("NativeMemory.Alloc(4096)", "NativeMemory.Realloc(p, 8192)")]
    [InlineData("NativeMemory.AlignedAlloc(4096, 4096)", "NativeMemory.AlignedRealloc(p, 65536, 4096)")]
    [InlineData("Marshal.AllocHGlobal(4096)", "Marshal.FreeHGlobal((nint)p)")]
    [InlineData("Marshal.AllocHGlobal((nint)4096)", "Marshal.ReAllocHGlobal((nint)p, 8192)")]
    [InlineData("Marshal.AllocCoTaskMem(4096)", "Marshal.FreeCoTaskMem((nint)p)")]
    [InlineData("Marshal.AllocCoTaskMem(4096)", "Marshal.ReAllocCoTaskMem((nint)p, 8192)")]
    [InlineData("malloc(4096)", "free(p)")]
    [InlineData("malloc(4096)", "realloc(p, 65536)")]
    [InlineData("calloc(4, 1024)", "free(p)")]
    [InlineData("aligned_alloc(4096, 4096)", "free(p)")]
    public Task Given_back_to_an_allocator(string allocate, string release) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*){{allocate}};
            for (int i = 0; i < 4096; i++)
                p[i] = (byte)i;
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:{{release}}|};
        }
        """);

    [Fact]
    public Task An_IntPtr_from_Marshal_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            IntPtr block = Marshal.AllocHGlobal(4096);
            Marshal.Copy(new byte[4096], 0, block, 4096);
            iovec v = new() { iov_base = (void*)block, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:Marshal.FreeHGlobal(block)|};
        }
        """);

    [Fact]
    public Task A_string_that_was_copied_to_native_memory_is_freed() => Case.Members("""
        static void Run(int fd, string text)
        {
            IntPtr utf8 = Marshal.StringToCoTaskMemUTF8(text);
            iovec v = new() { iov_base = (void*)utf8, iov_len = 5 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:Marshal.FreeCoTaskMem(utf8)|};
        }
        """);

    [Fact]
    public Task Allocated_by_posix_memalign_and_freed() => Case.Members("""
        static void Run(int fd)
        {
            void* block;
            if (posix_memalign(&block, 4096, 65536) != 0)
                return;
            memset(block, 1, 65536);
            iovec v = new() { iov_base = block, iov_len = 65536 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:free(block)|};
        }
        """);

    [Fact]
    public Task Pinned_for_ever_but_returned_to_the_pool() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            rented.AsSpan().Fill(1);
            GCHandle handle = GCHandle.Alloc(rented, GCHandleType.Pinned);
            iovec v = new() { iov_base = (void*)handle.AddrOfPinnedObject(), iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:ArrayPool<byte>.Shared.Return(rented)|};
        }
        """);

    [Fact]
    public Task Returned_to_a_pool_of_its_own() => Case.Members("""
        static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(1 << 16, 4);

        static void Run(int fd)
        {
            byte[] rented = Pool.Rent(4096);
            rented.AsSpan().Fill(1);
            fixed (byte* p = rented)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
            {|SPL1003:Pool.Return(rented)|};
        }
        """);

    [Fact]
    public Task Returned_while_still_in_the_fixed_statement() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            rented.AsSpan().Fill(1);
            fixed (byte* p = rented)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1003:ArrayPool<byte>.Shared.Return(rented)|};
                for (;;)
                    pause();
            }
        }
        """);

    [Fact]
    public Task The_owner_of_pooled_memory_is_disposed() => Case.Members("""
        static void Run(int fd)
        {
            IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(4096);
            owner.Memory.Span.Fill(1);
            MemoryHandle pin = owner.Memory.Pin();
            iovec v = new() { iov_base = pin.Pointer, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:owner.Dispose()|};
        }
        """);

    [Fact]
    public Task The_owner_is_a_using_declaration() => Case.Members("""
        static void Run(int fd)
        {
            using IMemoryOwner<byte> {|SPL1003:owner|} = MemoryPool<byte>.Shared.Rent(4096);
            owner.Memory.Span.Fill(1);
            MemoryHandle pin = owner.Memory.Pin();
            iovec v = new() { iov_base = pin.Pointer, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
        }
        """);

    [Fact]
    public Task Of_two_using_declarations_the_last_is_disposed_first() => Case.Members("""
        static void Run(int fd)
        {
            using IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(4096);
            owner.Memory.Span.Fill(1);
            using MemoryHandle {|SPL1003:pin|} = owner.Memory.Pin();
            iovec v = new() { iov_base = pin.Pointer, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
        }
        """);

    [Fact]
    public Task The_handle_that_pins_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            GCHandle handle = GCHandle.Alloc(buffer, GCHandleType.Pinned);
            iovec v = new() { iov_base = (void*)handle.AddrOfPinnedObject(), iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:handle.Free()|};
        }
        """);

    [Fact]
    public Task The_memory_handle_is_disposed() => Case.Members("""
        static void Run(int fd)
        {
            Memory<byte> memory = new byte[4096];
            memory.Span.Fill(1);
            MemoryHandle pin = memory.Pin();
            iovec v = new() { iov_base = pin.Pointer, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:pin.Dispose()|};
        }
        """);

    // ---- On which path

    [Fact]
    public Task Freed_in_finally() => Case.Members("""
        static nint Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            try
            {
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                return vmsplice(fd, &v, 1, 0);
            }
            finally
            {
                {|SPL1003:NativeMemory.Free(p)|};
            }
        }
        """);

    [Fact]
    public Task Returned_in_finally() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            try
            {
                int length = Encoding.UTF8.GetBytes("one line of the log\n", rented);
                fixed (byte* p = rented)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)length };
                    {|SPL1004:vmsplice(fd, &v, 1, 0)|};
                }
            }
            finally
            {
                {|SPL1003:ArrayPool<byte>.Shared.Return(rented)|};
            }
        }
        """);

    [Fact]
    public Task Freed_when_the_count_was_short() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint n = vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK);
            if (n != 8192)
                {|SPL1003:NativeMemory.AlignedFree(p)|};
        }
        """);

    [Fact]
    public Task Freed_on_the_error_path_of_the_second_hand_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (vmsplice(fd, &v, 1, 0) < 0)
            {
                NativeMemory.AlignedFree(p);
                return;
            }
            v.iov_base = p + 4096;
            if ({|SPL3001:vmsplice(fd, &v, 1, 0)|} < 0)
                {|SPL1003:NativeMemory.AlignedFree(p)|};
        }
        """);

    [Fact]
    public Task Freed_in_each_iteration() => Case.Members("""
        static void Run(int fd)
        {
            for (byte i = 0; i < 100; i++)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1003:NativeMemory.Free(p)|};
            }
        }
        """);

    [Fact]
    public Task Freed_in_the_next_iteration() => Case.Members("""
        static void Run(int fd)
        {
            byte* last = null;
            for (byte i = 0; i < 100; i++)
            {
                if (last != null)
                    {|SPL1003:NativeMemory.Free(last)|};
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                last = p;
            }
        }
        """);

    [Fact]
    public Task Freed_after_the_loop_that_advances_by_short_counts() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(p, 65536, 1);
            nuint offset = 0;
            while (offset < 65536)
            {
                iovec v = new() { iov_base = p + offset, iov_len = 65536 - offset };
                nint n = vmsplice(fd, &v, 1, 0);
                if (n < 0)
                    break;
                offset += (nuint)n;
            }
            {|SPL1003:NativeMemory.AlignedFree(p)|};
        }
        """);

    [Fact]
    public Task Stored_to_and_then_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:NativeMemory.Clear(p, 4096)|};
            {|SPL1003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task Unpinned_stored_to_and_returned() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            rented.AsSpan().Fill(1);
            fixed (byte* p = rented)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
            {|SPL1001:rented[0] = 2|};
            {|SPL1003:ArrayPool<byte>.Shared.Return(rented)|};
        }
        """);

    [Fact]
    public Task The_whole_block_is_freed_though_only_its_middle_was_handed_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* block = (byte*)NativeMemory.Alloc(65536);
            NativeMemory.Fill(block, 65536, 1);
            iovec v = new() { iov_base = block + 1000, iov_len = 24 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1003:NativeMemory.Free(block)|};
        }
        """);

    [Fact]
    public Task One_of_two_segments_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte* header = (byte*)NativeMemory.Alloc(64);
            byte* body = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(header, 64, 1);
            NativeMemory.Fill(body, 4096, 2);
            iovec* v = stackalloc iovec[2];
            v[0] = new() { iov_base = header, iov_len = 64 };
            v[1] = new() { iov_base = body, iov_len = 4096 };
            vmsplice(fd, v, 2, 0);
            {|SPL1003:NativeMemory.Free(header)|};
        }
        """);

    // ---- Programs that people write

    [Fact]
    public Task The_yes_of_uutils_frees_its_buffer_when_the_reader_is_gone() => Case.Members("""
        static int Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            for (int i = 0; i < 65536; i += 2)
            {
                buffer[i] = (byte)'y';
                buffer[i + 1] = (byte)'\n';
            }
            iovec v = new() { iov_base = buffer, iov_len = 65536 };
            while (vmsplice(fd, &v, 1, 0) > 0)
            {
            }
            {|SPL1003:NativeMemory.AlignedFree(buffer)|};
            return 1;
        }
        """);

    [Fact]
    public Task A_file_sender_rents_a_block_for_each_read() => Case.Members("""
        static void Run(int fd, Stream source)
        {
            for (;;)
            {
                byte[] block = ArrayPool<byte>.Shared.Rent(32768);
                int n = source.Read(block, 0, 32768);
                if (n == 0)
                {
                    ArrayPool<byte>.Shared.Return(block);
                    return;
                }
                fixed (byte* p = block)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)n };
                    {|SPL1004:vmsplice(fd, &v, 1, SPLICE_F_MORE)|};
                }
                {|SPL1003:ArrayPool<byte>.Shared.Return(block)|};
            }
        }
        """);

    [Fact]
    public Task A_pipe_wrapper_waits_until_FIONREAD_is_zero_and_frees() => Case.Members("""
        [DllImport("libc", SetLastError = true)]
        private static extern int ioctl(int fd, nuint request, int* value);

        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            int queued = 1;
            while (queued > 0)
            {
                if (ioctl(fd, 0x541B, &queued) < 0)
                    return;
            }
            {|SPL1003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task Freed_where_an_exception_is_caught() => Case.Members("""
        static void Run(int fd, Stream log)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            try
            {
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                log.Flush();
            }
            catch (IOException)
            {
                {|SPL1003:NativeMemory.Free(p)|};
            }
        }
        """);

    [Fact]
    public Task Safe_nothing_can_throw_after_the_hand_off() => Case.Members("""
        static void Run(int fd, Stream log)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            try
            {
                log.Flush();
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
            catch (IOException)
            {
                NativeMemory.Free(p);
            }
        }
        """);

    // ---- Safe twins

    [Fact]
    public Task Safe_freed_after_a_plain_write() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            write(fd, p, 4096);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task Safe_returned_after_a_writev() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            rented.AsSpan().Fill(1);
            fixed (byte* p = rented)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                writev(fd, &v, 1);
            }
            ArrayPool<byte>.Shared.Return(rented);
        }
        """);

    [Fact]
    public Task Safe_freed_only_when_nothing_was_accepted() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_NONBLOCK)|} <= 0)
                NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task Safe_another_block_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte* scratch = (byte*)NativeMemory.Alloc(4096);
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(scratch, 4096, 1);
            NativeMemory.Copy(scratch, p, 4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            NativeMemory.Free(scratch);
        }
        """);

    [Fact]
    public Task Safe_another_array_is_returned() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            byte* p = (byte*)NativeMemory.Alloc(4096);
            int length = Encoding.UTF8.GetBytes("one line of the log\n", rented);
            Marshal.Copy(rented, 0, (nint)p, length);
            iovec v = new() { iov_base = p, iov_len = (nuint)length };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            ArrayPool<byte>.Shared.Return(rented);
        }
        """);

    [Fact]
    public Task Safe_the_iovec_itself_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec* v = (iovec*)malloc((nuint)sizeof(iovec));
            v->iov_base = p;
            v->iov_len = 4096;
            {|SPL3001:vmsplice(fd, v, 1, 0)|};
            free(v);
        }
        """);

    [Fact]
    public Task Safe_unmapped() => Case.Members("""
        static void Run(int fd)
        {
            void* p = mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            munmap(p, 4096);
        }
        """);

    [Fact]
    public Task Safe_freed_after_the_pipe_was_read_empty() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            nint n = {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            if (n <= 0)
                return;
            nint got = 0;
            while (got < n)
            {
                nint r = read(fds[0], copy + got, (nuint)(n - got));
                if (r <= 0)
                    return;
                got += r;
            }
            NativeMemory.AlignedFree(p);
        }
        """);

    [Fact]
    public Task Safe_freed_after_both_ends_were_closed() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            close(fds[0]);
            close(fds[1]);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task Safe_freed_before_another_block_is_handed_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* text = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(text, 4096, 1);
            write(fd, text, 4096);
            NativeMemory.Free(text);
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 2);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """);

    [Fact]
    public Task Safe_the_yes_that_never_frees() => Case.Members("""
        static int Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            for (int i = 0; i < 65536; i += 2)
            {
                buffer[i] = (byte)'y';
                buffer[i + 1] = (byte)'\n';
            }
            iovec v = new() { iov_base = buffer, iov_len = 65536 };
            while ({|SPL3001:vmsplice(fd, &v, 1, 0)|} > 0)
            {
            }
            return 1;
        }
        """);
}
