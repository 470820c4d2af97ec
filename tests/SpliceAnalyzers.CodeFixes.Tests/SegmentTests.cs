using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>When the iovec goes, when it stays, and what then becomes of its members.</summary>
public class SegmentTests
{
    private const string Body = "/*body*/";

    private const string Program = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public record struct Segment(nint Base, nuint Length);

        public unsafe struct Made
        {
            private void* start;
            private nuint length;

            public Made(void* start, int length)
            {
                this.start = start;
                this.length = (nuint)length;
            }
        }

        public unsafe class Sender
        {
            private iovec field;
            private byte[] array = new byte[4096];
            private readonly int pipe = 1;

            [DllImport("libc", EntryPoint = "vmsplice")] public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] public static extern nint vmsplice(int fd, in iovec iov, nuint nr_segs, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] public static extern nint vmsplice(int fd, iovec[] iov, nuint nr_segs, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] public static extern nint vmsplice(int fd, ref Segment iov, nuint nr_segs, uint flags);
            [DllImport("libc", EntryPoint = "vmsplice")] public static extern nint vmsplice(int fd, Made* iov, nuint nr_segs, uint flags);
            [DllImport("libc", EntryPoint = "write")] public static extern nint write(int fd, void* buf, nuint count);
            [DllImport("libc", EntryPoint = "write")] public static extern nint write(int fd, nint buf, nuint count);

            private static byte* Next() => null;

            public void Run(int fd, byte* p, nuint n, int length, Span<byte> span)
            {
                /*body*/
            }
        }
        """;

    [Fact]
    public Task A_loop_that_fills_it_anew_passes_the_values() => WriteAsync(
        """
        nuint done = 0;
        iovec iov;
        while (done < n)
        {
            iov.iov_base = p + done;
            iov.iov_len = n - done;
            nint sent = vmsplice(fd, &iov, 1, 0);
            if (sent <= 0)
                break;
            done += (nuint)sent;
        }
        """,
        """
        nuint done = 0;
        while (done < n)
        {
            nint sent = write(fd, p + done, n - done);
            if (sent <= 0)
                break;
            done += (nuint)sent;
        }
        """);

    [Fact]
    public Task A_retry_that_advances_it_reads_its_members() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        while (iov.iov_len > 0)
        {
            nint sent = vmsplice(fd, &iov, 1, 0);
            if (sent < 0)
                break;
            iov.iov_base = (byte*)iov.iov_base + sent;
            iov.iov_len -= (nuint)sent;
        }
        """,
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        while (iov.iov_len > 0)
        {
            nint sent = write(fd, iov.iov_base, iov.iov_len);
            if (sent < 0)
                break;
            iov.iov_base = (byte*)iov.iov_base + sent;
            iov.iov_len -= (nuint)sent;
        }
        """);

    [Fact]
    public Task One_filled_before_a_loop_reads_its_members() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        for (int i = 0; i < length; i++)
            vmsplice(fd, &iov, 1, 0);
        """,
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        for (int i = 0; i < length; i++)
            write(fd, iov.iov_base, iov.iov_len);
        """);

    [Fact]
    public Task A_label_to_jump_back_to_keeps_it() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        again:
        nint sent = vmsplice(fd, &iov, 1, 0);
        p++;
        if (sent < 0)
            goto again;
        """,
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        again:
        nint sent = write(fd, iov.iov_base, iov.iov_len);
        p++;
        if (sent < 0)
            goto again;
        """);

    [Fact]
    public Task A_variable_that_changes_on_the_way_keeps_it() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        p += n;
        vmsplice(fd, &iov, 1, 0);
        """,
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        p += n;
        write(fd, iov.iov_base, iov.iov_len);
        """);

    [Fact]
    public Task A_variable_whose_address_is_out_keeps_it() => WriteAsync(
        """
        int* alias = &length;
        var iov = new iovec { iov_base = p, iov_len = (nuint)length };
        *alias = 0;
        vmsplice(fd, &iov, 1, 0);
        """,
        """
        int* alias = &length;
        var iov = new iovec { iov_base = p, iov_len = (nuint)length };
        *alias = 0;
        write(fd, iov.iov_base, iov.iov_len);
        """);

    [Fact]
    public Task Statements_on_the_way_that_change_nothing_do_not_matter() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        Console.WriteLine("sending");

        if (length > 0)
        {
            vmsplice(fd, &iov, 1, 0);
        }
        """,
        """
        Console.WriteLine("sending");

        if (length > 0)
        {
            write(fd, p, n);
        }
        """);

    [Fact]
    public Task A_base_that_is_computed_moves_only_if_nothing_stands_between() => WriteAsync(
        """
        var iov = new iovec { iov_base = Next(), iov_len = (nuint)array.Length };
        nint sent = vmsplice(pipe, &iov, 1, 0);
        """,
        """
        nint sent = write(pipe, Next(), (nuint)array.Length);
        """);

    [Fact]
    public Task A_base_that_is_computed_stays_if_something_stands_between() => WriteAsync(
        """
        var iov = new iovec { iov_base = Next(), iov_len = n };
        Next();
        nint sent = vmsplice(pipe, &iov, 1, 0);
        """,
        """
        var iov = new iovec { iov_base = Next(), iov_len = n };
        Next();
        nint sent = write(pipe, iov.iov_base, iov.iov_len);
        """);

    [Fact]
    public Task A_later_look_at_it_keeps_it() => WriteAsync(
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        if (vmsplice(fd, &iov, 1, 0) != (nint)iov.iov_len)
            throw new InvalidOperationException();
        """,
        """
        var iov = new iovec { iov_base = p, iov_len = n };
        if (write(fd, iov.iov_base, iov.iov_len) != (nint)iov.iov_len)
            throw new InvalidOperationException();
        """);

    [Fact]
    public Task One_of_two_declared_together_stays() => WriteAsync(
        """
        iovec iov, other;
        iov.iov_base = p;
        iov.iov_len = n;
        vmsplice(fd, &iov, 1, 0);
        """,
        """
        iovec iov, other;
        iov.iov_base = p;
        iov.iov_len = n;
        write(fd, iov.iov_base, iov.iov_len);
        """);

    [Fact]
    public Task A_field_is_read() => WriteAsync(
        """
        field.iov_base = p;
        field.iov_len = n;
        vmsplice(fd, in field, 1, 0);
        """,
        """
        field.iov_base = p;
        field.iov_len = n;
        write(fd, field.iov_base, field.iov_len);
        """);

    [Fact]
    public Task An_argument_made_in_place_passes_its_values() => WriteAsync(
        """
        vmsplice(fd, new[] { new iovec { iov_base = p, iov_len = n } }, 1, 0);
        """,
        """
        write(fd, p, n);
        """);

    [Fact]
    public Task A_collection_expression_passes_its_values() => WriteAsync(
        """
        iovec[] iovs = [new iovec { iov_base = p, iov_len = n }];
        vmsplice(fd, iovs, 1, 0);
        """,
        """
        write(fd, p, n);
        """);

    [Theory]
    [InlineData("iovec[] iovs = { new iovec { iov_base = p, iov_len = n } };")]
    [InlineData("var iovs = new[] { new iovec { iov_base = p, iov_len = n } };")]
    [InlineData("var iovs = new iovec[1]; iovs[0].iov_base = p; iovs[0].iov_len = n;")]
    public Task An_array_of_one_tells_its_length(string array) => WriteAsync(
        $$"""
        {{array}}
        vmsplice(fd, iovs, (nuint)iovs.Length, 0);
        """,
        """
        write(fd, p, n);
        """);

    [Theory]
    [InlineData("iovec[] iovs = { default, new iovec { iov_base = p, iov_len = n } };")]
    [InlineData("var iovs = new iovec[length];")]
    [InlineData("var iovs = new iovec[1]; if (length > 1) iovs = new iovec[2];")]
    public Task An_array_of_more_stays_with_writev(string array) => Verify.NotOfferedAsync(
        FixTitles.UseWrite,
        In($$"""
        {{array}}
        vmsplice(fd, iovs, (nuint)iovs.Length, 0);
        """));

    [Fact]
    public Task A_positional_record_passes_its_arguments() => WriteAsync(
        """
        var segment = new Segment((nint)p, n);
        vmsplice(fd, ref segment, 1, 0);
        """,
        """
        write(fd, p, n);
        """);

    [Fact]
    public Task A_constructor_passes_its_arguments() => WriteAsync(
        """
        var made = new Made(p, length);
        vmsplice(fd, &made, 1, 0);
        """,
        """
        write(fd, p, (nuint)length);
        """);

    [Fact]
    public Task A_pinned_array_of_segments_reads_its_first() => WriteAsync(
        """
        var iovs = new iovec[1];
        iovs[0] = new iovec { iov_base = p, iov_len = n };
        fixed (iovec* first = iovs)
            vmsplice(fd, first, 1, 0);
        """,
        """
        var iovs = new iovec[1];
        iovs[0] = new iovec { iov_base = p, iov_len = n };
        fixed (iovec* first = iovs)
            write(fd, first->iov_base, first->iov_len);
        """);

    [Fact]
    public Task Comments_inside_and_around_stay() => WriteAsync(
        """
        // what to send
        var iov = new iovec
        {
            iov_base = p, // the page
            iov_len = n /* all of it */ + 0,
        };

        // send it
        vmsplice(fd, &iov, 1, 0); // by reference
        """,
        """
        // what to send
        // the page

        // send it
        write(fd, p, n /* all of it */ + 0); // by reference
        """);

    [Fact]
    public Task Directives_inside_keep_it() => WriteAsync(
        """
        var iov = new iovec
        {
            iov_base = p,
        #if HALF
            iov_len = n / 2,
        #else
            iov_len = n,
        #endif
        };
        vmsplice(fd, &iov, 1, 0);
        """,
        """
        var iov = new iovec
        {
            iov_base = p,
        #if HALF
            iov_len = n / 2,
        #else
            iov_len = n,
        #endif
        };
        write(fd, iov.iov_base, iov.iov_len);
        """);

    [Theory]
    [InlineData(FixTitles.UseWrite)]
    [InlineData(FixTitles.UseWritev)]
    public Task A_call_that_differs_by_directive_is_left_alone(string title) => Verify.NotOfferedAsync(
        title,
        In("""
        iovec iov = default;
        vmsplice(fd, &iov, 1,
        #if GIFT
            8);
        #else
            0);
        #endif
        """));

    private static Task WriteAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWrite, In(before), In(after));

    private static string In(string body) => Program.Replace(Body, body.Replace("\n", "\n        ").Replace("\n        \n", "\n\n").Replace("        #", "#"));
}
