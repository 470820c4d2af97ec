using System;
using Xunit;

namespace SpliceAnalyzers.Package.Tests;

/// <summary>How much is said is one property; what the project configures itself goes before it.</summary>
public class SeverityTests
{
    private const string StoresAfterHandOff = """
        using System.Runtime.InteropServices;

        internal static unsafe class Program
        {
            private struct IoVec
            {
                public void* Base;
                public nuint Length;
            }

            [DllImport("libc", SetLastError = true)]
            private static extern nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

            private static void Main()
            {
                byte* buffer = (byte*)NativeMemory.AllocZeroed(4096);
                buffer[0] = 1;
                IoVec segment = new() { Base = buffer, Length = 4096 };
                if (vmsplice(1, &segment, 1, 0) == 4096)
                    buffer[0] = 2;
            }
        }
        """;

    [Theory]
    [InlineData("", "warning SPL1001")]
    [InlineData("default", "warning SPL1001")]
    [InlineData("recommended", "warning SPL1001")]
    [InlineData("all", "warning SPL1001")]
    [InlineData("error", "error SPL1001")]
    [InlineData("Error", "error SPL1001")]
    public void A_property_chooses_the_severities(string value, string said)
    {
        using var project = new ConsumerProject(StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=" + value);

        Assert.True(build.Output.Contains(said, StringComparison.Ordinal), build.ToString());
        Assert.False(build.Output.Contains("SPL0001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void None_says_nothing()
    {
        using var project = new ConsumerProject(StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=none");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void An_editorconfig_goes_before_it()
    {
        using var project = new ConsumerProject(StoresAfterHandOff);
        project.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.SPL1001.severity = none\n");

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=error");

        Assert.True(build.ExitCode == 0 && !build.Output.Contains("SPL1001", StringComparison.Ordinal), build.ToString());
    }

    [Fact]
    public void A_value_that_is_not_known_is_said()
    {
        using var project = new ConsumerProject(StoresAfterHandOff);

        CommandResult build = project.Dotnet("build -p:SpliceAnalyzersSeverity=loud");

        Assert.True(build.Output.Contains("warning SPL0001: The property 'SpliceAnalyzersSeverity' is 'loud', which is none of: none, default, recommended, all, error.", StringComparison.Ordinal), build.ToString());
        Assert.True(build.Output.Contains("warning SPL1001", StringComparison.Ordinal), build.ToString());
    }
}
