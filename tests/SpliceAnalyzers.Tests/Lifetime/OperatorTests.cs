using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Operators that the source declares, and patterns that take a buffer, or what holds one, apart.</summary>
public class OperatorTests
{
    private static Task Verify(string members) => Case.Types($$"""
        internal struct Length
        {
            private int _value;
            public static implicit operator Length(int value) => new Length { _value = value };
            public static explicit operator int(Length length) => length._value;
            public static Length operator +(Length one, Length other) => new Length { _value = one._value + other._value };
            public static Length operator -(Length length) => new Length { _value = -length._value };
            public static Length operator ++(Length length) => new Length { _value = length._value + 4096 };
            public static bool operator <(Length one, Length other) => one._value < other._value;
            public static bool operator >(Length one, Length other) => one._value > other._value;
        }

        internal abstract record Source(nint Start);
        internal sealed record Block(nint Start, int Size) : Source(Start);

        internal sealed class Part(nint start, int size)
        {
            public nint Start => start;
            public void Deconstruct(out nint first, out int length) => (first, length) = (start, size);
        }

        internal static unsafe class Program
        {
            private static byte* Pages(int count)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc((nuint)count * 4096, 4096);
                NativeMemory.Fill(pages, (nuint)count * 4096, 1);
                return pages;
            }

            private static bool Send(int fd, byte* start, int length)
            {
                iovec vector = new() { iov_base = start, iov_len = (nuint)length };
                return vmsplice(fd, &vector, 1, 0) == length;
            }

        {{members}}
        }
        """);

    [Fact]
    public Task Compound_assignment() => Verify("""
        static void Bad(int fd)
        {
            byte* pages = Pages(4);
            Length length = 4096;
            length += 4096;
            if (Send(fd, pages, (int)length))
                {|SPL1001:pages[8191] = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = Pages(4);
            Length length = 4096;
            length += 4096;
            if (Send(fd, pages, (int)length))
                pages[8192] = 1;
        }
        """);

    [Fact]
    public Task Increment() => Verify("""
        static void Bad(int fd)
        {
            byte* pages = Pages(4);
            Length length = 4096;
            Length before = length++;
            if (Send(fd, pages + (int)before, (int)length))
                {|SPL1001:pages[4096 + 8191] = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = Pages(4);
            Length length = 4096;
            Length before = length++;
            if (Send(fd, pages + (int)before, (int)length))
                pages[4095] = 1;
        }
        """);

    [Fact]
    public Task Unary() => Verify("""
        static void Bad(int fd)
        {
            byte* pages = Pages(2);
            Length back = -(Length)4096;
            if (Send(fd, pages + 4096 + (int)back, 4096))
                {|SPL1001:pages[0] = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = Pages(2);
            Length back = -(Length)4096;
            if (Send(fd, pages + 4096 + (int)back, 4096))
                pages[4096] = 1;
        }
        """);

    [Fact]
    public Task A_list_pattern_takes_a_slice() => Verify("""
        static void Bad(int fd)
        {
            byte* pages = Pages(2);
            Span<byte> all = new(pages, 8192);
            if (Send(fd, pages, 4096) && all is [_, .. var rest, _])
                {|SPL1001:rest[4094] = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = Pages(2);
            Span<byte> all = new(pages, 8192);
            if (Send(fd, pages, 4096) && all is [_, .. var rest, _])
                rest[4095] = 1;
        }
        """);

    [Fact]
    public Task A_list_pattern_tells_lengths_and_elements() => Verify("""
        static void Bad(int fd)
        {
            byte* pages = Pages(2);
            Span<int> lengths = stackalloc int[] { 100, 4096 };
            if (lengths is [100, var length] && Send(fd, pages, length))
                {|SPL1001:pages[4095] = 1|};
        }

        static void Safe(int fd)
        {
            byte* pages = Pages(2);
            Span<int> lengths = stackalloc int[] { 100, 4096 };
            if (lengths is [_, _, _] && Send(fd, pages, 4096))
                pages[4095] = 1;
            if (lengths is [.., var length] && Send(fd, pages, length))
                pages[4096] = 1;
        }
        """);

    [Fact]
    public Task Patterns_of_records() => Verify("""
        static void BadByProperty(int fd)
        {
            Source source = new Block((nint)Pages(1), 4096);
            if (source is Block { Size: > 100 and var size } && Send(fd, (byte*)source.Start, size))
                {|SPL1001:*(byte*)source.Start = 1|};
        }

        static void BadByPosition(int fd)
        {
            Source source = new Block((nint)Pages(1), 4096);
            switch (source)
            {
                case Block(var start, var size) when Send(fd, (byte*)start, size):
                    {|SPL1001:*(byte*)source.Start = 1|};
                    break;
            }
        }

        static void BadByMethod(int fd)
        {
            if (new Part((nint)Pages(1), 4096) is var (start, length) && Send(fd, (byte*)start, length))
                {|SPL1001:*(byte*)start = 1|};
        }

        static void Safe(int fd)
        {
            Source source = new Block((nint)Pages(2), 4096);
            if (source is Block(var start, 4096 and var size) && Send(fd, (byte*)start, size))
                *(byte*)(start + size) = 1;
            if (source is Block { Size: 8192 })
                *(byte*)source.Start = 1;
        }
        """);
}
