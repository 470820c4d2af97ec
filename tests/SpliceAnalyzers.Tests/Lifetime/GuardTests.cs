using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Conditions that only some lengths pass: what is behind them runs for callers that know that.</summary>
public class GuardTests
{
    private static Task Verify(string members) => Case.Members($$"""
        private static void Send(int fd, byte* start, int length)
        {
            iovec vector = new() { iov_base = start, iov_len = (nuint)length };
            vmsplice(fd, &vector, 1, 0);
        }

        {{members}}
        """);

    [Theory]
    [InlineData("length != 4096")]
    [InlineData("length % 4096 != 0")]
    [InlineData("(length & 4095) != 0")]
    [InlineData("length % Environment.SystemPageSize != 0")]
    [InlineData("length < 65536")]
    [InlineData("length is not 8192")]
    [InlineData("length is < 100_000")]
    [InlineData("(length & (length - 1)) != 0")]
    [InlineData("length == 0 || length % 4096 != 0 || length > 1 << 20")]
    [InlineData("length / 4096 * 4096 != length")]
    public Task A_length(string condition) => Verify($$"""
        static void Bad(int fd, byte* page, int length)
        {
            if ({{condition}})
                throw new ArgumentException();
            Send(fd, page, length);
            {|SPL1001:page[0] = 1|};
        }

        static void Safe(int fd, byte* page, int length)
        {
            if ({{condition}})
                throw new ArgumentException();
            page[0] = 1;
            Send(fd, page, length);
        }
        """);

    [Theory]
    [InlineData("data.Length % 4096 != 0")]
    [InlineData("data.Length < 65536")]
    public Task The_length_of_an_array(string condition) => Verify($$"""
        static void Bad(int fd, byte[] data)
        {
            if ({{condition}})
                return;
            fixed (byte* page = data)
            {
                {|SPL1004:Send(fd, page, data.Length)|};
                {|SPL1001:page[0] = 1|};
            }
        }

        static void Safe(int fd, byte[] data)
        {
            if ({{condition}})
                return;
            byte* page = (byte*)NativeMemory.Alloc((nuint)data.Length);
            data.CopyTo(new Span<byte>(page, data.Length));
            Send(fd, page, data.Length);
        }
        """);

    [Fact]
    public Task By_way_of_variables_and_methods() => Verify("""
        private static readonly int PageSize = Environment.SystemPageSize;

        private static bool IsAligned(int value) => (value & (PageSize - 1)) == 0;

        static void BadByVariable(int fd, byte[] data)
        {
            int length = data.Length, mask = PageSize - 1;
            if ((length & mask) != 0)
                return;
            fixed (byte* page = data)
            {
                {|SPL1004:Send(fd, page, length)|};
                {|SPL1001:page[0] = 1|};
            }
        }

        static void BadByMethod(int fd, byte* page, int length)
        {
            if (!IsAligned(length))
                return;
            Send(fd, page, length);
            {|SPL1001:page[0] = 1|};
        }

        static void BadBySwitch(int fd, byte* page, int length)
        {
            switch (length)
            {
                case 16384:
                    Send(fd, page, length);
                    {|SPL1001:page[16383] = 1|};
                    break;
            }
        }
        """);

    /// <summary>Behind the comparison the value is known, so the second page was not handed off.</summary>
    [Theory]
    [InlineData("if (k != 4096) return;")]
    [InlineData("if (!(k == 4096)) return;")]
    [InlineData("if ((long)k != 4096) return;")]
    public Task A_value_that_was_compared(string condition) => Verify($$"""
        static void Bad(int fd, byte* page, int k)
        {
            {{condition}}
            Send(fd, page, k);
            {|SPL1001:page[4095] = 1|};
        }

        static void Safe(int fd, int k)
        {
            byte* page = (byte*)NativeMemory.AlignedAlloc(8192, 4096);
            {{condition}}
            Send(fd, page, k);
            page[4096] = 1;
        }
        """);

    [Fact]
    public Task The_page_size_as_the_system_tells_it() => Verify("""
        [DllImport("libc")] private static extern int getpagesize();
        [DllImport("libc")] private static extern nint sysconf(int name);

        static void Bad(int fd)
        {
            nuint size = (nuint)sysconf(30);
            byte* pages = (byte*)NativeMemory.AlignedAlloc(2 * size, size);
            Send(fd, pages, getpagesize());
            {|SPL1001:pages[size - 1] = 1|};
        }

        static void Safe(int fd)
        {
            nuint size = (nuint)sysconf(30);
            byte* pages = (byte*)NativeMemory.AlignedAlloc(2 * size, size);
            Send(fd, pages, getpagesize());
            pages[size] = 1;
        }
        """);
}
