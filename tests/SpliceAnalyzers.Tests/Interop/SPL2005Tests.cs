using System.Threading.Tasks;
using Xunit;

namespace SpliceAnalyzers.Tests.Interop;

/// <summary>Raw system call number without an architecture check.</summary>
public class SPL2005Tests
{
    [Theory]
    [InlineData("Use({|SPL2005:syscall(278, fd, iov, 1, 0)|});")]
    [InlineData("Use({|SPL2005:syscall(75, fd, iov, 1, 0)|});")]
    [InlineData("Use({|SPL2005:syscall(316, fd, iov, 1, 0)|});")]
    [InlineData("Use({|SPL2005:syscall6(275, fd, null, other, null, len, 0)|});")]
    [InlineData("Use({|SPL2005:syscall6(76, fd, null, other, null, len, 0)|});")]
    [InlineData("Use({|SPL2005:syscall6(313, fd, null, other, null, len, 0)|});")]
    [InlineData("Use({|SPL2005:syscall(276, fd, (void*)other, len, 0)|});")]
    [InlineData("Use({|SPL2005:syscall(77, fd, (void*)other, len, 0)|});")]
    [InlineData("Use({|SPL2005:syscall(315, fd, (void*)other, len, 0)|});")]
    [InlineData("const long SYS_vmsplice = 278; Use({|SPL2005:syscall(SYS_vmsplice, fd, iov, 1, 0)|});")]
    [InlineData("if (OperatingSystem.IsLinux()) Use({|SPL2005:syscall(278, fd, iov, 1, 0)|});")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Use(1); Use({|SPL2005:syscall(278, fd, iov, 1, 0)|});")]
    public Task Nobody_asks_for_the_architecture(string body) => CallRules.VerifyAsync(body);

    [Theory]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Use(syscall(278, fd, iov, 1, 0));")]
    [InlineData("if (Architecture.X64 == RuntimeInformation.OSArchitecture && b) Use(syscall(278, fd, iov, 1, 0));")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64) throw new PlatformNotSupportedException(); Use(syscall(75, fd, iov, 1, 0));")]
    [InlineData("switch (RuntimeInformation.ProcessArchitecture) { case Architecture.X64: Use(syscall(278, fd, iov, 1, 0)); break; case Architecture.Arm64: Use(syscall(75, fd, iov, 1, 0)); break; }")]
    [InlineData("int number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 278, Architecture.Arm64 => 75, Architecture.X86 => 316, _ => throw new PlatformNotSupportedException() }; Use(syscall(number, fd, iov, 1, 0));")]
    [InlineData("Use(RuntimeInformation.ProcessArchitecture is Architecture.X64 ? syscall(278, fd, iov, 1, 0) : -1);")]
    [InlineData("if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Use(syscall(75, fd, iov, 1, 0));")]
    [InlineData("if (IsX64) Use(syscall(278, fd, iov, 1, 0));")]
    [InlineData("Use(syscall(Number, fd, iov, 1, 0));")]
    [InlineData("Use(syscall(39, fd, iov, 1, 0));")]
    [InlineData("Use(syscall(fd, fd, iov, 1, 0));")]
    [InlineData("Use(vmsplice(278, iov, 1, 0));")]
    public Task The_architecture_is_asked_for_or_the_call_is_another(string body) => CallRules.VerifyAsync(body, """
        static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;
        static readonly long Number = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? 75 : 278;
        """);
}
