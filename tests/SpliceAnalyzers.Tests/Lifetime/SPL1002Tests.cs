using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Buffers that were promised to the kernel with SPLICE_F_GIFT and modified all the same.</summary>
public class SPL1002Tests
{
    // ---- How the flag is said

    [Theory]
    [InlineData("SPLICE_F_GIFT")]
    [InlineData("8")]
    [InlineData("0x8u")]
    [InlineData("SPLICE_F_GIFT | SPLICE_F_NONBLOCK")]
    [InlineData("SPLICE_F_MOVE | SPLICE_F_MORE | SPLICE_F_GIFT")]
    [InlineData("1 << 3")]
    [InlineData("(uint)SpliceFlags.Gift")]
    [InlineData("(uint)(SpliceFlags.Gift | SpliceFlags.More)")]
    [InlineData("Flags")]
    [InlineData("local")]
    public Task Gifted_and_then_stored_to(string flags) => Case.Types($$"""
        [Flags]
        internal enum SpliceFlags : uint
        {
            None = 0,
            More = 4,
            Gift = 8,
        }

        internal static unsafe class Program
        {
            const uint Flags = SPLICE_F_GIFT | SPLICE_F_MORE;

            static void Run(int fd)
            {
                uint local = SPLICE_F_NONBLOCK;
                local |= SPLICE_F_GIFT;
                byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, {{flags}});
                {|SPL1002:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task The_flags_are_an_enum_parameter() => Case.Types("""
        [Flags]
        internal enum SpliceFlags
        {
            None,
            Move = 1,
            Gift = 8,
        }

        internal static unsafe class Program
        {
            [DllImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
            private static extern nint VmSplice(int fd, iovec* iov, nuint count, SpliceFlags flags);

            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                VmSplice(fd, &v, 1, SpliceFlags.Gift);
                {|SPL1002:NativeMemory.Clear(p, 4096)|};
            }
        }
        """);

    // ---- The contract outlives the pipe

    [Fact]
    public Task A_drain_does_not_end_the_gift() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (vmsplice(fds[1], &v, 1, SPLICE_F_GIFT) != 4096)
                return;
            if (read(fds[0], copy, 4096) != 4096)
                return;
            {|SPL1002:p[0] = 2|};
        }
        """);

    [Fact]
    public Task Gifted_again_and_again() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 0; ; i++)
            {
                {|SPL1002:NativeMemory.Fill(p, 4096, i)|};
                if (vmsplice(fd, &v, 1, SPLICE_F_GIFT) < 0)
                    break;
            }
        }
        """);

    [Fact]
    public Task Gifted_by_short_counts_and_wiped_at_the_end() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(p, 65536, 1);
            nuint done = 0;
            while (done < 65536)
            {
                iovec v = new() { iov_base = p + done, iov_len = 65536 - done };
                nint n = vmsplice(fd, &v, 1, SPLICE_F_GIFT);
                if (n <= 0)
                    return;
                done += (nuint)n;
            }
            {|SPL1002:new Span<byte>(p, 65536).Clear()|};
        }
        """);

    // ---- Beside hand-offs that are no gifts

    [Fact]
    public Task One_buffer_is_gifted_and_one_is_not() => Case.Members("""
        static void Run(int fd)
        {
            byte* lent = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* given = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(lent, 4096, 1);
            NativeMemory.Fill(given, 4096, 2);
            iovec v = new() { iov_base = lent, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            v.iov_base = given;
            vmsplice(fd, &v, 1, SPLICE_F_GIFT);
            {|SPL1002:given[0] = 3|};
            {|SPL1001:lent[0] = 3|};
        }
        """);

    [Fact]
    public Task A_rotation_that_would_be_safe_by_size_is_not_for_gifts() => Case.Members("""
        static void Run(int fd)
        {
            byte* a = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            byte* b = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            for (byte i = 0; ; i++)
            {
                byte* current = i % 2 == 0 ? a : b;
                {|SPL1002:NativeMemory.Fill(current, 65536, i)|};
                iovec v = new() { iov_base = current, iov_len = 65536 };
                if (vmsplice(fd, &v, 1, SPLICE_F_GIFT) != 65536)
                    break;
            }
        }
        """);

    // ---- Gifts that end otherwise than by a store

    [Fact]
    public Task A_gift_is_freed() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3002:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|};
            {|SPL1003:NativeMemory.AlignedFree(p)|};
        }
        """);

    [Fact]
    public Task A_gift_is_unpinned_and_stored_to() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            fixed (byte* p = buffer)
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL1004:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|};
            }
            {|SPL1002:buffer[0] = 2|};
        }
        """);

    // ---- Safe twins

    [Fact]
    public Task Safe_the_gift_is_unmapped() => Case.Members("""
        static void Run(int fd)
        {
            void* p = mmap(null, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            NativeMemory.Fill(p, 65536, 1);
            iovec v = new() { iov_base = p, iov_len = 65536 };
            {|SPL3002:{|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|}|};
            munmap(p, 65536);
        }
        """);

    [Fact]
    public Task Safe_the_gift_is_never_touched_again() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3002:{|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|}|};
        }
        """);

    [Fact]
    public Task Safe_nothing_was_accepted() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3002:{|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_GIFT | SPLICE_F_NONBLOCK)|}|} <= 0)
                NativeMemory.Clear(p, 4096);
        }
        """);

    [Fact]
    public Task Safe_every_page_is_given_away_once() => Case.Members("""
        static void Run(int fd)
        {
            for (byte i = 1; ; i++)
            {
                byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3002:{|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|}|};
            }
        }
        """);

    [Fact]
    public Task Safe_the_other_half_was_not_gifted() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3002:{|SPL3001:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|}|};
            p[4096] = 2;
        }
        """);
}
