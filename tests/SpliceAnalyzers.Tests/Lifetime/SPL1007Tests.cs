using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Buffers in rotation that are safe only by the size of the pipe: N buffers of B bytes want a pipe of at most (N-1)*B.</summary>
public class SPL1007Tests
{
    [Theory]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, Half) != Half) return;")]
    [InlineData("int size = fcntl(fd, F_SETPIPE_SZ, Half); if (size != Half) throw new IOException();")]
    [InlineData("if (fcntl(fd, F_GETPIPE_SZ, 0) != Half) return;")]
    [InlineData("int size = fcntl(fd, F_GETPIPE_SZ, 0); if (size > Half) return;")]
    [InlineData("int size = fcntl(fd, F_GETPIPE_SZ, 0); if (size <= 0 || size > Half) return;")]
    [InlineData("fcntl(fd, F_SETPIPE_SZ, Half); int size = fcntl(fd, F_GETPIPE_SZ, 0); if (!(size <= Half)) return;")]
    public Task Two_halves_in_a_pipe_that_was_checked_to_hold_one(string check) =>
        Case.Members(TwoHalves(check, "{|SPL1007:vmsplice(fd, &v, 1, 0)|}", "NativeMemory.Fill(start, Half, i)"));

    [Theory]
    [InlineData("")]
    [InlineData("fcntl(fd, F_SETPIPE_SZ, Half);")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, Half) < 0) return;")]
    [InlineData("if ((uint)fcntl(fd, F_SETPIPE_SZ, Half) < 0) return;")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, Half) == -1) return;")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, Half) < Half) return;")]
    [InlineData("if (fcntl(fd, F_GETPIPE_SZ, 0) < Half) return;")]
    [InlineData("if (fcntl(fd, F_GETPIPE_SZ, 0) <= 0) return;")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, 2 * Half) != 2 * Half) return;")]
    [InlineData("if (fcntl(fd, F_GETPIPE_SZ, 0) > 2 * Half) return;")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, Half) != Half) return; fcntl(fd, F_SETPIPE_SZ, 4 * Half);")]
    public Task Two_halves_in_a_pipe_of_unknown_or_larger_size(string check) =>
        Case.Members(TwoHalves(check, "vmsplice(fd, &v, 1, 0)", "{|SPL1001:NativeMemory.Fill(start, Half, i)|}"));

    private static string TwoHalves(string check, string handOff, string store) => $$"""
        const int Half = 65536;

        static void Run(int fd)
        {
            {{check}}
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * Half, 4096);
            int half = 0;
            for (byte i = 1; ; i++)
            {
                byte* start = buffer + half * Half;
                {{store}};
                iovec v = new() { iov_base = start, iov_len = Half };
                while (v.iov_len > 0)
                {
                    nint n = {{handOff}};
                    if (n < 0)
                        return;
                    v.iov_base = (byte*)v.iov_base + n;
                    v.iov_len -= (nuint)n;
                }
                half ^= 1;
            }
        }
        """;

    [Fact]
    public Task A_ring_of_four_pages_in_a_pipe_of_three_slots_at_most() => Case.Members("""
        static void Run(int fd)
        {
            int size = fcntl(fd, F_SETPIPE_SZ, 8192);
            if (size <= 0 || size > 3 * 4096)
                return;
            byte* ring = (byte*)NativeMemory.AlignedAlloc(4 * 4096, 4096);
            for (uint i = 0; ; i++)
            {
                byte* page = ring + i % 4 * 4096;
                NativeMemory.Fill(page, 4096, (byte)i);
                iovec v = new() { iov_base = page, iov_len = 4096 };
                if ({|SPL1007:vmsplice(fd, &v, 1, 0)|} != 4096)
                    return;
            }
        }
        """);

    [Fact]
    public Task Two_buffers_by_name_and_a_hand_off_each() => Case.Members("""
        static void Run(int fd)
        {
            if (fcntl(fd, F_SETPIPE_SZ, 4096) != 4096)
                return;
            byte* even = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* odd = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            for (byte i = 0; ; i += 2)
            {
                NativeMemory.Fill(even, 4096, i);
                iovec v = new() { iov_base = even, iov_len = 4096 };
                if ({|SPL1007:vmsplice(fd, &v, 1, 0)|} != 4096)
                    return;
                NativeMemory.Fill(odd, 4096, (byte)(i + 1));
                v.iov_base = odd;
                if ({|SPL1007:vmsplice(fd, &v, 1, 0)|} != 4096)
                    return;
            }
        }
        """);

    [Fact]
    public Task Short_counts_break_the_rotation() => Case.Members("""
        const int Half = 65536;

        static void Run(int fd)
        {
            if (fcntl(fd, F_SETPIPE_SZ, Half) != Half)
                return;
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * Half, 4096);
            int half = 0;
            for (byte i = 1; ; i++)
            {
                byte* start = buffer + half * Half;
                {|SPL1001:NativeMemory.Fill(start, Half, i)|};
                iovec v = new() { iov_base = start, iov_len = Half };
                if (vmsplice(fd, &v, 1, 0) < 0)
                    return;
                half ^= 1;
            }
        }
        """);

    [Fact]
    public Task A_single_buffer_as_large_as_the_pipe() => Case.Members("""
        const int Size = 65536;

        static void Run(int fd)
        {
            if (fcntl(fd, F_SETPIPE_SZ, Size) != Size)
                return;
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(Size, 4096);
            for (byte i = 1; ; i++)
            {
                {|SPL1001:NativeMemory.Fill(buffer, Size, i)|};
                iovec v = new() { iov_base = buffer, iov_len = Size };
                while (v.iov_len > 0)
                {
                    nint n = vmsplice(fd, &v, 1, 0);
                    if (n < 0)
                        return;
                    v.iov_base = (byte*)v.iov_base + n;
                    v.iov_len -= (nuint)n;
                }
            }
        }
        """);

    [Fact]
    public Task The_same_program_splices_from_the_pipe() => Case.Members("""
        const int Half = 65536;

        static void Run(int socket)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0 || fcntl(fds[1], F_SETPIPE_SZ, Half) != Half)
                return;
            byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * Half, 4096);
            int half = 0;
            for (byte i = 1; ; i++)
            {
                byte* start = buffer + half * Half;
                {|SPL1001:NativeMemory.Fill(start, Half, i)|};
                iovec v = new() { iov_base = start, iov_len = Half };
                if (vmsplice(fds[1], &v, 1, 0) != Half)
                    return;
                if (splice(fds[0], null, socket, null, Half, SPLICE_F_MOVE) != Half)
                    return;
                half ^= 1;
            }
        }
        """);

    [Fact]
    public Task Stack_memory_ends_whatever_the_size() => Case.Members("""
        static void Run(int fd)
        {
            if (fcntl(fd, F_SETPIPE_SZ, 4096) != 4096)
                return;
            byte* ring = stackalloc byte[3 * 4096];
            for (uint i = 0; i < 1000; i++)
            {
                iovec v = new() { iov_base = ring + i % 3 * 4096, iov_len = 4096 };
                if ({|SPL1004:vmsplice(fd, &v, 1, 0)|} != 4096)
                    return;
            }
        }
        """);
}
