using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>Memory that comes from mmap: what happens to the mapping is no store, what is stored through a mapping is.</summary>
public class MappingTests
{
    private static Task MappedPages(string handOff, string after) => Case.Members($$"""
        [DllImport("libc", SetLastError = true)] static extern void* mremap(void* old, nuint oldSize, nuint newSize, int flags);
        [DllImport("libc", SetLastError = true)] static extern int mprotect(void* addr, nuint length, int prot);

        static void Run(int fd)
        {
            byte* p = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            NativeMemory.Fill(p, 8192, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {{handOff}};
            {{after}}
        }
        """);

    [Theory]
    [InlineData("{|SPL1001:p[0] = 2|};")]
    [InlineData("munmap(p + 4096, 4096); {|SPL1001:p[0] = 2|};")]
    [InlineData("madvise(p, 8192, MADV_FREE); {|SPL1001:p[0] = 2|};")]
    [InlineData("madvise(p + 4096, 4096, MADV_DONTNEED); {|SPL1001:p[0] = 2|};")]
    [InlineData("if (mprotect(p, 8192, PROT_READ) == 0 && mprotect(p, 8192, PROT_READ | PROT_WRITE) == 0) {|SPL1001:p[0] = 2|};")]
    [InlineData("byte* q = (byte*)mremap(p, 8192, 65536, 1); if (q != (void*)-1) {|SPL1001:q[0] = 2|};")]
    public Task The_frame_is_still_the_one_in_the_pipe(string after) => MappedPages("vmsplice(fd, &v, 1, 0)", after);

    [Theory]
    [InlineData("munmap(p, 8192);")]
    [InlineData("munmap(p, 4096); p[4096] = 2;")]
    [InlineData("p[4096] = 2; munmap(p + 4096, 4096);")]
    [InlineData("if (madvise(p, 4096, MADV_DONTNEED) == 0) p[0] = 2;")]
    [InlineData("if (madvise(p, 8192, MADV_DONTNEED) == 0) NativeMemory.Fill(p, 8192, 2);")]
    [InlineData("if (mmap(p, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p) p[0] = 2;")]
    [InlineData("munmap(p, 8192); p = (byte*)mmap(null, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); if (p != (void*)-1) p[0] = 2;")]
    [InlineData("mprotect(p, 8192, PROT_READ);")]
    [InlineData("byte* q = (byte*)mremap(p, 8192, 65536, 1); if (q != (void*)-1) munmap(q, 65536);")]
    public Task Safe_the_frame_is_another_one_or_untouched(string after) => MappedPages("{|SPL3001:vmsplice(fd, &v, 1, 0)|}", after);

    [Fact]
    public Task Safe_a_page_that_was_never_written_is_the_zero_page() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            NativeMemory.Fill(p, 4096, 1);
        }
        """);

    [Fact]
    public Task The_second_hand_off_of_a_page_that_was_never_written_before_the_first() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &v, 1, 0)|};
            NativeMemory.Fill(p, 4096, 1);
            vmsplice(fd, &v, 1, 0);
            {|SPL1001:NativeMemory.Fill(p, 4096, 2)|};
        }
        """);

    [Fact]
    public Task A_ring_of_mappings_that_stay_mapped() => Case.Members("""
        static void Run(int fd)
        {
            byte** blocks = stackalloc byte*[4];
            for (int i = 0; i < 4; i++)
            {
                blocks[i] = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (blocks[i] == (void*)-1)
                    return;
            }
            for (int i = 0; i < 1000; i++)
            {
                byte* block = blocks[i & 3];
                {|SPL1001:NativeMemory.Fill(block, 4096, (byte)i)|};
                iovec v = new() { iov_base = block, iov_len = 4096 };
                if (vmsplice(fd, &v, 1, 0) < 0)
                    return;
            }
        }
        """);

    [Fact]
    public Task Safe_the_page_is_dropped_before_it_is_filled_again() => Case.Members("""
        static void Run(int fd)
        {
            byte* p = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == (void*)-1)
                return;
            iovec v = new() { iov_base = p, iov_len = 4096 };
            for (byte i = 1; i < 100; i++)
            {
                NativeMemory.Fill(p, 4096, i);
                {|SPL3001:vmsplice(fd, &v, 1, 0)|};
                if (madvise(p, 4096, MADV_DONTNEED) != 0)
                    return;
            }
        }
        """);

    // ---- MemoryMappedFile

    [Theory]
    [InlineData("first.Write(0, (byte)2)")]
    [InlineData("second.Write(100, 0x12345678)")]
    [InlineData("second.WriteArray(0, new byte[64], 0, 64)")]
    public Task Stored_through_a_view(string store) => Case.Members(Views("vmsplice(fd, &v, 1, 0)", $"{{|SPL1001:{store}|}};"));

    [Theory]
    [InlineData("_ = second.ReadByte(0);")]
    [InlineData("first.SafeMemoryMappedViewHandle.ReleasePointer(); first.Dispose();")]
    [InlineData("first.SafeMemoryMappedViewHandle.ReleasePointer(); first.Dispose(); second.Dispose(); file.Dispose();")]
    public Task Safe_the_views_are_read_or_disposed(string after) => Case.Members(Views("{|SPL3001:vmsplice(fd, &v, 1, 0)|}", after));

    private static string Views(string handOff, string after) => $$"""
        static void Run(int fd)
        {
            MemoryMappedFile file = MemoryMappedFile.CreateNew(null, 4096);
            MemoryMappedViewAccessor first = file.CreateViewAccessor(), second = file.CreateViewAccessor();
            byte* p = null;
            first.SafeMemoryMappedViewHandle.AcquirePointer(ref p);
            NativeMemory.Fill(p, 4096, 1);
            iovec v = new() { iov_base = p, iov_len = 4096 };
            {{handOff}};
            {{after}}
        }
        """;
}
