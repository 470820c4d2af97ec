using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

public class FixTitleTests
{
    [Fact]
    public void Two_fixes_never_share_a_title() => Assert.NotEqual(FixTitles.UseWrite, FixTitles.UseWritev);
}
