using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <summary>How a run of the machine came to its end.</summary>
internal enum Outcome
{
    /// <summary>At a place where states are compared.</summary>
    Paused,
    /// <summary>The program is over, or all of its threads block for ever.</summary>
    Ended,
    /// <summary>A bound was reached, and the path is not followed further.</summary>
    Abandoned,
}

/// <summary>
/// The program and the kernel in one state, which a run changes in place. The search loads a state into it, runs it once for every combination
/// of choices, and stores what came out: together these are the pure step from a state and its choices to the next state.
/// </summary>
internal sealed partial class Machine
{
    /// <summary>More regions made by one instruction and still reachable than this are not followed.</summary>
    private const int MostRegionsOfOneOrigin = 64;

    /// <summary>More objects than this that one load found missing are not told apart: a list of unknown length.</summary>
    private const int MostMaterialised = 8;

    /// <summary>What is larger, on the stack, is taken for a buffer.</summary>
    private const int MostBytesOfStruct = 64;

    /// <summary>A run without choices passes fewer places than this by.</summary>
    private const int MostPassed = 16;

    private readonly ProgramImage _image;
    private readonly Arithmetic _arithmetic;
    private readonly Widening _widening;
    private readonly CallPlaces _places;
    private readonly bool _namesUnknowns;
    private readonly LinuxKernel _kernel;
    private readonly Normaliser _normaliser;
    private readonly Value[][] _arguments = [[], new Value[1], new Value[2], new Value[3], new Value[4], new Value[5], new Value[6]];
    private Value[] _passed = new Value[8];

    public Machine(ProgramImage image, ExplorationOptions options, Arithmetic arithmetic, Widening widening, CallPlaces places, Observer observer)
    {
        _image = image;
        _arithmetic = arithmetic;
        _widening = widening;
        _places = places;
        _namesUnknowns = options.Consumer == ConsumerKind.Copies || image.FilesMatter;
        Threads = new ThreadSet(image);
        Stack = Threads.Current;
        Monitor = new HazardMonitor(Kernel, options.GiftContract, observer);
        _kernel = MakeKernel(options);
        _kernel.PipeSizes = image.PipeSizes;
        _normaliser = new Normaliser(Threads, Kernel, Monitor, _kernel);
    }

    private LinuxKernel MakeKernel(ExplorationOptions options) => options.Kernel switch
    {
        KernelKind.VmspliceCopies => new VmspliceCopiesKernel(Kernel, Monitor, Choices, options.Consumer),
        KernelKind.HowellsRfc => new HowellsRfcKernel(Kernel, Monitor, Choices, options.Consumer),
        KernelKind.CowSnapshot => new CowSnapshotKernel(Kernel, Monitor, Choices, options.Consumer),
        KernelKind.Decommissioned => new DecommissionedKernel(Kernel, Monitor, Choices, options.Consumer),
        _ => new LinuxKernel(Kernel, Monitor, Choices, options.Consumer),
    };

    public ThreadSet Threads { get; }

    /// <summary>That of the running thread.</summary>
    public CallStack Stack { get; private set; }

    public KernelState Kernel { get; } = new();

    public HazardMonitor Monitor { get; }

    public Choices Choices { get; } = new();

    /// <summary>How many actions this run has taken: system calls, stores, releases and allocations. Control costs nothing.</summary>
    public int Actions { get; private set; }

    /// <summary>How many instructions were executed since the machine was made.</summary>
    public long Executed { get; private set; }

    /// <summary>The site of the running instruction; of one that only goes on, that of the one before.</summary>
    public int Site { get; private set; }

    /// <summary>The number of the running instruction's place.</summary>
    public int Place
    {
        get
        {
            var place = Stack.Origin;
            for (var frame = 0; frame < Stack.Top; frame++) place = _places.Enter(place, Stack.Procedure(frame).Code[Stack.Pc(frame)].Site);
            return _places.Enter(place, Site);
        }
    }

    /// <summary>Puts the machine where the program begins.</summary>
    public void Begin()
    {
        Kernel.Clear();
        Threads.Clear();
        Stack = Threads.Current;
        Monitor.PathBlurred = false;
        Stack.Push(_image.Entry);
    }

    /// <summary>Goes on with the thread that was running in a state just read.</summary>
    public void Resume() => Stack = Threads.Current;

    /// <summary>Brings the state into its one form; what nothing reaches any more ends here.</summary>
    public void Normalise(bool keepHandOffsApart) => _normaliser.Run(keepHandOffsApart);

    /// <summary>
    /// Runs to the next place where states are compared: where paths meet, and after the head of a loop. A run that had nothing to choose passes some of these
    /// by: it is the only one from where it began, and a loop with a fixed number of turns has a state for some of them only.
    /// </summary>
    public Outcome Run()
    {
        Actions = 0;
        var passed = 0;
        while (true)
        {
            var frame = Stack.Top;
            var procedure = Stack.Procedure(frame);
            var pc = Stack.Pc(frame);
            var opcode = procedure.Opcodes[pc];
            if (opcode is not (Opcode.Jump or Opcode.LoopHead)) Site = procedure.Code[pc].Site;
            Executed++;
            var outcome = Execute(opcode, procedure.Code[pc], procedure, pc);
            if (outcome != Outcome.Paused) return outcome;
            if (Choices.Overflowed) return Outcome.Abandoned;
            var (next, at) = (Stack.Procedure(Stack.Top), Stack.Pc(Stack.Top));
            if (Choices.AreMany || next.HasToPauseAt(at)) return Outcome.Paused;
            if ((opcode == Opcode.LoopHead || next.PausesAt(at)) && (Choices.Taken > 0 || ++passed == MostPassed)) return Outcome.Paused;
        }
    }

    private Outcome Execute(Opcode opcode, Instruction instruction, ProcedureImage procedure, int pc)
    {
        switch (opcode)
        {
            case Opcode.Branch: return TakeBranch((Branch)instruction);
            case Opcode.Jump: return GoTo(((Jump)instruction).Target);
            case Opcode.Call: return Enter(((Call)instruction).Procedure, ((Call)instruction).Arguments);
            case Opcode.Return: return Leave((Return)instruction);
            case Opcode.Throw: return Unwind();
            case Opcode.Start: return Begin((Start)instruction, pc);
            case Opcode.Pause: return LetOthers(pc);
            case Opcode.Wait: return AwaitOthers((Wait)instruction, pc);
            case Opcode.SystemCall:
                if (!CallKernel((SystemCall)instruction, procedure, pc)) return instruction is SystemCall { Kind: SystemCallKind.Exit } ? Outcome.Ended : Block(Waiting.Kernel);
                // What another thread does now meets the bytes while they are in flight; and one that was blocked may hand off now.
                if (Threads.Wake() | instruction is SystemCall { Kind: SystemCallKind.Vmsplice or SystemCallKind.Splice or SystemCallKind.Tee or SystemCallKind.Sendfile }) return LetOthers(pc);
                break;
            case Opcode.Escape:
                _kernel.Escape(Evaluate(((Escape)instruction).Value));
                if (Threads.Wake()) return LetOthers(pc);
                break;
            case Opcode.Allocate:
                if (!Allocate((Allocate)instruction, procedure.FirstOrigin + pc)) return Outcome.Abandoned;
                break;
            case Opcode.Load: Load((Load)instruction, procedure.FirstOrigin + pc); break;
            case Opcode.LoopHead: Widen(procedure, pc); break;
            case Opcode.StoreBytes:
                Store((StoreBytes)instruction);
                // A page that is there from now on can be handed off by another thread before the next store.
                if (Threads.Count > 1 && Kernel.Memory.Live(Evaluate(((StoreBytes)instruction).Address)) is { HasZeroPages: true }) return LetOthers(pc);
                break;
            default: ExecuteSimple(opcode, instruction, procedure.FirstOrigin + pc); break;
        }
        return GoTo(pc + 1);
    }

    private void ExecuteSimple(Opcode opcode, Instruction instruction, int origin)
    {
        switch (opcode)
        {
            case Opcode.Assign:
                var assign = (Assign)instruction;
                var value = Evaluate(assign.Value, origin);
                Stack.TopRegister(assign.Target) = IsNumber(value) && !Stack.Procedure(Stack.Top).Decides(assign.Target) ? Value.Idle(0) : value;
                break;
            case Opcode.Choose:
                var choose = (Choose)instruction;
                Stack.TopRegister(choose.Target) = Evaluate(choose.Alternatives[Choices.Choose(choose.Alternatives.Length)], origin);
                break;
            case Opcode.StoreValue: Store((StoreValue)instruction, origin); break;
            case Opcode.CopyBytes: Copy((CopyBytes)instruction); break;
            case Opcode.Pin: Pin(((Pin)instruction).Address); break;
            case Opcode.Release: Release((Release)instruction); break;
        }
    }

    private static bool IsNumber(Value value) => !value.IsPointer && !value.IsDescriptor;

    private Outcome GoTo(int pc)
    {
        Stack.Pc(Stack.Top) = pc;
        return Outcome.Paused;
    }

    /// <summary>Evaluates an expression over the running procedure's registers.</summary>
    private Value Evaluate(Expression expression) => expression switch
    {
        RegisterExpression register => Stack.TopRegister(register.Index),
        ConstantExpression constant => Value.Exact(constant.Value),
        BinaryExpression binary => _arithmetic.Apply(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
        _ => Value.Unknown(),
    };

    /// <summary>As <see cref="Evaluate(Expression)"/>; an unknown value remembers where it came from if a descriptor could be recognised by that.</summary>
    private Value Evaluate(Expression expression, int origin) =>
        _namesUnknowns && expression is UnknownExpression ? Value.Unknown(origin + 1) : Evaluate(expression);
}
