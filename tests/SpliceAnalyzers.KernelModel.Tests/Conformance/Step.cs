using System;
using System.Linq;
using CsCheck;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>A call as a few small numbers, so that a failing sequence shrinks. What they mean depends on what the model knows when it is the step's turn.</summary>
internal readonly record struct Step(int What, int X, int Y, int Z, int From, int Length, int From2, int Length2, int Flags)
{
    private const long NonBlock = 2;
    private const long Gift = 8;
    private const int RegionsForStores = 6;

    private static readonly Gen<int> Offsets = Gen.Frequency(
        (4, Gen.Int[0, 7].Select(static page => page * World.Page)), (3, Gen.Int[0, 8 * World.Page - 1]), (1, Gen.Int[1, 7].Select(static page => page * World.Page - 1)));

    private static readonly Gen<int> Lengths = Gen.Frequency(
        (3, Gen.Int[1, 5].Select(static page => page * World.Page)), (3, Gen.Int[1, 300]), (3, Gen.Int[1, 3 * World.Page]), (1, Gen.Int[World.Page - 1, World.Page + 1]));

    /// <summary>The calls, each with how often it comes.</summary>
    private static readonly (int Weight, Func<Step, ModelWorld, int, KernelCall?> Make)[] Table =
    [
        (14, static (s, m, i) => s.Store(m, i)),
        (16, static (s, m, _) => s.Vmsplice(m)),
        (8, static (s, m, _) => s.Write(m)),
        (8, static (s, m, _) => s.Read(m)),
        (3, static (s, m, _) => s.CopyOut(m)),
        (12, static (s, m, _) => s.Splice(m)),
        (6, static (s, m, _) => s.Tee(m)),
        (5, static (s, m, _) => s.Sendfile(m)),
        (5, static (s, m, _) => KernelCall.Of(SystemCallKind.SetPipeSize, s.AnyEnd(m), s.Size)),
        (1, static (s, m, _) => KernelCall.Of(SystemCallKind.GetPipeSize, s.AnyEnd(m))),
        (2, static (s, m, _) => s.Close(m)),
        (1, static (s, m, _) => KernelCall.Of(SystemCallKind.Dup, Argument.Descriptor(s.X % m.DescriptorCount))),
        (4, static (s, m, _) => s.Reopen(m)),
        (3, static (s, m, _) => s.MapOver()),
        (1, static (s, m, _) => KernelCall.Of(SystemCallKind.Munmap, Argument.Address(World.Private, s.PageFrom), s.Pages)),
        (4, static (s, m, _) => s.Advise(m)),
        (2, static (s, m, _) => KernelCall.Of(SystemCallKind.Mprotect, Argument.Address(World.Private, s.PageFrom), s.Pages, s.Flags % 2 == 0 ? 0 : 3)),
        (2, static (s, m, _) => KernelCall.Of(SystemCallKind.Mremap, Argument.Address(World.Movable, 0), 0, (1 + s.X % 8) * World.Page, 0)),
        (1, static (s, _, _) => s.Flags % 3 == 0 ? KernelCall.Of(SystemCallKind.Fork) : null),
        (6, static (s, m, _) => s.Pwrite(m)),
        (2, static (s, m, _) => s.Pread(m)),
        (2, static (s, m, _) => s.Ftruncate(m)),
        (2, static (s, m, _) => s.Fallocate()),
        (2, static (s, m, _) => KernelCall.Of(SystemCallKind.Lseek, Argument.Descriptor(s.X % World.FixedDescriptors), s.From, s.Y % 2 * 2)),
    ];

    private static readonly int Total = Table.Sum(static row => row.Weight);

    public static readonly Gen<Step> Any =
        from what in Gen.Int[0, Total - 1]
        from x in Gen.Int[0, 40]
        from y in Gen.Int[0, 40]
        from z in Gen.Int[0, 40]
        from start in Offsets
        from length in Lengths
        from start2 in Offsets
        from length2 in Lengths
        from flags in Gen.Int[0, 63]
        select new Step(what, x, y, z, start, length, start2, length2, flags);

    /// <summary>The call, or null where it makes no sense now.</summary>
    public KernelCall? Translate(ModelWorld model, int index)
    {
        var rest = What;
        foreach (var (weight, make) in Table)
        {
            if (rest < weight) return make(this, model, index);
            rest -= weight;
        }
        return null;
    }

    private int Region => X % RegionsForStores;

    private long PageFrom => From / World.Page % 8 * World.Page;

    private long Pages => (Length - 1) / World.Page * World.Page + World.Page > 8 * World.Page - PageFrom ? 8 * World.Page - PageFrom : (Length - 1) / World.Page * World.Page + World.Page;

    private long Size => (Y % 8) switch
    {
        0 => 0,
        1 => 5000,
        2 => 4096,
        3 => 8192,
        4 => 70000,
        5 => 16384,
        6 => 131072,
        _ => 65536,
    };

    private Argument AnyEnd(ModelWorld model) => Argument.Descriptor(Pick(model, X, Flags < 60 ? 6 : World.FixedDescriptors));

    /// <summary>One of the first descriptors, or a duplicate.</summary>
    private static int Pick(ModelWorld model, int number, int count)
    {
        var copies = model.DescriptorCount - World.FixedDescriptors;
        return number % (count + copies) is var index && index < count ? index : index - count + World.FixedDescriptors;
    }

    private Part Segment(int region, int from, int length, ModelWorld model)
    {
        var size = model.SizeOf(region);
        var start = from % size;
        return new Part(region, start, Math.Min(length, size - start));
    }

    private KernelCall? Store(ModelWorld model, int index)
    {
        var part = Segment(Region, From, Length, model);
        return model.CanTouch(part.Region, part.Offset, part.Length) ? KernelCall.Store(part.Region, part.Offset, part.Length, index + 100) : null;
    }

    private long SpliceFlags => Flags == 63 ? 16 : Flags & (Gift | NonBlock);

    private KernelCall? Vmsplice(ModelWorld model)
    {
        var index = Flags < 50 ? 1 + 2 * (Z % 3) : Flags < 60 ? Pick(model, Z, 6) : Z % World.FixedDescriptors;
        // On a read end it is a store, and that needs care.
        if (model.IsReadEnd(index)) return null;
        var end = Argument.Descriptor(index);
        var first = Segment(Region, From, Length, model);
        var second = Segment(Y % RegionsForStores, From2, Length2, model);
        var vector = (Flags % 4) switch
        {
            0 => Argument.Vector(first, second),
            1 => Argument.Vector(first, second with { Length = 0 }, first with { Length = Math.Min(first.Length, 100) }),
            _ => Argument.Vector(first),
        };
        return KernelCall.Of(SystemCallKind.Vmsplice, end, vector, vector.Parts!.Length, SpliceFlags & (NonBlock | Gift | 16));
    }

    private KernelCall? Write(ModelWorld model)
    {
        var target = Pick(model, Y, World.FixedDescriptors);
        var part = Segment(Region, From, Length, model);
        if (!model.CanTouch(part.Region, part.Offset, part.Length) || !HasRoom(model, target) || MayOverlap(target, part.Region)) return null;
        return Flags % 3 == 0
            ? KernelCall.Of(SystemCallKind.Writev, Argument.Descriptor(target), Argument.Vector(part, part with { Length = Math.Min(part.Length, 50) }), 2)
            : KernelCall.Of(SystemCallKind.Write, Argument.Descriptor(target), Argument.Address(part.Region, part.Offset), part.Length);
    }

    /// <summary>True when the region may show the file's own pages: copying those onto themselves depends on how much is copied at once.</summary>
    private static bool MayOverlap(int descriptor, int region) =>
        descriptor is (>= World.Memfd and <= World.AppendingFile) or >= World.FixedDescriptors && region is not (World.Movable or World.SharedAnonymous or World.Sink);

    private static bool HasRoom(ModelWorld model, int descriptor)
    {
        var (bytes, slots) = model.QueuedAt(descriptor);
        return bytes < 40_000 && slots < 20;
    }

    private KernelCall? Read(ModelWorld model)
    {
        var source = Pick(model, Y, World.FixedDescriptors);
        var part = Segment(Flags % 3 == 0 ? World.Sink : Region, From, Length, model);
        if (!model.CanTouch(part.Region, part.Offset, part.Length) || MayOverlap(source, part.Region) || model.HoldsPagesOf(source, part.Region)) return null;
        return Flags % 4 == 0
            ? KernelCall.Of(SystemCallKind.Readv, Argument.Descriptor(source), Argument.Vector(part with { Length = 1 }, part), 2)
            : KernelCall.Of(SystemCallKind.Read, Argument.Descriptor(source), Argument.Address(part.Region, part.Offset), part.Length);
    }

    private KernelCall? CopyOut(ModelWorld model)
    {
        var part = Segment(World.Sink, From, Length, model);
        return KernelCall.Of(SystemCallKind.Vmsplice, Argument.Descriptor(2 * (Y % 3)), Argument.Vector(part, part with { Offset = 0, Length = 10 }), 2, SpliceFlags);
    }

    private Argument OffsetFor(int descriptor, int chance) => chance % 8 == 0 || (descriptor is >= World.Memfd and <= World.AppendingFile && chance % 2 == 0) ? Argument.Cell(From2) : 0;

    private KernelCall? Splice(ModelWorld model)
    {
        var source = X % 3 == 0 ? World.Memfd + Y % 2 : X % 3 == 1 ? 2 * (Y % 3) : Pick(model, Y, World.FixedDescriptors);
        var target = Pick(model, Z, World.FixedDescriptors);
        // What a socket gives is laid out in ways of its own.
        if (model.IsSocket(source) || !HasRoom(model, target) || model.HoldsPagesOfFile(source, target)) return null;
        return KernelCall.Of(SystemCallKind.Splice, Argument.Descriptor(source), OffsetFor(source, Flags), Argument.Descriptor(target), OffsetFor(target, Flags >> 3), Length, SpliceFlags);
    }

    private KernelCall? Tee(ModelWorld model) =>
        KernelCall.Of(SystemCallKind.Tee, Argument.Descriptor(Flags < 50 ? 2 * (Y % 3) : Pick(model, Y, World.FixedDescriptors)), Argument.Descriptor(Flags < 50 ? 1 + 2 * (Z % 3) : Pick(model, Z, World.FixedDescriptors)), Length, SpliceFlags);

    private KernelCall? Sendfile(ModelWorld model)
    {
        var source = Flags < 60 ? World.Memfd + Y % 2 : Y % 6;
        var target = Pick(model, Z, World.FixedDescriptors);
        // The same for a file that is copied onto itself.
        if (!HasRoom(model, target) || model.IsSameFile(source, target)) return null;
        return KernelCall.Of(SystemCallKind.Sendfile, Argument.Descriptor(target), Argument.Descriptor(source), OffsetFor(source, Flags), Length);
    }

    private KernelCall? Close(ModelWorld model)
    {
        var index = Pick(model, X, 6);
        return model.IsOpen(index) ? KernelCall.Of(SystemCallKind.Close, Argument.Descriptor(index)) : null;
    }

    private KernelCall Reopen(ModelWorld model)
    {
        const int truncate = 0x200, packets = 0x4000, pathOnly = 0x200000;
        var index = Pick(model, X, World.FixedDescriptors);
        var mode = Flags % 8 == 7 ? pathOnly : Y % 3;
        var waits = Flags >= 56 ? 0 : Libc.O_NONBLOCK;
        // A file that is read past its cache wants everything aligned.
        var more = Z % 16 == 0 ? truncate : Z % 4 == 1 && model.IsPipe(index) ? packets : 0;
        return KernelCall.Of(SystemCallKind.Reopen, Argument.Descriptor(index), mode | waits | more);
    }

    private KernelCall MapOver()
    {
        const long readWrite = 3;
        var address = Argument.Address(World.Private, PageFrom);
        return (Flags % 3) switch
        {
            0 => KernelCall.Of(SystemCallKind.Mmap, address, Pages, readWrite, 0x32, -1, 0),
            1 => KernelCall.Of(SystemCallKind.Mmap, address, Pages, readWrite, 0x11, Argument.Descriptor(World.Memfd), From2 / World.Page * World.Page),
            _ => KernelCall.Of(SystemCallKind.Mmap, address, Pages, readWrite, 0x12, Argument.Descriptor(World.Memfd), From2 / World.Page * World.Page),
        };
    }

    private KernelCall? Advise(ModelWorld model)
    {
        const int dontNeed = 4, free = 8, remove = 9;
        var advice = (Flags % 4) switch { 0 => remove, 1 => free, _ => dontNeed };
        var region = advice == remove ? World.SharedAnonymous + X % 2 : advice == free ? X % 2 : X % RegionsForStores;
        var from = PageFrom % model.SizeOf(region);
        var length = Math.Min(Pages, model.SizeOf(region) - from);
        return model.CanTouch(region, from, length) && (advice != free || model.IsAnonymous(region))
            ? KernelCall.Of(SystemCallKind.Madvise, Argument.Address(region, from), length, advice)
            : null;
    }

    private KernelCall? Pwrite(ModelWorld model)
    {
        var part = Segment(Region, From, Length, model);
        var target = Y % 8 == 0 ? Y % World.FixedDescriptors : World.Memfd + Y % 2;
        if (!model.CanTouch(part.Region, part.Offset, part.Length) || MayOverlap(target, part.Region)) return null;
        return KernelCall.Of(SystemCallKind.Pwrite, Argument.Descriptor(target), Argument.Address(part.Region, part.Offset), part.Length, From2);
    }

    private KernelCall? Pread(ModelWorld model)
    {
        var part = Segment(World.Sink, From, Length, model);
        return KernelCall.Of(SystemCallKind.Pread, Argument.Descriptor(Y % 4 == 0 ? Y % World.FixedDescriptors : World.Memfd + Y % 2), Argument.Address(part.Region, part.Offset), part.Length, From2);
    }

    private KernelCall? Ftruncate(ModelWorld model)
    {
        var target = Flags < 8 ? X % World.FixedDescriptors : Flags % 4 == 0 ? World.File : World.Memfd;
        return KernelCall.Of(SystemCallKind.Ftruncate, Argument.Descriptor(target), From2);
    }

    private KernelCall Fallocate()
    {
        var mode = (Flags % 4) switch { 0 => 0, 1 => 1, _ => 3 };
        return KernelCall.Of(SystemCallKind.Fallocate, Argument.Descriptor(World.Memfd), mode, From, Length2);
    }
}
