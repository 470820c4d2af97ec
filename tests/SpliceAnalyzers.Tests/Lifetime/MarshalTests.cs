using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Segments that are put together in raw memory: by the methods of Marshal and Unsafe, value by value or as a struct.</summary>
public class MarshalTests
{
    /// <summary>Puts a page's address and length at `segment`, and hands the segment off.</summary>
    private static Task Verify(string fill) => Case.Types($$"""
        internal struct Segment { public IntPtr Start; public UIntPtr Length; }

        internal static unsafe class Program
        {
            private static void Send(int fd, IntPtr page, IntPtr segment)
            {
                {{fill}}
                vmsplice(fd, (iovec*)segment, 1, 0);
                Marshal.FreeHGlobal(segment);
            }

            private static IntPtr Pages()
            {
                IntPtr pages = Marshal.AllocHGlobal(8192);
                NativeMemory.Fill((void*)pages, 8192, 1);
                return pages;
            }

            static void Bad(int fd)
            {
                IntPtr pages = Pages();
                Send(fd, pages, Marshal.AllocHGlobal(Marshal.SizeOf(typeof(Segment))));
                {|SPL1001:Marshal.WriteByte(pages, 4095, 2)|};
            }

            static void Safe(int fd)
            {
                IntPtr pages = Pages();
                Send(fd, pages, Marshal.AllocHGlobal(Marshal.SizeOf<Segment>()));
                Marshal.WriteByte(pages, 4096, 2);
            }
        }
        """);

    [Theory]
    [InlineData("Marshal.WriteIntPtr(segment, page); Marshal.WriteIntPtr(segment, 8, (IntPtr)4096);")]
    [InlineData("Marshal.WriteInt64(segment, (long)page); Marshal.WriteInt64(segment, IntPtr.Size, 4096);")]
    [InlineData("Marshal.StructureToPtr(new Segment { Start = page, Length = (UIntPtr)4096 }, segment, false);")]
    [InlineData("object boxed = new Segment { Start = page, Length = (UIntPtr)4096 }; Marshal.StructureToPtr(boxed, segment, false);")]
    [InlineData("Unsafe.Write((void*)segment, new Segment { Start = page, Length = (UIntPtr)4096 });")]
    [InlineData("Unsafe.Write((void*)segment, page); Unsafe.WriteUnaligned((byte*)segment + 8, (nint)4096);")]
    [InlineData("var made = new Segment { Start = page, Length = (UIntPtr)4096 }; MemoryMarshal.Write(new Span<byte>((void*)segment, 16), in made);")]
    [InlineData("var bytes = new Span<byte>((void*)segment, 16); BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)page); BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], 4096);")]
    [InlineData("Marshal.WriteIntPtr(segment, page); Marshal.WriteIntPtr(segment, 8, (IntPtr)4096); var read = Marshal.PtrToStructure<Segment>(segment); *(Segment*)segment = read;")]
    [InlineData("IntPtr* slot = stackalloc IntPtr[1]; *slot = page; Marshal.WriteIntPtr(segment, Marshal.ReadIntPtr((IntPtr)slot)); Marshal.WriteInt64(segment, 8, 4096);")]
    public Task A_segment_in_raw_memory(string fill) => Verify(fill);

    [Fact]
    public Task A_struct_in_a_box() => Case.Types("""
        internal interface ITouch { void Touch(); }

        internal unsafe struct Block : ITouch
        {
            public byte* Start;
            public readonly void Touch() => Start[1] = 2;
        }

        internal static unsafe class Program
        {
            private static bool Send(int fd, byte* start)
            {
                iovec vector = new() { iov_base = start, iov_len = 4096 };
                return vmsplice(fd, &vector, 1, 0) == 4096;
            }

            private static Block Made() => new() { Start = (byte*)NativeMemory.AlignedAlloc(8192, 4096) };

            static void BadUnboxed(int fd)
            {
                object boxed = Made();
                if (Send(fd, ((Block)boxed).Start))
                    {|SPL1001:((Block)boxed).Start[0] = 1|};
            }

            static void BadByInterface(int fd)
            {
                Block block = Made();
                ITouch touch = block;
                if (Send(fd, block.Start))
                    {|SPL1001:touch.Touch()|};
            }

            static void Safe(int fd)
            {
                Block block = Made();
                object boxed = block;
                block = Made();
                if (Send(fd, block.Start))
                    ((Block)boxed).Touch();
            }
        }
        """);
}
