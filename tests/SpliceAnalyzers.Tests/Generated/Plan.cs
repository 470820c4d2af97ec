using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>Where a generated method's buffer comes from.</summary>
internal enum BufferSource
{
    Allocated,
    GlobalHeap,
    Malloc,
    Stack,
    Mapped,
    Parameter,
    Array,
    Rented,
    PinnedArray,
}

/// <summary>Where a generated method's variables are.</summary>
internal enum Storage
{
    Locals,
    StaticFields,
    Fields,
    FieldsOfBase,
    Properties,
    FieldsOfStructure,
}

/// <summary>How a generated method comes by a file that it sends from.</summary>
internal enum FileSource
{
    /// <summary>A descriptor passed in.</summary>
    Descriptor,
    /// <summary>open(2) with a path passed in.</summary>
    Path,
    /// <summary>open(2) with a path that the source says.</summary>
    KnownPath,
    Stream,
    Handle,
    Memory,
}

/// <summary>How a file goes into a pipe.</summary>
internal enum Sending
{
    SpliceFrom,
    SendfileFrom,
    /// <summary>From where the descriptor stands; only of files that the method opened.</summary>
    SpliceNext,
    SendfileNext,
}

/// <summary>How a file is modified.</summary>
internal enum Modification
{
    Pwrite,
    SeekAndWrite,
    /// <summary>The length says how long it is afterwards.</summary>
    Truncate,
    ThroughDuplicate,
    ThroughMapping,
    /// <summary>Through a handle, where there is none, one made of the descriptor.</summary>
    RandomAccess,
    /// <summary>Through the stream, or what else the file is opened by, opened anew.</summary>
    OpenedAnew,
    StreamWrite,
    StreamSetLength,
}

/// <summary>Which pipe a hand-off goes into.</summary>
internal enum Outlet
{
    /// <summary>A descriptor that was passed in: anybody may read, splice or tee.</summary>
    Outside,
    /// <summary>A pipe both of whose ends are the method's own.</summary>
    Private,
}

/// <summary>What a condition asks.</summary>
internal enum Question
{
    /// <summary>Did the last call transfer anything?</summary>
    Transferred,
    /// <summary>Did the last call fail?</summary>
    Failed,
    /// <summary>Did the last call transfer all that it was asked for?</summary>
    TransferredAll,
    /// <summary>A truth value passed in.</summary>
    Flag,
    /// <summary>Is a number that was passed in large?</summary>
    IsLarge,
    /// <summary>Is the same number small? Both never hold, which nobody who does not know the number can see.</summary>
    IsSmall,
}

/// <summary>What a private pipe is emptied into.</summary>
internal enum Drain
{
    Read,
    SpliceToFile,
    SpliceOutside,
    TeeOutside,
}

/// <summary>A statement of a generated method; one line of C#, but for the blocks.</summary>
internal abstract class Act
{
    /// <summary>The blocks in it.</summary>
    public virtual IReadOnlyList<Block> Blocks => [];

    /// <summary>The same statement over other blocks, of which there are as many.</summary>
    public virtual Act With(IReadOnlyList<Block> blocks) => this;

    /// <summary>This statement and all in it, in the order of the source.</summary>
    public IEnumerable<Act> All() => Blocks.SelectMany(static b => b.All()).Prepend(this);
}

/// <summary>Statements one after another.</summary>
internal sealed record Block(IReadOnlyList<Act> Acts)
{
    public IEnumerable<Act> All() => Acts.SelectMany(static a => a.All());

    /// <summary>How often bytes are taken from the private pipe, loops of unknown length running once.</summary>
    public int Drains => Acts.Sum(static act => act is Empty ? 1 : act.Blocks.Sum(static b => b.Drains) * (act is Loop { Turns: > 0 } loop ? loop.Turns : (act as Wrap)?.Depth ?? 1));
}

/// <summary>Bytes of a buffer go into a pipe; <see cref="Form"/> says how vmsplice is told about them.</summary>
internal sealed class HandOff(int buffer, int from, int length, Outlet outlet, int form, bool isGift) : Act
{
    public int Buffer => buffer;
    public int From => from;
    public int Length => length;
    public Outlet Outlet => outlet;
    public int Form => form;
    public bool IsGift => isGift;
}

/// <summary>Bytes of a buffer change; <see cref="Form"/> says how.</summary>
internal sealed class Store(int buffer, int from, int length, int form) : Act
{
    public int Buffer => buffer;
    public int From => from;
    public int Length => length;
    public int Form => form;
}

/// <summary>A buffer is only looked at.</summary>
internal sealed class Look(int buffer, int from) : Act
{
    public int Buffer => buffer;
    public int From => from;
}

/// <summary>A buffer goes back to where it came from; in a helper, or here.</summary>
internal sealed class GiveUp(int buffer, bool inHelper) : Act
{
    public int Buffer => buffer;
    public bool InHelper => inHelper;
}

/// <summary>Bytes leave the private pipe.</summary>
internal sealed class Empty(Drain how, int length) : Act
{
    public Drain How => how;
    public int Length => length;
}

/// <summary>Pages of a file go into a pipe.</summary>
internal sealed class SendFile(int file, int from, int length, Outlet outlet, Sending how) : Act
{
    public int File => file;
    public int From => from;
    public int Length => length;
    public Outlet Outlet => outlet;
    public Sending How => how;
}

/// <summary>A file is modified.</summary>
internal sealed class ModifyFile(int file, int from, int length, Modification how) : Act
{
    public int File => file;
    public int From => from;
    public int Length => length;
    public Modification How => how;
}

/// <summary>A fresh mapping is filled, handed off and unmapped.</summary>
internal sealed class FreshBlock(int length) : Act
{
    public int Length => length;
}

/// <summary>Keeps an array in place for as long as the block runs.</summary>
internal sealed class Pinned(int buffer, Block body) : Act
{
    public int Buffer => buffer;
    public Block Body => body;
    public override IReadOnlyList<Block> Blocks => [body];
    public override Act With(IReadOnlyList<Block> blocks) => new Pinned(buffer, blocks[0]);
}

/// <summary>Something around a block gives a buffer up at its end.</summary>
internal sealed class Owner(int buffer, bool isStructure, Block body) : Act
{
    public int Buffer => buffer;
    public bool IsStructure => isStructure;
    public Block Body => body;
    public override IReadOnlyList<Block> Blocks => [body];
    public override Act With(IReadOnlyList<Block> blocks) => new Owner(buffer, isStructure, blocks[0]);
}

/// <summary>One of two blocks runs.</summary>
internal sealed class Choice(Question question, int which, Block then, Block otherwise) : Act
{
    public Question Question => question;
    /// <summary>Which of the parameters is asked, where one is.</summary>
    public int Which => which;
    public Block Then => then;
    public Block Otherwise => otherwise;
    public override IReadOnlyList<Block> Blocks => [then, otherwise];
    public override Act With(IReadOnlyList<Block> blocks) => new Choice(question, which, blocks[0], blocks[1]);
}

/// <summary>A block runs so many times; 0: as often as somebody says.</summary>
internal sealed class Loop(int turns, Block body) : Act
{
    public int Turns => turns;
    public Block Body => body;
    public override IReadOnlyList<Block> Blocks => [body];
    public override Act With(IReadOnlyList<Block> blocks) => new Loop(turns, blocks[0]);
}

/// <summary>Buffers take turns in a pipe that was checked to have a size, or was not.</summary>
internal sealed class Rotation(int buffers, int pipePages, bool isChecked) : Act
{
    public int Buffers => buffers;
    public int PipePages => pipePages;
    public bool IsChecked => isChecked;
}

/// <summary>A generated method.</summary>
/// <param name="IsPublic">True when code outside the assembly can call it.</param>
/// <param name="Buffers">Its buffers.</param>
/// <param name="Body">Its statements.</param>
internal sealed record Plan(bool IsPublic, IReadOnlyList<BufferSource> Buffers, Block Body)
{
    /// <summary>The files that it sends from.</summary>
    public IReadOnlyList<FileSource> Files { get; init; } = [];

    /// <summary>Where its variables are.</summary>
    public Storage Storage { get; init; }

    /// <summary>How often callers may call it one after another: as often as they like where it is a method of a type with state, and only files are the same in all calls.</summary>
    public int Calls => HasState && Files.Count > 0 ? 2 : 1;

    private bool HasState => Storage != Storage.Locals || Body.All().Any(static act => act is Wrap { Form: WrapForm.LambdaInField });

    /// <summary>Bytes of each buffer: two pages.</summary>
    public const int Size = 8192;

    public bool HasPrivatePipe => Body.All().Any(static a => a is HandOff { Outlet: Outlet.Private } or SendFile { Outlet: Outlet.Private } or Empty);

    public bool HasFile => Body.All().Any(static a => a is Empty { How: Drain.SpliceToFile });

    public bool UsesPipeSize => Body.All().Any(static a => a is Rotation);

    public bool LooksAtResults => Body.All().Any(static a => a is Choice { Question: Question.Transferred or Question.Failed or Question.TransferredAll });

    /// <summary>Why nobody who reads the method can tell what is true of it; null when he can.</summary>
    public string? Undecidable =>
        NumbersAsked(Body, times: 1).GroupBy(static which => which).Any(static g => g.Count() > 1) ? "asks about an unknown number twice: who does not follow numbers takes paths for possible that are not"
        : Body.All().Any(static a => a is Wrap { Form: WrapForm.Catch }) ? "catches what is never thrown: who does not know that takes parts of the block for left out"
        : Body.All().OfType<Wrap>().Any(static wrap => wrap.Form is WrapForm.TypeDisposed or WrapForm.TypeDisposedAtEnd && wrap.All().Any(static act => act is SendFile))
            ? "sends a file in Dispose: who does not know that nobody else disposes of the object takes any descriptor in it for possible"
        : null;

    private static IEnumerable<int> NumbersAsked(Block block, int times)
    {
        foreach (Act act in block.Acts)
        {
            if (act is Choice { Question: Question.IsLarge or Question.IsSmall } choice)
            {
                for (int i = 0; i < times; i++)
                    yield return choice.Which;
            }

            foreach (int which in act.Blocks.SelectMany(b => NumbersAsked(b, act is Loop or Wrap { Depth: > 1 } ? 2 : times)))
                yield return which;
        }
    }

    /// <summary>The statements, numbered from 1 in the order of the source.</summary>
    public Dictionary<Act, int> Numbers() => Body.All().Select(static (act, i) => (act, i)).ToDictionary(static p => p.act, static p => p.i + 1);
}
