using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Buffers that wait in a collection, and come back from it.</summary>
public class CollectionTests
{
    private const string Pipe = """
        internal static unsafe class Pipe
        {
            internal static void Send(int fd, byte* data, int length)
            {
                iovec v = new() { iov_base = data, iov_len = (nuint)length };
                HANDOFF;
            }
        }

        """ + "\n";

    private static readonly string Send = Pipe.Replace("HANDOFF", "vmsplice(fd, &v, 1, 0)");
    private static readonly string CleanSend = Pipe.Replace("HANDOFF", "{|SPL3001:vmsplice(fd, &v, 1, 0)|}");

    [Theory]
    [InlineData("Queue<nint>", "Dequeue", "Enqueue")]
    [InlineData("Stack<nint>", "Pop", "Push")]
    [InlineData("ConcurrentFreeList", "Take", "Add")]
    public Task A_free_list_gives_the_buffer_out_again(string type, string take, string put) => Case.Types($$"""
        internal sealed class ConcurrentFreeList : System.Collections.Concurrent.BlockingCollection<nint>;

        internal sealed unsafe class Producer
        {
            private readonly {{type}} _free = new();

            public void Produce(int fd, byte value)
            {
                byte* p = (byte*)(_free.Count > 0 ? _free.{{take}}() : Marshal.AllocHGlobal(4096));
                {|SPL1001:new Span<byte>(p, 4096).Fill(value)|};
                Pipe.Send(fd, p, 4096);
                _free.{{put}}((nint)p);
            }
        }

        """ + Send);

    [Theory]
    [InlineData("Queue<nint>", "Dequeue()", "Enqueue")]
    [InlineData("Stack<nint>", "Pop()", "Push")]
    public Task Safe_what_is_taken_out_does_not_come_again(string type, string take, string put) => Case.Types($$"""
        internal static unsafe class Program
        {
            internal static void Run(int fd)
            {
                {{type}} free = new();
                for (int i = 0; i < 5; i++)
                    free.{{put}}((nint)NativeMemory.Alloc(4096));
                while (free.Count > 0)
                {
                    byte* p = (byte*)free.{{take}};
                    new Span<byte>(p, 4096).Fill(7);
                    Pipe.Send(fd, p, 4096);
                }
            }
        }

        """ + CleanSend);

    private static Task Buffers(string statements, string send) => Case.Types($$"""
        internal static unsafe class Program
        {
            private static nint Page() => (nint)NativeMemory.AlignedAlloc(4096, 4096);

            internal static void Run(int fd)
            {
                {{statements}}
            }
        }

        """ + send);

    [Theory]
    [InlineData("var all = new Dictionary<int, nint> { [1] = Page() }; foreach (var (key, page) in all) Pipe.Send(fd, (byte*)page, 4096); foreach (var pair in all) {|SPL1001:*(byte*)pair.Value = 1|};")]
    [InlineData("var pair = new KeyValuePair<string, nint>(\"a\", Page()); Pipe.Send(fd, (byte*)pair.Value, 4096); {|SPL1001:*(byte*)pair.Value = 1|};")]
    [InlineData("List<nint> all = [Page()]; Pipe.Send(fd, (byte*)all[0], 4096); {|SPL1001:*(byte*)all[0] = 1|};")]
    [InlineData("HashSet<nint> all = [Page()]; foreach (nint page in all) Pipe.Send(fd, (byte*)page, 4096); foreach (nint page in all) {|SPL1001:*(byte*)page = 1|};")]
    public Task Pairs_and_collection_expressions(string statements) => Buffers(statements, Send);

    [Theory]
    [InlineData("var all = new Dictionary<int, nint> { [1] = Page() }; foreach (var (key, page) in all) { *(byte*)page = 1; Pipe.Send(fd, (byte*)page, 4096); break; }")]
    [InlineData("var pair = new KeyValuePair<string, nint>(\"a\", Page()); nint other = Page(); Pipe.Send(fd, (byte*)other, 4096); *(byte*)pair.Value = 1;")]
    [InlineData("List<nint> all = [Page()]; nint other = Page(); Pipe.Send(fd, (byte*)other, 4096); *(byte*)all[0] = 1;")]
    public Task Safe_pairs_and_collection_expressions(string statements) => Buffers(statements, CleanSend);

    [Fact]
    public Task Safe_what_is_kept_is_never_given_out() => Case.Types("""
        internal sealed unsafe class Producer
        {
            private readonly List<nint> _kept = new();

            public void Produce(int fd, ReadOnlySpan<byte> data)
            {
                byte* p = (byte*)NativeMemory.Alloc((nuint)data.Length);
                data.CopyTo(new Span<byte>(p, data.Length));
                Pipe.Send(fd, p, data.Length);
                _kept.Add((nint)p);
            }
        }

        """ + CleanSend);

    [Fact]
    public Task All_that_was_kept_is_freed() => Case.Types("""
        internal sealed unsafe class Producer : IDisposable
        {
            private readonly List<nint> _kept = new();

            public void Produce(int fd, ReadOnlySpan<byte> data)
            {
                byte* p = (byte*)NativeMemory.Alloc((nuint)data.Length);
                data.CopyTo(new Span<byte>(p, data.Length));
                Pipe.Send(fd, p, data.Length);
                _kept.Add((nint)p);
            }

            public void Dispose()
            {
                foreach (nint p in _kept)
                    {|SPL1003:NativeMemory.Free((void*)p)|};
            }
        }

        """ + Send);

    [Fact]
    public Task A_consumer_of_a_channel_frees_what_it_sent() => Case.Types("""
        internal sealed class Sender
        {
            private readonly System.Threading.Channels.Channel<nint> _blocks = System.Threading.Channels.Channel.CreateUnbounded<nint>();

            public unsafe void Add(byte value)
            {
                nint p = Marshal.AllocHGlobal(64);
                new Span<byte>((void*)p, 64).Fill(value);
                _blocks.Writer.TryWrite(p);
            }

            public async Task Run(int fd)
            {
                await foreach (nint p in _blocks.Reader.ReadAllAsync())
                {
                    unsafe
                    {
                        Pipe.Send(fd, (byte*)p, 64);
                    }

                    {|SPL1003:Marshal.FreeHGlobal(p)|};
                }
            }
        }

        """ + Send);

    [Fact]
    public Task The_iovecs_are_in_a_list() => Case.Members("""
        static void Run(int fd)
        {
            var vectors = new List<iovec>();
            byte*[] blocks = new byte*[3];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = (byte*)NativeMemory.AllocZeroed(100);
                vectors.Add(new iovec { iov_base = blocks[i], iov_len = 100 });
            }
            fixed (iovec* v = CollectionsMarshal.AsSpan(vectors))
                vmsplice(fd, v, (nuint)vectors.Count, 0);
            {|SPL1001:blocks[1][5] = 1|};
        }
        """);

    [Fact]
    public Task Safe_the_list_of_iovecs_itself_is_changed() => Case.Members("""
        static void Run(int fd)
        {
            var vectors = new List<iovec>();
            byte* block = (byte*)NativeMemory.AllocZeroed(100);
            vectors.Add(new iovec { iov_base = block, iov_len = 100 });
            fixed (iovec* v = CollectionsMarshal.AsSpan(vectors))
                {|SPL3001:vmsplice(fd, v, (nuint)vectors.Count, 0)|};
            vectors[0] = default;
            vectors.Clear();
        }
        """);

    // ---- Other places where a buffer can wait

    [Fact]
    public Task A_static_struct_is_stored_to_by_the_next_call() => Case.Types("""
        internal unsafe struct Frame
        {
            public fixed byte Data[256];
        }

        internal static unsafe class Program
        {
            private static Frame _frame;

            internal static void Run(int fd, byte value)
            {
                fixed (byte* p = _frame.Data)
                {
                    {|SPL1001:p[0] = value|};
                    iovec v = new() { iov_base = p, iov_len = 256 };
                    vmsplice(fd, &v, 1, 0);
                }
            }
        }
        """);

    [Fact]
    public Task A_finaliser_frees_what_was_sent() => Case.Types("""
        internal sealed unsafe class Block
        {
            private readonly byte* _start = (byte*)NativeMemory.AllocZeroed(64);

            ~Block() => {|SPL1003:NativeMemory.Free(_start)|};

            public void Send(int fd)
            {
                iovec v = new() { iov_base = _start, iov_len = 64 };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task Safe_a_private_pipe_is_spliced_to_a_file_in_a_loop() => Case.Members("""
        [DllImport("libc", SetLastError = true)]
        private static extern int open(string path, int flags, int mode);

        static void Run(string path)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) < 0)
                return;
            int file = open(path, 0x41, 420);
            byte* p = (byte*)NativeMemory.Alloc(8192);
            for (int i = 0; i < 10; i++)
            {
                new Span<byte>(p, 8192).Fill((byte)i);
                iovec v = new() { iov_base = p, iov_len = 8192 };
                nint n = {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
                while (n > 0)
                {
                    nint k = splice(fds[0], null, file, null, (nuint)n, 0);
                    if (k <= 0)
                        return;
                    n -= k;
                }
                if (n != 0)
                    return;
            }
            close(fds[0]);
            close(fds[1]);
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task Safe_pinned_arrays_that_a_dictionary_keeps() => Case.Types("""
        internal sealed unsafe class Pages
        {
            private readonly Dictionary<int, byte[]> _pages = new();

            public void Send(int fd, int key, ReadOnlySpan<byte> data)
            {
                byte[] page = GC.AllocateArray<byte>(4096, pinned: true);
                data.CopyTo(page);
                _pages[key] = page;
                fixed (byte* p = page)
                    Pipe.Send(fd, p, 4096);
            }
        }

        """ + CleanSend);
}
