using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Pipe ends in handles and streams of the base class library: who reads, and who closes.</summary>
public class StreamTests
{
    /// <summary>A pipe whose ends are `fds[0]` and `fds[1]`, and a page at `p`.</summary>
    private static Task Members(string handOff, string statements) => Case.Members($$"""
        private static void Give(nint fd, byte* p)
        {
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {{handOff}};
        }

        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 7);
            byte[] copy = new byte[4096];
            {{statements}}
        }
        """);

    private const string Stream = "using var s = new FileStream(new SafeFileHandle(fds[0], true), FileAccess.Read, 0); ";

    [Theory]
    [InlineData("s.ReadExactly(copy);")]
    [InlineData("s.ReadExactly(copy, 0, 4096);")]
    [InlineData("s.ReadAtLeast(copy, 4096);")]
    [InlineData("if (s.Read(copy, 0, 4096) != 4096) return;")]
    [InlineData("if (s.Read(copy) < 4096) return;")]
    [InlineData("for (int n = 0; n < 4096;) { int k = s.Read(copy, n, 4096 - n); if (k == 0) return; n += k; }")]
    [InlineData("s.ReadExactlyAsync(copy).AsTask().Wait();")]
    [InlineData("close(fds[1]); s.CopyTo(System.IO.Stream.Null);")]
    public Task Everything_was_read(string reads) => Members("{|SPL3001:vmsplice((int)fd, &v, 1, 0)|}", Stream + $"Give(fds[1], p); {reads} p[0] = 1;");

    [Theory]
    [InlineData("s.ReadExactly(copy.AsSpan(0, 4000));")]
    [InlineData("s.ReadExactly(copy, 0, 1);")]
    [InlineData("s.ReadByte();")]
    [InlineData("if (s.Read(copy, 0, 4095) != 4095) return;")]
    public Task Something_was_not_read(string reads) => Members("vmsplice((int)fd, &v, 1, 0)", Stream + $"Give(fds[1], p); {reads} {{|SPL1001:p[4095] = 1|}};");

    [Fact]
    public Task A_helper_reads_from_any_stream() => Case.Members("""
        static void Drain(Stream stream, byte[] copy)
        {
            for (int n = 0; n < copy.Length;)
            {
                int k = stream.Read(copy, n, copy.Length - n);
                if (k == 0)
                    throw new EndOfStreamException();
                n += k;
            }
        }

        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 7);
            using Stream stream = new FileStream(new SafeFileHandle(fds[0], true), FileAccess.Read, 0);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            if ({|SPL3001:vmsplice(fds[1], &v, 1, 0)|} != 4096)
                return;
            Drain(stream, new byte[4096]);
            p[0] = 1;
        }
        """);

    private static Task OwnHandle(string handOff, string statements) => Case.Types($$"""
        internal sealed class PipeEnd : SafeHandleZeroOrMinusOneIsInvalid
        {
            public PipeEnd(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

            public int Descriptor => (int)handle;

            protected override bool ReleaseHandle() => close((int)handle) == 0;
        }

        internal static unsafe class Program
        {
            static void Run()
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    return;
                byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(p, 4096, 7);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                {{statements.Replace("HAND_OFF", handOff)}}
            }
        }
        """);

    [Theory]
    [InlineData("using (var r = new PipeEnd(fds[0])) using (var w = new PipeEnd(fds[1])) HAND_OFF; NativeMemory.AlignedFree(p);")]
    [InlineData("var r = new PipeEnd(fds[0]); var w = new PipeEnd(fds[1]); HAND_OFF; w.Dispose(); r.Close(); NativeMemory.AlignedFree(p);")]
    public Task Both_ends_were_closed_by_handles_of_the_program(string statements) => OwnHandle("{|SPL3001:vmsplice(w.Descriptor, &v, 1, 0)|}", statements);

    [Theory]
    [InlineData("using var r = new PipeEnd(fds[0]); using (var w = new PipeEnd(fds[1])) HAND_OFF; {|SPL1003:NativeMemory.AlignedFree(p)|}; read((int)r.DangerousGetHandle(), p, 1);")]
    public Task The_read_end_is_still_open_in_a_handle(string statements) => OwnHandle("vmsplice((int)w.DangerousGetHandle(), &v, 1, 0)", statements);

    [Theory]
    [InlineData("using (var r = new SafeFileHandle(fds[0], true)) using (var w = new SafeFileHandle(fds[1], ownsHandle: true)) Give(w.DangerousGetHandle(), p);")]
    [InlineData("var r = new SafePipeHandle(fds[0], true); var w = new SafePipeHandle(fds[1], true); Give(w.DangerousGetHandle(), p); w.Close(); r.Dispose();")]
    [InlineData("using (var r = new FileStream(new SafeFileHandle(fds[0], true), FileAccess.Read)) Give(fds[1], p); close(fds[1]);")]
    [InlineData("var r = new FileStream(new SafeFileHandle(fds[0], true), FileAccess.Read); Give(fds[1], p); r.Close(); close(fds[1]);")]
    public Task Both_ends_were_closed(string statements) => Members("{|SPL3001:vmsplice((int)fd, &v, 1, 0)|}", statements + " NativeMemory.AlignedFree(p);");

    [Theory]
    [InlineData("using (var r = new SafeFileHandle(fds[0], false)) using (var w = new SafeFileHandle(fds[1], ownsHandle: false)) Give(w.DangerousGetHandle(), p);")]
    [InlineData("using (var r = new FileStream(new SafeFileHandle(fds[0], false), FileAccess.Read)) Give(fds[1], p); close(fds[1]);")]
    [InlineData("var r = new SafeFileHandle(fds[0], true); var w = new SafeFileHandle(fds[1], true); Give(w.DangerousGetHandle(), p); w.Dispose();")]
    public Task An_end_is_still_open(string statements) => Members("vmsplice((int)fd, &v, 1, 0)", statements + " {|SPL1003:NativeMemory.AlignedFree(p)|}; read(fds[0], p, 1);");

    private static Task AnonymousPipe(string members) => Case.Members($$"""
        private static byte* Page()
        {
            byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(page, 4096, 1);
            return page;
        }

        private static bool Send(SafePipeHandle pipe, byte* page)
        {
            iovec vector = new() { iov_base = page, iov_len = 4096 };
            return vmsplice((int)pipe.DangerousGetHandle(), &vector, 1, 0) == 4096;
        }

        {{members}}
        """);

    [Theory]
    [InlineData("new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle)")]
    [InlineData("new AnonymousPipeClientStream(server.GetClientHandleAsString())")]
    public Task Both_ends_of_an_anonymous_pipe(string client) => AnonymousPipe($$"""
        static void Bad()
        {
            using var server = new AnonymousPipeServerStream(PipeDirection.Out);
            using var client = {{client}};
            byte* page = Page();
            if (!Send(server.SafePipeHandle, page))
                return;
            client.ReadExactly(new byte[4095]);
            {|SPL1001:page[4095] = 2|};
        }

        static void Safe()
        {
            using var server = new AnonymousPipeServerStream(PipeDirection.Out);
            using var client = {{client}};
            byte* page = Page();
            for (byte i = 0; i < 5; i++)
            {
                page[0] = i;
                if (!Send(server.SafePipeHandle, page))
                    return;
                client.ReadExactly(new byte[4096]);
            }
        }
        """);

    [Fact]
    public Task The_server_reads() => AnonymousPipe("""
        static void Bad()
        {
            using var server = new AnonymousPipeServerStream(PipeDirection.In);
            byte* page = Page();
            if (Send(server.ClientSafePipeHandle, page))
                {|SPL1001:page[0] = 2|};
        }

        static void Safe()
        {
            using var server = new AnonymousPipeServerStream(PipeDirection.In);
            byte* page = Page();
            if (!Send(server.ClientSafePipeHandle, page))
                return;
            server.ReadExactly(new byte[4096]);
            page[0] = 2;
        }
        """);

    [Fact]
    public Task Both_ends_are_closed() => AnonymousPipe("""
        static void Bad()
        {
            var server = new AnonymousPipeServerStream();
            byte* page = Page();
            if (!Send(server.SafePipeHandle, page))
                return;
            server.Dispose();
            {|SPL1001:page[0] = 2|};
        }

        static void Safe()
        {
            var server = new AnonymousPipeServerStream();
            byte* page = Page();
            if (!Send(server.SafePipeHandle, page))
                return;
            server.DisposeLocalCopyOfClientHandle();
            server.Dispose();
            page[0] = 2;
        }
        """);

    [Fact]
    public Task Ends_in_fields() => Case.Types("""
        internal sealed unsafe class Loopback
        {
            private readonly AnonymousPipeServerStream _server = new();
            private readonly AnonymousPipeClientStream _client;
            private readonly byte* _page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);

            public Loopback() => _client = new(PipeDirection.In, _server.ClientSafePipeHandle);

            public void Safe(byte value)
            {
                _page[0] = value;
                iovec vector = new() { iov_base = _page, iov_len = 4096 };
                if ({|SPL3001:vmsplice((int)_server.SafePipeHandle.DangerousGetHandle(), &vector, 1, 0)|} != 4096)
                    throw new IOException();
                _client.ReadExactly(new byte[4096]);
            }
        }
        """);
}
