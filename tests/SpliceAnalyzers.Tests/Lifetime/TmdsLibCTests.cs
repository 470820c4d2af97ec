using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.Interop;
using Xunit;

namespace SpliceAnalyzers.Tests.Lifetime;

/// <summary>
/// The binding Tmds.LibC, as it is: size_t and ssize_t are structs with operators, the members of iovec are properties, constants are properties, too; and of
/// all that only metadata is there.
/// </summary>
public class TmdsLibCTests
{
    /// <summary>What programs are compiled against.</summary>
    private static readonly MetadataReference Binding = MetadataReference.CreateFromFile(Path.Combine(Repository.Metadata("Tmds.LibC"), "ref", "netstandard2.0", "Tmds.LibC.dll"));

    private static Task Verify(string members) => Case.FileWith(Binding, $$"""
        using System;
        using System.Runtime.InteropServices;
        using Tmds.Linux;
        using static Tmds.Linux.LibC;

        public static unsafe class Program
        {
            private static byte* Pages(int count)
            {
                byte* pages = (byte*)NativeMemory.AlignedAlloc((nuint)count * 4096, 4096);
                NativeMemory.Fill(pages, (nuint)count * 4096, 1);
                return pages;
            }

        {{members}}
        }
        """);

    [Fact]
    public Task A_page() => Verify("""
        public static void Bad(int fd)
        {
            byte* page = Pages(1);
            iovec vector = new iovec { iov_base = page, iov_len = 4096 };
            if (vmsplice(fd, &vector, 1, 0) != 4096)
                return;
            {|SPL1001:page[7] = 1|};
        }

        public static void Safe(int fd)
        {
            byte* page = Pages(2);
            iovec vector = default;
            vector.iov_base = page;
            vector.iov_len = 4096;
            if ({|SPL3001:vmsplice(fd, &vector, 1, 0)|} != 4096)
                return;
            page[4096] = 1;
        }
        """);

    [Fact]
    public Task Several_segments() => Verify("""
        public static void Bad(int fd)
        {
            size_t half = 8192 / 2;
            byte* pages = Pages(4);
            iovec* vectors = stackalloc iovec[2];
            vectors[0].iov_base = pages;
            vectors[0].iov_len = half;
            vectors[1].iov_base = pages + 8192;
            vectors[1].iov_len = half;
            long sent = vmsplice(fd, vectors, 2, 0);
            if (sent == 8192)
                {|SPL1001:pages[9000] = 1|};
        }

        public static void Safe(int fd)
        {
            size_t half = 8192 / 2;
            byte* pages = Pages(4);
            iovec* vectors = stackalloc iovec[2];
            vectors[0].iov_base = pages;
            vectors[0].iov_len = half;
            vectors[1].iov_base = pages + 8192;
            vectors[1].iov_len = half;
            long sent = {|SPL3001:vmsplice(fd, vectors, 2, 0)|};
            if (sent == 8192)
                pages[5000] = 1;
        }
        """);

    [Fact]
    public Task A_loop_over_short_counts() => Verify("""
        public static void Bad(int fd)
        {
            byte* pages = Pages(2);
            size_t length = 8192, sent = 0;
            while (sent < length)
            {
                iovec vector = new iovec { iov_base = pages + (ulong)sent, iov_len = length - sent };
                ssize_t n = {|SPL3002:vmsplice(fd, &vector, 1, (uint)SPLICE_F_GIFT)|};
                if (n <= 0)
                    break;
                sent += (size_t)n;
            }
            {|SPL1003:NativeMemory.AlignedFree(pages)|};
        }

        public static void Safe(int fd)
        {
            byte* pages = Pages(2);
            size_t length = 8192, sent = 0;
            while (sent < length)
            {
                iovec vector = new iovec { iov_base = pages + (ulong)sent, iov_len = length - sent };
                ssize_t n = {|SPL3001:vmsplice(fd, &vector, 1, 0)|};
                if (n <= 0)
                    break;
                sent += (size_t)n;
            }
            if (sent == 0)
                NativeMemory.AlignedFree(pages);
        }
        """);

    [Fact]
    public Task An_own_pipe_is_drained() => Verify("""
        public static void Safe()
        {
            int* ends = stackalloc int[2];
            if (pipe2(ends, O_CLOEXEC) != 0)
                return;
            byte* page = Pages(1);
            byte* copy = stackalloc byte[4096];
            for (int i = 0; i < 10; i++)
            {
                NativeMemory.Fill(page, 4096, (byte)i);
                iovec vector = new iovec { iov_base = page, iov_len = 4096 };
                if ({|SPL3001:vmsplice(ends[1], &vector, 1, 0)|} != 4096)
                    return;
                for (size_t left = 4096; left > 0; )
                {
                    ssize_t got = read(ends[0], copy, left);
                    if (got <= 0)
                        return;
                    left -= (size_t)got;
                }
            }
        }

        public static void Bad()
        {
            int* ends = stackalloc int[2];
            if (pipe2(ends, O_CLOEXEC) != 0)
                return;
            byte* page = Pages(1);
            for (int i = 0; i < 10; i++)
            {
                {|SPL1001:NativeMemory.Fill(page, 4096, (byte)i)|};
                iovec vector = new iovec { iov_base = page, iov_len = 4096 };
                if (vmsplice(ends[1], &vector, 1, 0) != 4096)
                    return;
            }
        }
        """);

    [Fact]
    public Task Spliced_on_to_another_descriptor() => Verify("""
        public static void Bad(int to)
        {
            int* ends = stackalloc int[2];
            if (pipe(ends) != 0)
                return;
            byte* page = Pages(1);
            iovec vector = new iovec { iov_base = page, iov_len = 4096 };
            ssize_t n = vmsplice(ends[1], &vector, 1, 0);
            if (n < 0 || splice(ends[0], null, to, null, (size_t)n, (uint)SPLICE_F_MOVE) != n)
                return;
            {|SPL1001:page[0] = 2|};
        }
        """);

    [Fact]
    public Task Mappings_by_named_constants() => Verify("""
        public static void Bad(int fd)
        {
            byte* page = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (page == MAP_FAILED)
                return;
            page[0] = 1;
            iovec vector = new iovec { iov_base = page, iov_len = 4096 };
            vmsplice(fd, &vector, 1, 0);
            {|SPL1001:page[0] = 2|};
        }

        public static void Safe(int fd)
        {
            byte* page = (byte*)mmap(null, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (page == MAP_FAILED)
                return;
            page[0] = 1;
            iovec vector = new iovec { iov_base = page, iov_len = 4096 };
            {|SPL3001:vmsplice(fd, &vector, 1, 0)|};
            if (mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != page)
                return;
            page[0] = 2;
        }
        """);

    [Fact]
    public Task The_source_file_is_written() => Verify("""
        public static void Bad(int fd, byte* path)
        {
            int file = open(path, O_RDWR | O_CREAT);
            off_t offset = 0;
            splice(file, &offset, fd, null, 4096, 0);
            byte one = 1;
            {|SPL1005:pwrite(file, &one, 1, 0)|};
        }

        public static void Safe(int fd, byte* path)
        {
            int file = open(path, O_RDWR | O_CREAT);
            off_t offset = 0;
            splice(file, &offset, fd, null, 4096, 0);
            byte one = 1;
            pwrite(file, &one, 1, 4096);
        }
        """);

    /// <summary>The binding's own values, from the assembly that programs run with on x86-64.</summary>
    [Fact]
    public void Constants_have_the_values_that_they_have_there()
    {
        var context = new AssemblyLoadContext("Tmds.LibC", isCollectible: true);
        Type binding = context.LoadFromAssemblyPath(Path.Combine(Repository.Metadata("Tmds.LibC"), "runtimes", "linux-x64", "lib", "netstandard2.0", "Tmds.LibC.dll")).GetType("Tmds.Linux.LibC", throwOnError: true)!;
        int compared = 0;
        foreach (string name in LinuxConstants.Names)
        {
            if (binding.GetProperty(name, BindingFlags.Public | BindingFlags.Static) is not { PropertyType.IsPrimitive: true } property)
                continue;
            compared++;
            Assert.True(LinuxConstants.Named(name) == Convert.ToInt64(property.GetValue(null)), $"{name} is {property.GetValue(null)} in Tmds.LibC and {LinuxConstants.Named(name)} in the table.");
        }

        Assert.True(compared > 40, $"Only {compared} of {LinuxConstants.Names.Count} constants of the table are in Tmds.LibC.");
        context.Unload();
    }
}
