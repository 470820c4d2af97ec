using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Buffers;

/// <summary>What a known method does with memory.</summary>
internal enum EffectKind
{
    /// <summary>Returns new memory of (argument A) bytes, times argument B where given.</summary>
    Allocate,
    /// <summary>Returns a new array of (argument A) elements.</summary>
    AllocateArray,
    /// <summary>Gives up the memory of argument A.</summary>
    Release,
    /// <summary>Gives up argument A and returns new memory of (argument B) bytes.</summary>
    Reallocate,
    /// <summary>Stores (argument B) bytes, or the whole span, at argument A; C bytes behind it where given.</summary>
    Store,
    /// <summary>Stores (argument C) elements, or as many as there are in the receiver, from element B of the array A on.</summary>
    StoreElements,
    /// <summary>Stores the last argument at argument A; C bytes behind it where given.</summary>
    StoreOne,
    /// <summary>Stores the struct B, or the one in the box B, at argument A.</summary>
    StoreStruct,
    /// <summary>Returns the value at argument A, or B bytes behind it where there is such an argument.</summary>
    LoadOne,
    /// <summary>Copies (argument C) bytes from argument B to argument A.</summary>
    Copy,
    /// <summary>Returns the memory of argument A.</summary>
    Alias,
    /// <summary>Returns a span over the pointer or reference A with B elements.</summary>
    Span,
    /// <summary>Returns the part of A that starts at element B, C elements long.</summary>
    Slice,
    /// <summary>Returns a reference (argument B) elements, or bytes where the name says so, behind A.</summary>
    Offset,
    /// <summary>Returns the size of its type argument.</summary>
    SizeOf,
    /// <summary>Puts the address of (argument B) new bytes at A and returns 0.</summary>
    AllocateInto,
    /// <summary>Puts the address A at B.</summary>
    PointInto,
    /// <summary>Opens a file: by the path in argument 0, or over the handle in it. A: the flags of open, where the arguments do not say them.</summary>
    Open,
    /// <summary>Opens a file like that and maps it, shared.</summary>
    MapFile,
    /// <summary>Is a system call on the descriptor in argument 0: of the bytes of A, or C of them, at offset (or with argument) B.</summary>
    SystemCall,
    /// <summary>Reads from the descriptor in argument 0 into the bytes of argument 1, as many as the method's name says: some, exactly these, one, or all up to the end.</summary>
    Read,
    /// <summary>Makes a pipe, and is one end of it: the one to read from if argument A is 1, which is PipeDirection.In.</summary>
    MakePipe,
    /// <summary>Returns the other end of a pipe made like that.</summary>
    OtherEnd,
    /// <summary>Closes that other end.</summary>
    CloseOtherEnd,
    /// <summary>Keeps the memory of argument A reachable until here.</summary>
    Use,
    /// <summary>Returns the value behind the reference A.</summary>
    Load,
    /// <summary>Returns the value behind the reference A, and puts B there instead; where C is given, only if the value is that.</summary>
    Exchange,
    /// <summary>Adds B to the value behind the reference A, or 1, or -1 where the name says so, and returns the sum.</summary>
    AddTo,
    /// <summary>Only reads.</summary>
    None,
    /// <summary>Ends the process or the path.</summary>
    Exit,
}

/// <summary>How messages tell of a release: what happens to the memory, whose bytes come next, and what to do only later.</summary>
internal sealed record ReleaseWords(string Happens, string Next, string Advice);

/// <summary>One row of the catalogue. Arguments count from 0; the receiver of an instance or reduced extension call is argument 0 too. -1: none.</summary>
internal sealed record Effect(EffectKind Kind, int A = -1, int B = -1, int C = -1, RegionKind Region = RegionKind.Native, ReleaseKind Release = ReleaseKind.ToAllocator, ReleaseWords? Words = null, SystemCallKind Call = default);

/// <summary>Where memory comes from, what releases it, what stores into it: one table for libc, one for the base class library.</summary>
internal static class BufferCatalogue
{
    private static readonly ReleaseWords
        Freed = new("is freed", "the next owner's bytes", "release"),
        Returned = new("goes back to its pool", "the next renter's bytes", "return"),
        Unpinned = new("is unpinned", "whatever the collector puts there", "unpin");

    private static readonly Effect Close = new(EffectKind.SystemCall, Call: SystemCallKind.Close);

    private static readonly Dictionary<string, Effect> Libc = new()
    {
        ["malloc"] = new(EffectKind.Allocate, 0), ["calloc"] = new(EffectKind.Allocate, 0, 1), ["aligned_alloc"] = new(EffectKind.Allocate, 1),
        ["memalign"] = new(EffectKind.Allocate, 1), ["valloc"] = new(EffectKind.Allocate, 0),
        ["free"] = new(EffectKind.Release, 0, Words: Freed), ["realloc"] = new(EffectKind.Reallocate, 0, 1, Words: Freed),
        ["memset"] = new(EffectKind.Store, 0, 2), ["memcpy"] = new(EffectKind.Copy, 0, 1, 2), ["memmove"] = new(EffectKind.Copy, 0, 1, 2),
        ["recv"] = new(EffectKind.Store, 1, 2), ["recvfrom"] = new(EffectKind.Store, 1, 2),
        ["posix_memalign"] = new(EffectKind.AllocateInto, 0, 2), ["getrandom"] = new(EffectKind.Store, 0, 1), ["_exit"] = new(EffectKind.Exit), ["exit"] = new(EffectKind.Exit), ["abort"] = new(EffectKind.Exit),
        ["send"] = new(EffectKind.None), ["sendto"] = new(EffectKind.None), ["poll"] = new(EffectKind.None),
        ["ioctl"] = new(EffectKind.Store, 2), ["mlock"] = new(EffectKind.None), ["memcmp"] = new(EffectKind.None),
        ["strlen"] = new(EffectKind.None), ["puts"] = new(EffectKind.None), ["fcntl"] = new(EffectKind.None),
    };

    private static readonly Dictionary<string, Effect> Library = new()
    {
        ["NativeMemory.Alloc"] = new(EffectKind.Allocate, 0, 1), ["NativeMemory.AllocZeroed"] = new(EffectKind.Allocate, 0, 1),
        ["NativeMemory.AlignedAlloc"] = new(EffectKind.Allocate, 0), ["NativeMemory.Realloc"] = new(EffectKind.Reallocate, 0, 1, Words: Freed),
        ["NativeMemory.AlignedRealloc"] = new(EffectKind.Reallocate, 0, 1, Words: Freed), ["NativeMemory.Free"] = new(EffectKind.Release, 0, Words: Freed),
        ["NativeMemory.AlignedFree"] = new(EffectKind.Release, 0, Words: Freed), ["NativeMemory.Clear"] = new(EffectKind.Store, 0, 1),
        ["NativeMemory.Fill"] = new(EffectKind.Store, 0, 1), ["NativeMemory.Copy"] = new(EffectKind.Copy, 1, 0, 2),
        ["Marshal.AllocHGlobal"] = new(EffectKind.Allocate, 0), ["Marshal.AllocCoTaskMem"] = new(EffectKind.Allocate, 0),
        ["Marshal.ReAllocHGlobal"] = new(EffectKind.Reallocate, 0, 1, Words: Freed), ["Marshal.ReAllocCoTaskMem"] = new(EffectKind.Reallocate, 0, 1, Words: Freed),
        ["Marshal.FreeHGlobal"] = new(EffectKind.Release, 0, Words: Freed), ["Marshal.FreeCoTaskMem"] = new(EffectKind.Release, 0, Words: Freed),
        ["Marshal.WriteByte"] = new(EffectKind.StoreOne, 0), ["Marshal.WriteInt16"] = new(EffectKind.StoreOne, 0), ["Marshal.WriteInt32"] = new(EffectKind.StoreOne, 0),
        ["Marshal.WriteInt64"] = new(EffectKind.StoreOne, 0), ["Marshal.WriteIntPtr"] = new(EffectKind.StoreOne, 0), ["Marshal.StructureToPtr"] = new(EffectKind.StoreStruct, 1, 0),
        ["Marshal.ReadByte"] = new(EffectKind.LoadOne, 0, 1), ["Marshal.ReadInt16"] = new(EffectKind.LoadOne, 0, 1), ["Marshal.ReadInt32"] = new(EffectKind.LoadOne, 0, 1),
        ["Marshal.ReadInt64"] = new(EffectKind.LoadOne, 0, 1), ["Marshal.ReadIntPtr"] = new(EffectKind.LoadOne, 0, 1), ["Marshal.PtrToStructure/1"] = new(EffectKind.LoadOne, 0), ["Marshal.PtrToStructure"] = new(EffectKind.Alias, 0),
        ["MemoryMarshal.Read"] = new(EffectKind.LoadOne, 0), ["Marshal.GetLastWin32Error"] = new(EffectKind.None),
        ["Marshal.GetLastPInvokeError"] = new(EffectKind.None), ["Marshal.GetLastSystemError"] = new(EffectKind.None), ["Marshal.PtrToStringUTF8"] = new(EffectKind.None),
        ["ArrayPool.Rent"] = new(EffectKind.AllocateArray, 1, Region: RegionKind.Pooled), ["ArrayPool.Return"] = new(EffectKind.Release, 1, Release: ReleaseKind.ToPool, Words: Returned),
        ["GC.AllocateArray"] = new(EffectKind.AllocateArray, 0, 1), ["GC.AllocateUninitializedArray"] = new(EffectKind.AllocateArray, 0, 1), ["GC.KeepAlive"] = new(EffectKind.Use, 0),
        ["Volatile.Read"] = new(EffectKind.Load, 0), ["Interlocked.Read"] = new(EffectKind.Load, 0), ["Volatile.Write"] = new(EffectKind.Exchange, 0, 1),
        ["Interlocked.Exchange"] = new(EffectKind.Exchange, 0, 1), ["Interlocked.CompareExchange"] = new(EffectKind.Exchange, 0, 1, 2),
        ["Interlocked.Increment"] = new(EffectKind.AddTo, 0), ["Interlocked.Decrement"] = new(EffectKind.AddTo, 0), ["Interlocked.Add"] = new(EffectKind.AddTo, 0, 1),
        ["MemoryMarshal.Write"] = new(EffectKind.StoreOne, 0),
        ["Buffer.MemoryCopy"] = new(EffectKind.Copy, 1, 0, 3), ["Buffer.BlockCopy"] = new(EffectKind.Store, 2, 4, 3),
        ["Array.Copy"] = new(EffectKind.StoreElements, 1, C: 2), ["Array.Copy/5"] = new(EffectKind.StoreElements, 2, 3, 4), ["Array.ConstrainedCopy"] = new(EffectKind.StoreElements, 2, 3, 4),
        ["Array.Clear/3"] = new(EffectKind.StoreElements, 0, 1, 2), ["Array.Fill/4"] = new(EffectKind.StoreElements, 0, 2, 3), ["Array.Reverse/3"] = new(EffectKind.StoreElements, 0, 1, 2),
        ["Array.Clear"] = new(EffectKind.Store, 0), ["Array.Fill"] = new(EffectKind.Store, 0), ["Array.Reverse"] = new(EffectKind.Store, 0),
        ["Unsafe.CopyBlock"] = new(EffectKind.Copy, 0, 1, 2), ["Unsafe.CopyBlockUnaligned"] = new(EffectKind.Copy, 0, 1, 2), ["Unsafe.InitBlock"] = new(EffectKind.Store, 0, 2),
        ["Unsafe.InitBlockUnaligned"] = new(EffectKind.Store, 0, 2), ["Unsafe.Write"] = new(EffectKind.StoreOne, 0), ["Unsafe.WriteUnaligned"] = new(EffectKind.StoreOne, 0),
        ["Unsafe.SizeOf"] = new(EffectKind.SizeOf), ["Marshal.SizeOf"] = new(EffectKind.SizeOf), ["Unsafe.Read"] = new(EffectKind.LoadOne, 0), ["Unsafe.ReadUnaligned"] = new(EffectKind.LoadOne, 0), ["Buffer.SetByte"] = new(EffectKind.Store, 0), ["Unsafe.AsPointer"] = new(EffectKind.Alias, 0), ["Unsafe.AsRef"] = new(EffectKind.Alias, 0), ["Unsafe.As"] = new(EffectKind.Alias, 0),
        ["MemoryMarshal.GetReference"] = new(EffectKind.Alias, 0), ["MemoryMarshal.GetArrayDataReference"] = new(EffectKind.Alias, 0), ["MemoryMarshal.AsBytes"] = new(EffectKind.Alias, 0),
        ["MemoryMarshal.Cast"] = new(EffectKind.Alias, 0), ["MemoryMarshal.CreateSpan"] = new(EffectKind.Span, 0, 1), ["MemoryMarshal.CreateReadOnlySpan"] = new(EffectKind.Span, 0, 1),
        ["Span.Fill"] = new(EffectKind.Store, 0), ["Span.Clear"] = new(EffectKind.Store, 0), ["Span.Slice"] = new(EffectKind.Slice, 0, 1, 2), ["ReadOnlySpan.Slice"] = new(EffectKind.Slice, 0, 1, 2),
        ["Memory.Slice"] = new(EffectKind.Slice, 0, 1, 2), ["Span.CopyTo"] = new(EffectKind.Store, 1), ["ReadOnlySpan.CopyTo"] = new(EffectKind.Store, 1), ["Span.TryCopyTo"] = new(EffectKind.Store, 1),
        ["ReadOnlySpan.TryCopyTo"] = new(EffectKind.Store, 1), ["Span.GetPinnableReference"] = new(EffectKind.Alias, 0), ["ReadOnlySpan.GetPinnableReference"] = new(EffectKind.Alias, 0),
        ["Span.ToArray"] = new(EffectKind.None), ["ReadOnlySpan.ToArray"] = new(EffectKind.None), ["Span.ToString"] = new(EffectKind.None), ["Span.op_Equality"] = new(EffectKind.None),
        ["MemoryExtensions.AsSpan"] = new(EffectKind.Slice, 0, 1, 2), ["MemoryExtensions.AsMemory"] = new(EffectKind.Slice, 0, 1, 2), ["MemoryExtensions.CopyTo"] = new(EffectKind.Store, 1),
        ["Array.CopyTo"] = new(EffectKind.StoreElements, 1, 2), ["GCHandle.Alloc"] = new(EffectKind.Alias, 0), ["GCHandle.AddrOfPinnedObject"] = new(EffectKind.Alias, 0),
        ["GCHandle.Free"] = new(EffectKind.Release, 0, Release: ReleaseKind.PinHandle, Words: Unpinned), ["Memory.Pin"] = new(EffectKind.Alias, 0),
        ["MemoryHandle.Dispose"] = new(EffectKind.Release, 0, Release: ReleaseKind.PinHandle, Words: Unpinned), ["Marshal.UnsafeAddrOfPinnedArrayElement"] = new(EffectKind.Slice, 0, 1),
        ["Environment.Exit"] = new(EffectKind.Exit), ["Environment.FailFast"] = new(EffectKind.Exit), ["IntPtr.ToPointer"] = new(EffectKind.Alias, 0),
        ["IntPtr.op_Explicit"] = new(EffectKind.Alias, 0), ["IntPtr.ToInt32"] = new(EffectKind.Alias, 0), ["IntPtr.ToInt64"] = new(EffectKind.Alias, 0),
        ["Unsafe.Add"] = new(EffectKind.Offset, 0, 1), ["Unsafe.AddByteOffset"] = new(EffectKind.Offset, 0, 1), ["Unsafe.Subtract"] = new(EffectKind.Offset, 0, 1),
        ["Unsafe.SubtractByteOffset"] = new(EffectKind.Offset, 0, 1), ["IntPtr.Add"] = new(EffectKind.Offset, 0, 1), ["IntPtr.Subtract"] = new(EffectKind.Offset, 0, 1),
        ["MemoryPool.Rent"] = new(EffectKind.AllocateArray, 1, Region: RegionKind.Pooled), ["IMemoryOwner.Dispose"] = new(EffectKind.Release, 0, Release: ReleaseKind.ToPool, Words: Returned), ["IMemoryOwner.get_Memory"] = new(EffectKind.Slice, 0),
        ["MemoryHandle.get_Pointer"] = new(EffectKind.Alias, 0), ["ReadOnlyMemory.Pin"] = new(EffectKind.Alias, 0), ["ReadOnlyMemory.Slice"] = new(EffectKind.Slice, 0, 1, 2),
        ["Memory.CopyTo"] = new(EffectKind.Store, 1), ["ReadOnlyMemory.CopyTo"] = new(EffectKind.Store, 1),
        ["Marshal.StringToCoTaskMemUTF8"] = new(EffectKind.Allocate), ["Marshal.StringToCoTaskMemUni"] = new(EffectKind.Allocate), ["Marshal.StringToCoTaskMemAnsi"] = new(EffectKind.Allocate),
        ["Marshal.StringToHGlobalAnsi"] = new(EffectKind.Allocate), ["Marshal.StringToHGlobalUni"] = new(EffectKind.Allocate), ["Marshal.StringToCoTaskMemAuto"] = new(EffectKind.Allocate),
        ["Marshal.ZeroFreeCoTaskMemUTF8"] = new(EffectKind.Release, 0, Words: Freed), ["Marshal.ZeroFreeGlobalAllocAnsi"] = new(EffectKind.Release, 0, Words: Freed),
        ["File.Create"] = new(EffectKind.Open, 0x242), ["File.OpenWrite"] = new(EffectKind.Open, 0x41), ["File.OpenHandle"] = new(EffectKind.Open),
        ["File.Open"] = new(EffectKind.Open), ["File.OpenRead"] = new(EffectKind.Open, 0), ["FileStream..ctor"] = new(EffectKind.Open),
        ["SafeFileHandle..ctor"] = new(EffectKind.Alias, 0), ["SafePipeHandle..ctor"] = new(EffectKind.Alias, 0), ["IntPtr..ctor"] = new(EffectKind.Alias, 0), ["UIntPtr..ctor"] = new(EffectKind.Alias, 0),
        ["FileStream.Write"] = new(EffectKind.SystemCall, 1, Call: SystemCallKind.Write), ["FileStream.WriteAsync"] = new(EffectKind.SystemCall, 1, Call: SystemCallKind.Write),
        ["FileStream.WriteByte"] = new(EffectKind.SystemCall, 1, Call: SystemCallKind.Write), ["FileStream.SetLength"] = new(EffectKind.SystemCall, B: 1, Call: SystemCallKind.Ftruncate),
        ["RandomAccess.Write"] = new(EffectKind.SystemCall, 1, 2, Call: SystemCallKind.Pwrite), ["RandomAccess.WriteAsync"] = new(EffectKind.SystemCall, 1, 2, Call: SystemCallKind.Pwrite),
        ["FileStream.Seek"] = new(EffectKind.SystemCall, B: 1, C: 2, Call: SystemCallKind.Lseek), ["FileStream.set_Position"] = new(EffectKind.SystemCall, B: 1, Call: SystemCallKind.Lseek),
        ["FileStream.Read"] = new(EffectKind.Read), ["FileStream.ReadAsync"] = new(EffectKind.Read), ["FileStream.ReadByte"] = new(EffectKind.Read),
        ["FileStream.ReadExactly"] = new(EffectKind.Read), ["FileStream.ReadExactlyAsync"] = new(EffectKind.Read), ["FileStream.ReadAtLeast"] = new(EffectKind.Read), ["FileStream.ReadAtLeastAsync"] = new(EffectKind.Read),
        ["FileStream.CopyTo"] = new(EffectKind.Read), ["FileStream.CopyToAsync"] = new(EffectKind.Read),
        ["FileStream.Dispose"] = Close, ["FileStream.Close"] = Close, ["FileStream.DisposeAsync"] = Close, ["SafeFileHandle.Dispose"] = Close, ["SafeFileHandle.Close"] = Close,
        ["SafePipeHandle.Dispose"] = Close, ["SafePipeHandle.Close"] = Close, ["SafeHandle.Dispose"] = Close, ["SafeHandle.Close"] = Close,
        ["AnonymousPipeServerStream..ctor"] = new(EffectKind.MakePipe, 0), ["AnonymousPipeServerStream.get_ClientSafePipeHandle"] = new(EffectKind.OtherEnd),
        ["AnonymousPipeServerStream.GetClientHandleAsString"] = new(EffectKind.OtherEnd), ["AnonymousPipeServerStream.DisposeLocalCopyOfClientHandle"] = new(EffectKind.CloseOtherEnd),
        ["AnonymousPipeClientStream..ctor"] = new(EffectKind.Alias, 1), ["AnonymousPipeClientStream..ctor/1"] = new(EffectKind.Alias, 0), ["PipeStream.get_SafePipeHandle"] = new(EffectKind.Alias, 0),
        ["RandomAccess.SetLength"] = new(EffectKind.SystemCall, B: 1, Call: SystemCallKind.Ftruncate),
        ["TaskAsyncEnumerableExtensions.ConfigureAwait"] = new(EffectKind.Alias, 0), ["TaskAsyncEnumerableExtensions.WithCancellation"] = new(EffectKind.Alias, 0),
        ["ConfiguredCancelableAsyncEnumerable.GetAsyncEnumerator"] = new(EffectKind.Alias, 0),
        ["ConfiguredCancelableAsyncEnumerable.ConfigureAwait"] = new(EffectKind.Alias, 0), ["ConfiguredCancelableAsyncEnumerable.WithCancellation"] = new(EffectKind.Alias, 0),
        ["FileStream.get_SafeFileHandle"] = new(EffectKind.Alias, 0), ["SafeHandle.DangerousGetHandle"] = new(EffectKind.Alias, 0), ["FileStream.get_Handle"] = new(EffectKind.Alias, 0),
        ["MemoryMappedFile.CreateNew"] = new(EffectKind.Allocate, Region: RegionKind.SharedMapping), ["MemoryMappedFile.CreateFromFile"] = new(EffectKind.MapFile),
        ["MemoryMappedFile.CreateOrOpen"] = new(EffectKind.Allocate, Region: RegionKind.SharedMapping), ["MemoryMappedFile.OpenExisting"] = new(EffectKind.Allocate, Region: RegionKind.SharedMapping),
        ["MemoryMappedFile.CreateViewAccessor"] = new(EffectKind.Alias, 0), ["MemoryMappedFile.CreateViewStream"] = new(EffectKind.Alias, 0),
        ["MemoryMappedViewAccessor.get_SafeMemoryMappedViewHandle"] = new(EffectKind.Alias, 0), ["MemoryMappedViewStream.get_SafeMemoryMappedViewHandle"] = new(EffectKind.Alias, 0),
        ["SafeBuffer.AcquirePointer"] = new(EffectKind.PointInto, 0, 1), ["SafeBuffer.ReleasePointer"] = new(EffectKind.None), ["SafeBuffer.Write"] = new(EffectKind.StoreOne, 0, C: 1), ["SafeBuffer.WriteArray"] = new(EffectKind.Store, 0, C: 1),
        ["UnmanagedMemoryAccessor.Write"] = new(EffectKind.StoreOne, 0, C: 1), ["UnmanagedMemoryAccessor.WriteArray"] = new(EffectKind.Store, 0, C: 1),
        ["UnmanagedMemoryStream..ctor"] = new(EffectKind.Alias, 0), ["UnmanagedMemoryStream.Write"] = new(EffectKind.Store, 0), ["UnmanagedMemoryStream.WriteByte"] = new(EffectKind.Store, 0),
    };

    /// <summary>How the methods begin that look at spans they could write to: before C# 14 a writable span is passed as one, though nothing is stored.</summary>
    private static readonly string[] OnlyCompares =
        ["IndexOf", "LastIndexOf", "Contains", "Count", "SequenceEqual", "SequenceCompareTo", "StartsWith", "EndsWith", "CommonPrefixLength", "BinarySearch", "Overlaps"];

    /// <summary>What a libc function does; null when it is not in the table.</summary>
    public static Effect? OfLibc(string function) => Libc.TryGetValue(function, out Effect effect) ? effect : null;

    /// <summary>What a method of the base class library does; null when it is not in the table.</summary>
    /// <param name="method">The method called.</param>
    /// <param name="receiver">The static type of what it is called on, which tells more than the type that declares it; null for static methods.</param>
    public static Effect? OfLibrary(IMethodSymbol method, ITypeSymbol? receiver)
    {
        if (receiver is not null && IsSystem(receiver.ContainingNamespace) && Library.TryGetValue(receiver.Name + "." + method.Name, out Effect own))
            return own;
        if (method.ContainingType is not { } type || !IsSystem(type.ContainingNamespace))
            return null;
        if (type.Name == "BinaryPrimitives" && method.Name.Contains("Write"))
            return new Effect(EffectKind.StoreOne, 0);
        if (type.Name == "Marshal" && method.Name.StartsWith("Write", System.StringComparison.Ordinal) && method.Parameters.Length == 3)
            return new Effect(EffectKind.StoreOne, 0, C: 1);
        if (type.Name == "MemoryExtensions" && OnlyCompares.Any(name => method.Name.StartsWith(name, System.StringComparison.Ordinal)))
            return new Effect(EffectKind.None);
        if (type.Name == "Marshal" && method.Name == "Copy")
            return method.Parameters[0].Type is IArrayTypeSymbol ? new Effect(EffectKind.Store, 2) : new Effect(EffectKind.StoreElements, 1, 2, 3);
        // The overload, where overloads differ. A stream over a pipe is one over a descriptor.
        string name = (type.Name == "PipeStream" && Library.ContainsKey("FileStream." + method.Name) ? "FileStream" : type.Name) + "." + method.Name;
        return Library.TryGetValue(name + "/" + method.Parameters.Length, out Effect effect) || Library.TryGetValue(name, out effect) ? effect : null;
    }

    /// <summary>What a method of Stream does where no class of the source overrides it: the stream may be over a descriptor.</summary>
    public static Effect? OfAnyStream(IMethodSymbol method) =>
        method.ContainingType is { Name: "Stream" or "IDisposable" or "IAsyncDisposable" } type && IsSystem(type.ContainingNamespace) && (method.Name.StartsWith("Read", System.StringComparison.Ordinal) || method.Name is "Dispose" or "DisposeAsync" or "Close")
        && Library.TryGetValue("FileStream." + method.Name, out Effect effect) ? effect : null;

    /// <summary>Methods of the base class library write only through what their signature lets them write, and arrays only where their name says so.</summary>
    public static bool StoresIntoArrays(IMethodSymbol method) =>
        !IsSystem(method.ContainingNamespace) || method.Name.StartsWith("Read", System.StringComparison.Ordinal) || method.Name.StartsWith("Receive", System.StringComparison.Ordinal)
        || method.Name.StartsWith("CopyTo", System.StringComparison.Ordinal) || method.Name is "GetBytes" or "NextBytes" or "Sort" or "GetChars";

    /// <summary>Managed methods that take a pointer to read from: they make a string of it, or compare.</summary>
    public static bool OnlyReadsPointers(IMethodSymbol method) =>
        IsSystem(method.ContainingNamespace) && (method.MethodKind == MethodKind.Constructor || method.Name is "GetString" or "GetCharCount" or "GetByteCount" or "Write" or "Append" or "WriteAsync");

    /// <summary>The base class library's namespaces; its handles are not below System.</summary>
    public static bool IsSystem(INamespaceSymbol? space)
    {
        if (space is { Name: "SafeHandles", ContainingNamespace: { Name: "Win32", ContainingNamespace: { Name: "Microsoft" } } })
            return true;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
            space = outer;
        return space is { Name: "System" };
    }
}
