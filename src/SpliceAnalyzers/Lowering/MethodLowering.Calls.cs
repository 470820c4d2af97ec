using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
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
        : CallMethod(invocation, invocation.TargetMethod, invocation.Instance is { } instance ? ReceiverOf(instance) : null, invocation.Arguments, invocation.Instance);

    private Expression ReceiverOf(IOperation instance) => TypeShape.IsStruct(instance.Type) ? AddressOf(instance) : Evaluate(instance).Value;

    private Operand CallMethod(IOperation call, IMethodSymbol target, Expression? receiver, ImmutableArray<IArgumentOperation> arguments, IOperation? instance = null)
    {
        IArgumentOperation[] ordered = [.. arguments.OrderBy(a => a.Parameter?.Ordinal ?? 0)];
        if (BufferCatalogue.OfLibrary(target.ReducedFrom ?? target) is { } effect)
        {
            var operands = ordered.Select(Pass).ToList();
            if (instance is not null)
                operands.Insert(0, TypeShape.IsSpanLike(instance.Type) ? Evaluate(instance) : new Operand(receiver!));
            return Apply(effect, call, target, operands, ordered, instance);
        }
        else if (program.ProcedureOf(target, depth + 1) is >= 0 and var procedure)
            return CallSource(call, target, procedure, receiver, ordered);

        return CallUnknown(call, target, ordered);
    }

    private Operand CallNative(NativeCall native)
    {
        IArgumentOperation[] arguments = [.. native.Arguments];
        if (SystemCallTable.Find(native) is { } systemCall)
            return MakeSystemCall(native.Call, systemCall.Kind, systemCall.Arguments, arguments);
        return BufferCatalogue.OfLibc(native.Function) is { } effect
            ? Apply(effect, native.Call, native.Method, [.. arguments.Select(Pass)], arguments, null)
            : CallUnknown(native.Call, native.Method, arguments);
    }

    private Operand Pass(IArgumentOperation argument) =>
        argument.Parameter is { RefKind: not RefKind.None } ? new Operand(AddressOf(argument.Value)) : Evaluate(argument.Value);

    private Operand MakeSystemCall(IOperation call, SystemCallKind kind, int count, IArgumentOperation[] arguments)
    {
        var values = new List<Expression>();
        foreach (IArgumentOperation argument in arguments.Take(count))
            values.Add(_code.Keep(Pass(argument).Value));
        if (kind == SystemCallKind.SetPipeSize)
            values = [values[0], arguments.Length > 2 ? Pass(arguments[2]).Value : Expression.Unknown];
        while (values.Count < count)
            values.Add(Expression.Unknown);
        int target = _code.NewRegister();
        string name = kind is SystemCallKind.Read && arguments.Length > 1 ? NameOf(arguments[1].Value.Syntax) : "";
        _code.Add(new SystemCall(Sites.Add(call.Syntax, name), target, kind, [.. values]));
        if (kind == SystemCallKind.Vmsplice && isEntry)
            Sites.HandOffs.Add(call.Syntax);
        return new Operand(Expression.Register(target));
    }

    private Operand Apply(Effect effect, IOperation call, IMethodSymbol target, List<Operand> operands, IArgumentOperation[] arguments, IOperation? instance)
    {
        Operand At(int index) => index >= 0 && index < operands.Count ? operands[index] : Operand.Unknown;
        IOperation? Source(int index) => instance is not null ? index == 0 ? instance : index - 1 < arguments.Length ? arguments[index - 1].Value : null
            : index >= 0 && index < arguments.Length ? arguments[index].Value : null;
        int SiteAt(int index) => Sites.Add(call.Syntax, Source(index) is { } source ? NameOf(source.Syntax) : "", effect.Verb);
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
                StoreAt(SiteAt(effect.A), At(effect.A), Source(effect.A), effect.B >= 0 ? At(effect.B).Value : null, possible: false, sourceLength: LengthCopied(call, operands, instance));
                return effect.B >= 0 ? At(effect.B) : Operand.Unknown;
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
            case EffectKind.Span:
                return new Operand(At(effect.A).Value, At(effect.B).Value);
            case EffectKind.Slice:
                return Slice(At(effect.A), Source(effect.A)?.Type, effect.B < operands.Count ? At(effect.B).Value : null, effect.C >= 0 && effect.C < operands.Count ? At(effect.C).Value : null);
            case EffectKind.Exit:
                _code.Add(new Throw(-1));
                return Operand.Unknown;
            default:
                return Operand.Unknown;
        }
    }

    /// <summary>The bytes that a span's CopyTo writes: those of its source.</summary>
    private Expression? LengthCopied(IOperation call, List<Operand> operands, IOperation? instance) =>
        instance is not null && TypeShape.IsSpanLike(instance.Type) && call is IInvocationOperation { TargetMethod.Name: "CopyTo" or "TryCopyTo" } && operands[0].Length is { } length
            ? Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(instance.Type))))
            : null;

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

    private void StoreAt(int site, Operand destination, IOperation? source, Expression? bytes, bool possible, Expression? sourceLength = null)
    {
        Expression element = Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(source?.Type)));
        Expression length = bytes ?? sourceLength ?? (destination.Length is { } span ? Expression.Multiply(span, element) : Expression.Unknown);
        _code.Add(new StoreBytes(site, destination.Value, length, possible));
    }

    private Operand CallSource(IOperation call, IMethodSymbol target, int procedure, Expression? receiver, IArgumentOperation[] arguments)
    {
        var values = new List<Expression>();
        if (!target.IsStatic)
            values.Add(receiver ?? Expression.Unknown);
        foreach (IArgumentOperation argument in arguments)
        {
            Operand operand = Pass(argument);
            values.Add(_code.Keep(operand.Value));
            values.Add(_code.Keep(operand.LengthOrUnknown));
        }

        (int main, int length) = (_code.NewRegister(), _code.NewRegister());
        (int pad, int after) = (_code.NewLabel(), _code.NewLabel());
        string name = arguments.FirstOrDefault(a => TypeShape.IsWritableMemory(a.Value.Type)) is { } buffer ? NameOf(buffer.Value.Syntax) : "";
        _code.Add(new Call(Sites.Add(call.Syntax, name), procedure, [.. values], [main, length], pad));
        _code.Add(new Jump(after));
        _code.Mark(pad);
        Unwind(_region);
        _code.Mark(after);
        return new Operand(Expression.Register(main), Expression.Register(length));
    }

    /// <summary>Code that is not here: it may store through what it can write through, and may keep descriptors.</summary>
    private Operand CallUnknown(IOperation call, IMethodSymbol target, IArgumentOperation[] arguments)
    {
        Operand? filled = null;
        foreach (IArgumentOperation argument in arguments)
        {
            Operand operand = Pass(argument);
            IOperation written = argument.Value is IConversionOperation { Operand.Type: { } inner } conversion && TypeShape.IsWritableMemory(inner) && TypeShape.IsWritableMemory(conversion.Type) ? conversion.Operand : argument.Value;
            ITypeSymbol? type = argument.Parameter?.Type;
            bool writes = TypeShape.IsWritableMemory(type) && (type is not IArrayTypeSymbol || BufferCatalogue.StoresIntoArrays(target));
            if (writes)
            {
                bool known = target.ContainingType?.Locations.Any(l => l.IsInSource) != true && NativeFunction.NameOf(target) is null && !target.IsExtern;
                StoreAt(Sites.Add(call.Syntax, NameOf(argument.Value.Syntax)), operand, written, LengthArgument(arguments, argument), possible: !known);
                filled ??= operand;
            }
            else
                _code.Add(new Escape(-1, operand.Value));
        }

        if (filled is not { Length: { } length } || target.ReturnType.SpecialType != SpecialType.System_Int32)
            return filled is not null && IsCount(target.ReturnType) ? CountOf(arguments) : Operand.Unknown;
        return ChooseCount(length);
    }

    /// <summary>Stream.Read(array, offset, count) and its like return a count of at most `count`.</summary>
    private Operand CountOf(IArgumentOperation[] arguments) =>
        arguments.LastOrDefault(a => a.Parameter is { Name: "count" or "length" or "size" }) is { } count ? ChooseCount(Evaluate(count.Value).Value) : Operand.Unknown;

    private Operand ChooseCount(Expression length)
    {
        int target = _code.NewRegister();
        _code.Add(new Choose(-1, target, [length, Expression.Zero]));
        return new Operand(Expression.Register(target));
    }

    private Expression? LengthArgument(IArgumentOperation[] arguments, IArgumentOperation buffer) =>
        buffer.Value.Type is IPointerTypeSymbol && arguments.FirstOrDefault(a => a.Parameter is { Name: "count" or "length" or "size" or "len" or "byteCount" }) is { } count
            ? Evaluate(count.Value).Value
            : null;
}
