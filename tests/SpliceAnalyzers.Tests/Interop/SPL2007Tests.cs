using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Arguments the kernel rejects.</summary>
public class SPL2007Tests
{
    private const string Pipe = "int* ends = stackalloc int[2]; if (pipe(ends) < 0) Throw(); long off = 0; ";
    private const string Two = "int[] a = new int[2], c = new int[2]; if (pipe2(a, 0) < 0 || pipe2(c, 0) < 0) Throw(); ";

    [Theory]
    [InlineData(Pipe + "Use({|SPL2007:splice(ends[0], &off, fd, null, len, 0)|});")]
    [InlineData(Pipe + "Use({|SPL2007:splice(fd, null, ends[1], &off, len, 0)|});")]
    [InlineData(Pipe + "Use({|SPL2007:spliceRef(ends[0], ref off, fd, 0, len, 0)|});")]
    [InlineData(Pipe + "int end = ends[0]; long* p = &off; Use({|SPL2007:splice(end, p, fd, null, len, 0)|});")]
    [InlineData(Pipe + "Use({|SPL2007:splice(ends[0], null, ends[1], null, len, 0)|});")]
    [InlineData(Pipe + "Use({|SPL2007:tee(ends[0], ends[1], len, 0)|});")]
    [InlineData(Pipe + "int copy = dup(ends[0]); Use({|SPL2007:tee(copy, ends[1], len, 0)|});")]
    [InlineData("int[] ends = new int[2]; fixed (int* p = ends) { Use(pipe(p)); } Use({|SPL2007:tee(ends[0], ends[1], len, 0)|});")]
    [InlineData("int f = memfd_create(\"f\", 0), g = memfd_create(\"g\", 0); Use({|SPL2007:splice(f, null, g, null, len, 0)|});")]
    [InlineData("int f = memfd_create(\"f\", 0); Use({|SPL2007:tee(f, fd, len, 0)|});")]
    [InlineData("int f = memfd_create(\"f\", 0); Use({|SPL2007:vmsplice(f, iov, 1, 0)|});")]
    [InlineData("int s = socket(1, 1, 0); Use({|SPL2007:vmsplice(s, iov, 1, 0)|});")]
    [InlineData("using var f = new FileStream(\"x\", FileMode.CreateNew); Use({|SPL2007:vmspliceHandle(f.SafeFileHandle, *iov, 1, 0)|});")]
    [InlineData("using SafeFileHandle f = File.OpenHandle(\"x\", FileMode.CreateNew, FileAccess.Write); Use({|SPL2007:vmsplice((int)f.DangerousGetHandle(), iov, 1, 0)|});")]
    [InlineData("Use({|SPL2007:vmsplice(fd, iov, 1025, 0)|});")]
    [InlineData("Use({|SPL2007:writev(fd, iov, 2000)|});")]
    [InlineData("int f = open(\"log\", O_WRONLY | O_APPEND, 0); Use({|SPL2007:splice(fd, null, f, null, len, 0)|});")]
    [InlineData("int f = open(\"log\", O_WRONLY | O_APPEND, 0); Use({|SPL2007:sendfile(f, fd, null, len)|});")]
    [InlineData("using var s = new AnonymousPipeServerStream(PipeDirection.Out); Use({|SPL2007:spliceHandles(s.ClientSafePipeHandle, null, s.SafePipeHandle, null, len, 0)|});")]
    public Task Calls_that_can_only_fail(string body) => CallRules.VerifyAsync(body);

    [Theory]
    [InlineData(Pipe + "Use(splice(ends[0], null, fd, &off, len, 0));")]
    [InlineData(Pipe + "Use(splice(fd, &off, ends[1], null, len, 0));")]
    [InlineData(Pipe + "Use(splice(ends[0], null, fd, null, len, 0));")]
    [InlineData(Two + "Use(tee(a[0], c[1], len, 0));")]
    [InlineData(Two + "Use(splice(a[0], null, c[1], null, len, 0));")]
    [InlineData(Pipe + "ends[0] = fd; Use(tee(ends[0], other, len, 0)); Use(splice(ends[0], &off, fd, null, len, 0));")]
    [InlineData("int* ends = stackalloc int[2]; Use(tee(ends[0], ends[1], len, 0));")]
    [InlineData(Pipe + "int f = memfd_create(\"f\", 0); Use(splice(f, null, ends[1], null, len, 0));")]
    [InlineData("int f = memfd_create(\"f\", 0); Use(splice(f, null, fd, null, len, 0)); Use(sendfile(fd, f, null, len));")]
    [InlineData("using var f = new FileStream(\"x\", FileMode.Open); Use(vmspliceHandle(f.SafeFileHandle, *iov, 1, 0));")]
    [InlineData("Use(vmsplice(fd, iov, 1024, 0)); Use(vmsplice(fd, iov, len, 0));")]
    [InlineData("int f = open(\"log\", O_WRONLY, 0); Use(splice(fd, null, f, null, len, 0));")]
    [InlineData("int f = open(\"log\", O_WRONLY | O_APPEND, 0); Use(write(f, iov, len));")]
    [InlineData("int f = memfd_create(\"f\", 0); f = fd; Use(vmsplice(f, iov, 1, 0));")]
    [InlineData("Use(tee(fd, fd, len, 0));")]
    public Task Calls_that_may_succeed(string body) => CallRules.VerifyAsync(body);
}
