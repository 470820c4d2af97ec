using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests;

public class PageSizeTests
{
    [Fact]
    public void A_default_pipe_of_sixteen_slots_holds_64_KiB() => Assert.Equal(65536, 16 * PageSize.Bytes);
}
