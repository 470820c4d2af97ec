using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
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
                return TakeFrom(collection, method.ReturnType is { } returned && TypeShape.ElementOf(returned) is { } inner && returned.Name is "ValueTask" or "Task" ? inner : method.ReturnType, CollectionCatalogue.Removes(method));
            case CollectionRole.TakeOut when passed.Length > 0 && arguments[arguments.Length - 1].Parameter is { RefKind: RefKind.Out } result:
                Write(Place.In(passed[passed.Length - 1].Value, silent: true), result.Type, TakeFrom(collection, result.Type, CollectionCatalogue.Removes(method)), -1);
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

    /// <summary>An element comes out: the one that is followed, which may be in the collection no longer then, or another.</summary>
    private Operand TakeFrom(Expression collection, ITypeSymbol? element, bool removes)
    {
        Place followed = Place.In(collection, silent: true);
        bool isStruct = TypeShape.IsStruct(element);
        Operand taken = Read(followed, element);
        if (!removes && isStruct)
            return taken;
        if (isStruct)
            taken = new Operand(CopyOut(taken.Value, element!));
        (int one, int it, int other, int after) = (_code.NewRegister(), _code.NewLabel(), _code.NewLabel(), _code.NewLabel());
        _code.Add(new Branch(-1, Expression.Unknown, it, other));
        _code.Mark(it);
        _code.Add(new Assign(-1, one, taken.Value));
        for (long at = 0; removes && at < TypeShape.SizeOf(element); at += 8)
            _code.Add(new StoreValue(-1, Expression.Add(collection, Expression.Constant(at)), Expression.Unknown, 8, silent: true));
        _code.Add(new Jump(after));
        _code.Mark(other);
        _code.Add(new Assign(-1, one, isStruct ? Default(element).Value : Expression.Unknown));
        _code.Mark(after);
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
        Assign(TakeFrom(collection, element, removes: false));
        _code.Mark(after);
        return new Operand(Expression.Register(current), Expression.Register(length));

        void Assign(Operand taken)
        {
            _code.Add(new Assign(-1, current, taken.Value));
            _code.Add(new Assign(-1, length, taken.LengthOrUnknown));
        }
    }

    /// <summary>
    /// The elements that a `foreach` goes through one after another, of an array or a span: where they are assigned, or lead to memory. What else they are tells
    /// nothing, and how many there are would be counted for nothing.
    /// </summary>
    private static ITypeSymbol? ElementsOf(IOperation enumerator)
    {
        if (enumerator is not IInvocationOperation { TargetMethod.Name: "GetEnumerator", Instance: { } instance } || WithoutConversions(instance)!.Type is not { } type || type is not IArrayTypeSymbol { Rank: 1 } && !TypeShape.IsSpanLike(type))
            return null;
        bool isAssigned = enumerator.Syntax.Parent is ForEachStatementSyntax { Type: RefTypeSyntax };
        ITypeSymbol? element = TypeShape.ElementOf(type);
        return isAssigned || element is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.None } && TypeShape.LeadsToMemory(element) ? element : null;
    }

    /// <summary>An enumerator before its first element: where that would be, and how many are left.</summary>
    private Operand Enumerate(IInvocationOperation enumerator, ITypeSymbol element)
    {
        IOperation instance = WithoutConversions(enumerator.Instance)!;
        Operand whole = Kept(Evaluate(instance));
        Expression length = instance.Type is IArrayTypeSymbol ? LengthOfArray(whole.Value) : whole.LengthOrUnknown;
        return new Operand(Scaled(whole.Value, Expression.Constant(-1), element), length);
    }

    private Operand Advance(CaptureId id, ITypeSymbol element)
    {
        Place enumerator = _captures[id];
        Expression isThere = _code.Keep(Expression.Binary(BinaryOperator.Less, Expression.Zero, Expression.Register(enumerator.LengthRegister)));
        _code.Add(new Assign(-1, enumerator.Register, Scaled(Expression.Register(enumerator.Register), Expression.Constant(1), element)));
        _code.Add(new Assign(-1, enumerator.LengthRegister, Expression.Binary(BinaryOperator.Subtract, Expression.Register(enumerator.LengthRegister), Expression.Constant(1))));
        return new Operand(isThere);
    }

    /// <summary>The type of the element that an enumerator of <see cref="Enumerate"/> is at; null for other properties.</summary>
    private ITypeSymbol? CurrentOf(IPropertyReferenceOperation property) =>
        property is { Property.Name: "Current", Instance: IFlowCaptureReferenceOperation reference } && _enumerated.TryGetValue(reference.Id, out ITypeSymbol element) ? element : null;

    private void SetLength(Expression collection, Expression length) => _code.Add(new StoreValue(-1, LengthAddress(collection), length, 8, silent: true));

    private Operand CopyElements(IOperation call, Expression collection, ITypeSymbol? element)
    {
        Expression length = _code.Keep(LengthOfArray(collection));
        Operand copy = NewArray(call, RegionKind.Managed, length, element);
        _code.Add(new CopyBytes(-1, copy.Value, collection, Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(element))), silent: true));
        return copy;
    }

    /// <summary>What a dictionary's pair declares itself; null for everything else. The pair is its value.</summary>
    private Operand? UsePair(IMethodSymbol target, Expression? receiver, IArgumentOperation[] arguments)
    {
        if (TypeShape.ValueInPair(target.ContainingType) is not { } type || receiver is null)
            return null;
        if (target.Name == "Deconstruct" && arguments.Length == 2)
            Write(Place.In(Pass(arguments[1]).Value, silent: true), type, new Operand(receiver), -1);
        return target.Name == "get_Value" ? new Operand(receiver) : Operand.Unknown;
    }

    /// <summary>The type that the collection holds: of what is put in, or what the method returns.</summary>
    private static ITypeSymbol? ElementOf(IMethodSymbol method, IArgumentOperation[] arguments) =>
        method.ContainingType.TypeArguments.LastOrDefault() ?? method.TypeArguments.LastOrDefault() ?? arguments.LastOrDefault()?.Parameter?.Type;

    /// <summary>`[a, b]` for a list or another collection; what is spread into it is not followed.</summary>
    private Operand FillCollection(Operand collection, ITypeSymbol type, ITypeSymbol element, IEnumerable<IOperation> elements)
    {
        long count = 0;
        foreach (IOperation child in elements)
        {
            Operand value = Kept(Evaluate(child));
            if (child.Syntax.Parent is SpreadElementSyntax)
                continue;
            if (CollectionCatalogue.IsList(type))
                Write(OfElement(collection.Value, Expression.Constant(count), element), element, value, -1);
            else
                Follow(Place.In(collection.Value, silent: true), element, value);
            count++;
        }

        SetLength(collection.Value, Expression.Constant(count));
        return collection;
    }

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
