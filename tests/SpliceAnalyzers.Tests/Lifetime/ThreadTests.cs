using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>The reader, or the writer, is another thread of the same program: what it did is known once it was waited for.</summary>
public class ThreadTests
{
    private const string Reader = """
        static void Drain(int fd)
        {
            byte* b = stackalloc byte[4096];
            while (read(fd, b, 4096) > 0)
            {
            }
        }

        static void Give(int fd, byte* p, int count)
        {
            iovec v = new() { iov_base = p, iov_len = (nuint)count };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
        }

        """;

    /// <summary>A pipe whose ends are `r` and `w`, and 64 KiB at `p`.</summary>
    private static Task Members(string statements, string reader) => Case.Members(reader + $$"""
        static void Run()
        {
            int* fds = stackalloc int[2];
            if (pipe(fds) != 0)
                return;
            int r = fds[0], w = fds[1];
            byte* p = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            NativeMemory.Fill(p, 65536, 7);
            {{statements}}
        }
        """);

    private static Task Safe(string statements) => Members(statements, Reader.Replace("static void Give", "private static void Give"));

    /// <summary>The hand-off's own line says nothing then.</summary>
    private static Task Hazard(string statements) => Members(statements, Reader.Replace("{|SPL3001:vmsplice(fd, &v, 1, 0)|}", "vmsplice(fd, &v, 1, 0)").Replace("static void Give", "private static void Give"));

    public static TheoryData<string, string> Waits => new()
    {
        { "var t = new Thread(() => Drain(r)); t.Start();", "t.Join();" },
        { "var t = new Thread(() => Drain(r)) { IsBackground = true }; t.Start();", "if (!t.Join(1000)) return;" },
        { "var t = new Thread(o => Drain((int)o!)); t.Start(r);", "t.Join();" },
        { "void Body() => Drain(r); var t = new Thread(Body); t.Start();", "t.Join();" },
        { "Task t = Task.Run(() => Drain(r));", "t.Wait();" },
        { "Task<int> t = Task.Factory.StartNew(() => { Drain(r); return 1; });", "_ = t.Result;" },
        { "var t = new Task(() => Drain(r)); t.Start();", "t.GetAwaiter().GetResult();" },
        { "Task t = Task.Run(() => Drain(r));", "Task.WhenAll(t, Task.CompletedTask).Wait();" },
        { "Task t = Task.Run(() => Drain(r));", "Task.WaitAll(t, Task.CompletedTask);" },
        { "var all = new Task[2]; all[0] = Task.Run(() => { }); all[1] = Task.Run(() => Drain(r));", "Task.WaitAll(all);" },
        { "var all = new List<Task>(); all.Add(Task.Run(() => Drain(r)));", "Task.WaitAll(all.ToArray());" },
        { "var done = new ManualResetEventSlim(); ThreadPool.QueueUserWorkItem(_ => { Drain(r); done.Set(); });", "done.Wait();" },
        { "var done = new AutoResetEvent(false); ThreadPool.UnsafeQueueUserWorkItem(_ => { Drain(r); done.Set(); }, null);", "done.WaitOne();" },
        { "var done = new SemaphoreSlim(0); Task.Run(() => { Drain(r); done.Release(); });", "done.Wait();" },
        { "var done = new CountdownEvent(1); Task.Run(() => { Drain(r); done.Signal(); });", "done.Wait();" },
        { "var done = new TaskCompletionSource<int>(); Task.Run(() => { Drain(r); done.SetResult(3); });", "_ = done.Task.Result;" },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public Task Memory_is_free_again_once_the_reader_was_waited_for(string start, string wait) =>
        Safe($"{start} Give(w, p, 65536); close(w); {wait} NativeMemory.AlignedFree(p);");

    [Theory]
    [MemberData(nameof(Waits))]
    public Task Freed_before_the_reader_was_waited_for(string start, string wait) =>
        Hazard($"{start} Give(w, p, 65536); {{|SPL1003:NativeMemory.AlignedFree(p)|}}; close(w); {wait}");

    [Theory]
    [InlineData("t.Join(1000);")]
    [InlineData("t.Join(TimeSpan.FromSeconds(1));")]
    [InlineData("Thread.Sleep(1000);")]
    public Task Waited_for_a_time_only(string wait) =>
        Hazard($"var t = new Thread(() => Drain(r)); t.Start(); Give(w, p, 65536); close(w); {wait} {{|SPL1003:NativeMemory.AlignedFree(p)|}};");

    [Fact]
    public Task The_reader_stops_early() =>
        Hazard("var t = new Thread(() => { byte b; read(r, &b, 1); }); t.Start(); Give(w, p, 65536); close(w); t.Join(); {|SPL1003:NativeMemory.AlignedFree(p)|}; Drain(r);");

    [Fact]
    public Task The_thread_only_moves_the_references_on() => Case.Members(Reader.Replace("{|SPL3001:vmsplice(fd, &v, 1, 0)|}", "vmsplice(fd, &v, 1, 0)").Replace("static void Give", "private static void Give") + """
        static void Run(int pipe)
        {
            int* fds = stackalloc int[2];
            if (Libc.pipe(fds) != 0)
                return;
            int r = fds[0], w = fds[1];
            byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
            NativeMemory.Fill(p, 4096, 7);
            Task t = Task.Run(() => { while (splice(r, null, pipe, null, 65536, 0) > 0) { } });
            Give(w, p, 4096);
            close(w);
            t.Wait();
            {|SPL1001:p[0] = 1|};
        }
        """);

    // ---- One block after the other

    private const string OneByOne = "var t = new Thread(() => { byte[] b = new byte[4096]; fixed (byte* q = b) while (read(r, q, 4096) > 0) copied.Release(); }); t.Start();";

    [Fact]
    public Task The_reader_says_when_it_has_copied() =>
        Safe($"var copied = new SemaphoreSlim(0); {OneByOne} for (int i = 0; i < 8; i++) {{ NativeMemory.Fill(p, 4096, (byte)i); Give(w, p, 4096); copied.Wait(); }} close(w); t.Join(); NativeMemory.AlignedFree(p);");

    [Fact]
    public Task The_writer_is_one_block_ahead() =>
        Hazard($"var copied = new SemaphoreSlim(1); {OneByOne} for (int i = 0; i < 8; i++) {{ {{|SPL1001:NativeMemory.Fill(p, 4096, (byte)i)|}}; Give(w, p, 4096); copied.Wait(); }} close(w); t.Join(); NativeMemory.AlignedFree(p);");

    // ---- Buffers that go round between threads

    private static Task RoundTrip(string loop, string fill) => Case.Members($$"""
        static void Run(Stream source, int pipe)
        {
            var free = new System.Collections.Concurrent.BlockingCollection<nint>();
            var full = new System.Collections.Concurrent.BlockingCollection<nint>();
            for (int i = 0; i < 4; i++)
                free.Add((nint)NativeMemory.AlignedAlloc(4096, 4096));
            var writer = new Thread(() =>
            {
                foreach (nint block in full.GetConsumingEnumerable())
                {
                    {{loop}}
                }
            });
            writer.Start();
            while (true)
            {
                nint p = free.Take();
                int n = {{fill}};
                if (n <= 0)
                    break;
                full.Add(p);
            }

            full.CompleteAdding();
            writer.Join();
        }
        """);

    [Fact]
    public Task Blocks_come_back_as_soon_as_they_were_handed_off() =>
        RoundTrip("iovec v = new() { iov_base = (void*)block, iov_len = 4096 }; vmsplice(pipe, &v, 1, 0); free.Add(block);", "{|SPL1001:source.Read(new Span<byte>((void*)p, 4096))|}");

    [Fact]
    public Task Blocks_come_back_once_they_were_written() => RoundTrip("write(pipe, (void*)block, 4096); free.Add(block);", "source.Read(new Span<byte>((void*)p, 4096))");

    [Fact]
    public Task The_reader_stops_when_a_flag_says_so() => Safe("""
        var ready = new AutoResetEvent(false);
        var copied = new AutoResetEvent(false);
        bool stop = false;
        var t = new Thread(() =>
        {
            byte* b = stackalloc byte[4096];
            while (true)
            {
                ready.WaitOne();
                if (Volatile.Read(ref stop))
                    return;
                if (read(r, b, 4096) != 4096)
                    return;
                copied.Set();
            }
        });
        t.Start();
        for (int i = 0; i < 10; i++)
        {
            NativeMemory.Fill(p, 4096, (byte)i);
            Give(w, p, 4096);
            ready.Set();
            copied.WaitOne();
        }

        Volatile.Write(ref stop, true);
        ready.Set();
        t.Join();
        NativeMemory.AlignedFree(p);
        """);

    // ---- The writer is the other thread

    [Fact]
    public Task A_thread_hands_off_and_its_starter_drains() =>
        Safe("var t = new Thread(() => { for (int i = 0; i < 16; i++) { NativeMemory.Fill(p + i * 4096, 4096, (byte)i); Give(w, p + i * 4096, 4096); } close(w); }); t.Start(); Drain(r); t.Join(); NativeMemory.AlignedFree(p);");

    [Fact]
    public Task A_thread_hands_off_and_its_starter_frees() =>
        Hazard("var t = new Thread(() => { Give(w, p, 65536); close(w); }); t.Start(); t.Join(); {|SPL1003:NativeMemory.AlignedFree(p)|}; Drain(r);");

    [Fact]
    public Task Threads_side_by_side() =>
        Safe("Parallel.Invoke(() => { Give(w, p, 65536); close(w); }, () => Drain(r)); NativeMemory.AlignedFree(p);");

    [Fact]
    public Task A_store_in_one_of_them() =>
        Hazard("Parallel.Invoke(() => { Give(w, p, 65536); {|SPL1001:p[0] = 1|}; close(w); }, () => Drain(r)); NativeMemory.AlignedFree(p);");

    // ---- Types with a thread of their own

    [Fact]
    public Task A_background_flush_and_a_buffer_that_is_filled_again() => Case.Types("""
        public sealed unsafe class Log
        {
            private readonly int _pipe;
            private readonly byte* _block = (byte*)NativeMemory.AlignedAlloc(65536, 4096);
            private readonly AutoResetEvent _full = new(false);
            private int _used;

            public Log(int pipe)
            {
                _pipe = pipe;
                new Thread(Flush) { IsBackground = true }.Start();
            }

            public void Append(ReadOnlySpan<byte> line)
            {
                {|SPL1001:line.CopyTo(new Span<byte>(_block + _used, 65536 - _used))|};
                _used += line.Length;
                _full.Set();
            }

            private void Flush()
            {
                while (true)
                {
                    _full.WaitOne();
                    iovec v = new() { iov_base = _block, iov_len = (nuint)_used };
                    vmsplice(_pipe, &v, 1, 0);
                    _used = 0;
                }
            }
        }
        """);

    [Fact]
    public Task A_type_that_waits_for_its_reader_before_it_frees() => Case.Types("""
        public sealed unsafe class Link : IDisposable
        {
            private readonly int _read, _write;
            private readonly Thread _reader;
            private readonly byte* _block = (byte*)NativeMemory.AlignedAlloc(65536, 4096);

            public Link()
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    throw new IOException();
                (_read, _write) = (fds[0], fds[1]);
                NativeMemory.Fill(_block, 65536, 3);
                _reader = new Thread(Drain);
                _reader.Start();
            }

            private void Drain()
            {
                byte* b = stackalloc byte[4096];
                while (read(_read, b, 4096) > 0)
                {
                }
            }

            public void Send()
            {
                iovec v = new() { iov_base = _block, iov_len = 65536 };
                {|SPL3001:vmsplice(_write, &v, 1, 0)|};
            }

            public void Dispose()
            {
                close(_write);
                _reader.Join();
                NativeMemory.AlignedFree(_block);
            }
        }
        """);

    // ---- Asynchronous methods that go on while their caller does

    private static Task Asynchronous(string handOff, string statements) => Case.Types($$"""
        internal static class Program
        {
            static async Task Run()
            {
                (int r, int w) = Native.Pipe();
                nint p = Marshal.AllocHGlobal(65536);
                {{statements}}
            }

            static async Task<long> Count(int fd)
            {
                await Task.Yield();
                return Native.Drain(fd);
            }
        }

        internal static unsafe class Native
        {
            public static (int, int) Pipe()
            {
                int* fds = stackalloc int[2];
                return pipe(fds) == 0 ? (fds[0], fds[1]) : throw new IOException();
            }

            public static long Drain(int fd)
            {
                byte* b = stackalloc byte[4096];
                long all = 0;
                nint n;
                while ((n = read(fd, b, 4096)) > 0)
                    all += n;
                return all;
            }

            internal static void Give(int fd, nint p, int count)
            {
                iovec v = new() { iov_base = (void*)p, iov_len = (nuint)count };
                {{handOff}};
            }
        }
        """);

    [Theory]
    [InlineData("Task<long> t = Count(r); Native.Give(w, p, 65536); close(w); await t; Marshal.FreeHGlobal(p);")]
    [InlineData("Task<long> t = Count(r); Native.Give(w, p, 65536); close(w); await t.ConfigureAwait(false); Marshal.FreeHGlobal(p);")]
    [InlineData("Task t = Task.Run(async () => await Count(r)); Native.Give(w, p, 65536); close(w); await t; Marshal.FreeHGlobal(p);")]
    [InlineData("await Task.WhenAll(Count(r), Task.Run(() => { Native.Give(w, p, 65536); close(w); })); Marshal.FreeHGlobal(p);")]
    public Task Awaited_before_it_is_freed(string statements) => Asynchronous("{|SPL3001:vmsplice(fd, &v, 1, 0)|}", statements);

    [Theory]
    [InlineData("Task<long> t = Count(r); Native.Give(w, p, 65536); {|SPL1003:Marshal.FreeHGlobal(p)|}; close(w); await t;")]
    [InlineData("Task<long> t = Count(r); Native.Give(w, p, 65536); await Task.Delay(10); {|SPL1003:Marshal.FreeHGlobal(p)|}; close(w); await t;")]
    public Task Awaited_after_it_was_freed(string statements) => Asynchronous("vmsplice(fd, &v, 1, 0)", statements);
}
