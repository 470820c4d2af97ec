using System.Linq;
using CsCheck;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Random plans.</summary>
internal static class Plans
{
    private static readonly int[] Offsets = [0, 0, 0, 16, 2048, 4096, 5000];
    private static readonly int[] Lengths = [4096, 4096, 16, 100, 2048, 3000];

    private static readonly Gen<int> Offset = Gen.Int[0, Offsets.Length - 1].Select(static i => Offsets[i]);
    private static readonly Gen<int> Length = Gen.Int[0, Lengths.Length - 1].Select(static i => Lengths[i]);
    private static readonly Gen<Block> Nothing = Gen.Const(new Block([]));

    public static readonly Gen<Plan> Any = Of(6);

    /// <summary>Plans with fewer statements, for something around them.</summary>
    public static readonly Gen<Plan> Few = Of(4);

    private static Gen<Plan> Of(int most) =>
        from isPublic in Gen.Int[0, 4]
        from buffers in Gen.Int[1, 2]
        from sources in Gen.Int[0, 8].Array[buffers]
        from withPrivatePipe in Gen.Bool
        from body in BlockOf(new Shape(sources, withPrivatePipe, 0), 2, most)
        select new Plan(isPublic == 0, [.. sources.Select(static s => (BufferSource)s)], body);

    /// <summary>Plans about files.</summary>
    public static readonly Gen<Plan> OfFiles =
        from sources in Gen.Int[0, 8].Array[1]
        from files in Gen.Int[0, 5].Array[1, 2]
        from withPrivatePipe in Gen.Bool
        from body in BlockOf(new Shape(sources, withPrivatePipe, 0) { Files = files }, 2, 5)
        select new Plan(false, [.. sources.Select(static s => (BufferSource)s)], body) { Files = [.. files.Select(static f => (FileSource)f)] };

    /// <summary>What can be generated at a place.</summary>
    private sealed record Shape(int[] Sources, bool WithPrivatePipe, int Depth, int Pinned = -1)
    {
        public int[] Files { get; init; } = [];
    }

    private static Gen<Block> BlockOf(Shape shape, int fewest, int most) =>
        from acts in ActOf(shape).Array[fewest, most]
        select new Block(acts);

    private static Gen<Act> ActOf(Shape shape) => shape.Files.Length == 0 ? AnyActOf(shape) : Gen.Frequency((3, FileActs(shape)), (2, AnyActOf(shape)));

    private static Gen<Act> AnyActOf(Shape shape) =>
        from what in Gen.Int[0, shape.Depth < 2 ? 23 : 16]
        from buffer in Gen.Int[0, shape.Sources.Length - 1]
        from act in ActOf(shape, what, buffer)
        select act;

    private static Gen<Act> ActOf(Shape shape, int what, int buffer)
    {
        bool isArray = (BufferSource)shape.Sources[buffer] is BufferSource.Array or BufferSource.Rented or BufferSource.PinnedArray;
        Shape inner = shape with { Depth = shape.Depth + 1 };
        return what switch
        {
            < 6 => HandOffs(shape, buffer),
            < 10 => Stores(buffer, (isArray ? Forms.ArrayStores : Forms.PointerStores).Length),
            < 12 => Gen.Bool.Select<bool, Act>(inHelper => new GiveUp(buffer, inHelper)),
            12 => Offset.Select<int, Act>(from => new Look(buffer, from)),
            < 16 when shape.WithPrivatePipe => Empties,
            13 => Length.Select<int, Act>(static length => new FreshBlock(length)),
            14 when shape.Depth == 0 => Rotations,
            < 17 => HandOffs(shape, buffer),
            < 19 when isArray && shape.Pinned != buffer => BlockOf(inner with { Pinned = buffer }, 1, 4).Select<Block, Act>(body => new Pinned(buffer, body)),
            < 21 => Loops(inner),
            _ => Choices(inner),
        };
    }

    private static Gen<Act> HandOffs(Shape shape, int buffer) =>
        from offset in Offset
        from length in Length
        from isPrivate in Gen.Bool
        from form in Gen.Int[0, Forms.HandOffs.Length - 1]
        from gift in Gen.Int[0, 5]
        let outlet = isPrivate && shape.WithPrivatePipe ? Outlet.Private : Outlet.Outside
        select (Act)new HandOff(buffer, offset, System.Math.Min(length, Plan.Size - offset), outlet, form, gift == 0);

    private static Gen<Act> Stores(int buffer, int forms) =>
        from offset in Offset
        from length in Length
        from form in Gen.Int[0, forms - 1]
        select (Act)new Store(buffer, offset, System.Math.Min(length, Plan.Size - offset), form);

    private static Gen<Act> FileActs(Shape shape) =>
        from file in Gen.Int[0, shape.Files.Length - 1]
        from offset in Offset
        from length in Length
        from isPrivate in Gen.Bool
        from how in Gen.Int[0, 100]
        let source = (FileSource)shape.Files[file]
        let ways = Ways(source)
        let outlet = isPrivate && shape.WithPrivatePipe ? Outlet.Private : Outlet.Outside
        select how % 2 == 0
            ? (Act)new SendFile(file, offset, length, outlet, (Sending)(how / 2 % (source == FileSource.Descriptor ? 2 : 4)))
            : new ModifyFile(file, offset, length, ways[how / 2 % ways.Length]);

    /// <summary>How a file can be modified that a method came by in some way.</summary>
    private static Modification[] Ways(FileSource source) => source switch
    {
        FileSource.Stream => [Modification.Pwrite, Modification.OpenedAnew, Modification.StreamWrite, Modification.StreamSetLength],
        FileSource.Descriptor or FileSource.Memory => EveryWay,
        _ => [.. EveryWay, Modification.OpenedAnew],
    };

    private static readonly Modification[] EveryWay =
        [Modification.Pwrite, Modification.SeekAndWrite, Modification.Truncate, Modification.ThroughDuplicate, Modification.ThroughMapping, Modification.RandomAccess];

    private static readonly Gen<Act> Empties =
        from how in Gen.Int[0, 5]
        from length in Length
        select (Act)new Empty(how < 3 ? Drain.Read : (Drain)(how - 2), length);

    private static readonly Gen<Act> Rotations =
        from buffers in Gen.Int[1, 4]
        from pages in Gen.Int[0, 2]
        from isChecked in Gen.Int[0, 3]
        select (Act)new Rotation(buffers, 1 << pages, isChecked > 0);

    private static Gen<Act> Loops(Shape shape) =>
        from turns in Gen.Int[0, 3]
        from body in BlockOf(shape, 1, 3)
        select (Act)new Loop(turns == 1 ? 2 : turns, body);

    private static Gen<Act> Choices(Shape shape) =>
        from question in Gen.Int[0, 5]
        from which in Gen.Int[0, 1]
        from length in Length
        from then in BlockOf(shape, 1, 3)
        from otherwise in Gen.OneOf(Nothing, Nothing, BlockOf(shape, 1, 2))
        select (Act)new Choice((Question)question, (Question)question == Question.TransferredAll ? length : which, then, otherwise);
}
