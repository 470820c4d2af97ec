using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Collections of the base class library: arrays that grow, and bags.</summary>
internal sealed partial class MethodLowering
{
    private Operand UseCollection(IOperation call, CollectionRole role, IMethodSymbol method, Expression collection, IArgumentOperation[] arguments)
    {
        collection = _code.Keep(collection);
        if (CollectionCatalogue.IsBetweenThreads(method.ContainingType))
            _code.Add(new Pause());
        ITypeSymbol? element = ElementOf(method, arguments);
        Place followed = Place.In(collection, silent: true);
        Operand[] passed = [.. arguments.Select(Pass)];
        switch (role)
        {
            case CollectionRole.Append when passed.Length > 0:
                Expression count = _code.Keep(LengthOfArray(collection));
                Write(OfElement(collection, count, element), element, passed[passed.Length - 1], -1);
                SetLength(collection, Expression.Add(count, Expression.Constant(1)));
                return Operand.Unknown;
            case CollectionRole.Put when passed.Length > 0:
                Follow(followed, element, passed[passed.Length - 1]);
                return Operand.Unknown;
            case CollectionRole.Take:
                if (method.Name == "get_Current")
                    return TakeCurrent(collection, method.ReturnType);
                return TakeFrom(collection, method.ReturnType is { } returned && TypeShape.ElementOf(returned) is { } inner && returned.Name is "ValueTask" or "Task" ? inner : method.ReturnType);
            case CollectionRole.TakeOut when passed.Length > 0 && arguments[arguments.Length - 1].Parameter is { RefKind: RefKind.Out } result:
                Write(Place.In(passed[passed.Length - 1].Value, silent: true), result.Type, TakeFrom(collection, result.Type), -1);
                return Operand.Unknown;
            case CollectionRole.View:
                return new Operand(collection, LengthOfArray(collection));
            case CollectionRole.Copy:
                return CopyElements(call, collection, element);
            case CollectionRole.Clear:
                SetLength(collection, Expression.Zero);
                return Operand.Unknown;
            default:
                return Operand.Unknown;
        }
    }

    /// <summary>An element goes in: from now on it is the one that is followed, or it is not. The one that is not lives on in the collection all the same.</summary>
    private void Follow(Place followed, ITypeSymbol? element, Operand value)
    {
        int put = _code.NewLabel(), drop = _code.NewLabel(), after = _code.NewLabel();
        _code.Add(new Branch(-1, Expression.Unknown, put, drop));
        _code.Mark(put);
        Replace(followed, element, value);
        _code.Add(new Jump(after));
        _code.Mark(drop);
        _code.Add(new Escape(-1, value.Value));
        _code.Mark(after);
    }

    /// <summary>An element takes the place of the one that was followed, which lies elsewhere in the collection.</summary>
    private void Replace(Place followed, ITypeSymbol? element, Operand value)
    {
        if (!TypeShape.IsStruct(element))
            _code.Add(new Escape(-1, Read(followed, element).Value));
        Write(followed, element, value, -1);
    }

    /// <summary>An element comes out: the one that is followed, or another.</summary>
    private Operand TakeFrom(Expression collection, ITypeSymbol? element)
    {
        Operand taken = Read(Place.In(collection, silent: true), element);
        if (TypeShape.IsStruct(element))
            return taken;
        int one = _code.NewRegister();
        _code.Add(new Choose(-1, one, [taken.Value, Expression.Unknown]));
        return new Operand(Expression.Register(one), taken.Length);
    }

    /// <summary>What an iterator yielded last is certain; of a collection it may be another element.</summary>
    private Operand TakeCurrent(Expression collection, ITypeSymbol? element)
    {
        (int current, int length, int resumes) = (_code.NewRegister(), _code.NewRegister(), _code.NewRegister());
        (int certain, int other, int after) = (_code.NewLabel(), _code.NewLabel(), _code.NewLabel());
        _code.Add(new Load(-1, resumes, Expression.Add(collection, Expression.Constant(ResumeOffset)), 8, Missing.Anywhere(Expression.Zero)));
        _code.Add(new Branch(-1, Expression.Register(resumes), certain, other));
        _code.Mark(certain);
        Assign(Read(Place.In(collection, silent: true), element));
        _code.Add(new Jump(after));
        _code.Mark(other);
        Assign(TakeFrom(collection, element));
        _code.Mark(after);
        return new Operand(Expression.Register(current), Expression.Register(length));

        void Assign(Operand taken)
        {
            _code.Add(new Assign(-1, current, taken.Value));
            _code.Add(new Assign(-1, length, taken.LengthOrUnknown));
        }
    }

    private void SetLength(Expression collection, Expression length) => _code.Add(new StoreValue(-1, LengthAddress(collection), length, 8, silent: true));

    private Operand CopyElements(IOperation call, Expression collection, ITypeSymbol? element)
    {
        Expression length = _code.Keep(LengthOfArray(collection));
        Operand copy = NewArray(call, RegionKind.Managed, length, element);
        _code.Add(new CopyBytes(-1, copy.Value, collection, Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(element))), silent: true));
        return copy;
    }

    /// <summary>The type that the collection holds: of what is put in, or what the method returns.</summary>
    private static ITypeSymbol? ElementOf(IMethodSymbol method, IArgumentOperation[] arguments) =>
        method.ContainingType.TypeArguments.LastOrDefault() ?? method.TypeArguments.LastOrDefault() ?? arguments.LastOrDefault()?.Parameter?.Type;

    /// <summary>A new collection, empty.</summary>
    private Operand NewCollection(IObjectCreationOperation creation)
    {
        foreach (IArgumentOperation argument in creation.Arguments)
        {
            // A list made of other elements holds the same elements.
            Operand passed = Pass(argument);
            if (argument.Value.Type is IArrayTypeSymbol || CollectionCatalogue.IsCollection(argument.Value.Type))
                return CopyElements(creation, passed.Value, TypeShape.ElementOf(creation.Type));
        }

        return EmptyCollection(creation);
    }

    private Operand EmptyCollection(IOperation made)
    {
        Operand collection = AllocateMemory(made, RegionKind.Managed, Expression.Unknown);
        SetLength(collection.Value, Expression.Zero);
        return collection;
    }
}
