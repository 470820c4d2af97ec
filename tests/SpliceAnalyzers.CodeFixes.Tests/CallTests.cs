using System.Threading.Tasks;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>One statement before and after, where every declaration is there already.</summary>
public class CallTests
{
    private const string Body = "/*body*/";

    private const string Program = """
        using System;
        using System.Runtime.InteropServices;

        [Flags]
        public enum SpliceFlags : uint { Move = 1, NonBlock = 2, More = 4, Gift = 8 }

        public unsafe struct iovec
        {
            public void* iov_base;
            public nuint iov_len;
        }

        public static unsafe class Native
        {
            public const uint SPLICE_F_NONBLOCK = 2;
            public const uint SPLICE_F_GIFT = 8;

            [DllImport("libc", SetLastError = true)]
            public static extern nint vmsplice(int fd, iovec* iov, nuint nr_segs, uint flags);

            [DllImport("libc", SetLastError = true, EntryPoint = "vmsplice")]
            public static extern nint VmspliceEnum(int fd, iovec* iov, nuint nr_segs, SpliceFlags flags);

            [DllImport("libc", SetLastError = true, EntryPoint = "vmsplice")]
            public static extern nint VmspliceDefault(int fd, iovec* iov, nuint nr_segs, uint flags = 0);

            [DllImport("libc", SetLastError = true)]
            public static extern nint writev(int fd, iovec* iov, int iovcnt);

            [DllImport("libc", SetLastError = true)]
            public static extern nint pwritev2(int fd, iovec* iov, int iovcnt, long offset, int flags);

            [DllImport("libc", SetLastError = true)]
            public static extern nint write(int fd, byte* buf, nuint count);
        }

        public static unsafe class Sender
        {
            private static uint Flags() => 0;

            public static void Run(int fd, byte* p, nuint n, int length, iovec* iovs, nuint count, uint flags, SpliceFlags named, bool gift)
            {
                iovec iov = new iovec { iov_base = p, iov_len = n };
                nint sent = 0;
                /*body*/
                Console.WriteLine((sent, (nint)iov.iov_base, iov.iov_len));
            }
        }
        """;

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, 0);", "sent = Native.writev(fd, &iov, 1);")]
    [InlineData("Native.vmsplice(fd, &iov, 1, 0);", "Native.writev(fd, &iov, 1);")]
    [InlineData("sent += Native.vmsplice(fd, iovs, count, 0);", "sent += Native.writev(fd, iovs, (int)count);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, (nuint)length, 0);", "sent = Native.writev(fd, iovs, length);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, (nuint)(length - 1), 0);", "sent = Native.writev(fd, iovs, length - 1);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, (nuint)(byte)length, 0);", "sent = Native.writev(fd, iovs, (byte)length);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, count + 1, 0);", "sent = Native.writev(fd, iovs, (int)(count + 1));")]
    [InlineData("sent = Native.vmsplice(fd, iovs + 1, count, 0);", "sent = Native.writev(fd, iovs + 1, (int)count);")]
    public Task The_count_becomes_an_int(string before, string after) => WritevAsync(before, after);

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, Native.SPLICE_F_GIFT);", "sent = Native.writev(fd, &iov, 1);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, 8 | 4);", "sent = Native.writev(fd, &iov, 1);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, gift ? Native.SPLICE_F_GIFT : 0);", "sent = Native.writev(fd, &iov, 1);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, flags & 8);", "sent = Native.pwritev2(fd, &iov, 1, -1, ((flags & 8) & Native.SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    [InlineData("sent = Native.VmspliceEnum(fd, &iov, 1, SpliceFlags.Gift | SpliceFlags.More);", "sent = Native.writev(fd, &iov, 1);")]
    [InlineData("sent = Native.VmspliceDefault(fd, &iov, 1);", "sent = Native.writev(fd, &iov, 1);")]
    public Task Flags_that_cannot_ask_for_no_waiting_go(string before, string after) => WritevAsync(before, after);

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, Native.SPLICE_F_NONBLOCK);", "sent = Native.pwritev2(fd, &iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, 2 | Native.SPLICE_F_GIFT);", "sent = Native.pwritev2(fd, &iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("sent = Native.VmspliceEnum(fd, &iov, 1, SpliceFlags.NonBlock);", "sent = Native.pwritev2(fd, &iov, 1, -1, 8 /* RWF_NOWAIT */);")]
    [InlineData("sent = Native.vmsplice(fd, iov: &iov, nr_segs: 1, flags: 2);", "sent = Native.pwritev2(fd, iov: &iov, iovcnt: 1, offset: -1, flags: 8 /* RWF_NOWAIT */);")]
    public Task Flags_that_ask_for_no_waiting_become_RWF_NOWAIT(string before, string after) => WritevAsync(before, after);

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, flags);", "sent = Native.pwritev2(fd, &iov, 1, -1, (flags & Native.SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, Flags());", "sent = Native.pwritev2(fd, &iov, 1, -1, (Flags() & Native.SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    [InlineData("sent = Native.VmspliceEnum(fd, &iov, 1, named);", "sent = Native.pwritev2(fd, &iov, 1, -1, ((uint)named & Native.SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, gift ? 2u : 0);", "sent = Native.pwritev2(fd, &iov, 1, -1, ((gift ? 2u : 0) & Native.SPLICE_F_NONBLOCK) != 0 ? 8 /* RWF_NOWAIT */ : 0);")]
    public Task Flags_that_only_running_would_tell_decide_then(string before, string after) => WritevAsync(before, after);

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, /* a gift */ 8);", "sent = Native.writev(fd, &iov, 1 /* a gift */);")]
    [InlineData("sent = Native.vmsplice(fd /* the pipe */, /* all */ &iov, 1, 0);", "sent = Native.writev(fd /* the pipe */, /* all */ &iov, 1);")]
    [InlineData("sent = Native.vmsplice(flags: 8, fd: fd, iov: &iov, nr_segs: 1);", "sent = Native.writev(fd: fd, iov: &iov, iovcnt: 1);")]
    [InlineData("sent = Native.vmsplice(\n            fd,\n            &iov,\n            1, // one\n            8); // gift", "sent = Native.writev(\n            fd,\n            &iov,\n            1 // one\n            ); // gift")]
    public Task Comments_and_names_of_arguments_stay(string before, string after) => WritevAsync(before, after);

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, 0);", "sent = Native.write(fd, (byte*)iov.iov_base, iov.iov_len);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, 1, 0);", "sent = Native.write(fd, (byte*)iovs->iov_base, iovs->iov_len);")]
    [InlineData("sent = Native.vmsplice(fd, &iovs[2], 1, 0);", "sent = Native.write(fd, (byte*)iovs[2].iov_base, iovs[2].iov_len);")]
    [InlineData("sent = Native.vmsplice(fd, iovs + 1, 1, 0);", "sent = Native.write(fd, (byte*)(iovs + 1)->iov_base, (iovs + 1)->iov_len);")]
    [InlineData("sent = Native.vmsplice(fd, (iovec*)(void*)&iov, 1, 0);", "sent = Native.write(fd, (byte*)iov.iov_base, iov.iov_len);")]
    [InlineData("iovec one; one.iov_base = p; one.iov_len = n; sent = Native.vmsplice(fd, &one, 1, 0);", "sent = Native.write(fd, p, n);")]
    [InlineData("iovec one = new() { iov_base = p, iov_len = (nuint)length }; sent = Native.vmsplice(fd, &one, 1, 0);", "sent = Native.write(fd, p, (nuint)length);")]
    [InlineData("iovec* one = stackalloc iovec[1]; one->iov_base = p + 1; one->iov_len = n - 1; sent = Native.vmsplice(fd, one, 1, 0);", "sent = Native.write(fd, p + 1, n - 1);")]
    [InlineData("iovec* one = stackalloc[] { new iovec { iov_base = p, iov_len = n } }; sent = Native.vmsplice(fd, one, 1, 0);", "sent = Native.write(fd, p, n);")]
    [InlineData("iovec* one = stackalloc iovec[1]; one[0] = new iovec { iov_base = p, iov_len = n }; if (Native.vmsplice(fd, one, 1, 0) < 0) sent--;", "if (Native.write(fd, p, n) < 0) sent--;")]
    public Task A_known_segment_is_written(string before, string after) => Verify.FixAsync(FixTitles.UseWrite, In(before), In(after));

    [Theory]
    [InlineData("sent = Native.vmsplice(fd, iovs, count, 0);")]
    [InlineData("sent = Native.vmsplice(fd, iovs, 2, 0);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, 2);")]
    [InlineData("sent = Native.vmsplice(fd, &iov, 1, flags);")]
    [InlineData("sent = Native.vmsplice(fd, iovs++, 1, 0);")]
    public Task Write_is_not_offered_for_what_only_writev_can_do(string statement) => Verify.NotOfferedAsync(FixTitles.UseWrite, In(statement));

    private static Task WritevAsync(string before, string after) => Verify.FixAsync(FixTitles.UseWritev, In(before), In(after));

    private static string In(string body) => Program.Replace(Body, body);
}
