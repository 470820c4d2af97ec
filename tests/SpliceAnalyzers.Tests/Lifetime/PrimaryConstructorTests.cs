using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Types that keep the parameters of their primary constructor, and what that passes on to the base type's.</summary>
public class PrimaryConstructorTests
{
    private static Task Verify(string types, string members) => Case.Types($$"""
        {{types}}

        internal static unsafe class Program
        {
            internal static byte* Pages(int count) => (byte*)NativeMemory.AlignedAlloc((nuint)count * 4096, 4096);

            internal static bool Send(int fd, nint start)
            {
                iovec vector = new() { iov_base = (void*)start, iov_len = 4096 };
                return vmsplice(fd, &vector, 1, 0) == 4096;
            }

        {{members}}
        }
        """);

    [Fact]
    public Task A_struct_keeps_what_its_methods_use() => Verify("""
        internal struct Block(nint start, int size)
        {
            public readonly nint Start => start;
            public readonly int Size { get; } = size;
            public unsafe void Put(byte value) => *(byte*)start = value;
            public void Move(int distance) => start += distance;
        }
        """, """
        static void Bad(int fd)
        {
            var block = new Block((nint)Pages(2), 4096);
            if (Send(fd, block.Start))
                {|SPL1001:block.Put(1)|};
        }

        static void BadCopy(int fd)
        {
            var block = new Block((nint)Pages(2), 4096);
            Block copy = block;
            block.Move(4096);
            if (Send(fd, copy.Start))
                {|SPL1001:copy.Put(1)|};
        }

        static void BadElement(int fd)
        {
            Block[] blocks = [new((nint)Pages(1), 1), new((nint)Pages(1), 2)];
            if (Send(fd, blocks[1].Start))
                {|SPL1001:blocks[1].Put(1)|};
        }

        static void Safe(int fd)
        {
            var block = new Block((nint)Pages(2), 4096);
            if (!Send(fd, block.Start))
                return;
            block.Move(block.Size);
            block.Put(1);
            Block[] blocks = [new((nint)Pages(1), 1), new((nint)Pages(1), 2)];
            if (Send(fd, blocks[1].Start))
                blocks[0].Put(1);
        }
        """);

    /// <summary>Nothing is kept of it, so two of them lie in an array as the kernel reads them.</summary>
    [Fact]
    public Task A_segment_that_only_initialises_its_fields() => Case.Types("""
        internal unsafe struct Segment(void* start, nuint length)
        {
            public void* Start = start;
            public nuint Length = length;
        }

        internal static unsafe class Program
        {
        private static byte* Pages(int count) => (byte*)NativeMemory.AlignedAlloc((nuint)count * 4096, 4096);

        static void Bad(int fd)
        {
            byte* one = Pages(1), other = Pages(1);
            Segment* segments = stackalloc Segment[] { new(one, 4096), new(other, 4096) };
            if (vmsplice(fd, (iovec*)segments, 2, 0) == 8192)
                {|SPL1001:other[0] = 1|};
        }

        static void Safe(int fd)
        {
            byte* one = Pages(1), other = Pages(1);
            Segment* segments = stackalloc Segment[] { new(one, 4096), new(other, 4096) };
            if ({|SPL3001:vmsplice(fd, (iovec*)segments, 1, 0)|} == 4096)
                other[0] = 1;
        }
        }
        """);

    [Fact]
    public Task What_is_passed_to_the_base_type() => Verify("""
        internal unsafe class Buffer(byte* start)
        {
            protected nint Start => (nint)start;
            public void Put(int at) => start[at] = 1;
        }

        internal sealed unsafe class Sender(int fd, int pages) : Buffer(Program.Pages(pages))
        {
            public bool Send() => Program.Send(fd, Start);
        }
        """, """
        static void Bad(int fd)
        {
            var sender = new Sender(fd, 2);
            if (sender.Send())
                {|SPL1001:sender.Put(0)|};
        }

        static void Safe(int fd)
        {
            var sender = new Sender(fd, 2);
            if (sender.Send())
                sender.Put(4096);
        }
        """);
}
