using System;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Exploration;

/// <content>Regions, loads, stores and system calls.</content>
internal sealed partial class Machine
{
    /// <summary>False when there are too many.</summary>
    private bool Allocate(Allocate instruction, int origin)
    {
        var count = Kernel.Memory.CountFrom(origin);
        if (count >= instruction.Most)
        {
            Stack.TopRegister(instruction.Target) = Value.Unknown();
            return true;
        }
        if (count >= MostRegionsOfOneOrigin) return false;
        Stack.TopRegister(instruction.Target) = MakeRegion(instruction.Kind, Evaluate(instruction.Size), origin, instruction.Site);
        if (instruction.Kind is not (RegionKind.Object or RegionKind.ForeignObject)) Actions++;
        return true;
    }

    private Value MakeRegion(RegionKind kind, Value size, int origin, int site)
    {
        var isSize = size is { IsExactNumber: true, Number: >= 0 };
        var index = Kernel.Memory.Add(kind, isSize ? size : size.IsBlurred ? Value.Widened : Value.Unknown(), origin, site);
        var region = Kernel.Memory[index];
        region.Owner = kind == RegionKind.Stack ? Stack.OwnerOf(Stack.Top) : -1;
        Monitor.Observer.Allocated(region);
        return Value.Pointer(index, 0);
    }

    private void Load(Load load, int origin)
    {
        var address = Kernel.Memory.Redirect(Evaluate(load.Address));
        var decides = Stack.Procedure(Stack.Top).Decides(load.Target);
        if (Kernel.Memory.Live(address) is not { } region)
        {
            Stack.TopRegister(load.Target) = load.Missing is { IsAnywhere: true, Values: [var known] } ? Evaluate(known) : address.IsBlurred ? Value.Widened : Value.Unknown();
            return;
        }
        var isBlank = address.HasExactNumber && region is { Background: not Background.Zero, Kept.AstrayCount: 0 }
            && !region.Kept.Overlaps(address.Number, address.Number + load.Width);
        Value value;
        if (isBlank && (load.Missing is not null || (_namesUnknowns && region.Kind == RegionKind.ForeignObject)))
        {
            value = Materialise(load, origin);
            ValueMemory.Store(region, address.WithoutRegion(), load.Width, value);
        }
        else
        {
            var taken = Choices.Taken;
            value = ValueMemory.Load(region, address.WithoutRegion(), load.Width, Choices);
            if (address.IsBlurred && Choices.Taken > taken) Monitor.PathBlurred = true;
            if (decides && value.IsIdle) Monitor.Observer.Missed(value);
        }
        Stack.TopRegister(load.Target) = value;
    }

    /// <summary>Makes up what was there before the program began.</summary>
    private Value Materialise(Load load, int origin)
    {
        if (load.Missing is not { } missing) return Value.Unknown(origin + 1);
        if (missing.Kind is not { } kind) return Evaluate(missing.Values[Choices.Choose(missing.Values.Length)], origin);
        return Kernel.Memory.CountFrom(origin) >= MostMaterialised ? Value.Widened : MakeRegion(kind, Evaluate(missing.Values[0]), origin, -1);
    }

    private void Store(StoreValue store, int origin)
    {
        var address = Evaluate(store.Address);
        if (!store.Silent) Actions++;
        if (Kernel.Memory.Live(address) is not { } region) return;
        if (!store.Silent) Monitor.Stored(address.Region, region.Resolve(address, Value.Exact(store.Width)), possible: false);
        address = Kernel.Memory.Redirect(address);
        region = Kernel.Memory[address.Region];
        var value = Evaluate(store.Value, origin);
        if (value.IsIdle || (IsNumber(value) && region.Kind is RegionKind.Managed or RegionKind.Object or RegionKind.ForeignObject)) value = _image.Influence.Kept(store, value);
        var isReadBack = store.Width >= _image.NarrowestLoad || value.IsPointer || value.IsDescriptor;
        ValueMemory.Store(region, address.WithoutRegion(), store.Width, isReadBack ? value : HasFields(region) && address.HasExactNumber ? Value.Unknown() : null);
        if (region.Escaped) _kernel.Escape(value);
        Threads.Wake();
    }

    /// <summary>True where each field counts by itself: what is stored to one that nobody reads leaves the others as they are. A buffer's bytes would be too many.</summary>
    private static bool HasFields(Region region) => region.Kind == RegionKind.Object || (region.Kind == RegionKind.Stack && region.Size is { IsExactNumber: true, Number: <= MostBytesOfStruct });

    private void Store(StoreBytes store)
    {
        Actions++;
        var address = Evaluate(store.Address);
        if (Kernel.Memory.Live(address) is not { } region) return;
        var extent = region.Resolve(address, Evaluate(store.Length));
        if (extent.IsEmpty) return;
        Monitor.Stored(address.Region, extent, store.Possible);
        if (!extent.AnyPlace) ValueMemory.Erase(region, extent.From, extent.To);
    }

    private void Copy(CopyBytes copy)
    {
        if (!copy.Silent) Actions++;
        var destination = Evaluate(copy.Destination);
        var source = Evaluate(copy.Source);
        var length = Evaluate(copy.Length);
        if (Kernel.Memory.Live(destination) is not { } target) return;
        var to = target.Resolve(destination, length);
        if (to.IsEmpty) return;
        if (!copy.Silent) Monitor.Stored(destination.Region, to, possible: false);
        if (Kernel.Memory.Live(source) is { } origin) ValueMemory.Copy(target, to, origin, origin.Resolve(source, length));
        else if (!to.AnyPlace) ValueMemory.Erase(target, to.From, to.To);
    }

    private void Pin(Expression address)
    {
        if (Kernel.Memory.Live(Evaluate(address)) is { Pins: < Region.PinnedForGood } region) region.Pins++;
    }

    private void Release(Release release)
    {
        Actions++;
        var address = Evaluate(release.Address);
        if (release.Kind == ReleaseKind.Drained && address.IsZero) Monitor.DrainedAll();
        else if (Kernel.Memory.Live(address) is not null) Monitor.Released(address.Region, release.Kind);
    }

    /// <summary>False when the call does not return, or not before another thread did something.</summary>
    private bool CallKernel(SystemCall call, ProcedureImage procedure, int pc)
    {
        Actions++;
        _kernel.CanBeWoken = Threads.Count > 1;
        var arguments = _arguments[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Evaluate(call.Arguments[i]);
        var place = call.Kind is SystemCallKind.Vmsplice or SystemCallKind.Splice or SystemCallKind.Sendfile ? Place : CallPlaces.Root;
        var context = new CallContext(procedure.FirstOrigin + pc, call.Site, place, procedure.IsUsedAfter(pc, call.Target));
        if (!_kernel.TryCall(call.Kind, arguments, context, out var result)) return false;
        // Parent and child hold the same pipes from now on.
        if (call.Kind == SystemCallKind.Fork && !result.Equals(Value.Exact(-1))) _kernel.ShareDescriptors();
        if (call.Target >= 0) Stack.TopRegister(call.Target) = result;
        return true;
    }
}
