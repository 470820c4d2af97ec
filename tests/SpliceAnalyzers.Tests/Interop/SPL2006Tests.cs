using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Result of F_SETPIPE_SZ is not checked.</summary>
public class SPL2006Tests
{
    [Theory]
    [InlineData("{|SPL2006:fcntl(fd, F_SETPIPE_SZ, 1 << 20)|};")]
    [InlineData("{|SPL2006:fcntl(fd, 1031, 1 << 20)|};")]
    [InlineData("_ = {|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|};")]
    [InlineData("int size = {|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|};")]
    [InlineData("if ((uint){|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|} < 0) Throw();")]
    [InlineData("uint size = (uint){|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|}; if (size < 0) Throw();")]
    [InlineData("uint size = (uint){|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|}; if (size < 65536) Throw();")]
    [InlineData("if ((ulong)(uint){|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|} < len) Throw();")]
    [InlineData("{|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|}; Use(fcntl2(other, F_GETPIPE_SZ));")]
    [InlineData("Use(fcntl2(fd, F_GETPIPE_SZ)); {|SPL2006:fcntl(fd, F_SETPIPE_SZ, 65536)|};")]
    public Task Nobody_looks_at_the_size(string body) => CallRules.VerifyAsync(body);

    [Theory]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, 65536) < 0) Throw();")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, 65536) == -1) Throw();")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, 65536) != 65536) Throw();")]
    [InlineData("if (fcntl(fd, F_SETPIPE_SZ, 65536) is < 65536) Throw();")]
    [InlineData("int size = fcntl(fd, F_SETPIPE_SZ, 65536); if (size > 65536) Throw();")]
    [InlineData("if ((uint)fcntl(fd, F_SETPIPE_SZ, 65536) != 65536u) Throw();")]
    [InlineData("Use(fcntl(fd, F_SETPIPE_SZ, 65536));")]
    [InlineData("fcntl(fd, F_SETPIPE_SZ, 65536); Use(fcntl2(fd, F_GETPIPE_SZ));")]
    [InlineData("fcntl2(fd, F_GETPIPE_SZ);")]
    [InlineData("fcntl(fd, 4, 2048);")]
    public Task The_size_is_looked_at(string body) => CallRules.VerifyAsync(body);
}
