using System;
using System.Runtime.InteropServices;
using SpliceAnalyzers.Tool.Replay;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>Whether the machine lets tests use vmsplice at all.</summary>
internal static class RunningKernel
{
    /// <summary>Skips the test where vmsplice is forbidden; with CI=true that is a failure.</summary>
    public static unsafe void Require()
    {
        if (!OperatingSystem.IsLinux())
        {
            Refuse("This is not Linux.");
            return;
        }
        // Flags are looked at first: EINVAL means that the call is there, ENOSYS or EPERM that it is not.
        var result = Libc.vmsplice(-1, null, 0, 0x10);
        var error = Marshal.GetLastPInvokeError();
        if (result != -1 || error != 22) Refuse($"vmsplice is forbidden here (errno {error}).");
    }

    private static void Refuse(string reason)
    {
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason + " With CI=true the model must be held against a kernel.");
        Assert.Skip(reason);
    }
}
