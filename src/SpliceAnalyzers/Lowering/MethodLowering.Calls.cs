using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Calls: system calls, the catalogue's methods, source that can be followed, and everything else.</summary>
internal sealed partial class MethodLowering
{
    private Operand Invoke(IInvocationOperation invocation) => program.Natives.Resolve(invocation) is { } native
        ? CallNative(native)
        : ThreadCatalogue.Find(invocation.TargetMethod) is { } role ? UseThread(invocation, role, invocation.TargetMethod, invocation.Instance, invocation.Arguments)
        : CallMethod(invocation, invocation.TargetMethod, invocation.Instance is { } instance ? ReceiverOf(instance) : null, invocation.Arguments, invocation.Instance);

    private Expression ReceiverOf(IOperation instance) => TypeShape.IsStruct(instance.Type) ? AddressOf(instance) : Evaluate(instance).Value;

    private Operand CallMethod(IOperation call, IMethodSymbol target, Expression? receiver, ImmutableArray<IArgumentOperation> arguments, IOperation? instance = null)
    {
        Operand result = CallKnown(call, target, receiver, arguments, instance);
        if (Promise.DrainsAll(target))
            _code.Add(new Release(-1, Expression.Zero, ReleaseKind.Drained));
        foreach (IArgumentOperation argument in arguments.Where(static a => a.Parameter is not null && IsNamed(a.Value)))
        {
            if (Promise.Drains(argument.Parameter!))
                _code.Add(new Release(-1, Pass(argument).Value, ReleaseKind.Drained));
            if (Promise.LeavesInFlight(argument.Parameter!))
                HandOffUnseen(call, Pass(argument), argument);
        }

        return result;
    }

    /// <summary>A variable, which can be looked at twice without doing anything twice.</summary>
    private static bool IsNamed(IOperation value) =>
        WithoutConversions(value) is ILocalReferenceOperation or IParameterReferenceOperation or IFlowCaptureReferenceOperation or IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation };

    private Operand CallKnown(IOperation call, IMethodSymbol target, Expression? receiver, ImmutableArray<IArgumentOperation> arguments, IOperation? instance = null)
    {
        IArgumentOperation[] ordered = [.. arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0)];
        if (IsNumberItself(target))
            return new Operand(receiver!);
        if (UsePair(target, receiver, ordered) is { } ofPair)
            return ofPair;
        if (UseNullable(target, receiver) is { } ofNullable)
            return ofNullable;
        if (instance is not null && UseMemoryManager(call, target, receiver!, instance) is { } ofManager)
            return ofManager;
        if (instance is not null && UseHandle(call, target, receiver!, WithoutConversions(instance)!.Type, ordered) is { } used)
            return used;
        if (BufferCatalogue.OfLibrary(target.ReducedFrom ?? target, WithoutConversions(instance)?.Type) is { } effect)
        {
            var operands = ordered.Select(Pass).ToList();
            if (instance is not null)
                operands.Insert(0, TypeShape.IsSpanLike(instance.Type) ? Evaluate(instance) : new Operand(receiver!));
            return Apply(effect, call, target, operands, ordered, instance);
        }
        else if (CollectionCatalogue.Find(target, WithoutConversions(instance)?.Type) is { } role)
        {
            // A static method, or one that extends, has its collection as the first argument.
            bool isOwn = instance is not null;
            if (isOwn || ordered.Length > 0)
                return UseCollection(call, role, target, isOwn ? receiver! : Pass(ordered[0]).Value, isOwn ? ordered : [.. ordered.Skip(1)]);
        }
        else if (target.MethodKind == MethodKind.LocalFunction)
            return CallSource(call, target, program.Nested(target).Number, [FrameFor(target)], ordered);
        else if (target is { MethodKind: MethodKind.DelegateInvoke, ContainingType: { } delegateType } && receiver is not null)
            return CallDispatched(call, target, program.InvokerOf(delegateType), receiver, ordered);
        else if (receiver is not null && EnumeratorResumedBy(target, instance) is { } enumerator)
        {
            // An enumerator of the source, or else what an iterator made.
            return program.HasImplementations(target, ReceiverType(instance))
                ? CallDispatched(call, target, program.DispatcherOf(target, ReceiverType(instance)), receiver, ordered, kept => Resume(call, target, enumerator, kept, ordered))
                : Resume(call, target, enumerator, receiver, ordered);
        }
        else if (IsVirtual(target, instance, out IMethodSymbol exact))
        {
            if (receiver is not null && program.HasImplementations(target, ReceiverType(instance)))
                return CallDispatched(call, target, program.DispatcherOf(target, ReceiverType(instance)), receiver, ordered);
        }
        else if (program.ProcedureOf(exact) is >= 0 and var procedure)
            return CallSource(call, exact, procedure, exact.IsStatic ? [] : Before(exact, receiver ?? Expression.Unknown, instance), ordered);

        if (receiver is not null && BufferCatalogue.OfAnyStream(target) is { } streams)
            return Apply(streams, call, target, [new Operand(receiver), .. ordered.Select(Pass)], ordered, instance);
        return CallUnknown(call, target, [.. ordered.Select(a => (a, Pass(a)))]);
    }

    /// <summary>What a struct that is a number says of itself as a plain one: `length.Value`, `sent.ToInt64()`.</summary>
    private static bool IsNumberItself(IMethodSymbol target) =>
        target is { IsStatic: false, Parameters.IsEmpty: true } && TypeShape.IsWrapped(target.ContainingType) && IsCount(target.ReturnType)
        && (target.Name == "get_Value" || target.Name.StartsWith("To", StringComparison.Ordinal));

    /// <summary>What goes before a method's own arguments: its object, or what the parameter of its extension block gets.</summary>
    private Expression[] Before(IMethodSymbol target, Expression receiver, IOperation? instance) =>
        !ExtensionBlock.Holds(target) ? [receiver] : TypeShape.IsSpanLike(instance?.Type) && Evaluate(instance!) is var span ? [span.Value, span.LengthOrUnknown] : [receiver, Expression.Unknown];

    /// <summary>True when the receiver's static type does not tell which method runs; otherwise <paramref name="exact"/> is that method.</summary>
    private static bool IsVirtual(IMethodSymbol target, IOperation? instance, out IMethodSymbol exact)
    {
        exact = target;
        bool isVirtual = target.IsVirtual || target.IsAbstract || target.IsOverride && !target.IsSealed;
        if (!isVirtual || instance is null or IInstanceReferenceOperation { Syntax: BaseExpressionSyntax })
            return false;
        instance = WithoutConversions(instance)!;
        if (instance.Type is not { } type || !(type.IsSealed || type.TypeKind == TypeKind.Struct))
            return true;
        if (Dispatch.ImplementationIn(type, target) is { } implementation)
            exact = implementation;
        return false;
    }

    /// <summary>What is known of the receiver's type; null where that says nothing.</summary>
    private static INamedTypeSymbol? ReceiverType(IOperation? instance) => (WithoutConversions(instance)?.Type as INamedTypeSymbol)?.OriginalDefinition;

    private static IOperation? WithoutConversions(IOperation? operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } conversion)
            operation = conversion.Operand;
        return operation;
    }

    /// <summary>A call that finds its target when the program runs, and is one to unknown code where it finds none.</summary>
    private Operand CallDispatched(IOperation call, IMethodSymbol target, int dispatcher, Expression receiver, IArgumentOperation[] arguments, Func<Expression, Operand>? otherwise = null)
    {
        receiver = _code.Keep(receiver);
        (IArgumentOperation Argument, Operand Value)[] passed = [.. arguments.Select(a => (a, Kept(Pass(a))))];
        (int main, int length, int found) = (_code.NewRegister(), _code.NewRegister(), _code.NewRegister());
        Call(call, dispatcher, [receiver, .. passed.SelectMany(p => new[] { p.Value.Value, p.Value.LengthOrUnknown })], [main, length, found], arguments);
        int unknown = _code.NewLabel(), after = _code.NewLabel();
        _code.Add(new Branch(-1, Expression.Register(found), after, unknown));
        _code.Mark(unknown);
        Operand other = otherwise?.Invoke(receiver) ?? CallUnknown(call, target, passed);
        _code.Add(new Assign(-1, main, other.Value));
        _code.Add(new Assign(-1, length, other.LengthOrUnknown));
        _code.Mark(after);
        return new Operand(Expression.Register(main), Expression.Register(length));
    }

    private Operand Kept(Operand operand) => new(_code.Keep(operand.Value), operand.Length is null ? null : _code.Keep(operand.Length));

    private Operand CallNative(NativeCall native)
    {
        if (NativeConstant.Of(native.Call) is { } constant)
            return new Operand(Expression.Constant(constant));
        IArgumentOperation[] arguments = [.. native.Arguments];
        Operand result = SystemCallTable.Find(native) is { } row
            ? MakeSystemCall(native.Call, row, arguments)
            : BufferCatalogue.OfLibc(native.Function) is { } effect
                ? Apply(effect, native.Call, native.Method, [.. arguments.Select(PassToNative)], arguments, null)
                : CallUnknown(native.Call, native.Method, [.. arguments.Select(a => (a, Pass(a)))]);
        return Wrap(result, native.Call.Type);
    }

    /// <summary>A number that comes from outside as a struct of the source.</summary>
    private Operand Wrap(Operand number, ITypeSymbol? type)
    {
        if (!TypeShape.IsStruct(type) || TypeShape.NumberField(type) is not { } field)
            return number;
        Operand made = Default(type);
        _code.Add(new StoreValue(-1, made.Value, number.Value, TypeShape.WidthOf(field.Type), silent: true));
        return made;
    }

    /// <summary>A pointer to a method of the source, if only one place says to which; otherwise a call to code that is not known.</summary>
    private Operand CallPointer(IFunctionPointerInvocationOperation call, IMethodSymbol signature)
    {
        if (call.Syntax is InvocationExpressionSyntax { Expression: var written } && program.Values.OperationOf(written) is { } target
            && (MethodAt(target) ?? (program.Values.ValueOf(target) is { } value ? MethodAt(value) : null)) is { } method)
            return CallMethod(call, method, null, call.Arguments);
        Evaluate(call.Target);
        return CallUnknown(call, signature, [.. call.Arguments.OrderBy(static a => a.Parameter?.Ordinal ?? 0).Select(a => (a, Pass(a)))]);
    }

    private static IMethodSymbol? MethodAt(IOperation value) =>
        AssignedOnce.Strip(value) is IAddressOfOperation { Reference: IMethodReferenceOperation { Method: { IsStatic: true } method } } ? method : null;

    private Operand Pass(IArgumentOperation argument) =>
        argument.Parameter is { RefKind: not RefKind.None } ? new Operand(AddressOf(argument.Value)) : Evaluate(argument.Value);

    private Operand MakeSystemCall(IOperation call, SystemCallRow row, IArgumentOperation[] arguments)
    {
        if (row.Kind == SystemCallKind.Open && row.Path + 1 < arguments.Length)
            return Open(Sites.Add(call.Syntax), arguments[row.Path].Value, _code.Keep(Pass(arguments[row.Path + 1]).Value));
        Expression[] passed = [.. arguments.Select(a => _code.Keep(PassToNative(a).Value))];
        Expression[] values = [.. row.Arguments.Select(i => i < passed.Length ? passed[i] : Expression.Zero)];
        string name = row.Buffer >= 0 && row.Buffer < arguments.Length ? NameOf(arguments[row.Buffer].Value.Syntax) : "";
        return AddSystemCall(Sites.Add(call.Syntax, name), row.Kind, values);
    }

    private Operand AddSystemCall(int site, SystemCallKind kind, params Expression[] arguments)
    {
        int target = _code.NewRegister();
        _code.Add(new SystemCall(site, target, kind, arguments));
        procedure.HandsOff |= kind is SystemCallKind.Vmsplice or SystemCallKind.Splice or SystemCallKind.Sendfile;
        if (kind == SystemCallKind.Vmsplice)
            Sites.HandOffs.Add(site);
        return new Operand(Expression.Register(target));
    }

    /// <summary>Equal paths are the same file: constant text by its number, everything else by its value.</summary>
    private Expression PathOf(IOperation path) =>
        path.ConstantValue is { HasValue: true, Value: string text } ? Expression.Constant(program.TextId(text)) : Evaluate(path).Value;

    private Operand Apply(Effect effect, IOperation call, IMethodSymbol target, List<Operand> operands, IArgumentOperation[] arguments, IOperation? instance)
    {
        Operand At(int index) => index >= 0 && index < operands.Count ? operands[index] : Operand.Unknown;
        IOperation? Source(int index) => index == 0 && instance is not null ? instance
            : index - (instance is null ? 0 : 1) is >= 0 and var i && i < arguments.Length ? arguments[i].Value : null;
        int SiteAt(int index) => Sites.Add(call.Syntax, Source(index) is { } source ? NameOf(source.Syntax) : "", effect.Words);
        switch (effect.Kind)
        {
            case EffectKind.Allocate:
                Expression size = effect.B >= 0 && effect.B < operands.Count ? Expression.Multiply(At(0).Value, At(effect.B).Value) : At(effect.A).Value;
                return AllocateMemory(call, effect.Region, size);
            case EffectKind.AllocateArray:
                bool pinned = effect.B >= 0 && Source(effect.B)?.ConstantValue is { HasValue: true, Value: true };
                return NewArray(call, effect.B >= 0 ? pinned ? RegionKind.PinnedHeap : RegionKind.Managed : effect.Region, At(effect.A).Value,
                    TypeShape.ElementOf(call.Type));
            case EffectKind.Release:
                _code.Add(new Release(SiteAt(effect.A), At(effect.A).Value, effect.Release));
                return Operand.Unknown;
            case EffectKind.Reallocate:
                Expression bytes = _code.Keep(At(effect.B).Value);
                _code.Add(new Release(SiteAt(effect.A), At(effect.A).Value, effect.Release));
                return AllocateMemory(call, effect.Region, bytes);
            case EffectKind.Store:
                Operand stored = effect.C < 0 ? At(effect.A) : new Operand(Expression.Add(At(effect.A).Value, At(effect.C).Value));
                StoreAt(SiteAt(effect.A), stored, Source(effect.A), effect.B >= 0 ? At(effect.B).Value : null, possible: false, sourceLength: LengthCopied(call, operands, instance));
                return effect.B >= 0 ? At(effect.B) : Operand.Unknown;
            case EffectKind.StoreElements:
                Expression each = Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(WithoutConversions(Source(effect.A))?.Type)));
                Operand first = effect.B < 0 ? At(effect.A) : new Operand(_code.Keep(Expression.Add(At(effect.A).Value, Expression.Multiply(At(effect.B).Value, each))));
                StoreAt(SiteAt(effect.A), first, Source(effect.A), effect.C < 0 ? null : Expression.Multiply(At(effect.C).Value, each), possible: false, sourceLength: LengthCopied(call, operands, instance));
                return Operand.Unknown;
            case EffectKind.StoreOne:
                Expression place = effect.C < 0 ? At(effect.A).Value : Expression.Add(At(effect.A).Value, At(effect.C).Value);
                StoreOne(SiteAt(effect.A), _code.Keep(place), target, operands[operands.Count - 1]);
                return Operand.Unknown;
            case EffectKind.StoreStruct when StructIn(Source(effect.B)) is { } structure:
                _code.Add(new CopyBytes(SiteAt(effect.A), At(effect.A).Value, At(effect.B).Value, Expression.Constant(TypeShape.SizeOf(structure))));
                return Operand.Unknown;
            case EffectKind.StoreStruct:
                StoreAt(SiteAt(effect.A), At(effect.A), Source(effect.A), null, possible: false);
                return Operand.Unknown;
            case EffectKind.LoadOne:
                return Read(Place.In(_code.Keep(effect.B >= 0 && effect.B < operands.Count ? Expression.Add(At(effect.A).Value, At(effect.B).Value) : At(effect.A).Value)), target.ReturnType);
            case EffectKind.Copy:
                _code.Add(new CopyBytes(SiteAt(effect.A), At(effect.A).Value, At(effect.B).Value, At(effect.C).Value));
                return At(effect.A);
            case EffectKind.Alias when target.Name == "Alloc":
                // Only a pinned handle keeps the address; GCHandleType.Pinned is 3.
                if (Source(1)?.ConstantValue is { HasValue: true, Value: 3 })
                    _code.Add(new Pin(-1, At(0).Value));
                return At(0);
            case EffectKind.Alias:
                if (target.Name == "Pin")
                    _code.Add(new Pin(-1, At(0).Value));
                return At(effect.A);
            case EffectKind.Offset:
                Expression unit = target.Name.Contains("Byte") ? Expression.Constant(1) : Expression.Constant(TypeShape.SizeOf(target.TypeArguments.FirstOrDefault()));
                Expression distance = _code.Keep(Expression.Multiply(At(effect.B).Value, unit));
                return new Operand(target.Name.StartsWith("Subtract", System.StringComparison.Ordinal)
                    ? Expression.Binary(BinaryOperator.Subtract, At(effect.A).Value, distance) : Expression.Add(At(effect.A).Value, distance));
            case EffectKind.Use:
                _code.Add(new StoreBytes(-1, At(effect.A).Value, Expression.Zero));
                return Operand.Unknown;
            case EffectKind.Load:
                _code.Add(new Pause());
                return Read(Place.In(At(effect.A).Value), target.ReturnType);
            case EffectKind.Exchange:
                return Exchange(SiteAt(0), At(0).Value, target.Parameters[0].Type, At(effect.B), effect.C < 0 ? null : At(effect.C).Value);
            case EffectKind.AddTo:
                return AddTo(SiteAt(0), At(0).Value, target.Parameters[0].Type, effect.B >= 0 ? At(effect.B).Value : Expression.Constant(target.Name == "Decrement" ? -1 : 1));
            case EffectKind.SizeOf:
                ITypeSymbol? measured = target.TypeArguments.FirstOrDefault() ?? (Source(0) is ITypeOfOperation type ? type.TypeOperand : WithoutConversions(Source(0))?.Type);
                return new Operand(measured is null ? Expression.Unknown : Expression.Constant(TypeShape.SizeOf(measured)));
            case EffectKind.AllocateInto:
                _code.Add(new StoreValue(-1, At(effect.A).Value, AllocateMemory(call, effect.Region, At(effect.B).Value).Value, 8));
                return new Operand(Expression.Zero);
            case EffectKind.PointInto:
                _code.Add(new StoreValue(-1, At(effect.B).Value, At(effect.A).Value, 8));
                return Operand.Unknown;
            case EffectKind.Open:
                return OpenFile(call, target, operands, arguments, effect.A);
            case EffectKind.MapFile:
                return MapFile(call, OpenFile(call, target, operands, arguments, effect.A));
            case EffectKind.MakePipe:
                return MakePipe(call, Source(effect.A)?.ConstantValue is { HasValue: true, Value: 1 }, arguments.FirstOrDefault(static a => a.Parameter?.Name == "bufferSize")?.Value);
            case EffectKind.OtherEnd:
                return OtherEndOf(instance) is { } end ? Read(end, null) : Operand.Unknown;
            case EffectKind.CloseOtherEnd:
                return OtherEndOf(instance) is { } local ? AddSystemCall(-1, SystemCallKind.Close, Read(local, null).Value) : Operand.Unknown;
            case EffectKind.Read:
                return ReadStream(SiteAt(1), target, [.. operands.Select(Kept)]);
            case EffectKind.SystemCall when effect.Call == SystemCallKind.Close && instance is not null && HandleOwnership.IsBorrowed(instance, program.Values):
                return Operand.Unknown;
            case EffectKind.SystemCall:
                Expression count = effect.C >= 0 ? At(effect.C).Value : At(effect.A).LengthOrUnknown;
                return AddSystemCall(SiteAt(0), effect.Call, effect.Call switch
                {
                    SystemCallKind.Write => [At(0).Value, Expression.Unknown, count],
                    SystemCallKind.Pwrite => [At(0).Value, Expression.Unknown, count, At(effect.B).Value],
                    SystemCallKind.Close => [At(0).Value],
                    SystemCallKind.Lseek => [At(0).Value, At(effect.B).Value, effect.C >= 0 ? At(effect.C).Value : Expression.Zero],
                    _ => [At(0).Value, At(effect.B).Value],
                });
            case EffectKind.Span:
                return new Operand(At(effect.A).Value, At(effect.B).Value);
            case EffectKind.Slice:
                return Slice(At(effect.A), Source(effect.A)?.Type, effect.B < operands.Count ? At(effect.B).Value : null, effect.C >= 0 && effect.C < operands.Count ? At(effect.C).Value : null);
            case EffectKind.Exit:
                return AddSystemCall(-1, SystemCallKind.Exit);
            default:
                return Operand.Unknown;
        }
    }

    /// <summary>The struct that a value is, or that is in the box; null where that is not known.</summary>
    private ITypeSymbol? StructIn(IOperation? value)
    {
        IOperation? inner = WithoutConversions(value);
        if (inner is { Type.SpecialType: SpecialType.System_Object })
            inner = WithoutConversions(program.Values.ValueOf(inner));
        return inner?.Type is { } type && TypeShape.IsStruct(type) ? type : null;
    }

    /// <summary>A value that a method stores as it is, or with its bytes turned round; structs that are not of the source have no known size.</summary>
    private void StoreOne(int site, Expression address, IMethodSymbol target, Operand value)
    {
        IParameterSymbol last = target.Parameters[target.Parameters.Length - 1];
        if (!TypeShape.IsScalar(last.Type) && !TypeShape.IsStruct(last.Type) || target.Name.EndsWith("BigEndian", StringComparison.Ordinal))
            _code.Add(new StoreBytes(site, address, SizeOfValue(last.Type)));
        else
            Write(Place.In(address), last.Type, last.RefKind == RefKind.None ? value : Read(Place.In(value.Value), last.Type), site);
    }

    /// <summary>What threads do in one step; others may go on before it.</summary>
    private Operand Exchange(int site, Expression address, ITypeSymbol type, Operand value, Expression? comparand)
    {
        _code.Add(new Pause());
        Place place = Place.In(_code.Keep(address));
        Operand before = Kept(Read(place, type));
        int put = _code.NewLabel(), after = _code.NewLabel();
        if (comparand is not null)
            _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, before.Value, comparand), put, after));
        _code.Mark(put);
        Write(place, type, value, site);
        _code.Mark(after);
        return before;
    }

    private Operand AddTo(int site, Expression address, ITypeSymbol type, Expression number)
    {
        _code.Add(new Pause());
        Place place = Place.In(_code.Keep(address));
        var sum = new Operand(_code.Keep(Expression.Add(_code.Keep(Read(place, type).Value), number)));
        Write(place, type, sum, site);
        return sum;
    }

    /// <summary>The bytes that a span's CopyTo writes: those of its source.</summary>
    private Expression? LengthCopied(IOperation call, List<Operand> operands, IOperation? instance)
    {
        if (instance is null || call is not IInvocationOperation { TargetMethod.Name: "CopyTo" or "TryCopyTo" })
            return null;
        Expression? length = instance.Type is IArrayTypeSymbol ? LengthOfArray(operands[0].Value) : TypeShape.IsSpanLike(instance.Type) ? operands[0].Length : null;
        return length is null ? null : Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(instance.Type))));
    }

    /// <summary>Unknown for structs that are not of the source.</summary>
    private static Expression SizeOfValue(ITypeSymbol type) =>
        TypeShape.IsScalar(type) || TypeShape.IsStruct(type) ? Expression.Constant(TypeShape.SizeOf(type)) : Expression.Unknown;

    private Operand AllocateMemory(IOperation call, RegionKind kind, Expression size)
    {
        int register = _code.NewRegister();
        _code.Add(new Allocate(Sites.Add(call.Syntax, DeclaredName(call.Syntax)), register, kind, _code.Keep(size)));
        return new Operand(Expression.Register(register));
    }

    private Operand Slice(Operand whole, ITypeSymbol? type, Expression? start, Expression? length)
    {
        Expression total = type is IArrayTypeSymbol ? LengthOfArray(whole.Value) : whole.LengthOrUnknown;
        if (start is null)
            return new Operand(whole.Value, total);
        return new Operand(Scaled(whole.Value, start, TypeShape.ElementOf(type)), length ?? Expression.Binary(BinaryOperator.Subtract, total, start));
    }

    /// <summary>A file opened by the base class library, by path; or a stream over a handle, which is that handle.</summary>
    private Operand OpenFile(IOperation call, IMethodSymbol target, List<Operand> operands, IArgumentOperation[] arguments, int flags)
    {
        if (target.Parameters is not [{ Type.SpecialType: SpecialType.System_String }, ..])
            return operands.Count > 0 ? operands[0] : Operand.Unknown;
        Operand opened = Open(Sites.Add(call.Syntax), arguments[0].Value, Expression.Constant(flags >= 0 ? flags : FileOpening.FlagsOf(arguments, program.Values)));
        if (FileOpening.IsAtEnd(arguments, program.Values))
            AddSystemCall(-1, SystemCallKind.Lseek, opened.Value, Expression.Zero, Expression.Constant(2));
        return opened;
    }

    private Operand Open(int site, IOperation path, Expression flags) => FileOpening.DescriptorIn(path) is { } descriptor
        ? AddSystemCall(site, SystemCallKind.Reopen, _code.Keep(Evaluate(descriptor).Value), flags)
        : AddSystemCall(site, SystemCallKind.Open, _code.Keep(PathOf(path)), flags);

    private Operand MapFile(IOperation call, Operand file)
    {
        const int readWrite = 3, shared = 1;
        return AddSystemCall(Sites.Add(call.Syntax, DeclaredName(call.Syntax)), SystemCallKind.Mmap,
            Expression.Zero, Expression.Unknown, Expression.Constant(readWrite), Expression.Constant(shared), file.Value, Expression.Zero);
    }

    private void StoreAt(int site, Operand destination, IOperation? source, Expression? bytes, bool possible, Expression? sourceLength = null)
    {
        Expression element = Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(source?.Type)));
        Expression length = bytes ?? sourceLength ?? (destination.Length is { } span ? Expression.Multiply(span, element) : Expression.Unknown);
        _code.Add(new StoreBytes(site, destination.Value, length, possible));
    }

    private Operand CallSource(IOperation call, IMethodSymbol target, int callee, Expression[] before, IArgumentOperation[] arguments)
    {
        var values = before.Select(_code.Keep).ToList();
        foreach (IArgumentOperation argument in arguments)
        {
            Operand operand = Pass(argument);
            values.Add(_code.Keep(operand.Value));
            values.Add(_code.Keep(operand.LengthOrUnknown));
        }

        if (IsLeftRunning(call, target))
            return Begin(call, callee, values);
        (int main, int length) = (_code.NewRegister(), _code.NewRegister());
        Call(call, callee, values, [main, length], arguments);
        return new Operand(Expression.Register(main), Expression.Register(length));
    }

    private void Call(IOperation call, int callee, IEnumerable<Expression> values, int[] targets, IArgumentOperation[] arguments)
    {
        procedure.Callees.Add(callee);
        (int pad, int after) = (_code.NewLabel(), _code.NewLabel());
        string name = arguments.FirstOrDefault(a => TypeShape.IsWritableMemory(a.Value.Type)) is { } buffer ? NameOf(buffer.Value.Syntax) : "";
        _code.Add(new Call(Sites.Add(call.Syntax, name), callee, [Expression.Register(0), .. values], targets, pad));
        _code.Add(new Jump(after));
        _code.Mark(pad);
        Unwind(_region);
        _code.Mark(after);
    }

    /// <summary>Code that is not here: it may store through what it can write through, may keep descriptors, may call back.</summary>
    private Operand CallUnknown(IOperation call, IMethodSymbol target, (IArgumentOperation Argument, Operand Value)[] passed)
    {
        MayThrow(target);
        Operand? filled = null;
        foreach ((IArgumentOperation argument, Operand operand) in passed)
        {
            IOperation written = argument.Value is IConversionOperation { Operand.Type: { } inner } conversion && TypeShape.IsWritableMemory(inner) && TypeShape.IsWritableMemory(conversion.Type) ? conversion.Operand : argument.Value;
            ITypeSymbol? type = argument.Parameter?.Type;
            if (IsWrittenThrough(target, argument.Parameter))
            {
                bool known = target.ContainingType?.Locations.Any(l => l.IsInSource) != true && NativeFunction.NameOf(target) is null && !target.IsExtern;
                StoreAt(Sites.Add(WholeCall(call.Syntax), NameOf(argument.Value.Syntax), callee: target.Name), operand, written, BytesWritten(passed, argument), possible: !known);
                filled ??= operand;
            }
            else
                _code.Add(new Escape(-1, operand.Value));
            if (type is INamedTypeSymbol { TypeKind: TypeKind.Delegate } callback)
                CallBack(call, callback, operand.Value);
        }

        if (target.ReturnType is not { SpecialType: not SpecialType.System_Void } returned)
            return Operand.Unknown;
        if (filled is { Length: { } length } && returned.SpecialType == SpecialType.System_Int32)
            return ChooseCount(length);
        return filled is not null && IsCount(returned) ? CountOf(passed) : ReturnedMemory(call, target, returned);
    }

    /// <summary>A callee says of itself that it leaves the buffer in flight: it hands it off to a pipe of its own.</summary>
    private void HandOffUnseen(IOperation call, Operand buffer, IArgumentOperation argument)
    {
        int iovec = _code.NewRegister();
        _code.Add(new Allocate(-1, iovec, RegionKind.Object, Expression.Constant(16)));
        Expression elements = buffer.Length ?? (argument.Value.Type is IArrayTypeSymbol ? LengthOfArray(buffer.Value) : Expression.Unknown);
        Expression length = Expression.Multiply(elements, Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(argument.Value.Type))));
        _code.Add(new StoreValue(-1, Expression.Register(iovec), buffer.Value, 8, silent: true));
        _code.Add(new StoreValue(-1, Expression.Add(Expression.Register(iovec), Expression.Constant(8)), length, 8, silent: true));
        procedure.HandsOff = true;
        _code.Add(new SystemCall(Sites.Add(call.Syntax, NameOf(argument.Value.Syntax)), -1, SystemCallKind.Vmsplice,
            [Expression.Unknown, Expression.Register(iovec), Expression.Constant(1), Expression.Zero]));
    }

    /// <summary>What an interpolated string stores, it stores for the call that it is an argument of.</summary>
    private static SyntaxNode WholeCall(SyntaxNode syntax) =>
        syntax is InterpolatedStringExpressionSyntax && syntax.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } whole ? whole : syntax;

    /// <summary>Managed code that is not here may throw; that matters where a catch block goes on.</summary>
    private void MayThrow(IMethodSymbol target)
    {
        if (target.IsExtern || !IsCaught(_region))
            return;
        int throws = _code.NewLabel(), returns = _code.NewLabel();
        _code.Add(new Branch(-1, Expression.Unknown, returns, throws));
        _code.Mark(throws);
        Unwind(_region);
        _code.Mark(returns);
    }

    private bool IsCaught(ControlFlowRegion? region)
    {
        for (; region is not null && region != _graph.Root; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion.Kind: ControlFlowRegionKind.TryAndCatch })
                return true;
        }

        return false;
    }

    private static bool IsWrittenThrough(IMethodSymbol target, IParameterSymbol? parameter)
    {
        if (parameter is null || Promise.Drains(parameter))
            return false;
        if (parameter.RefKind is RefKind.Ref or RefKind.Out)
            return TypeShape.IsScalar(parameter.Type);
        return TypeShape.IsWritableMemory(parameter.Type) && (parameter.Type is not IArrayTypeSymbol || BufferCatalogue.StoresIntoArrays(target))
            && !(parameter.Type is IPointerTypeSymbol && BufferCatalogue.OnlyReadsPointers(target));
    }

    /// <summary>The callee may run the delegate, now or later; for what can be seen from here that is now or never.</summary>
    private void CallBack(IOperation call, INamedTypeSymbol type, Expression target)
    {
        if (type.DelegateInvokeMethod is not { } invoke)
            return;
        int now = _code.NewLabel(), never = _code.NewLabel();
        _code.Add(new Branch(-1, Expression.Unknown, now, never));
        _code.Mark(now);
        Expression[] values = [_code.Keep(target), .. invoke.Parameters.Select(p => ForeignArguments.Make(_code, Sites, p)).SelectMany(static a => new[] { a.Value, a.Length })];
        Call(call, program.InvokerOf(type), values, [-1, -1], []);
        _code.Mark(never);
    }

    /// <summary>Memory that unknown code returns is memory like any other: what is stored to it after a hand-off shows.</summary>
    private Operand ReturnedMemory(IOperation call, IMethodSymbol target, ITypeSymbol type)
    {
        if (target.ReturnsByRef || target.ReturnsByRefReadonly)
            return Operand.Unknown;
        if (CollectionCatalogue.IsCollection(type) && type.IsReferenceType)
            return EmptyCollection(call);
        RegionKind? kind = type switch
        {
            IArrayTypeSymbol or { SpecialType: SpecialType.System_String } => RegionKind.Managed,
            IPointerTypeSymbol => RegionKind.Native,
            _ when TypeShape.IsSpanLike(type) => RegionKind.Managed,
            _ when TypeShape.IsStruct(type) => RegionKind.ForeignObject,
            _ => null,
        };
        if (kind is not { } region)
            return Operand.Unknown;
        Operand memory = AllocateMemory(call, region, Expression.Unknown);
        if (type is IArrayTypeSymbol)
            _code.Add(new StoreValue(-1, LengthAddress(memory.Value), Expression.Constant(TypicalLength), 8, silent: true));
        return TypeShape.IsSpanLike(type) ? new Operand(memory.Value, Expression.Constant(TypicalLength)) : memory;
    }

    /// <summary>Stream.Read(array, offset, count) and its like return a count of at most `count`.</summary>
    private Operand CountOf((IArgumentOperation Argument, Operand Value)[] passed) =>
        passed.LastOrDefault(static p => p.Argument.Parameter is { Name: "count" or "length" or "size" }) is { Argument: not null } count ? ChooseCount(count.Value.Value) : Operand.Unknown;

    private Operand ChooseCount(Expression length)
    {
        int target = _code.NewRegister();
        _code.Add(new Choose(-1, target, [length, Expression.Zero]));
        return new Operand(Expression.Register(target));
    }

    /// <summary>How much an unknown callee can write through an argument: one value through a reference, else what a count says.</summary>
    private static Expression? BytesWritten((IArgumentOperation Argument, Operand Value)[] passed, IArgumentOperation buffer) =>
        buffer.Parameter is { RefKind: not RefKind.None } value ? Expression.Constant(TypeShape.SizeOf(value.Type)) : LengthArgument(passed, buffer);

    private static Expression? LengthArgument((IArgumentOperation Argument, Operand Value)[] passed, IArgumentOperation buffer) =>
        buffer.Value.Type is IPointerTypeSymbol
        && passed.FirstOrDefault(static p => p.Argument.Parameter is { Name: "count" or "length" or "size" or "len" or "byteCount" }) is { Argument: not null } count
            ? count.Value.Value
            : null;
}
