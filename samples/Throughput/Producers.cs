using System;
using System.Runtime.InteropServices;

/// <summary>Ways to send a buffer through a pipe, with the reader's copy. One thread does both, so that only the kernel's work is measured.</summary>
internal sealed unsafe class Producers : IDisposable
{
    private const int Page = 4096;
    private const int ReadWrite = Libc.PROT_READ | Libc.PROT_WRITE;

    private readonly int _read;
    private readonly int _write;
    private readonly byte* _buffers;
    private readonly byte* _sink;
    private int _turn;

    /// <summary>The size of the pipe and of every buffer, checked: the ring of two is proven by it.</summary>
    public int Size { get; }

    public Producers(int size)
    {
        var ends = stackalloc int[2];
        Check(Libc.pipe(ends));
        (_read, _write) = (ends[0], ends[1]);
        var actual = Libc.fcntl(_write, Libc.F_SETPIPE_SZ, size);
        if (actual != size) throw new InvalidOperationException($"The pipe has {actual} bytes, not {size}.");
        Size = size;
        _buffers = Libc.mmap(null, 2 * size, ReadWrite, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        _sink = Libc.mmap(null, size, ReadWrite, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        Check((nint)_buffers == -1 || (nint)_sink == -1 ? -1 : 0);
        new Span<byte>(_buffers, 2 * size).Fill(1);
        new Span<byte>(_sink, size).Fill(1);
    }

    public void Write()
    {
        for (var sent = 0; sent < Size;) sent += Check(Libc.write(_write, _buffers + sent, Size - sent));
        Drain();
    }

    public void Vmsplice() => HandOff(_buffers, 0);

    public void Gift() => HandOff(_buffers, Libc.SPLICE_F_GIFT);

    /// <summary>Two buffers, each as large as the pipe: when one is full, the other has been copied.</summary>
    public void Ring() => HandOff(_buffers + (_turn++ & 1) * Size, 0);

    /// <summary>New memory for every hand-off, unmapped right after it: the slots keep the pages.</summary>
    public void Fresh()
    {
        var memory = Libc.mmap(null, Size, ReadWrite, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        Check((nint)memory == -1 ? -1 : 0);
        for (var at = 0; at < Size; at += Page) memory[at] = 1;
        Queue(memory, 0);
        Check(Libc.munmap(memory, Size));
        Drain();
    }

    /// <summary>Takes the right to store from pages and gives it back.</summary>
    public void Protect()
    {
        Check(Libc.mprotect(_buffers, Size, Libc.PROT_READ));
        Check(Libc.mprotect(_buffers, Size, ReadWrite));
    }

    private void HandOff(byte* memory, uint flags)
    {
        Queue(memory, flags);
        Drain();
    }

    private void Queue(byte* memory, uint flags)
    {
        for (var sent = 0; sent < Size;)
        {
            var segment = new Libc.Segment { Base = memory + sent, Length = Size - sent };
            sent += Check(Libc.vmsplice(_write, &segment, 1, flags));
        }
    }

    private void Drain()
    {
        for (var got = 0; got < Size;) got += Check(Libc.read(_read, _sink, Size - got));
    }

    private static int Check(nint result) =>
        result >= 0 ? (int)result : throw new InvalidOperationException($"A system call failed: errno {Marshal.GetLastPInvokeError()}.");

    public void Dispose()
    {
        _ = Libc.close(_read);
        _ = Libc.close(_write);
        _ = Libc.munmap(_buffers, 2 * Size);
        _ = Libc.munmap(_sink, Size);
    }
}
