using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>write has copied the page when it returns, so it may be filled again.</summary>
internal sealed unsafe partial class CopiedLog(LogPipe pipe) : Log
{
    private readonly byte* _page = (byte*)NativeMemory.AlignedAlloc(LogPipe.RecordSize, LogPipe.RecordSize);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, void* buffer, nuint count);

    public override void Dispose()
    {
        base.Dispose();
        NativeMemory.AlignedFree(_page);
    }

    protected override void Fill(byte content) => new Span<byte>(_page, LogPipe.RecordSize).Fill(content);

    protected override void Flush()
    {
        if (write(pipe.WriteEnd, _page, LogPipe.RecordSize) != LogPipe.RecordSize)
            throw new Win32Exception();
    }
}
