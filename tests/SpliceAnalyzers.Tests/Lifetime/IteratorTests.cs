using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Buffers that come out of iterators: what these do between two elements happens while the first is in flight.</summary>
public class IteratorTests
{
    private const string Native = """
        internal static unsafe class Native
        {
            internal static nint Page() => (nint)NativeMemory.Alloc(4096);
            internal static void Fill(nint page, int value) => new Span<byte>((void*)page, 4096).Fill((byte)value);
            internal static void Free(nint page) => NativeMemory.Free((void*)page);
            internal static void Send(int fd, nint page)
            {
                iovec v = new() { iov_base = (void*)page, iov_len = 4096 };
                HANDOFF;
            }
        }

        """ + "\n";

    private static readonly string Send = Native.Replace("HANDOFF", "vmsplice(fd, &v, 1, 0)");
    private static readonly string CleanSend = Native.Replace("HANDOFF", "{|SPL3001:vmsplice(fd, &v, 1, 0)|}");

    /// <summary>Somebody sends the pages that an iterator makes.</summary>
    private static string SendAll(string mark, string iterator) => $$"""
        internal static class Program
        {
            private static void Run(int fd)
            {
                foreach (nint page in {{mark}})
                    Native.Send(fd, page);
            }

        {{iterator}}
        }

        """;

    [Fact]
    public Task The_next_element_is_stored_over_the_last() => Case.Types(SendAll("{|SPL1001:Pages()|}", """
            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                for (int i = 0; i < 10; i++)
                {
                    Native.Fill(page, i);
                    yield return page;
                }
            }
        """) + Send);

    [Fact]
    public Task Safe_every_element_is_a_new_buffer() => Case.Types(SendAll("Pages()", """
            private static IEnumerable<nint> Pages()
            {
                for (int i = 0; i < 10; i++)
                {
                    nint page = Native.Page();
                    Native.Fill(page, i);
                    yield return page;
                }
            }
        """) + CleanSend);

    [Fact]
    public Task The_end_of_the_iterator_frees_the_buffer() => Case.Types(SendAll("{|SPL1003:Pages()|}", """
            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                Native.Fill(page, 1);
                try
                {
                    yield return page;
                }
                finally
                {
                    Native.Free(page);
                }
            }
        """) + Send);

    [Fact]
    public Task Leaving_the_loop_runs_what_is_left_to_do() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd)
            {
                foreach (nint page in {|SPL1003:Pages()|})
                {
                    Native.Send(fd, page);
                    break;
                }
            }

            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                Native.Fill(page, 1);
                try
                {
                    while (true)
                        yield return page;
                }
                finally
                {
                    Native.Free(page);
                }
            }
        }

        """ + Send);

    [Fact]
    public Task Leaving_the_loop_runs_it_where_other_types_are_disposable_too() => Case.Types("""
        internal sealed class Other : IDisposable
        {
            public void Dispose() => Console.WriteLine();
        }

        internal static class Program
        {
            private static void Run(int fd)
            {
                foreach (nint page in {|SPL1003:Pages()|})
                {
                    Native.Send(fd, page);
                    break;
                }
            }

            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                Native.Fill(page, 1);
                try
                {
                    yield return page;
                }
                finally
                {
                    Native.Free(page);
                }
            }
        }

        """ + Send);

    [Fact]
    public Task Safe_an_iterator_yields_the_number_that_it_yields() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd)
            {
                nint page = Native.Page();
                Native.Send(fd, page);
                foreach (int number in Numbers())
                {
                    if (number == 3)
                        Native.Fill(page, 2);
                }
            }

            private static IEnumerable<int> Numbers()
            {
                yield return 1;
                yield return 2;
            }
        }

        """ + CleanSend);

    [Fact]
    public Task Safe_what_comes_after_a_yield_does_not_run_when_the_loop_is_left() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd)
            {
                foreach (nint page in Pages())
                {
                    Native.Send(fd, page);
                    break;
                }
            }

            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                Native.Fill(page, 1);
                yield return page;
                Native.Free(page);
            }
        }

        """ + CleanSend);

    [Fact]
    public Task The_caller_s_buffer_through_an_argument() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd)
            {
                nint page = Native.Page();
                foreach (int number in {|SPL1001:Filled(page, 3)|})
                    Native.Send(fd, page);
            }

            private static IEnumerable<int> Filled(nint page, int count)
            {
                for (int i = 0; i < count; i++)
                {
                    Native.Fill(page, i);
                    yield return i;
                }
            }
        }

        """ + Send);

    [Fact]
    public Task An_iterator_that_hands_off_itself_and_that_nobody_calls_here() => Case.Types("""
        internal static class Program
        {
            public static IEnumerable<int> Frames(int fd, int count)
            {
                nint page = Native.Page();
                for (int i = 0; i < count; i++)
                {
                    {|SPL1001:Native.Fill(page, i)|};
                    Native.Send(fd, page);
                    yield return i;
                }
            }
        }

        """ + Send);

    [Fact]
    public Task An_iterator_over_another_iterator() => Case.Types(SendAll("{|SPL1001:Twice(Pages())|}", """
            private static IEnumerable<nint> Twice(IEnumerable<nint> pages)
            {
                foreach (nint page in pages)
                {
                    yield return page;
                    yield return page;
                }
            }

            private static IEnumerable<nint> Pages()
            {
                nint page = Native.Page();
                for (int i = 0; i < 2; i++)
                {
                    Native.Fill(page, i);
                    yield return page;
                }
            }
        """) + Send);

    [Fact]
    public Task Of_an_object_with_a_field_and_by_hand() => Case.Types("""
        internal sealed class Source
        {
            private readonly nint _page = Native.Page();

            public IEnumerator<nint> GetEnumerator()
            {
                for (int i = 0; i < 4; i++)
                {
                    Native.Fill(_page, i);
                    yield return _page;
                }
            }
        }

        internal static class Program
        {
            private static void Run(int fd)
            {
                using IEnumerator<nint> pages = new Source().GetEnumerator();
                while ({|SPL1001:pages.MoveNext()|})
                    Native.Send(fd, pages.Current);
            }
        }

        """ + Send);

    [Fact]
    public Task A_local_function_that_captures() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd, int count)
            {
                nint page = Native.Page();
                foreach (nint next in {|SPL1001:Pages()|})
                    Native.Send(fd, next);

                IEnumerable<nint> Pages()
                {
                    for (int i = 0; i < count; i++)
                    {
                        Native.Fill(page, i);
                        yield return page;
                    }
                }
            }
        }

        """ + Send);

    [Theory]
    [InlineData("pages")]
    [InlineData("pages.ConfigureAwait(false)")]
    [InlineData("pages.WithCancellation(default)")]
    public Task An_asynchronous_iterator(string enumerated) => Case.Types($$"""
        internal static class Program
        {
            private static async Task Run(int fd, Stream stream)
            {
                IAsyncEnumerable<byte[]> pages = Pages(stream);
                await foreach (byte[] page in {|SPL1001:{{enumerated}}|})
                    Send(fd, page);
            }

            private static unsafe void Send(int fd, byte[] page)
            {
                fixed (byte* p = page)
                    Native.Send(fd, (nint)p);
            }

            private static readonly byte[] s_page = GC.AllocateArray<byte>(4096, pinned: true);

            private static async IAsyncEnumerable<byte[]> Pages(Stream stream)
            {
                while (await stream.ReadAsync(s_page) > 0)
                    yield return s_page;
            }
        }

        """ + Send);

    [Fact]
    public Task Safe_numbers_from_an_iterator_and_a_buffer_that_nobody_stores_to() => Case.Types("""
        internal static class Program
        {
            private static void Run(int fd)
            {
                nint page = Native.Page();
                Native.Fill(page, 1);
                foreach (int number in Numbers())
                    Native.Send(fd, page);
            }

            private static IEnumerable<int> Numbers()
            {
                yield return 1;
                yield return 2;
            }
        }

        """ + CleanSend);

    [Fact]
    public Task Safe_pinned_arrays_that_a_list_keeps() => Case.Types("""
        internal static class Program
        {
            private static readonly List<byte[]> s_kept = new();

            private static unsafe void Run(int fd, Stream stream)
            {
                for (int i = 0; i < 10; i++)
                {
                    byte[] page = GC.AllocateArray<byte>(4096, pinned: true);
                    if (stream.Read(page) == 0)
                        return;
                    s_kept.Add(page);
                    fixed (byte* p = page)
                        Native.Send(fd, (nint)p);
                }
            }
        }

        """ + CleanSend);
}
