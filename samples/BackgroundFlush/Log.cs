using System;
using System.Threading;

namespace Samples;

/// <summary>Whoever appends a page waits until the thread that flushes has called the kernel; then the page is used again.</summary>
internal abstract class Log : IDisposable
{
    private readonly AutoResetEvent _filled = new(false), _flushed = new(false);
    private readonly Thread _flusher;
    private bool _ends;

    protected Log()
    {
        _flusher = new Thread(FlushWhenFilled);
        _flusher.Start();
    }

    public void Append(byte content)
    {
        Fill(content);
        _filled.Set();
        _flushed.WaitOne();
    }

    public virtual void Dispose()
    {
        _ends = true;
        _filled.Set();
        _flusher.Join();
    }

    protected abstract void Fill(byte content);

    protected abstract void Flush();

    private void FlushWhenFilled()
    {
        for (_filled.WaitOne(); !_ends; _filled.WaitOne())
        {
            Flush();
            _flushed.Set();
        }
    }
}
