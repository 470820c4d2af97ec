using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Flag has no effect here, or is rejected.</summary>
public class SPL2004Tests
{
    [Theory]
    [InlineData("Use({|SPL2004:splice(fd, null, other, null, len, SPLICE_F_GIFT)|});")]
    [InlineData("Use({|SPL2004:splice(fd, null, other, null, len, SPLICE_F_MOVE | SPLICE_F_GIFT)|});")]
    [InlineData("Use({|SPL2004:tee(fd, other, len, SPLICE_F_MOVE)|});")]
    [InlineData("Use({|SPL2004:tee(fd, other, len, SPLICE_F_MORE)|});")]
    [InlineData("Use({|SPL2004:tee(fd, other, len, SPLICE_F_GIFT)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, SPLICE_F_MOVE)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, SPLICE_F_GIFT | SPLICE_F_MORE)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, 1)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, 0x10)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, unchecked((uint)-1))|});")]
    [InlineData("Use({|SPL2004:vmspliceHandle(handle, *iov, 1, SpliceFlags.Gift | SpliceFlags.More)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, b ? SPLICE_F_MORE : 0)|});")]
    [InlineData("Use({|SPL2004:vmsplice(fd, iov, 1, flags | SPLICE_F_MORE)|});")]
    [InlineData("uint f = SPLICE_F_MORE; Use({|SPL2004:vmsplice(fd, iov, 1, f)|});")]
    [InlineData("uint f = 0; if (b) f = SPLICE_F_MOVE; Use({|SPL2004:tee(fd, other, len, f)|});")]
    public Task Flags_that_do_nothing(string body) => CallRules.VerifyAsync(body);

    [Theory]
    [InlineData("Use(splice(fd, null, other, null, len, SPLICE_F_MOVE | SPLICE_F_MORE | SPLICE_F_NONBLOCK));")]
    [InlineData("Use(tee(fd, other, len, SPLICE_F_NONBLOCK));")]
    [InlineData("Use(vmsplice(fd, iov, 1, SPLICE_F_GIFT | SPLICE_F_NONBLOCK));")]
    [InlineData("Use(vmspliceHandle(handle, *iov, 1, SpliceFlags.Gift));")]
    [InlineData("Use(vmsplice(fd, iov, 1, 0));")]
    [InlineData("Use(vmsplice(fd, iov, 1, flags));")]
    [InlineData("Use(vmsplice(fd, iov, 1, flags & SPLICE_F_MORE));")]
    [InlineData("Use(sendfile(fd, other, null, 4));")]
    public Task Flags_that_do_something(string body) => CallRules.VerifyAsync(body);
}
