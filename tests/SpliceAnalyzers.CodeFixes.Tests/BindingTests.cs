using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using SpliceAnalyzers.CodeFixes.Tests.Bench;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

/// <summary>vmsplice comes from a library such as Tmds.LibC: its own functions are used, and nothing is declared.</summary>
public class BindingTests
{
    private const string Library = """
        using System.Runtime.InteropServices;

        namespace Tmds.Linux;

        public partial struct size_t
        {
            private ulong value;
            public static implicit operator ulong(size_t arg) => arg.value;
            public static explicit operator size_t(ulong arg) => new size_t { value = arg };
            public static implicit operator size_t(uint arg) => new size_t { value = arg };
            public static implicit operator size_t(int arg) => new size_t { value = (uint)arg };
        }

        public partial struct ssize_t
        {
            private long value;
            public static implicit operator long(ssize_t arg) => arg.value;
        }

        public partial struct off_t
        {
            private long value;
            public static implicit operator off_t(long arg) => new off_t { value = arg };
        }

        public unsafe struct iovec
        {
            public void* iov_base { get; set; }
            public size_t iov_len { get; set; }
        }

        public static unsafe class LibC
        {
            public static int SPLICE_F_NONBLOCK => 2;
            public static int SPLICE_F_GIFT => 8;

            [DllImport("libc.so.6", SetLastError = true)]
            public static extern ssize_t vmsplice(int fd, iovec* iov, size_t count, uint flags);
            [DllImport("libc.so.6", SetLastError = true)]
            public static extern ssize_t writev(int fd, iovec* iov, int iovcnt);
            [DllImport("libc.so.6", SetLastError = true)]
            public static extern ssize_t write(int fd, void* buf, size_t count);
        }
        """;

    [Fact]
    public Task Writev_of_the_binding() => FixAsync(
        FixTitles.UseWritev,
        """
        using static Tmds.Linux.LibC;

        public static unsafe class Sender
        {
            public static long Run(int fd, Tmds.Linux.iovec* iov) => vmsplice(fd, iov, 1, (uint)SPLICE_F_GIFT);
        }
        """,
        """
        using static Tmds.Linux.LibC;

        public static unsafe class Sender
        {
            public static long Run(int fd, Tmds.Linux.iovec* iov) => writev(fd, iov, 1);
        }
        """);

    [Fact]
    public Task Write_of_the_binding() => FixAsync(
        FixTitles.UseWrite,
        """
        using Tmds.Linux;

        public static unsafe class Sender
        {
            public static long Run(int fd, byte* p, int n)
            {
                var iov = new iovec { iov_base = p, iov_len = n };
                return LibC.vmsplice(fd, &iov, 1, 0);
            }
        }
        """,
        """
        using Tmds.Linux;

        public static unsafe class Sender
        {
            public static long Run(int fd, byte* p, int n)
            {
                return LibC.write(fd, p, n);
            }
        }
        """);

    [Fact]
    public async Task What_the_binding_lacks_is_not_offered()
    {
        const string Source = "public static unsafe class Sender { public static long Run(int fd, Tmds.Linux.iovec* iov) => Tmds.Linux.LibC.vmsplice(fd, iov, 1, 2); }";
        Assert.Null(await new Fixing(new EveryHandOff()).FixFirstAsync(WithBinding(Source), FixTitles.UseWritev));
    }

    [Fact]
    public async Task A_file_of_two_target_frameworks_is_fixed_once()
    {
        const string Before = """
            using System.Runtime.InteropServices;

            public static unsafe class Sender
            {
                [DllImport("libc")]
                private static extern nint vmsplice(int fd, void** iov, nuint count, uint flags);

                public static nint Run(int fd, void** iov) => vmsplice(fd, iov, 1, 0);
            }
            """;
        const string After = """
            using System.Runtime.InteropServices;

            public static unsafe class Sender
            {
                [DllImport("libc")]
                private static extern nint writev(int fd, void** iov, int count);

                public static nint Run(int fd, void** iov) => writev(fd, iov, 1);
            }
            """;
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Sender.cs", Before)], [("Sender.cs", Before)]);
        var fixing = new Fixing(new EveryHandOff());
        foreach (Solution changed in new[] { await fixing.FixAllAsync(solution, FixTitles.UseWritev, FixAllScope.Solution), (await fixing.FixFirstAsync(solution, FixTitles.UseWritev))! })
        {
            foreach (Document document in changed.Projects.SelectMany(project => project.Documents))
                Assert.Equal(After, (await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        }
    }

    private static async Task FixAsync(string title, string before, string after)
    {
        Solution solution = WithBinding(before);
        await Sources.AssertCompilesAsync(solution);
        Solution? changed = await new Fixing(new EveryHandOff()).FixFirstAsync(solution, title);
        Assert.True(changed is not null, $"'{title}' is not offered.");
        Assert.Equal(after, await Sources.TextAsync(changed, "Sender.cs"));
        await Sources.AssertCompilesAsync(changed);
    }

    private static Solution WithBinding(string source)
    {
        using var image = new MemoryStream();
        CSharpCompilation library = CSharpCompilation.Create(
            "Tmds.LibC", [CSharpSyntaxTree.ParseText(Library, TestCompilation.ParseOptions)], TestReferences.Net10, TestCompilation.Options);
        Assert.True(library.Emit(image).Success);
        image.Position = 0;
        Solution solution = Sources.Solution(OutputKind.DynamicallyLinkedLibrary, [("Sender.cs", source)]);
        return solution.AddMetadataReference(solution.ProjectIds[0], MetadataReference.CreateFromStream(image));
    }
}
