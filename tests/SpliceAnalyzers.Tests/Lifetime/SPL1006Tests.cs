using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>The caller's memory stays in flight and the caller cannot know.</summary>
public class SPL1006Tests
{
    [Theory]
    [InlineData("byte* data, nuint length", "iovec v = new() { iov_base = data, iov_len = length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|};")]
    [InlineData("void* data, int length", "iovec v = new() { iov_base = (byte*)data + 16, iov_len = (nuint)length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|};")]
    [InlineData("nint data, int length", "iovec v = new() { iov_base = (void*)data, iov_len = (nuint)length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|};")]
    [InlineData("byte[] data", "fixed (byte* p = data) { iovec v = new() { iov_base = p, iov_len = (nuint)data.Length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("Span<byte> data", "fixed (byte* p = data) { iovec v = new() { iov_base = p, iov_len = (nuint)data.Length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("ReadOnlySpan<byte> data", "fixed (byte* p = data) { iovec v = new() { iov_base = p, iov_len = (nuint)data.Length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("ReadOnlyMemory<byte> data", "fixed (byte* p = data.Span) { iovec v = new() { iov_base = p, iov_len = (nuint)data.Length }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("ref long data", "fixed (long* p = &data) { iovec v = new() { iov_base = p, iov_len = 8 }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("in Guid data", "fixed (Guid* p = &data) { iovec v = new() { iov_base = p, iov_len = 16 }; {|SPL1006:vmsplice(fd, &v, 1, 0)|}; }")]
    [InlineData("byte* data, nuint length", "iovec v = new() { iov_base = data, iov_len = length }; {|SPL3002:{|SPL1006:vmsplice(fd, &v, 1, SPLICE_F_GIFT)|}|};")]
    [InlineData("byte* data, nuint length", "iovec v = new() { iov_base = data, iov_len = length }; while ({|SPL1006:vmsplice(fd, &v, 1, 0)|} < 0) { }")]
    public Task Memory_of_a_public_method_s_parameter(string parameters, string body) => Case.Types($$"""
        public static unsafe class PipeSender
        {
            public static void Send(int fd, {{parameters}})
            {
                {{body}}
            }
        }
        """);

    [Fact]
    public Task A_pinned_memory_that_is_disposed_is_said_beside_it() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static void Send(int fd, ReadOnlyMemory<byte> data)
            {
                using MemoryHandle {|SPL1003:pin|} = data.Pin();
                iovec v = new() { iov_base = pin.Pointer, iov_len = (nuint)data.Length };
                {|SPL1006:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task The_caller_in_the_same_compilation_gets_its_own() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static nint Send(int fd, byte* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                return {|SPL1006:vmsplice(fd, &v, 1, 0)|};
            }
        }

        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                PipeSender.Send(fd, p, 4096);
                {|SPL1001:p[0] = 2|};
            }
        }
        """);

    [Fact]
    public Task A_stream_that_hands_off_what_it_is_given() => Case.Types("""
        public sealed unsafe class PipeStream : Stream
        {
            private readonly int _fd;

            public PipeStream(int fd) => _fd = fd;

            public override bool CanRead => false;
            public override bool CanSeek => false;
            public override bool CanWrite => true;
            public override long Length => throw new NotSupportedException();
            public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
            public override void Flush() { }
            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
            public override void SetLength(long value) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count)
            {
                fixed (byte* p = &buffer[offset])
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)count };
                    {|SPL1006:vmsplice(_fd, &v, 1, 0)|};
                }
            }

            public override void Write(ReadOnlySpan<byte> buffer)
            {
                fixed (byte* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)buffer.Length };
                    {|SPL1006:vmsplice(_fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task An_internal_type_overrides_a_public_method() => Case.Types("""
        internal sealed unsafe class SpliceWriter(int fd) : TextWriter
        {
            public override Encoding Encoding => Encoding.Unicode;

            public override void Write(ReadOnlySpan<char> buffer)
            {
                fixed (char* p = buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)buffer.Length * sizeof(char) };
                    {|SPL1006:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task An_internal_type_implements_a_public_interface() => Case.Types("""
        internal sealed unsafe class SpliceObserver(int fd) : IObserver<byte[]>
        {
            public void OnCompleted() { }

            public void OnError(Exception error) { }

            public void OnNext(byte[] value)
            {
                fixed (byte* p = value)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)value.Length };
                    {|SPL1006:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task A_protected_virtual_method_of_a_public_class() => Case.Types("""
        public unsafe class Channel
        {
            protected virtual void Send(int fd, byte* data, int length)
            {
                iovec v = new() { iov_base = data, iov_len = (nuint)length };
                {|SPL1006:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_private_method_becomes_a_delegate() => Case.Types("""
        internal sealed class Source
        {
            public event Action<byte[]>? Received;

            public void Raise(byte[] data) => Received?.Invoke(data);
        }

        internal static unsafe class Program
        {
            public static void Connect(Source source) => source.Received += Forward;

            private static void Forward(byte[] data)
            {
                fixed (byte* p = data)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)data.Length };
                    {|SPL1006:vmsplice(1, &v, 1, 0)|};
                }
            }
        }
        """);

    [Fact]
    public Task The_caller_s_array_is_kept_in_a_field() => Case.Types("""
        public sealed unsafe class BufferedSender
        {
            private readonly byte[] _buffer;

            public BufferedSender(byte[] buffer) => _buffer = buffer;

            public void Send(int fd)
            {
                fixed (byte* p = _buffer)
                {
                    iovec v = new() { iov_base = p, iov_len = (nuint)_buffer.Length };
                    {|SPL1006:vmsplice(fd, &v, 1, 0)|};
                }
            }
        }
        """);

    // ---- Safe twins, and other rules

    [Theory]
    [InlineData("public static class Hidden { internal", "}")]
    [InlineData("internal static class Hidden { public", "}")]
    [InlineData("public static class Outer { private static class Hidden { public", "} }")]
    public Task Safe_callers_outside_cannot_reach_it(string open, string close) => Case.Types($$"""
        {{open}} static unsafe void Send(int fd, byte* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        {{close}}
        """);

    [Fact]
    public Task Safe_the_caller_s_memory_is_copied_first() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static void Send(int fd, ReadOnlySpan<byte> data)
            {
                byte* copy = (byte*)NativeMemory.Alloc((nuint)data.Length);
                data.CopyTo(new Span<byte>(copy, data.Length));
                iovec v = new() { iov_base = copy, iov_len = (nuint)data.Length };
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task Safe_a_public_method_that_writes() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static void Send(int fd, ReadOnlySpan<byte> data)
            {
                fixed (byte* p = data)
                    write(fd, p, (nuint)data.Length);
            }
        }
        """);

    [Fact]
    public Task Safe_a_public_method_that_reads_its_own_pipe_back() => Case.Types("""
        public static unsafe class PipeProbe
        {
            public static bool RoundTrip(byte* data, byte* copy)
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    return false;
                iovec v = new() { iov_base = data, iov_len = 64 };
                {|SPL3001:vmsplice(fds[1], &v, 1, 0)|};
                close(fds[1]);
                while (read(fds[0], copy, 64) > 0)
                {
                }
                close(fds[0]);
                return true;
            }
        }
        """);

    [Fact]
    public Task A_public_method_s_own_stack_is_no_caller_s_memory() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static void Send(int fd, long number)
            {
                iovec v = new() { iov_base = &number, iov_len = sizeof(long) };
                {|SPL1004:vmsplice(fd, &v, 1, 0)|};
            }
        }
        """);

    [Fact]
    public Task A_public_method_that_stores_after_its_hand_off_gets_both() => Case.Types("""
        public static unsafe class PipeSender
        {
            public static void SendAndWipe(int fd, byte* data, nuint length)
            {
                iovec v = new() { iov_base = data, iov_len = length };
                {|SPL1006:vmsplice(fd, &v, 1, 0)|};
                {|SPL1001:NativeMemory.Clear(data, length)|};
            }
        }
        """);
}
