using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Samples;

/// <summary>The bug: vmsplice has returned, and the page is filled again while the pipe still shows it.</summary>
internal sealed unsafe partial class ReferencedLog(LogPipe pipe) : Log
{
    private readonly byte* _page = (byte*)NativeMemory.AlignedAlloc(LogPipe.RecordSize, LogPipe.RecordSize);

    private struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint vmsplice(int fd, IoVec* segments, nuint count, uint flags);

    public override void Dispose()
    {
        base.Dispose();
        NativeMemory.AlignedFree(_page);
    }

    protected override void Fill(byte content) => new Span<byte>(_page, LogPipe.RecordSize).Fill(content);

    protected override void Flush()
    {
        IoVec segment = new() { Base = _page, Length = LogPipe.RecordSize };
        if (vmsplice(pipe.WriteEnd, &segment, 1, 0) != LogPipe.RecordSize)
            throw new Win32Exception();
    }
}
