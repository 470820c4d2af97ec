using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>What C# 14 has new: extension blocks, `field`, operators that change their object, assignments behind `?.`.</summary>
public class CSharp14Tests
{
    private static Task Verify(string types, string members) => Case.Types($$"""
        internal sealed unsafe class Slab
        {
            public readonly byte* Page = Made();
            public byte Tag { get => field; set => field = value; }
            public Slab? Next;

            public static byte* Made()
            {
                byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                NativeMemory.Fill(page, 4096, 1);
                return page;
            }

            public static bool Send(int fd, byte* start, int length)
            {
                iovec vector = new() { iov_base = start, iov_len = (nuint)length };
                return vmsplice(fd, &vector, 1, 0) == length;
            }

            public static bool SendSafely(int fd, byte* start, int length)
            {
                iovec vector = new() { iov_base = start, iov_len = (nuint)length };
                return {|SPL3001:vmsplice(fd, &vector, 1, 0)|} == length;
            }

            {{members}}
        }

        {{types}}
        """);

    [Fact]
    public Task Members_of_an_extension_block() => Verify("""
        internal static unsafe class Extensions
        {
            extension(Slab slab)
            {
                public bool Push(int fd) => Slab.Send(fd, slab.Page, 4096);
                public bool PushSafely(int fd) => Slab.SendSafely(fd, slab.Page, 4096);
                public byte First { get => slab.Page[0]; set => slab.Page[0] = value; }
            }
        }

        internal static class Program
        {
            static void Bad(int fd)
            {
                var slab = new Slab();
                if (slab.Push(fd))
                    {|SPL1001:slab.First = 3|};
            }

            static void Safe(int fd)
            {
                var slab = new Slab();
                slab.First = 3;
                if (slab.PushSafely(fd))
                    slab.Tag = slab.First;
            }
        }
        """, "");

    [Fact]
    public Task An_extension_block_of_spans() => Verify("""
        internal static unsafe class Extensions
        {
            extension(Span<byte> bytes)
            {
                public void Stamp(byte value)
                {
                    for (int i = 0; i < bytes.Length; i++)
                        bytes[i] = value;
                }

                public byte Last => bytes[^1];
            }
        }

        internal static unsafe class Program
        {
            static void Bad(int fd)
            {
                var slab = new Slab();
                var bytes = new Span<byte>(slab.Page, 4096);
                if (Slab.Send(fd, slab.Page, 4096))
                    {|SPL1001:bytes.Stamp(3)|};
            }

            static byte Safe(int fd)
            {
                var slab = new Slab();
                var bytes = new Span<byte>(slab.Page, 4096);
                bytes.Stamp(3);
                return Slab.SendSafely(fd, slab.Page, 4096) ? bytes.Last : default;
            }
        }
        """, "");

    [Fact]
    public Task A_lambda_uses_the_parameter_of_its_extension_block() => Verify("""
        internal static unsafe class Extensions
        {
            extension(Slab slab)
            {
                public Action Later => () => slab.Page[1] = 2;
            }
        }

        internal static unsafe class Program
        {
            static void Bad(int fd)
            {
                var slab = new Slab();
                Action later = slab.Later;
                if (Slab.Send(fd, slab.Page, 4096))
                    {|SPL1001:later()|};
            }

            static void Safe(int fd)
            {
                var slab = new Slab();
                slab.Later();
                Slab.SendSafely(fd, slab.Page, 4096);
            }
        }
        """, "");

    /// <summary>The kernel is handed the memory behind `field`; the one property makes it when it is first asked for, the other always makes new memory.</summary>
    [Fact]
    public Task A_property_that_makes_its_field() => Verify("""
        internal static unsafe class Program
        {
            static void Bad(int fd)
            {
                var slab = new Slab();
                if (Slab.Send(fd, slab.Lazy, 4096))
                    {|SPL1001:slab.Lazy[3] = 1|};
            }

            static void Safe(int fd)
            {
                var slab = new Slab();
                if (Slab.SendSafely(fd, slab.Fresh, 4096))
                    slab.Fresh[3] = 1;
            }
        }
        """, """
            public byte* Lazy
            {
                get
                {
                    if (field == null)
                        field = Made();
                    return field;
                }
            }

            public byte* Fresh => Made();
        """);

    [Fact]
    public Task A_setter_with_code_beside_a_getter_without() => Verify("""
        internal static unsafe class Program
        {
            static void Bad(int fd)
            {
                var slab = new Slab();
                if (Slab.Send(fd, slab.Page, 4096))
                    {|SPL1001:slab.Level = 3|};
            }

            static int Safe(int fd)
            {
                var slab = new Slab();
                slab.Level = 3;
                return Slab.SendSafely(fd, slab.Page, 4096) ? slab.Level : 0;
            }
        }
        """, """
            public int Level
            {
                get;
                set
                {
                    Page[2] = (byte)value;
                    field = value;
                }
            } = 5;
        """);

    [Fact]
    public Task Operators_that_change_their_object() => Verify("""
        internal static unsafe class Program
        {
            static void Added(int fd)
            {
                var slab = new Slab();
                if (Slab.Send(fd, slab.Page, 4096))
                    {|SPL1001:slab += 3|};
            }

            static void Counted(int fd)
            {
                var slab = new Slab();
                if (Slab.Send(fd, slab.Page, 4096))
                    {|SPL1001:slab++|};
            }

            static void Safe(int fd)
            {
                var slab = new Slab();
                slab += 3;
                slab++;
                Slab.SendSafely(fd, slab.Page, 4096);
            }
        }
        """, """
            public void operator +=(int value) => Page[1] = (byte)value;
            public void operator ++() => Page[9] = 1;
        """);

    [Fact]
    public Task Assignments_behind_a_question_mark() => Verify("""
        internal static unsafe class Program
        {
            static void Bad(int fd, Slab? maybe)
            {
                var slab = new Slab { Next = new Slab() };
                if (!Slab.Send(fd, slab.Next.Page, 4096))
                    return;
                maybe?.Page[0] = 7;
                slab?.Next?{|SPL1001:.Page[0] = 7|};
            }

            static void Safe(int fd, Slab? maybe)
            {
                var slab = new Slab { Next = new Slab() };
                if (!Slab.SendSafely(fd, slab.Next.Page, 4096))
                    return;
                maybe?.Page[0] = 7;
                slab?.Page[0] = 7;
                slab?.Next?.Tag = 7;
            }
        }
        """, "");
}
