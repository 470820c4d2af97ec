using SpliceAnalyzers.CodeFixes.Declarations;
using Xunit;

namespace SpliceAnalyzers.CodeFixes.Tests;

public class FunctionNameTests
{
    [Theory]
    [InlineData("vmsplice", "write", "writev", "pwritev2")]
    [InlineData("Vmsplice", "Write", "Writev", "Pwritev2")]
    [InlineData("VmSplice", "Write", "WriteV", "PWriteV2")]
    [InlineData("VMSPLICE", "WRITE", "WRITEV", "PWRITEV2")]
    [InlineData("sys_vmsplice", "sys_write", "sys_writev", "sys_pwritev2")]
    [InlineData("LinuxVmspliceCall", "LinuxWriteCall", "LinuxWritevCall", "LinuxPwritev2Call")]
    [InlineData("GivePages", "Write", "Writev", "Pwritev2")]
    [InlineData("give_pages", "write", "writev", "pwritev2")]
    public void Names_follow_the_name_beside_them(string vmsplice, string write, string writev, string pwritev2)
    {
        Assert.Equal(write, NativeFunction.Write.NameLike(vmsplice));
        Assert.Equal(writev, NativeFunction.Writev.NameLike(vmsplice));
        Assert.Equal(pwritev2, NativeFunction.Pwritev2.NameLike(vmsplice));
    }
}
