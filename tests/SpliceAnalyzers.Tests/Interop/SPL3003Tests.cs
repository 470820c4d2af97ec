using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>vmsplice on a read end is a copy: use readv.</summary>
public class SPL3003Tests
{
    private const string Pipe = "int* ends = stackalloc int[2]; if (pipe(ends) < 0) Throw(); ";

    [Theory]
    [InlineData(Pipe + "Use({|SPL3003:vmsplice(ends[0], iov, 1, 0)|});")]
    [InlineData(Pipe + "int read = ends[0]; Use({|SPL3003:vmsplice(read, iov, 1, 0)|});")]
    [InlineData("Span<int> ends = stackalloc int[2]; fixed (int* p = ends) { Use(pipe(p)); } Use({|SPL3003:vmsplice(ends[0], iov, 1, 0)|});")]
    [InlineData("int[] ends = new int[2]; Use(pipe2(ends, 0)); Use({|SPL3003:vmsplice(ends[0], iov, 1, 0)|});")]
    [InlineData("using var s = new AnonymousPipeServerStream(PipeDirection.In); Use({|SPL3003:vmspliceHandle(s.SafePipeHandle, *iov, 1, 0)|});")]
    [InlineData("using var s = new AnonymousPipeClientStream(PipeDirection.In, \"3\"); Use({|SPL3003:vmsplice((int)s.SafePipeHandle.DangerousGetHandle(), iov, 1, 0)|});")]
    public Task Read_ends(string body) => CallRules.VerifyAsync(body);

    [Theory]
    [InlineData(Pipe + "Use(vmsplice(ends[1], iov, 1, 0));")]
    [InlineData("Use(vmsplice(fd, iov, 1, 0));")]
    [InlineData(Pipe + "Use(readv(ends[0], iov, 1));")]
    [InlineData("using var s = new AnonymousPipeServerStream(PipeDirection.Out); Use(vmspliceHandle(s.SafePipeHandle, *iov, 1, 0));")]
    [InlineData("using var s = new AnonymousPipeServerStream(); Use(vmspliceHandle(s.SafePipeHandle, *iov, 1, 0));")]
    public Task Others(string body) => CallRules.VerifyAsync(body);

    [Fact]
    public Task A_pipe_that_the_constructor_makes() => AnalyzerCase("""
        sealed class Reader
        {
            private readonly int[] _ends = new int[2];
            public Reader() { if (pipe2(_ends, 0) < 0) Throw(); }
            public nint Next(IoVec* iov) => {|SPL3003:vmsplice(_ends[0], iov, 1, 0)|};
        }
        """);

    private static Task AnalyzerCase(string member) => CallRules.VerifyAsync("", member);
}
