using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>SPLICE_F_GIFT buys nothing.</summary>
public class SPL3002Tests
{
    [Theory]
    [InlineData("byte* p = stackalloc byte[4096]; IoVec v = new() { Base = p, Length = 4096 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT));", "stack")]
    [InlineData("long x = 0; IoVec v; v.Base = &x; v.Length = 8; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT));", "stack")]
    [InlineData("fixed (byte* p = new byte[4096]) { IoVec v = new() { Base = p, Length = 4096 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT)); }", "garbage collector")]
    [InlineData("byte* p = (byte*)NativeMemory.AlignedAlloc(4096, 4096); IoVec v = new() { Base = p, Length = 4096 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT | SPLICE_F_NONBLOCK));", "allocator")]
    [InlineData("IoVec v = new() { Base = iov, Length = 100 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT));", "no whole page")]
    [InlineData("IoVec v = new() { Base = iov, Length = 4096 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT));", "no reader")]
    [InlineData("Use(vmsplice(fd, iov, 1, b ? SPLICE_F_GIFT : 0));", "no reader")]
    [InlineData("Use(vmspliceHandle(handle, *iov, 1, SpliceFlags.Gift));", "no reader")]
    public async Task A_gift_says_why_it_is_none(string body, string reason)
    {
        Diagnostic diagnostic = Assert.Single(await Analyse(body), diagnostic => diagnostic.Id == RuleIds.GiftBuysNothing);
        Assert.Contains(reason, diagnostic.GetMessage(), System.StringComparison.Ordinal);
        Assert.StartsWith("vmsplice", diagnostic.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(diagnostic.Location.SourceSpan), System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Use(vmsplice(fd, iov, 1, 0));")]
    [InlineData("Use(vmsplice(fd, iov, 1, flags));")]
    [InlineData("long* p = (long*)NativeMemory.AlignedAlloc(4096, 4096); *p = 1; IoVec v = new() { Base = p, Length = 4096 }; Use(vmsplice(fd, &v, 1, SPLICE_F_GIFT)); *p = 2;")]
    public async Task No_gift_or_one_that_is_broken(string body) =>
        Assert.DoesNotContain(await Analyse(body), diagnostic => diagnostic.Id == RuleIds.GiftBuysNothing);

    private static async Task<Diagnostic[]> Analyse(string body)
    {
        Compilation compilation = TestReferences.Compile("Gift", CallRules.Source(body, ""));
        var analysis = compilation.WithAnalyzers([new HandOffAnalyzer()], options: (AnalyzerOptions?)null);
        return [.. await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)];
    }
}
