using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace SpliceAnalyzers.Buffers;

/// <summary>What a method does with a thread, a task or a signal. The receiver of an instance method is the object concerned.</summary>
internal enum ThreadRole
{
    /// <summary>Makes a thread or task of the delegate in its first argument, which does not run yet.</summary>
    Create,
    /// <summary>Lets it run, with its first argument where there is one.</summary>
    Begin,
    /// <summary>Makes one and lets it run, with its second argument where that is its state.</summary>
    Run,
    /// <summary>Waits until the object is done, and returns its result; with a limit, perhaps does not wait so long.</summary>
    Finish,
    /// <summary>Waits for each of several.</summary>
    FinishAll,
    /// <summary>Makes a task that is done when each of several is.</summary>
    Gather,
    /// <summary>Runs several delegates and waits for each.</summary>
    RunAll,
    /// <summary>Makes a signal, which is set if its first argument says so, or so many times.</summary>
    CreateSignal,
    /// <summary>Makes a signal, of which every wait takes one away.</summary>
    CreateCountedSignal,
    /// <summary>Makes a signal that has to be given as many times as its first argument says.</summary>
    CreateCountdown,
    /// <summary>Gives a signal; with a result, of a task.</summary>
    Signal,
    /// <summary>Takes a signal back.</summary>
    Reset,
    /// <summary>Lets time pass.</summary>
    Pause,
    /// <summary>Returns the same object.</summary>
    View,
}

/// <summary>The base class library's ways to let code run beside other code, and to wait for it.</summary>
internal static class ThreadCatalogue
{
    private static readonly Dictionary<string, ThreadRole> Roles = new()
    {
        ["Thread..ctor"] = ThreadRole.Create, ["Task..ctor"] = ThreadRole.Create,
        ["Thread.Start"] = ThreadRole.Begin, ["Thread.UnsafeStart"] = ThreadRole.Begin, ["Task.Start"] = ThreadRole.Begin,
        ["Task.Run"] = ThreadRole.Run, ["TaskFactory.StartNew"] = ThreadRole.Run,
        ["ThreadPool.QueueUserWorkItem"] = ThreadRole.Run, ["ThreadPool.UnsafeQueueUserWorkItem"] = ThreadRole.Run,
        ["Thread.Join"] = ThreadRole.Finish, ["Task.Wait"] = ThreadRole.Finish, ["Task.get_Result"] = ThreadRole.Finish,
        ["TaskAwaiter.GetResult"] = ThreadRole.Finish, ["ConfiguredTaskAwaiter.GetResult"] = ThreadRole.Finish,
        ["ValueTask.get_Result"] = ThreadRole.Finish, ["ValueTaskAwaiter.GetResult"] = ThreadRole.Finish, ["ConfiguredValueTaskAwaiter.GetResult"] = ThreadRole.Finish,
        ["Task.WaitAll"] = ThreadRole.FinishAll, ["Task.WhenAll"] = ThreadRole.Gather, ["Parallel.Invoke"] = ThreadRole.RunAll,
        ["Thread.Sleep"] = ThreadRole.Pause, ["Thread.Yield"] = ThreadRole.Pause, ["Thread.SpinWait"] = ThreadRole.Pause, ["SpinWait.SpinOnce"] = ThreadRole.Pause,
        ["Task.Delay"] = ThreadRole.Pause, ["Task.Yield"] = ThreadRole.Pause,
        ["Task.GetAwaiter"] = ThreadRole.View, ["Task.ConfigureAwait"] = ThreadRole.View, ["Task.WaitAsync"] = ThreadRole.View,
        ["ConfiguredTaskAwaitable.GetAwaiter"] = ThreadRole.View, ["TaskExtensions.Unwrap"] = ThreadRole.View,
        // A task that is done is its result.
        ["Task.FromResult"] = ThreadRole.View, ["ValueTask.FromResult"] = ThreadRole.View, ["ValueTask..ctor"] = ThreadRole.View,
        ["ValueTask.AsTask"] = ThreadRole.View, ["ValueTask.ConfigureAwait"] = ThreadRole.View, ["ValueTask.GetAwaiter"] = ThreadRole.View, ["ConfiguredValueTaskAwaitable.GetAwaiter"] = ThreadRole.View,
        ["ManualResetEvent..ctor"] = ThreadRole.CreateSignal, ["ManualResetEventSlim..ctor"] = ThreadRole.CreateSignal, ["TaskCompletionSource..ctor"] = ThreadRole.CreateSignal,
        ["AutoResetEvent..ctor"] = ThreadRole.CreateCountedSignal, ["SemaphoreSlim..ctor"] = ThreadRole.CreateCountedSignal, ["Semaphore..ctor"] = ThreadRole.CreateCountedSignal,
        ["CountdownEvent..ctor"] = ThreadRole.CreateCountdown,
        ["EventWaitHandle.Set"] = ThreadRole.Signal, ["ManualResetEventSlim.Set"] = ThreadRole.Signal, ["SemaphoreSlim.Release"] = ThreadRole.Signal, ["Semaphore.Release"] = ThreadRole.Signal,
        ["CountdownEvent.Signal"] = ThreadRole.Signal, ["TaskCompletionSource.SetResult"] = ThreadRole.Signal, ["TaskCompletionSource.TrySetResult"] = ThreadRole.Signal,
        ["EventWaitHandle.Reset"] = ThreadRole.Reset, ["ManualResetEventSlim.Reset"] = ThreadRole.Reset,
        ["WaitHandle.WaitOne"] = ThreadRole.Finish, ["ManualResetEventSlim.Wait"] = ThreadRole.Finish, ["SemaphoreSlim.Wait"] = ThreadRole.Finish,
        ["SemaphoreSlim.WaitAsync"] = ThreadRole.Finish, ["CountdownEvent.Wait"] = ThreadRole.Finish, ["TaskCompletionSource.get_Task"] = ThreadRole.View,
    };

    /// <summary>The role of a method; null when it has none.</summary>
    public static ThreadRole? Find(IMethodSymbol method) =>
        method.ContainingType is { ContainingNamespace: { } space } type && (Find(type.Name, method) is { } role) && BufferCatalogue.IsSystem(space) ? role : null;

    private static ThreadRole? Find(string type, IMethodSymbol method) =>
        Roles.TryGetValue(type + "." + method.Name, out ThreadRole role) ? role : null;

    /// <summary>True for a parameter that limits how long a method waits.</summary>
    public static bool IsLimit(IParameterSymbol parameter) => parameter.Name is "millisecondsTimeout" or "timeout";
}
