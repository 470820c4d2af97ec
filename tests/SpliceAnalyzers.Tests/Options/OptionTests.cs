using System.Threading.Tasks;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Lifetime;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Options;

/// <summary>What .editorconfig and global configurations change.</summary>
public class OptionTests
{
    /// <summary>A store after a hand-off, and the write to a file whose pages were spliced.</summary>
    private const string StoreAndFile = """
        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                byte* p = (byte*)NativeMemory.Alloc(4096);
                NativeMemory.Fill(p, 4096, 1);
                iovec v = new() { iov_base = p, iov_len = 4096 };
                STORE_HANDOFF;
                STORE;
            }

            static void Send(int pipe, string path, byte* record)
            {
                int file = open(path, 2, 0);
                splice(file, null, pipe, null, 4096, 0);
                {|SPL1005:pwrite(file, record, 64, 0)|};
            }

            [DllImport("libc", SetLastError = true)] static extern int open(string path, int flags, int mode);
            [DllImport("libc", SetLastError = true)] static extern nint pwrite(int fd, void* buf, nuint count, long offset);
        }
        """;

    private const string Gift = """
        internal static unsafe class Program
        {
            static void Run()
            {
                int* fds = stackalloc int[2];
                if (pipe(fds) != 0)
                    return;
                byte* p = (byte*)NativeMemory.Alloc(64);
                byte* copy = stackalloc byte[64];
                NativeMemory.Fill(p, 64, 1);
                iovec v = new() { iov_base = p, iov_len = 64 };
                HANDOFF;
                if (read(fds[0], copy, 64) == 64)
                    STORE;
            }
        }
        """;

    private const string Rotation = """
        internal static unsafe class Program
        {
            static void Run(int fd)
            {
                if (fcntl(fd, F_SETPIPE_SZ, 65536) != 65536)
                    return;
                byte* buffer = (byte*)NativeMemory.AlignedAlloc(2 * 65536, 4096);
                for (byte i = 0; ; i++)
                {
                    byte* start = buffer + (i % 2) * 65536;
                    NativeMemory.Fill(start, 65536, i);
                    iovec v = new() { iov_base = start, iov_len = 65536 };
                    if (HANDOFF != 65536)
                        return;
                }
            }
        }
        """;

    private const string Plain = "vmsplice(fd, &v, 1, 0)", Store = "p[0] = 2";

    private static string At(string id, string code) => "{|" + id + ":" + code + "|}";

    private static string File(string handOff, string store) => StoreAndFile.Replace("STORE_HANDOFF", handOff).Replace("STORE", store);

    [Fact]
    public Task Without_options_the_kernel_is_linux() => Verify(File(Plain, At("SPL1001", Store)), "");

    [Theory]
    [InlineData("linux")]
    [InlineData("Linux")]
    public Task Linux_is_the_kernel_that_is_held_against_the_real_one(string kernel) => Verify(File(Plain, At("SPL1001", Store)), $"splice_analyzers.kernel = {kernel}");

    [Fact]
    public Task Where_vmsplice_copies_its_hazards_vanish_and_those_of_files_stay() =>
        Verify(File(At("SPL3001", Plain), Store), "splice_analyzers.kernel = vmsplice_copies");

    [Fact]
    public Task The_global_configuration_counts_too() => Verify(File(At("SPL3001", Plain), Store), "is_global = true\nsplice_analyzers.kernel = vmsplice_copies", "/.globalconfig");

    [Fact]
    public Task One_rule_may_have_another_kernel() =>
        Verify(File(At("SPL3001", Plain), Store), "splice_analyzers.kernel = linux\nsplice_analyzers.SPL1001.kernel = vmsplice_copies");

    [Fact]
    public Task A_documented_gift_is_never_modified_again() => VerifyGift("SPL1002", "splice_analyzers.gift_contract = documented");

    [Fact]
    public Task An_actual_gift_is_a_hand_off_like_any_other() => VerifyGift("", "splice_analyzers.gift_contract = actual");

    [Fact]
    public Task A_consumer_that_may_do_anything_is_told_of() => Verify(Rotation.Replace("HANDOFF", At("SPL1007", "vmsplice(fd, &v, 1, 0)")), "splice_analyzers.consumer = unknown");

    [Fact]
    public Task A_consumer_that_copies_makes_the_rotation_safe() => Verify(Rotation.Replace("HANDOFF", At("SPL3001", "vmsplice(fd, &v, 1, 0)")), "splice_analyzers.consumer = copies");

    [Fact]
    public Task A_small_budget_is_said() => Verify(
        Rotation.Replace("HANDOFF", At("SPL3001", "vmsplice(fd, &v, 1, 0)")).Replace("void Run(", "void {|SPL1008:Run|}("), "splice_analyzers.max_states = 3");

    /// <summary>Sixteen pages go in and sixteen come out, again and again; a search that is too short to see that says so, and guesses no hazard.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(2000)]
    public Task A_small_budget_is_no_reason_to_guess(int states) => Verify("""
        internal static unsafe class Program
        {
            static void {|SPL1008:Run|}()
            {
                int* ends = stackalloc int[2];
                if (pipe(ends) != 0)
                    return;
                byte* pages = (byte*)NativeMemory.AlignedAlloc(16 * 4096, 4096), copy = stackalloc byte[4096];
                for (int round = 0; round < 3; round++)
                {
                    for (int i = 0; i < 16; i++)
                    {
                        pages[i * 4096] = 1;
                        iovec v = new() { iov_base = pages + i * 4096, iov_len = 4096 };
                        if ({|SPL3001:vmsplice(ends[1], &v, 1, 0)|} != 4096)
                            return;
                    }

                    for (int i = 0; i < 16; i++)
                    {
                        if (read(ends[0], copy, 4096) != 4096)
                            return;
                    }
                }
            }
        }
        """, $"splice_analyzers.max_states = {states}");

    [Theory]
    [InlineData("SPL1001")]
    [InlineData("SPL1004")]
    public Task The_small_budget_of_one_rule_is_said_too(string rule) => Verify(
        Rotation.Replace("HANDOFF", At(rule == "SPL1001" ? "SPL3001" : "SPL1007", "vmsplice(fd, &v, 1, 0)")).Replace("void Run(", "void {|SPL1008:Run|}("),
        $"splice_analyzers.{rule}.max_states = 3{(rule == "SPL1001" ? "\nsplice_analyzers.SPL1007.max_states = 3" : "")}");

    [Theory]
    [InlineData("kernel", "windows", "linux, vmsplice_copies, howells_rfc, cow_snapshot, decommissioned")]
    [InlineData("consumer", "reads", "unknown, copies")]
    [InlineData("gift_contract", "none", "documented, actual")]
    [InlineData("max_states", "many", "a number above 0")]
    [InlineData("max_states", "0", "a number above 0")]
    [InlineData("SPL1001.consumer", "reads", "unknown, copies")]
    public async Task An_unknown_value_is_said(string option, string value, string allowed)
    {
        var test = new AnalyzerTest<OptionAnalyzer> { TestCode = Prelude.Text };
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n[*.cs]\nsplice_analyzers.{option} = {value}\n"));
        string key = option.StartsWith("SPL", System.StringComparison.Ordinal) ? option.ToLowerInvariant() : option;
        test.ExpectedDiagnostics.Add(AnalyzerVerifier<OptionAnalyzer>.Diagnostic("SPL0001").WithNoLocation()
            .WithMessage($"The option 'splice_analyzers.{key}' is '{value}', which is none of: {allowed}. Its default holds until that is corrected in .editorconfig or the global configuration."));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Known_values_are_not_said()
    {
        var test = new AnalyzerTest<OptionAnalyzer> { TestCode = Prelude.Text };
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\nsplice_analyzers.kernel = howells_rfc\nsplice_analyzers.max_states = 100\n"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static Task VerifyGift(string storeRule, string options)
    {
        const string handOff = "vmsplice(fds[1], &v, 1, SPLICE_F_GIFT)";
        string source = storeRule.Length > 0
            ? Gift.Replace("HANDOFF", handOff).Replace("STORE", At(storeRule, Store))
            : Gift.Replace("HANDOFF", At("SPL3002", At("SPL3001", handOff))).Replace("STORE", Store);
        return Verify(source, options);
    }

    private static Task Verify(string source, string options, string path = "/.editorconfig")
    {
        var test = new AnalyzerTest<HandOffAnalyzer> { TestCode = Prelude.Text + source };
        string text = options.StartsWith("is_global", System.StringComparison.Ordinal) ? options + "\n" : $"root = true\n[*.cs]\n{options}\n";
        test.TestState.AnalyzerConfigFiles.Add((path, text));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }
}
