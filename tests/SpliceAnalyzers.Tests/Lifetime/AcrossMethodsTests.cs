using System.Linq;
using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Hand-off, store and release in different methods: the innermost method that sees both is where it is said.</summary>
public class AcrossMethodsTests
{
    /// <summary>The helper that most cases share. It is internal, so what happens to its callers' memory is said at the callers.</summary>
    private const string Send = """

        internal static nint Send(int fd, void* data, nuint length)
        {
            iovec v = new() { iov_base = data, iov_len = length };
            return vmsplice(fd, &v, 1, 0);
        }
        """;

    private const string CleanSend = """

        internal static nint Send(int fd, void* data, nuint length)
        {
            iovec v = new() { iov_base = data, iov_len = length };
            return {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }
        """;

    // ---- The hand-off is in a callee

    [Fact]
    public Task A_helper_hands_off_and_its_caller_stores() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
            {|SPL1001:p[0] = 2|};
        }
        """ + Send);

    [Fact]
    public Task Three_helpers_deep() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            SendLine(fd, p);
            {|SPL1001:p[0] = 2|};
        }

        private static void SendLine(int fd, byte* line) => SendRange(fd, line, 16, 64);

        private static void SendRange(int fd, byte* block, int start, int length) => SendAll(fd, block + start - 16, (nuint)length);

        private static void SendAll(int fd, byte* data, nuint length)
        {
            while (length > 0)
            {
                nint n = Send(fd, data, length);
                if (n <= 0)
                    return;
                data += n;
                length -= (nuint)n;
            }
        }
        """ + Send);

    [Fact]
    public Task A_cat_whose_copy_loop_calls_a_helper() => Case.Members("""
        static void Run(int fd)
        {
            byte* buffer = (byte*)NativeMemory.Alloc(16384);
            nint n;
            while ((n = {|SPL1001:read(0, buffer, 16384)|}) > 0)
            {
                if (Send(fd, buffer, (nuint)n) != n)
                    return;
            }
        }
        """ + Send);

    [Fact]
    public Task A_helper_pins_the_array_and_its_caller_stores() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            SendArray(fd, buffer);
            {|SPL1001:buffer[0] = 2|};
        }

        private static void SendArray(int fd, byte[] data)
        {
            fixed (byte* p = data)
            {
                iovec v = new() { iov_base = p, iov_len = (nuint)data.Length };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task The_caller_s_fixed_is_left() => Case.Members("""
        static void Run(int fd)
        {
            byte[] buffer = new byte[4096];
            buffer.AsSpan().Fill(1);
            fixed (byte* p = buffer)
                {|SPL1004:Send(fd, p, 4096)|};
        }
        """ + Send);

    [Fact]
    public Task The_caller_s_stack_memory_is_left() => Case.Members("""
        static void Run(int fd)
        {
            byte* line = stackalloc byte[256];
            new Span<byte>(line, 256).Fill(1);
            {|SPL1004:Send(fd, line, 256)|};
        }
        """ + Send);

    [Fact]
    public Task Stack_memory_two_calls_up() => Case.Members("""
        static void Run(int fd)
        {
            ulong number = 0x1122334455667788;
            {|SPL1004:SendNumber(fd, &number)|};
        }

        private static void SendNumber(int fd, ulong* number) => Send(fd, number, sizeof(ulong));
        """ + Send);

    [Fact]
    public Task The_helper_copies_to_its_own_stack() => Case.Members("""
        static void Run(int fd)
        {
            SendNumber(fd, 42);
        }

        private static void SendNumber(int fd, int number) => {|SPL1004:Send(fd, &number, sizeof(int))|};
        """ + Send);

    [Fact]
    public Task One_caller_stores_and_one_does_not() => Case.Members("""
        static void Run(int fd)
        {
            byte* a = (byte*)NativeMemory.Alloc(4096);
            byte* b = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(a, 4096, 1);
            NativeMemory.Fill(b, 4096, 2);
            Send(fd, a, 4096);
            Send(fd, b, 4096);
            {|SPL1001:b[0] = 3|};
        }
        """ + Send);

    [Fact]
    public Task The_iovec_is_passed_by_value() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Vector(fd, new iovec { iov_base = p, iov_len = 4096 });
            {|SPL1001:p[0] = 2|};
        }

        private static void Vector(int fd, iovec v) => vmsplice(fd, &v, 1, 0);
        """);

    [Fact]
    public Task The_iovec_is_filled_by_a_helper() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec* v = stackalloc iovec[2];
            Set(out v[0], p, 2048);
            Set(out v[1], p + 2048, 2048);
            vmsplice(fd, v, 2, 0);
            {|SPL1001:p[4000] = 2|};
        }

        private static void Set(out iovec v, byte* start, nuint length)
        {
            v.iov_base = start;
            v.iov_len = length;
        }
        """);

    [Fact]
    public Task The_buffer_comes_from_a_helper_that_keeps_it() => Case.Members("""
        static byte* _cached;

        static void Run(int fd)
        {
            for (byte i = 1; i < 100; i++)
            {
                byte* p = Cached();
                {|SPL1001:NativeMemory.Fill(p, 4096, i)|};
                Send(fd, p, 4096);
            }
        }

        private static byte* Cached()
        {
            if (_cached == null)
                _cached = (byte*)NativeMemory.Alloc(4096);
            return _cached;
        }
        """ + Send);

    // ---- The store is in a callee

    [Fact]
    public Task A_helper_stores() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Refill(p, 1);
            Send(fd, p, 4096);
            {|SPL1001:Refill(p, 2)|};
        }

        private static void Refill(byte* block, byte value) => NativeMemory.Fill(block, 4096, value);
        """ + Send);

    [Fact]
    public Task A_helper_stores_through_a_span() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Span<byte> span = new(p, 4096);
            Header(span, 1);
            Send(fd, p, 4096);
            {|SPL1001:Header(span[8..], 2)|};
        }

        private static void Header(Span<byte> destination, int number) => BinaryPrimitives.WriteInt32BigEndian(destination, number);
        """ + Send);

    [Fact]
    public Task A_helper_stores_through_a_reference() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
            {|SPL1001:Increment(ref p[7])|};
        }

        private static void Increment(ref byte value) => value++;
        """ + Send);

    [Fact]
    public Task A_helper_returns_a_reference_into_the_buffer() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
            {|SPL1001:At(p, 9) = 2|};
        }

        private static ref byte At(byte* block, int index) => ref block[index];
        """ + Send);

    [Fact]
    public Task One_helper_hands_off_and_stores() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            SendAndWipe(fd, p, 4096);
        }

        private static void SendAndWipe(int fd, byte* data, nuint length)
        {
            iovec v = new() { iov_base = data, iov_len = length };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:NativeMemory.Clear(data, length)|};
        }
        """);

    [Fact]
    public Task One_helper_stores_and_hands_off_and_is_called_twice() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            FillAndSend(fd, p, 1);
            {|SPL1001:FillAndSend(fd, p, 2)|};
        }

        private static void FillAndSend(int fd, byte* data, byte value)
        {
            NativeMemory.Fill(data, 4096, value);
            iovec v = new() { iov_base = data, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
        }
        """);

    [Fact]
    public Task A_recursive_method_stores_in_its_next_round() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Countdown(fd, p, 5);
        }

        private static void Countdown(int fd, byte* p, byte left)
        {
            NativeMemory.Fill(p, 4096, left);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            if (left > 0)
                {|SPL1001:Countdown(fd, p, (byte)(left - 1))|};
        }
        """);

    // ---- The release is in a callee

    [Fact]
    public Task A_helper_frees() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
            {|SPL1003:Release(p)|};
        }

        private static void Release(void* block)
        {
            if (block != null)
                NativeMemory.Free(block);
        }
        """ + Send);

    [Fact]
    public Task A_helper_returns_to_the_pool() => Case.Members("""
        static void Run(int fd)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
            fixed (byte* p = rented)
                {|SPL1004:Send(fd, p, 4096)|};
            {|SPL1003:GiveBack(rented)|};
        }

        private static void GiveBack(byte[] array) => ArrayPool<byte>.Shared.Return(array);
        """ + Send);

    [Fact]
    public Task A_wrapper_is_disposed() => Case.Types("""
        internal readonly unsafe struct NativeBlock : IDisposable
        {
            public readonly byte* Start;

            public NativeBlock(nuint length) => Start = (byte*)NativeMemory.Alloc(length);

            public void Dispose() => NativeMemory.Free(Start);
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                NativeBlock block = new(4096);
                NativeMemory.Fill(block.Start, 4096, 1);
                iovec v = new() { iov_base = block.Start, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1003:block.Dispose()|};
            }
        }
        """);

    [Fact]
    public Task A_wrapper_is_a_using_declaration() => Case.Types("""
        internal sealed unsafe class NativeBlock : IDisposable
        {
            public NativeBlock(nuint length) => Start = (byte*)NativeMemory.Alloc(length);

            public byte* Start { get; private set; }

            public void Dispose()
            {
                NativeMemory.Free(Start);
                Start = null;
            }
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                using NativeBlock {|SPL1003:block|} = new(4096);
                NativeMemory.Fill(block.Start, 4096, 1);
                iovec v = new() { iov_base = block.Start, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task A_wrapper_s_indexer_stores() => Case.Types("""
        internal readonly unsafe struct NativeBlock
        {
            private readonly byte* _start;

            public NativeBlock(nuint length) => _start = (byte*)NativeMemory.Alloc(length);

            public void* Start => _start;

            public byte this[int index]
            {
                get => _start[index];
                set => _start[index] = value;
            }
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                NativeBlock block = new(4096);
                NativeMemory.Fill(block.Start, 4096, 1);
                iovec v = new() { iov_base = block.Start, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
                {|SPL1001:block[5] = 2|};
            }
        }
        """);

    // ---- Wrappers of the pipe

    [Fact]
    public Task A_pipe_class_hands_off() => Case.Types("""
        internal sealed unsafe class SplicePipe
        {
            private readonly int _fd;

            public SplicePipe(int fd) => _fd = fd;

            public nint Write(void* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                return vmsplice(_fd, &v, 1, 0);
            }
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                SplicePipe pipe = new(fd);
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                if (pipe.Write(p, 4096) > 0)
                    {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task A_virtual_call_whose_target_is_known() => Case.Types("""
        internal abstract unsafe class Sink
        {
            public abstract nint Write(int fd, void* data, nuint length);
        }

        internal sealed unsafe class CopyingSink : Sink
        {
            public override nint Write(int fd, void* data, nuint length) => write(fd, data, length);
        }

        internal sealed unsafe class SpliceSink : Sink
        {
            public override nint Write(int fd, void* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                return vmsplice(fd, &v, 1, 0);
            }
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                Sink copying = new CopyingSink();
                copying.Write(fd, p, 4096);
                p[0] = 2;
                Sink splicing = new SpliceSink();
                splicing.Write(fd, p, 4096);
                {|SPL1001:p[0] = 3|};
            }
        }
        """);

    // ---- Local functions, lambdas, async

    [Fact]
    public Task A_local_function_hands_off_what_it_captured() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Flush();
            {|SPL1001:p[0] = 2|};

            void Flush()
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    [Fact]
    public Task A_local_function_stores_to_what_it_captured() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Put(0, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:Put(0, 2)|};

            void Put(int index, byte value) => p[index] = value;
        }
        """);

    [Fact]
    public Task A_lambda_hands_off_what_it_captured() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Action flush = () =>
            {
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            };
            flush();
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task A_lambda_inside_a_try_calls_a_method() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            try
            {
                SpinWait.SpinUntil(() => IsReady(fd));
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                vmsplice(fd, &v, 1, 0);
            }
            finally
            {
                {|SPL1003:NativeMemory.Free(p)|};
            }
        }

        private static bool IsReady(int fd) => fcntl(fd, F_GETPIPE_SZ, 0) > 4096;
        """);

    [Fact]
    public Task An_async_method_reads_into_what_it_handed_off() => Case.Types("""
        internal static class Program
        {
            static readonly byte[] Block = GC.AllocateArray<byte>(4096, pinned: true);

            static async Task Run(int fd, Stream source)
            {
                int n;
                while ((n = await {|SPL1001:source.ReadAsync(Block, 0, Block.Length)|}) > 0)
                    SendBlock(fd, n);
            }

            private static unsafe void SendBlock(int fd, int length)
            {
                fixed (byte* p = Block)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)length };
                    vmsplice(fd, &v, 1, 0);
                }
            }
        }
        """);

    // ---- Static state

    [Fact]
    public Task One_method_hands_off_and_another_stores() => Case.Types("""
        internal static unsafe class Counter
        {
            private static readonly long* Value = (long*)NativeMemory.AllocZeroed(sizeof(long));

            public static void Add(long amount) => {|SPL1001:*Value += amount|};

            public static void Publish(int fd)
            {
                iovec v = new() { iov_base = Value, iov_len = sizeof(long) };
                vmsplice(fd, &v, 1, 0);
            }
        }
        """);

    // ---- Safe twins

    [Fact]
    public Task Safe_helpers_that_copy() => Case.Members("""
        static void Run(int fd)
        {
            byte* line = stackalloc byte[256];
            Refill(line, 1);
            Copy(fd, line, 256);
            Refill(line, 2);
            Copy(fd, line, 256);
        }

        private static void Refill(byte* block, byte value) => NativeMemory.Fill(block, 256, value);

        private static nint Copy(int fd, void* data, nuint length)
        {
            iovec v = new() { iov_base = data, iov_len = length };
            return writev(fd, &v, 1);
        }
        """);

    [Fact]
    public Task Safe_the_helper_fills_before_the_hand_off() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Refill(p, 1);
            Refill(p, 2);
            Send(fd, p, 4096);
        }

        private static void Refill(byte* block, byte value) => NativeMemory.Fill(block, 4096, value);
        """ + CleanSend);

    [Fact]
    public Task Safe_the_helper_only_reads() => Case.Members("""
        static int Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Send(fd, p, 4096);
            return Sum(p) + Sum(new ReadOnlySpan<byte>(p, 4096)) + First(in p[0]);
        }

        private static int Sum(byte* block)
        {
            int sum = 0;
            for (int i = 0; i < 4096; i++)
                sum += block[i];
            return sum;
        }

        private static int Sum(ReadOnlySpan<byte> block)
        {
            int sum = 0;
            foreach (byte b in block)
                sum += b;
            return sum;
        }

        private static int First(in byte first) => first;
        """ + CleanSend);

    [Fact]
    public Task Safe_the_helper_stores_to_another_block() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte* q = (byte*)NativeMemory.Alloc(4096);
            Refill(p, 1);
            Refill(q, 1);
            Send(fd, p, 4096);
            Refill(q, 2);
            NativeMemory.Free(q);
        }

        private static void Refill(byte* block, byte value) => NativeMemory.Fill(block, 4096, value);
        """ + CleanSend);

    [Fact]
    public Task Safe_the_helper_says_that_nothing_was_accepted() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            if (!TrySend(fd, p, 4096))
            {
                p[0] = 2;
                NativeMemory.Free(p);
            }
        }

        private static bool TrySend(int fd, byte* data, nuint length) => Send(fd, data, length) > 0;
        """ + CleanSend);

    [Fact]
    public Task Safe_the_helper_was_told_to_copy() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Transfer(fd, p, 4096, copy: true);
            NativeMemory.Clear(p, 4096);
            Transfer(fd, p, 4096, copy: false);
        }

        private static nint Transfer(int fd, byte* data, nuint length, bool copy) =>
            copy ? write(fd, data, length) : Send(fd, data, length);
        """ + CleanSend);

    [Fact]
    public Task Safe_the_helper_sends_through_a_pipe_that_it_closes() => Case.Members("""
        static void Run()
        {
            byte* p = stackalloc byte[256];
            new Span<byte>(p, 256).Fill(1);
            Probe(p, 256);
            p[0] = 2;
        }

        private static void Probe(void* data, nuint length)
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            Send(fds[1], data, length);
            close(fds[0]);
            close(fds[1]);
        }
        """ + CleanSend);

    [Fact]
    public Task Safe_every_call_of_the_helper_maps_its_own_block() => Case.Members("""
        static void Run(int fd)
        {
            for (byte i = 1; i < 100; i++)
            {
                byte* block = Map();
                if (block == null)
                    return;
                NativeMemory.Fill(block, 4096, i);
                Send(fd, block, 4096);
                Unmap(block);
            }
        }

        private static byte* Map()
        {
            void* block = mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return block == (void*)-1 ? null : (byte*)block;
        }

        private static void Unmap(void* block) => munmap(block, 4096);
        """ + CleanSend);

    [Fact]
    public Task Safe_the_wrapper_unmaps() => Case.Types("""
        internal readonly unsafe struct Mapping : IDisposable
        {
            public readonly byte* Start;
            private readonly nuint _length;

            public Mapping(nuint length)
            {
                _length = length;
                Start = (byte*)mmap(null, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (Start == (void*)-1)
                    throw new OutOfMemoryException();
            }

            public void Dispose() => munmap(Start, _length);
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                using Mapping mapping = new(4096);
                NativeMemory.Fill(mapping.Start, 4096, 1);
                iovec v = new() { iov_base = mapping.Start, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_the_stack_memory_is_above_a_method_that_never_returns() => Case.Members("""
        static void Run(int fd)
        {
            byte* line = stackalloc byte[256];
            new Span<byte>(line, 256).Fill((byte)'y');
            for (;;)
                Send(fd, line, 256);
        }
        """ + CleanSend);

    // ---- What async methods return

    private static Task Awaited(string await, string condition, string store) => Case.Types($$"""
        internal static class Program
        {
        static async Task Run(int fd)
        {
            nint page = {{await}};
            nint sent = await SendAsync(fd, page);
            if (sent {{condition}})
                {{store}};
        }

        private static async Task<nint> PageAsync()
        {
            await Task.Yield();
            return Page();
        }

        private static async ValueTask<nint> SendAsync(int fd, nint page)
        {
            await Task.Yield();
            return SendPage(fd, page);
        }

        private static unsafe nint Page() => (nint)NativeMemory.Alloc(4096);
        private static unsafe void Store(nint page) => *(byte*)page = 2;

        private static unsafe nint SendPage(int fd, nint page)
        {
            iovec v = new() { iov_base = (void*)page, iov_len = 4096 };
            return {{(store[0] == '{' ? "vmsplice(fd, &v, 1, 0)" : "{|SPL3001:vmsplice(fd, &v, 1, 0)|}")}};
        }
        }
        """);

    [Theory]
    [InlineData("await PageAsync()")]
    [InlineData("await PageAsync().ConfigureAwait(false)")]
    [InlineData("PageAsync().Result")]
    [InlineData("PageAsync().GetAwaiter().GetResult()")]
    [InlineData("PageAsync().ConfigureAwait(false).GetAwaiter().GetResult()")]
    [InlineData("await Task.FromResult(Page())")]
    [InlineData("await new ValueTask<nint>(Page())")]
    public Task The_buffer_comes_out_of_a_task(string await) => Awaited(await, "> 0", "{|SPL1001:Store(page)|}");

    [Theory]
    [InlineData("await PageAsync()")]
    [InlineData("PageAsync().GetAwaiter().GetResult()")]
    public Task Safe_the_task_says_that_nothing_was_sent(string await) => Awaited(await, "< 0", "Store(page)");

    // ---- Other types

    [Fact]
    public Task Delegates_of_many_types_are_not_followed_from_each_of_them() => Case.Types(string.Concat(Enumerable.Range(0, 60).Select(static i => $$"""
        internal static unsafe class Program{{i}}
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                Action send = () =>
                {
                    iovec v = new() { iov_base = p, iov_len = 4096 };
                    vmsplice(fd, &v, 1, 0);
                };
                Action[] others = [() => fd++, () => fd += 2, () => fd += 3, () => fd += 4, () => fd += 5, () => fd += 6, () => fd += 7];
                send();
                {|SPL1001:p[0] = 2|};
            }
        }

        """)));

    // ---- Type patterns

    private static Task Switched(string value, string label, string store) => Case.Members($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            Send(fd, p, 4096);
            var value = {{value}};
            switch (value)
            {
                {{label}}: break;
                default: {{store}}; break;
            }
        }
        """ + (store[0] == '{' ? Send : CleanSend));

    [Theory]
    [InlineData("(object)\"a\"", "case int")]
    [InlineData("fd == 3 ? (object)fd : \"a\"", "case int and > 2")]
    [InlineData("7", "case int and (< 5 or > 8)")]
    public Task The_value_may_be_of_another_type(string value, string label) => Switched(value, label, "{|SPL1001:p[0] = 2|}");

    [Theory]
    [InlineData("7", "case int and > 5 and not 8")]
    [InlineData("7", "case int")]
    [InlineData("\"a\"", "case string")]
    [InlineData("\"a\"", "case object")]
    public Task Safe_the_value_is_of_the_type(string value, string label) => Switched(value, label, "p[0] = 2");

    [Fact]
    public Task The_message_names_the_file_of_a_hand_off_that_is_elsewhere() => new AnalyzerTest<HandOffAnalyzer>
    {
        TestState =
        {
            Sources =
            {
                ("Pipes.cs", Prelude.Text + """
                    internal static unsafe class Pipes
                    {
                        internal static void Give(int fd, byte* p)
                        {
                            iovec v = new() { iov_base = p, iov_len = 4096 };
                            vmsplice(fd, &v, 1, 0);
                        }
                    }
                    """),
                ("Program.cs", Prelude.Usings + """
                    internal static unsafe class Program
                    {
                        private static void Run(int fd)
                        {
                            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                            Pipes.Give(fd, p);
                            {|#0:NativeMemory.AlignedFree(p)|};
                        }
                    }
                    """),
            },
            ExpectedDiagnostics =
            {
                Case.At(0, "SPL1003", $"'p' is freed while its pages are still in the pipe (vmsplice on line {Prelude.Text.Split('\n').Length + 5} of Pipes.cs); "
                    + "the next owner's bytes would be read instead. Use writev, or release it only after the reader has copied."),
            },
        },
    }.RunAsync(TestContext.Current.CancellationToken);

    private static Task ThroughPointer(string members, string call) => Case.Members(members + $$"""
        static void Fill(byte* p) => NativeMemory.Fill(p, 4096, 3);

        static int Sum(byte* p) => p[0] + p[4095];

        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            Fill(p);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({{(call.Contains("SPL1001") ? "vmsplice(fd, &v, 1, 0)" : "{|SPL3001:vmsplice(fd, &v, 1, 0)|}")}} <= 0)
                return;
            {{call}};
        }
        """);

    [Theory]
    [InlineData("delegate*<byte*, void> fill = &Fill; {|SPL1001:fill(p)|}")]
    [InlineData("{|SPL1001:Filler(p)|}")]
    [InlineData("{|SPL1001:Unknown(p)|}")]
    [InlineData("delegate*<byte*, int> sum = &Sum; _ = sum(p)")]
    public Task Called_through_a_function_pointer(string call) => ThroughPointer("""
        private static readonly delegate*<byte*, void> Filler = &Fill;

        private static delegate*<byte*, void> Unknown;

        """, call);
}
