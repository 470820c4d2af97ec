using System.Collections.Generic;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>
/// The threads of a program: a call stack each. One runs until it hands off, stores to fresh memory, lets a blocked one go on, pauses, blocks or ends; then it goes on or the next one does. Other interleavings
/// are not needed to find what goes wrong: only what happens while bytes are in flight can, and they are from a hand-off on.
/// </summary>
internal sealed class ThreadSet
{
    /// <summary>With more than this at once, the last ones never get their turn.</summary>
    private const int Most = 5;

    private readonly ProgramImage _image;
    private readonly List<CallStack> _stacks = [];

    public ThreadSet(ProgramImage image)
    {
        _image = image;
        Clear();
    }

    /// <summary>How many there may be at most; those with no frames are not there.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The number of the running one.</summary>
    public int Running { get; private set; }

    public CallStack this[int thread] => _stacks[thread];

    public CallStack Current => _stacks[Running];

    /// <summary>True while any procedure runs.</summary>
    public bool AreAlive
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                if (_stacks[i].Depth > 0) return true;
            }
            return false;
        }
    }

    /// <summary>Makes room for so many threads, without frames, of which one is running.</summary>
    public void Clear(int count = 1, int running = 0)
    {
        (Count, Running) = (count, running);
        while (_stacks.Count < count) _stacks.Add(new CallStack(_image, _stacks.Count));
        for (var i = 0; i < count; i++) Forget(_stacks[i]);
    }

    /// <summary>True while a thread runs that was started at a place.</summary>
    public bool IsAlive(int origin)
    {
        for (var i = 1; i < Count; i++)
        {
            if (_stacks[i].Depth > 0 && _stacks[i].Origin == origin) return true;
        }
        return false;
    }

    /// <summary>A thread that is not there, other than the first one; -1 when there are too many.</summary>
    public int FindFree()
    {
        for (var i = 1; i < Count; i++)
        {
            if (_stacks[i].Depth == 0 && i != Running) return i;
        }
        if (Count == Most) return -1;
        if (_stacks.Count == Count) _stacks.Add(new CallStack(_image, Count));
        // It may have been another one in a state that was looked at before.
        Forget(_stacks[Count]);
        return Count++;
    }

    private static void Forget(CallStack stack)
    {
        stack.Clear();
        stack.Origin = CallPlaces.Root;
        stack.Waiting = Waiting.Nothing;
    }

    public void SwitchTo(int thread) => Running = thread;

    /// <summary>Something happened: whoever waits looks again. True when one waits for the kernel, which may let it go on now.</summary>
    public bool Wake()
    {
        var blocked = false;
        for (var i = 0; i < Count && Count > 1; i++)
        {
            blocked |= _stacks[i].Waiting == Waiting.Kernel;
            _stacks[i].Waiting = Waiting.Nothing;
        }
        return blocked;
    }

    public bool CanAnotherRun => NextToRun() is >= 0 and var next && next != Running;

    /// <summary>Goes to the next thread that can run; false when none can.</summary>
    public bool SwitchToNext()
    {
        if (NextToRun() is not (>= 0 and var next)) return false;
        Running = next;
        return true;
    }

    /// <summary>The next one in the order of their numbers, at last the running one itself.</summary>
    private int NextToRun()
    {
        for (var i = 1; i <= Count; i++)
        {
            var next = (Running + i) % Count;
            if (_stacks[next].Depth > 0 && _stacks[next].Waiting == Waiting.Nothing) return next;
        }
        return -1;
    }

    /// <summary>Forgets the last ones that are not there any more.</summary>
    public void Trim()
    {
        while (Count > 1 && _stacks[Count - 1].Depth == 0 && Running != Count - 1) Count--;
    }
}
