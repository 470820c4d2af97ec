using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Addresses that are kept in values: nullable ones, structs in structs, slots that are exchanged, combined delegates, elements by reference.</summary>
public class ValueTests
{
    private static Task Verify(string members) => Case.Types($$"""
        internal record struct Chunk(nint Start, int Length);
        internal struct Pair<T> { public T One, Other; }

        internal static unsafe class Program
        {
            private static nint Pages(int count)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc((nuint)count * 4096, 4096);
                NativeMemory.Fill(pages, (nuint)count * 4096, 1);
                return (nint)pages;
            }

            private static bool Send(int fd, nint start)
            {
                iovec vector = new() { iov_base = (void*)start, iov_len = 4096 };
                return vmsplice(fd, &vector, 1, 0) == 4096;
            }

        {{members}}
        }
        """);

    [Fact]
    public Task A_nullable_struct() => Verify("""
        static Chunk? Find(bool isThere) => isThere ? new Chunk(Pages(2), 8192) : null;

        static void BadByValue(int fd, bool isThere)
        {
            Chunk? chunk = Find(isThere);
            if (chunk.HasValue && Send(fd, chunk.Value.Start))
                {|SPL1001:*(byte*)chunk.Value.Start = 1|};
        }

        static void BadByPattern(int fd, bool isThere)
        {
            if (Find(isThere) is { } chunk && Send(fd, chunk.Start))
                {|SPL1001:*(byte*)chunk.Start = 1|};
        }

        static void BadByDefault(int fd, bool isThere)
        {
            Chunk chunk = Find(isThere) ?? new Chunk(Pages(1), 4096);
            if (Send(fd, chunk.Start))
                {|SPL1001:*(byte*)chunk.Start = 1|};
        }

        static void Safe(int fd, bool isThere)
        {
            Chunk? chunk = Find(isThere);
            if (chunk is not { } found || !Send(fd, found.Start))
                return;
            *(byte*)(found.Start + 4096) = 1;
            chunk = null;
            if (chunk != null)
                *(byte*)found.Start = 1;
        }
        """);

    [Fact]
    public Task A_nullable_address() => Verify("""
        static void Bad(int fd, bool isThere)
        {
            nint? start = isThere ? Pages(2) : null;
            if (start.HasValue && Send(fd, start.Value))
                {|SPL1001:*(byte*)start.Value = 1|};
        }

        static void Safe(int fd, bool isThere)
        {
            nint? start = isThere ? Pages(2) : null;
            if (start is { } address && Send(fd, address))
                *(byte*)(address + 4096) = 1;
        }
        """);

    [Fact]
    public Task Structs_in_structs() => Verify("""
        static void BadTuple(int fd)
        {
            (nint First, (nint Start, int Length) Next) parts = (Pages(1), (Pages(1), 4096));
            if (Send(fd, parts.Next.Start))
                {|SPL1001:*(byte*)parts.Next.Start = 1|};
        }

        static void BadPair(int fd)
        {
            Pair<Pair<nint>> pairs = default;
            pairs.Other.One = Pages(1);
            if (Send(fd, pairs.Other.One))
                {|SPL1001:*(byte*)pairs.Other.One = 1|};
        }

        static void Safe(int fd)
        {
            (nint First, (nint Start, int Length) Next) parts = (Pages(1), (Pages(1), 4096));
            if (Send(fd, parts.Next.Start))
                *(byte*)parts.First = 1;
            Pair<Pair<nint>> pairs = default;
            pairs.One.One = Pages(1);
            pairs.Other.One = Pages(1);
            if (Send(fd, pairs.Other.One))
                *(byte*)pairs.One.One = 1;
        }
        """);

    [Fact]
    public Task A_slot_is_exchanged() => Verify("""
        static void Bad(int fd)
        {
            nint slot = Pages(1);
            nint taken = Interlocked.Exchange(ref slot, 0);
            if (!Send(fd, taken))
                return;
            if (Interlocked.CompareExchange(ref slot, taken, 0) == 0)
                {|SPL1001:*(byte*)Volatile.Read(ref slot) = 1|};
        }

        static void Safe(int fd)
        {
            nint slot = Pages(1);
            nint taken = Interlocked.Exchange(ref slot, Pages(1));
            if (Send(fd, taken))
                *(byte*)slot = 1;
        }
        """);

    /// <summary>The counter says which of the pages it is.</summary>
    [Fact]
    public Task A_counter_is_added_to() => Verify("""
        static void Bad(int fd)
        {
            nint pages = Pages(2);
            int next = -1;
            if (!Send(fd, pages + 4096 * Interlocked.Increment(ref next)))
                return;
            Interlocked.Add(ref next, 1);
            {|SPL1001:*(byte*)(pages + 4096 * Interlocked.Decrement(ref next)) = 1|};
        }

        static void Safe(int fd)
        {
            nint pages = Pages(2);
            int next = -1;
            if (Send(fd, pages + 4096 * Interlocked.Increment(ref next)))
                *(byte*)(pages + 4096 * Interlocked.Increment(ref next)) = 1;
        }
        """);

    [Fact]
    public Task Delegates_are_combined() => Verify("""
        static void Bad(int fd)
        {
            byte* page = (byte*)Pages(1);
            Action<int>? done = null;
            done += static _ => { };
            done += at => page[at] = 1;
            if (Send(fd, (nint)page))
                {|SPL1001:done(3)|};
        }

        static void Safe(int fd)
        {
            byte* pages = (byte*)Pages(2);
            Action<int>? done = null;
            done += static _ => { };
            done += at => pages[at + 4096] = 1;
            if (Send(fd, (nint)pages))
                done(3);
        }
        """);

    [Fact]
    public Task Elements_by_reference() => Verify("""
        static void Bad(int fd)
        {
            byte* page = (byte*)Pages(1);
            if (!Send(fd, (nint)page))
                return;
            foreach (ref byte each in new Span<byte>(page, 16))
                {|SPL1001:each = 1|};
        }

        static void BadAtTheEnd(int fd)
        {
            byte* pages = (byte*)Pages(2);
            if (!Send(fd, (nint)pages + 4096))
                return;
            foreach (ref byte each in new Span<byte>(pages + 4090, 8))
                {|SPL1001:each = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = (byte*)Pages(2);
            if (!Send(fd, (nint)pages + 4096))
                return;
            foreach (ref byte each in new Span<byte>(pages + 4090, 6))
                each = 1;
        }
        """);

    [Fact]
    public Task Each_of_several_buffers() => Verify("""
        static void Bad(int fd)
        {
            nint[] all = [Pages(1), Pages(1), Pages(1)];
            foreach (nint each in all)
            {
                if (!Send(fd, each))
                    return;
            }

            {|SPL1001:*(byte*)all[2] = 1|};
        }

        static void Safe(int fd)
        {
            nint[] all = [Pages(1), Pages(1), Pages(1)];
            foreach (nint each in all)
            {
                *(byte*)each = 1;
                if (!Send(fd, each))
                    return;
            }
        }
        """);

    [Fact]
    public Task A_reference_to_one_of_two() => Verify("""
        static void Bad(int fd, bool first)
        {
            byte* one = (byte*)Pages(1), other = (byte*)Pages(1);
            ref byte chosen = ref first ? ref *one : ref *other;
            if (Send(fd, (nint)one))
                {|SPL1001:chosen = 1|};
        }

        static void Safe(int fd, bool first)
        {
            byte* one = (byte*)Pages(1), other = (byte*)Pages(1), third = (byte*)Pages(1);
            ref byte chosen = ref first ? ref *one : ref *other;
            if (Send(fd, (nint)third))
                chosen = 1;
        }
        """);

    [Fact]
    public Task A_field_that_is_a_reference() => Case.Types("""
        internal unsafe ref struct View
        {
            private ref byte _first;
            private readonly int _length;

            public View(byte* start, int length)
            {
                _first = ref *start;
                _length = length;
            }

            public void Set(int at, byte value) => Unsafe.Add(ref _first, at) = value;
            public Span<byte> Bytes => MemoryMarshal.CreateSpan(ref _first, _length);
        }

        internal static unsafe class Program
        {
            private static bool Send(int fd, byte* start)
            {
                iovec vector = new() { iov_base = start, iov_len = 4096 };
                return vmsplice(fd, &vector, 1, 0) == 4096;
            }

            static void BadByMethod(int fd)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
                var view = new View(pages, 8192);
                if (Send(fd, pages))
                    {|SPL1001:view.Set(3, 1)|};
            }

            static void BadBySpan(int fd)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
                var view = new View(pages, 8192);
                if (Send(fd, pages))
                    {|SPL1001:view.Bytes[3] = 1|};
            }

            static void Safe(int fd)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
                var view = new View(pages, 8192);
                if (!Send(fd, pages))
                    return;
                view.Set(4096, 1);
                view.Bytes[4097] = 1;
            }
        }
        """);

    [Fact]
    public Task A_memory_manager_of_the_source() => Case.Types("""
        internal sealed unsafe class Manager : MemoryManager<byte>
        {
            private readonly byte* _page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            public override Span<byte> GetSpan() => new(_page, 4096);
            public override MemoryHandle Pin(int elementIndex = 0) => new(_page + elementIndex);
            public override void Unpin() { }
            protected override void Dispose(bool disposing) => NativeMemory.AlignedFree(_page);
        }

        internal static unsafe class Program
        {
            private static void Send(int fd, Span<byte> bytes)
            {
                fixed (byte* start = bytes)
                {
                    iovec vector = new() { iov_base = start, iov_len = (nuint)bytes.Length };
                    vmsplice(fd, &vector, 1, 0);
                }
            }

            static void BadStore(int fd)
            {
                var manager = new Manager();
                Send(fd, manager.GetSpan());
                {|SPL1001:manager.Memory.Span[3] = 1|};
            }

            static void BadDispose(int fd)
            {
                using IMemoryOwner<byte> {|SPL1003:owner|} = new Manager();
                Send(fd, owner.Memory.Span);
            }

            static void Safe(int fd)
            {
                var manager = new Manager();
                manager.Memory.Span[3] = 1;
                Send(fd, manager.Memory.Span);
            }
        }
        """);
}
