using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>What authors say of their methods with attributes of their own; only the names count.</summary>
public class PromiseTests
{
    private const string Attributes = """
        [AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
        internal sealed class LeavesInFlightAttribute : Attribute { }

        [AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter)]
        internal sealed class DrainedOnReturnAttribute : Attribute { }

        internal static unsafe class Native
        {
            [DllImport("zerocopy")] internal static extern int Queue([LeavesInFlight] byte* data, int length);
            [LeavesInFlight, DllImport("zerocopy")] internal static extern int QueueArray(byte[] data, int length);
            [DllImport("zerocopy")] internal static extern int Peek(byte* data, int length);
            [DrainedOnReturn, DllImport("zerocopy")] internal static extern int WaitForAll();
            [DllImport("zerocopy")] internal static extern int WaitFor([DrainedOnReturn] byte* data);
            [DllImport("zerocopy")] internal static extern int Wait(int milliseconds);
        }

        """ + "\n";

    private static Task Verify(string members) => Case.Types(Attributes + $$"""
        internal static unsafe class Program
        {
        {{members}}
        }
        """);

    [Fact]
    public Task A_callee_leaves_the_buffer_in_flight() => Verify("""
        static void Run()
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Native.Queue(p, 4096);
            {|SPL1001:p[0] = 2|};
            {|SPL1003:NativeMemory.Free(p)|};
        }
        """);

    [Fact]
    public Task A_method_leaves_all_it_is_given_in_flight() => Verify("""
        private static readonly byte[] Block = GC.AllocateArray<byte>(4096, pinned: true);

        static void Run()
        {
            Native.QueueArray(Block, 4096);
            {|SPL1001:Block[0] = 2|};
        }
        """);

    [Fact]
    public Task Safe_what_is_left_in_flight_is_not_touched() => Verify("""
        static void Run()
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            Native.Queue(p, 4096);
        }
        """);

    [Theory]
    [InlineData("Native.WaitForAll();")]
    [InlineData("Native.WaitFor(p);")]
    public Task Safe_a_method_says_that_all_is_drained(string wait) => Verify($$"""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            for (byte i = 0; i < 10; i++)
            {
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                {{wait}}
            }
            NativeMemory.Free(p);
        }
        """);

    [Fact]
    public Task A_method_that_says_nothing_drains_nothing() => Verify("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            Native.Wait(1000);
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task Another_buffer_was_drained() => Verify("""
        static void Run(int fd)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            byte* q = (byte*)NativeMemory.Alloc(4096);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
            Native.WaitFor(q);
            {|SPL1001:p[0] = 2|};
        }
        """);

    [Fact]
    public Task Safe_the_reader_s_answer_is_waited_for() => Verify("""
        static void Run(int fd, Stream replies)
        {
            byte* p = (byte*)NativeMemory.Alloc(4096);
            for (byte i = 0; i < 10; i++)
            {
                NativeMemory.Fill(p, 4096, i);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                WaitForReply(replies);
            }
        }

        [DrainedOnReturn]
        private static void WaitForReply(Stream replies) => replies.ReadByte();
        """);

    [Fact]
    public Task The_header_s_fix_up_is_suppressed() => Verify("""
        static void Run(int fd)
        {
            int* p = (int*)NativeMemory.AllocZeroed(4096);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            vmsplice(fd, &v, 1, 0);
        #pragma warning disable SPL1001
            p[0] = 2;
        #pragma warning restore SPL1001
        }
        """);
}
