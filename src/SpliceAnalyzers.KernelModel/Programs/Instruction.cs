namespace SpliceAnalyzers.KernelModel.Programs;

/// <summary>
/// One instruction of a <see cref="Procedure"/>. Control goes to the next index unless the instruction says otherwise; jump targets are
/// indices into <see cref="Procedure.Code"/>. Sizes, offsets and lengths are bytes.
/// </summary>
public abstract class Instruction
{
    private protected Instruction(int site) => Site = site;

    /// <summary>The caller's own number for the place this came from; witnesses carry it back. -1 where there is none.</summary>
    public int Site { get; private set; }

    /// <summary>The same instruction at another site.</summary>
    internal Instruction At(int site)
    {
        var copy = (Instruction)MemberwiseClone();
        copy.Site = site;
        return copy;
    }
}

/// <summary>Sets a register.</summary>
public sealed class Assign(int site, int target, Expression value) : Instruction(site)
{
    /// <summary>The register set.</summary>
    public int Target { get; } = target;
    /// <summary>Its new value.</summary>
    public Expression Value { get; } = value;
}

/// <summary>Sets a register to one of several values; the explorer tries each.</summary>
public sealed class Choose(int site, int target, Expression[] alternatives) : Instruction(site)
{
    /// <summary>The register set.</summary>
    public int Target { get; } = target;
    /// <summary>The values tried, at least one.</summary>
    public Expression[] Alternatives { get; } = alternatives;
}

/// <summary>Goes to one of two places; to either when the condition's value is not known.</summary>
public sealed class Branch(int site, Expression condition, int whenTrue, int whenFalse) : Instruction(site)
{
    /// <summary>Non-zero (or a pointer) is true.</summary>
    public Expression Condition { get; } = condition;
    /// <summary>Index of the next instruction when the condition holds.</summary>
    public int WhenTrue { get; internal set; } = whenTrue;
    /// <summary>Index of the next instruction when it does not.</summary>
    public int WhenFalse { get; internal set; } = whenFalse;
}

/// <summary>Goes elsewhere.</summary>
public sealed class Jump(int target) : Instruction(-1)
{
    /// <summary>Index of the next instruction.</summary>
    public int Target { get; internal set; } = target;
}

/// <summary>Marks the first instruction of a loop: values that keep changing are widened here so that exploration ends.</summary>
public sealed class LoopHead() : Instruction(-1);

/// <summary>Makes a region and points a register at its first byte.</summary>
public sealed class Allocate(int site, int target, RegionKind kind, Expression size, int most = int.MaxValue) : Instruction(site)
{
    /// <summary>When so many regions of this instruction are still reachable, no further one is made: the register receives an unknown value.</summary>
    public int Most { get; } = most;
    /// <summary>The register that receives the pointer.</summary>
    public int Target { get; } = target;
    /// <summary>Where the memory comes from.</summary>
    public RegionKind Kind { get; } = kind;
    /// <summary>Its size in bytes; unknown is allowed.</summary>
    public Expression Size { get; } = size;
}

/// <summary>Reads the value kept at an address.</summary>
public sealed class Load(int site, int target, Expression address, int width, Missing? missing = null) : Instruction(site)
{
    /// <summary>The register that receives the value.</summary>
    public int Target { get; } = target;
    /// <summary>Where the value is kept.</summary>
    public Expression Address { get; } = address;
    /// <summary>Bytes read: 1, 2, 4 or 8.</summary>
    public int Width { get; } = width;
    /// <summary>What the value is when the region holds none and has no default: made once and kept there. Null: unknown.</summary>
    public Missing? Missing { get; } = missing;
}

/// <summary>The value of memory that was there before the program began: a region of its own, or one of several values.</summary>
public sealed class Missing
{
    private Missing(RegionKind? kind, Expression[] values, bool isAnywhere = false) => (Kind, Values, IsAnywhere) = (kind, values, isAnywhere);

    /// <summary>Set when the value points to a region that existed before.</summary>
    public RegionKind? Kind { get; }
    /// <summary>The region's size (one element), or the values to choose from.</summary>
    public Expression[] Values { get; }
    /// <summary>True when the value is that of memory at unknown addresses, too.</summary>
    public bool IsAnywhere { get; }

    /// <summary>A pointer to a region of this kind and size.</summary>
    public static Missing Region(RegionKind kind, Expression size) => new(kind, [size]);

    /// <summary>One of these values.</summary>
    public static Missing OneOf(params Expression[] values) => new(null, values);

    /// <summary>This value, also at addresses of which nothing is known.</summary>
    public static Missing Anywhere(Expression value) => new(null, [value], isAnywhere: true);
}

/// <summary>
/// Stores one value: the bytes of the region change, and the value can be loaded again. When <see cref="Silent"/>, the region's bytes are not
/// memory that anyone can hand off (fields of objects, locals that the compiler could keep in registers), and no store happens for the kernel.
/// </summary>
public sealed class StoreValue(int site, Expression address, Expression value, int width, bool silent = false) : Instruction(site)
{
    /// <summary>Where.</summary>
    public Expression Address { get; } = address;
    /// <summary>What.</summary>
    public Expression Value { get; } = value;
    /// <summary>Bytes written: 1, 2, 4 or 8.</summary>
    public int Width { get; } = width;
    /// <summary>No store as far as the kernel is concerned.</summary>
    public bool Silent { get; } = silent;
}

/// <summary>Stores bytes whose values do not matter. An unknown length reaches to the end of the region. Nothing happens where the length is 0.</summary>
public sealed class StoreBytes(int site, Expression address, Expression length, bool possible = false) : Instruction(site)
{
    /// <summary>The first byte written.</summary>
    public Expression Address { get; } = address;
    /// <summary>How many bytes.</summary>
    public Expression Length { get; } = length;
    /// <summary>True when the callee is unknown and might not store at all; the witness says so.</summary>
    public bool Possible { get; } = possible;
}

/// <summary>Copies bytes and the values kept in them: a store into the destination.</summary>
public sealed class CopyBytes(int site, Expression destination, Expression source, Expression length, bool silent = false) : Instruction(site)
{
    /// <summary>The first byte written.</summary>
    public Expression Destination { get; } = destination;
    /// <summary>The first byte read.</summary>
    public Expression Source { get; } = source;
    /// <summary>How many bytes.</summary>
    public Expression Length { get; } = length;
    /// <summary>As <see cref="StoreValue.Silent"/>.</summary>
    public bool Silent { get; } = silent;
}

/// <summary>Pins the region an address points into: the collector does not move it until as many releases of a pin followed.</summary>
public sealed class Pin(int site, Expression address) : Instruction(site)
{
    /// <summary>Any address in the region; null and unknown do nothing.</summary>
    public Expression Address { get; } = address;
}

/// <summary>Gives up a region, or one pin of it. Null and unknown addresses do nothing.</summary>
public sealed class Release(int site, Expression address, ReleaseKind kind) : Instruction(site)
{
    /// <summary>Any address in the region.</summary>
    public Expression Address { get; } = address;
    /// <summary>To whom, which decides who may change the bytes next.</summary>
    public ReleaseKind Kind { get; } = kind;
}

/// <summary>A value is handed to code that is not part of the program: a descriptor may be used by anybody from now on.</summary>
public sealed class Escape(int site, Expression value) : Instruction(site)
{
    /// <summary>The value that escapes.</summary>
    public Expression Value { get; } = value;
}

/// <summary>A system call; its result, a count or -1, goes to a register. Arguments are in the order of the manual page.</summary>
public sealed class SystemCall(int site, int target, SystemCallKind kind, Expression[] arguments) : Instruction(site)
{
    /// <summary>The register that receives the result; -1 where nobody looks.</summary>
    public int Target { get; } = target;
    /// <summary>Which call.</summary>
    public SystemCallKind Kind { get; } = kind;
    /// <summary>Its arguments, see <see cref="SystemCallKind"/>.</summary>
    public Expression[] Arguments { get; } = arguments;
}

/// <summary>Runs another procedure of the program.</summary>
public sealed class Call(int site, int procedure, Expression[] arguments, int[] targets, int onThrow = -1) : Instruction(site)
{
    /// <summary>Index into <see cref="SpliceProgram.Procedures"/>.</summary>
    public int Procedure { get; } = procedure;
    /// <summary>Values for the callee's registers 0, 1, and so on.</summary>
    public Expression[] Arguments { get; } = arguments;
    /// <summary>Registers that receive the returned values, in order; -1 drops one.</summary>
    public int[] Targets { get; } = targets;
    /// <summary>Index of the next instruction when the callee throws; -1 throws on.</summary>
    public int OnThrow { get; internal set; } = onThrow;
}

/// <summary>
/// Begins a thread that runs another procedure of the program. Either of the two goes on first, or <see cref="RunsAtOnce"/> says that it is the new one;
/// after that control may change where one of them hands off or pauses, and changes where it blocks or ends.
/// </summary>
public sealed class Start(int site, int target, int procedure, Expression[] arguments, bool runsAtOnce = false) : Instruction(site)
{
    /// <summary>The register that receives 1, or 0 when the thread is not followed: there are too many, or one that does the same runs already.</summary>
    public int Target { get; } = target;
    /// <summary>True when the new thread goes on first.</summary>
    public bool RunsAtOnce { get; } = runsAtOnce;
    /// <summary>As <see cref="Call.Procedure"/>.</summary>
    public int Procedure { get; } = procedure;
    /// <summary>As <see cref="Call.Arguments"/>.</summary>
    public Expression[] Arguments { get; } = arguments;
}

/// <summary>Goes on once another thread did something, or when there is none that could.</summary>
public sealed class Wait(int site, int target) : Instruction(site)
{
    /// <summary>The register that receives 1 when another thread did something, 0 when none can.</summary>
    public int Target { get; } = target;
}

/// <summary>Time passes: another thread may go on first.</summary>
public sealed class Pause() : Instruction(-1);

/// <summary>Leaves the procedure. Its stack regions end here.</summary>
public sealed class Return(int site, Expression[] values) : Instruction(site)
{
    /// <summary>The returned values.</summary>
    public Expression[] Values { get; } = values;
}

/// <summary>Leaves the procedure by an exception that it does not catch. Its stack regions end here.</summary>
public sealed class Throw(int site) : Instruction(site);
