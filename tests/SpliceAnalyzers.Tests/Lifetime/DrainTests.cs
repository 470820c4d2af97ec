using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>When a buffer may be used again because its bytes were copied, and what only looks like it.</summary>
public class DrainTests
{
    // ---- What is no proof that the reader has copied

    [Fact]
    public Task Drained_only_by_half() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (vmsplice(fds[1], &v, 1, 0) != 4096)
                return;
            read(fds[0], copy, 2048);
            {|SPL1001:p[4000] = 2|};
            read(fds[0], copy + 2048, 2048);
        }
        """);

    [Fact]
    public Task Drained_into_another_pipe() => Case.Members("""
        static void Run(int fd)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (vmsplice(fds[1], &v, 1, 0) != 4096)
                return;
            if (splice(fds[0], null, fd, null, 4096, SPLICE_F_MOVE) != 4096)
                return;
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task Copied_to_another_pipe_by_tee_before_it_was_drained() => Case.Members("""
        static void Run(int log)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if (vmsplice(fds[1], &v, 1, 0) != 4096)
                return;
            tee(fds[0], log, 4096, 0);
            if (read(fds[0], copy, 4096) != 4096)
                return;
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task The_pipe_reads_back_into_the_buffer_that_another_pipe_holds() => Case.Members("""
        static void Run(int fd)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            byte* word = stackalloc byte[5];
            "hello"u8.CopyTo(new Span<byte>(word, 5));
            if (write(fds[1], word, 5) != 5)
                return;
            {|SPL1001:read(fds[0], p, 5)|};
        }
        """);

    [Fact]
    public Task Sleeping_is_no_proof() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 1; i < 50; i++)
            {
                {|SPL1001:NativeMemory.Fill(p, 4096, i)|};
                vmsplice(fd, &v, 1, 0);
                Thread.Sleep(1);
            }
        }
        """);

    [Fact]
    public Task An_acknowledgement_cannot_be_proven() => Case.Members("""
        static void Run(int fd, int acknowledgements)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte* answer = (byte*)NativeMemory.Alloc(1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 1; i < 50; i++)
            {
                {|SPL1001:NativeMemory.Fill(p, 4096, i)|};
                vmsplice(fd, &v, 1, 0);
                if (read(acknowledgements, answer, 1) != 1)
                    return;
            }
        }
        """);

    // ---- The reader has copied

    [Fact]
    public Task A_private_pipe_is_read_with_one_call() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            if (read(fds[0], copy, 4096) != 4096)
                return;
            p[0] = 2;
        }
        """);

    [Fact]
    public Task A_private_pipe_is_read_into_a_larger_buffer() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(65536);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            nint n = {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            if (n > 0 && read(fds[0], copy, 65536) == n)
                p[0] = 2;
        }
        """);

    [Fact]
    public Task A_private_pipe_is_read_in_a_loop_until_everything_came() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(16384, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(16384);
            for (byte round = 1; round < 10; round++)
            {
                NativeMemory.Fill(p, 16384, round);
                iovec v = new() { iov_base = p, iov_len = 16384 };
                nint n = {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
                nint got = 0;
                while (got < n)
                {
                    nint r = read(fds[0], copy + got, (nuint)(n - got));
                    if (r <= 0)
                        return;
                    got += r;
                }
            }
        }
        """);

    [Fact]
    public Task A_private_pipe_is_read_out_by_vmsplice() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fds[1], &v, 1, 0)|} != 4096)
                return;
            v.iov_base = copy;
            if (vmsplice(fds[0], &v, 1, 0) != 4096)
                return;
            NativeMemory.AlignedFree(p);
        }
        """);

    [Fact]
    public Task The_first_half_was_read_and_is_stored_to() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            byte* copy = (byte*)NativeMemory.Alloc(8192);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            if ({|SPL3001:vmsplice(fds[1], &v, 1, 0)|} != 8192)
                return;
            if (read(fds[0], copy, 4096) != 4096)
                return;
            NativeMemory.Fill(p, 4096, 2);
            read(fds[0], copy, 4096);
        }
        """);

    [Fact]
    public Task Both_ends_of_the_pipe_are_closed() => Case.Members("""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe2(fds, 0) != 0)
                return;
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
            close(fds[1]);
            close(fds[0]);
            NativeMemory.Clear(p, 4096);
        }
        """);

    [Fact]
    public Task A_probe_for_support_with_a_pipe_of_its_own() => Case.Members("""
        static bool Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return false;
            byte zero = 0;
            iovec v = new() { iov_base = &zero, iov_len = 1 };
            nint n = {|SPL3001:vmsplice(fds[1], &v, 1, SPLICE_F_NONBLOCK)|};
            close(fds[0]);
            close(fds[1]);
            return n == 1;
        }
        """);

    // ---- Spliced on to a target that copies, or that might keep the pages

    [Theory]
    [InlineData("int target = memfd_create(\"copy\", 0);")]
    [InlineData("int target = open(\"/dev/null\", O_WRONLY, 0);")]
    [InlineData("int target = open(path, O_WRONLY | O_CREAT, 384);")]
    [InlineData("using FileStream file = new(path, FileMode.Create); int target = (int)file.SafeFileHandle.DangerousGetHandle();")]
    [InlineData("using FileStream file = File.Create(path); int target = (int)file.SafeFileHandle.DangerousGetHandle();")]
    [InlineData("using FileStream file = File.OpenWrite(path); int target = file.SafeFileHandle.DangerousGetHandle().ToInt32();")]
    [InlineData("using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write); int target = (int)file.DangerousGetHandle();")]
    public Task A_private_pipe_is_spliced_to_a_target_that_copies(string target) =>
        Case.Members(SplicedOn(target, "{|SPL3001:vmsplice(fds[1], &v, 1, 0)|}", "p[0] = 2"));

    [Theory]
    [InlineData("int target = open(\"/dev/fuse\", O_WRONLY, 0);")]
    [InlineData("int target = open(path, O_WRONLY, 0);")]
    [InlineData("int target = unknown;")]
    [InlineData("Socket socket = new(SocketType.Stream, ProtocolType.Tcp); int target = (int)socket.Handle;")]
    public Task A_private_pipe_is_spliced_to_a_target_that_may_keep_the_pages(string target) =>
        Case.Members(SplicedOn(target, "vmsplice(fds[1], &v, 1, 0)", "{|SPL1001:p[0] = 2|}"));

    private static string SplicedOn(string target, string handOff, string store) => $$"""
        const int O_WRONLY = 1, O_CREAT = 64;

        [DllImport("libc", SetLastError = true)] static extern int open(string path, int flags, int mode);
        [DllImport("libc", SetLastError = true)] static extern int memfd_create(string name, uint flags);

        static void Run(string path, int unknown)
        {
            {{target}}
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 8192 };
            nint left = {{handOff}};
            while (left > 0)
            {
                nint n = splice(fds[0], null, target, null, (nuint)left, SPLICE_F_MOVE);
                if (n <= 0)
                    return;
                left -= n;
            }
            {{store}};
        }
        """;
}
