using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Patterns, tuples and deconstruction.</summary>
internal sealed partial class MethodLowering
{
    private Operand Matches(IIsPatternOperation test)
    {
        Watch(test);
        Operand value = Evaluate(test.Value);
        return new Operand(Matches(test.Pattern, new Operand(_code.Keep(value.Value), value.Length), test.Value.Type));
    }

    /// <summary>A condition that holds where the pattern matches; what the pattern declares is assigned on the way.</summary>
    private Expression Matches(IPatternOperation pattern, Operand value, ITypeSymbol? type)
    {
        if (TypeShape.InNullable(type) is { } inner && pattern is not (INegatedPatternOperation or IBinaryPatternOperation or IDiscardPatternOperation or IDeclarationPatternOperation { MatchesNull: true }))
        {
            Expression isThere = _code.Keep(IsThere(value.Value, inner));
            return pattern is IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } }
                ? Expression.Binary(BinaryOperator.Equal, isThere, Expression.Zero)
                : Expression.Binary(BinaryOperator.And, isThere, _code.Keep(Matches(pattern, value, inner)));
        }

        switch (pattern)
        {
            case IConstantPatternOperation constant:
                return Combine(BinaryOperatorKind.Equals, value.Value, Evaluate(constant.Value).Value, type, type);
            case IRelationalPatternOperation relational:
                return Combine(relational.OperatorKind, value.Value, Evaluate(relational.Value).Value, type, type);
            case INegatedPatternOperation negated:
                return Expression.Binary(BinaryOperator.Equal, _code.Keep(Matches(negated.Pattern, value, type)), Expression.Zero);
            case IBinaryPatternOperation binary:
                Expression left = _code.Keep(Matches(binary.LeftPattern, value, type));
                Expression right = _code.Keep(Matches(binary.RightPattern, value, type));
                return Expression.Binary(binary.OperatorKind == BinaryOperatorKind.And ? BinaryOperator.And : BinaryOperator.Or, left, right);
            case IDiscardPatternOperation:
                return Expression.Constant(1);
            case IDeclarationPatternOperation declaration:
                Declare(declaration.DeclaredSymbol, type, value);
                return declaration.MatchesNull ? Expression.Constant(1) : MayMatch(value, type, declaration.MatchedType);
            case ITypePatternOperation matched:
                return MayMatch(value, type, matched.MatchedType);
            case IRecursivePatternOperation recursive:
                return Matches(recursive, value, type);
            case IListPatternOperation list:
                return Matches(list, value, type);
            default:
                return Expression.Unknown;
        }
    }

    /// <summary>`[var first, .., 0]`: the elements before `..`, what it stands for, the elements after it.</summary>
    private Expression Matches(IListPatternOperation pattern, Operand value, ITypeSymbol? type)
    {
        Declare(pattern.DeclaredSymbol, type, value);
        if (type is not IArrayTypeSymbol && !TypeShape.IsSpanLike(type))
            return Expression.Unknown;
        Expression total = _code.Keep(value.Length ?? LengthOfArray(value.Value));
        bool hasSlice = pattern.Patterns.Any(static p => p is ISlicePatternOperation);
        Expression others = Expression.Constant(pattern.Patterns.Length - (hasSlice ? 1 : 0));
        Expression matches = _code.Keep(hasSlice ? Expression.Binary(BinaryOperator.LessOrEqual, others, total) : Expression.Binary(BinaryOperator.Equal, others, total));
        ITypeSymbol? element = TypeShape.ElementOf(type);
        bool isBehind = false;
        for (int i = 0; i < pattern.Patterns.Length; i++)
        {
            Expression index = isBehind ? Expression.Binary(BinaryOperator.Subtract, total, Expression.Constant(pattern.Patterns.Length - i)) : Expression.Constant(i);
            isBehind |= pattern.Patterns[i] is ISlicePatternOperation;
            Expression part = pattern.Patterns[i] is not ISlicePatternOperation slice ? Matches(pattern.Patterns[i], Kept(Read(OfElement(value.Value, index, element), element)), element)
                : slice.Pattern is { } rest ? Matches(rest, SliceOf(slice, value, type, index, Expression.Binary(BinaryOperator.Subtract, total, others)), type)
                : Expression.Constant(1);
            matches = _code.Keep(Expression.Binary(BinaryOperator.And, matches, _code.Keep(part)));
        }

        return matches;
    }

    private Operand SliceOf(IOperation operation, Operand whole, ITypeSymbol? type, Expression start, Expression length)
    {
        ITypeSymbol? element = TypeShape.ElementOf(type);
        return TypeShape.IsSpanLike(type) ? new Operand(Scaled(whole.Value, start, element), length) : NewArray(operation, RegionKind.Managed, length, element);
    }

    private Expression Matches(IRecursivePatternOperation pattern, Operand value, ITypeSymbol? type)
    {
        Declare(pattern.DeclaredSymbol, type, value);
        Expression matches = _code.Keep(MayMatch(value, type, pattern.MatchedType));
        foreach (IPropertySubpatternOperation property in pattern.PropertySubpatterns)
        {
            Operand member = Kept(MemberOf(property.Member, value, type));
            matches = _code.Keep(Expression.Binary(BinaryOperator.And, matches, _code.Keep(Matches(property.Pattern, member, property.Member.Type))));
        }

        if (pattern.DeconstructionSubpatterns.IsEmpty)
            return matches;
        (Operand Value, ITypeSymbol? Type)[] parts = [.. Parts(value.Value, pattern.MatchedType, pattern.DeconstructSymbol as IMethodSymbol, pattern, pattern.DeconstructionSubpatterns.Length).Select(p => (Kept(p.Value), p.Type))];
        for (int i = 0; i < parts.Length; i++)
            matches = _code.Keep(Expression.Binary(BinaryOperator.And, matches, _code.Keep(Matches(pattern.DeconstructionSubpatterns[i], parts[i].Value, parts[i].Type))));
        return matches;
    }

    /// <summary>A member of the value that a pattern is about.</summary>
    private Operand MemberOf(IOperation member, Operand value, ITypeSymbol? type)
    {
        if (member is IPropertyReferenceOperation { Property.Name: "Length" or "Count" } && (value.Length is not null || type is IArrayTypeSymbol))
            return new Operand(value.Length ?? LengthOfArray(value.Value));
        IPropertySymbol? property = (member as IPropertyReferenceOperation)?.Property;
        IFieldSymbol? field = (member as IFieldReferenceOperation)?.Field ?? (property is not null && IsAutomatic(property.GetMethod) ? BackingField(property) : null);
        if (field is { IsStatic: false })
            return Read(Place.In(Expression.Add(value.Value, Expression.Constant(TypeShape.OffsetOf(field))), silent: true), field.Type);
        return property is { IsStatic: false, GetMethod: { IsVirtual: false, IsAbstract: false, IsOverride: false } getter } ? CallMethod(member, getter, value.Value, System.Collections.Immutable.ImmutableArray<IArgumentOperation>.Empty) : Operand.Unknown;
    }

    /// <summary>A type test: null never passes it, what is of the type by declaration always does, and everything else may.</summary>
    private Expression MayMatch(Operand value, ITypeSymbol? type, ITypeSymbol? matched)
    {
        bool canBeNull = type is { IsReferenceType: true } or IPointerTypeSymbol;
        Expression isThere = canBeNull ? Expression.Binary(BinaryOperator.NotEqual, value.Value, Expression.Zero) : Expression.Constant(1);
        if (SymbolEqualityComparer.Default.Equals(type, matched) || type is INamedTypeSymbol named && matched is INamedTypeSymbol other && TypeShape.IsOrImplements(named, other.OriginalDefinition))
            return isThere;
        int passes = _code.NewRegister();
        _code.Add(new Choose(-1, passes, [Expression.Zero, Expression.Constant(1)]));
        return Expression.Binary(BinaryOperator.And, _code.Keep(isThere), Expression.Register(passes));
    }

    private void Declare(ISymbol? symbol, ITypeSymbol? type, Operand value)
    {
        if (symbol is ILocalSymbol local)
            Write(OfVariable(local, isRef: false), local.Type ?? type, value, -1);
    }

    /// <summary>A tuple is a struct whose fields lie one after another.</summary>
    private Operand CreateTuple(ITupleOperation tuple)
    {
        Operand made = Default(tuple.Type);
        if (tuple.Type is not INamedTypeSymbol { IsTupleType: true } type)
            return made;
        for (int i = 0; i < tuple.Elements.Length && i < type.TupleElements.Length; i++)
        {
            IFieldSymbol field = type.TupleElements[i];
            Write(Place.In(Expression.Add(made.Value, Expression.Constant(TypeShape.OffsetOf(field))), silent: true), field.Type, Evaluate(tuple.Elements[i]), -1);
        }

        return made;
    }

    private Operand Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        IOperation target = deconstruction.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : deconstruction.Target;
        IOperation source = deconstruction.Value;
        while (source is IConversionOperation conversion)
            source = conversion.Operand;
        if (target is not ITupleOperation targets)
            return Operand.Unknown;
        if (source is ITupleOperation values && values.Elements.Length == targets.Elements.Length)
        {
            Operand[] kept = [.. values.Elements.Select(e => Kept(Evaluate(e)))];
            for (int i = 0; i < kept.Length; i++)
                AssignElement(targets.Elements[i], kept[i], deconstruction);
            return Operand.Unknown;
        }

        (Operand Value, ITypeSymbol? Type)[] parts = Parts(Evaluate(source).Value, source.Type, DeconstructorOf(deconstruction), deconstruction, targets.Elements.Length);
        for (int i = 0; i < parts.Length; i++)
            AssignElement(targets.Elements[i], parts[i].Value, deconstruction);
        return Operand.Unknown;
    }

    /// <summary>What a value comes apart into: the elements of a tuple, the properties of a record, or what the type's own Deconstruct says.</summary>
    private (Operand Value, ITypeSymbol? Type)[] Parts(Expression value, ITypeSymbol? type, IMethodSymbol? method, IOperation operation, int count)
    {
        Expression address = _code.Keep(value);
        (Operand, ITypeSymbol?) At(IFieldSymbol? field) => field is null ? (Operand.Unknown, null) : (Read(Place.In(Expression.Add(address, Expression.Constant(TypeShape.OffsetOf(field))), silent: true), field.Type), field.Type);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return [.. Enumerable.Range(0, count).Select(i => At(tuple.TupleElements.ElementAtOrDefault(i)))];
        if (TypeShape.ValueInPair(type) is { } inPair)
            return [(Operand.Unknown, null), (new Operand(address), inPair)];
        if (method is { IsImplicitlyDeclared: true })
            return [.. method.Parameters.Select(p => At(BackingField(PropertyNamed(p.Name, method.ContainingType))))];
        return method is not null && program.ProcedureOf(method.ReducedFrom ?? method) is >= 0 and var procedure
            ? Deconstructed(address, method.ReducedFrom ?? method, procedure, operation)
            : [.. Enumerable.Repeat((Operand.Unknown, default(ITypeSymbol)), count)];
    }

    private static IPropertySymbol? PropertyNamed(string name, INamedTypeSymbol? type)
    {
        IPropertySymbol? found = null;
        for (; type is not null && found is null; type = type.BaseType)
            found = type.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault();
        return found;
    }

    /// <summary>Calls a Deconstruct with the receiver, which for an extension method is the first parameter, and a place for each part.</summary>
    private (Operand Value, ITypeSymbol? Type)[] Deconstructed(Expression receiver, IMethodSymbol method, int procedure, IOperation operation)
    {
        IParameterSymbol[] outs = [.. method.Parameters.Where(static p => p.RefKind == RefKind.Out)];
        Expression[] places = [.. outs.Select(p => AllocateMemory(operation, RegionKind.Object, Expression.Constant(16 + TypeShape.SizeOf(p.Type))).Value)];
        Expression[] before = method.IsStatic ? [receiver, Expression.Unknown] : [receiver];
        Call(operation, procedure, [.. before, .. places.SelectMany(static place => new[] { place, Expression.Unknown })], [-1, -1], []);
        return [.. outs.Zip(places, (p, place) => (Read(Place.In(place, silent: true), p.Type), (ITypeSymbol?)p.Type))];
    }

    private IMethodSymbol? DeconstructorOf(IDeconstructionAssignmentOperation deconstruction) => deconstruction.Syntax switch
    {
        AssignmentExpressionSyntax syntax => program.ModelOf(syntax.SyntaxTree).GetDeconstructionInfo(syntax).Method,
        ForEachVariableStatementSyntax syntax => program.ModelOf(syntax.SyntaxTree).GetDeconstructionInfo(syntax).Method,
        _ => null,
    };

    private void AssignElement(IOperation target, Operand value, IOperation whole)
    {
        if (target is IDiscardOperation)
            return;
        Write(PlaceOf(target), target.Type, value, Sites.Add(whole.Syntax, NameOf(target.Syntax)));
    }

    /// <summary>OperationKind.CollectionExpression, which the oldest compilers do not know: also what newer ones make of arguments for a `params` span.</summary>
    private const OperationKind CollectionExpressionKind = (OperationKind)0x7f;

    /// <summary>`[a, b]`, which older compilers' operations do not show; its children are the elements.</summary>
    private Operand CreateCollection(IOperation operation, ITypeSymbol? type)
    {
        var elements = operation.ChildOperations.ToList();
        ITypeSymbol? element = TypeShape.ElementOf(type);
        if (CollectionCatalogue.IsCollection(type) && type!.IsReferenceType && element is not null)
            return FillCollection(EmptyCollection(operation), type, element, elements);
        if (type is not IArrayTypeSymbol && !TypeShape.IsSpanLike(type) || elements.Exists(static e => e.Syntax.Parent is SpreadElementSyntax))
        {
            foreach (IOperation child in elements)
                Evaluate(child);
            return Operand.Unknown;
        }

        if (type is { Name: "ReadOnlySpan" } && element is not null && TypeShape.IsScalar(element) && elements.TrueForAll(static e => e.ConstantValue.HasValue))
            return ReadOnlyBytes(operation, elements.Count * TypeShape.SizeOf(element));
        Expression count = Expression.Constant(elements.Count);
        Operand array = type is IArrayTypeSymbol ? NewArray(operation, RegionKind.Managed, count, element) : NewStackMemory(operation, count, element);
        FillElements(array.Value, elements, element);
        return new Operand(array.Value, count);
    }

    private Operand NewStackMemory(IOperation operation, Expression count, ITypeSymbol? element)
    {
        int register = _code.NewRegister();
        _code.Add(new Allocate(Sites.Add(operation.Syntax, DeclaredName(operation.Syntax)), register, RegionKind.Stack,
            Expression.Multiply(count, Expression.Constant(TypeShape.SizeOf(element)))));
        return new Operand(Expression.Register(register), count);
    }

    /// <summary>`x[1..3]` and `x[^1]`: where it begins, and how many elements from there on; null where it is neither.</summary>
    private (Expression Start, Expression Length)? RangeOf(IOperation argument, Expression total)
    {
        while (argument is IConversionOperation conversion)
            argument = conversion.Operand;
        if (argument is not IRangeOperation range)
            return null;
        Expression start = range.LeftOperand is { } left ? _code.Keep(IndexOf(left, total)) : Expression.Zero;
        Expression end = range.RightOperand is { } right ? IndexOf(right, total) : total;
        return (start, Expression.Binary(BinaryOperator.Subtract, end, start));
    }

    private Expression IndexOf(IOperation index, Expression total)
    {
        while (index is IConversionOperation conversion)
            index = conversion.Operand;
        return index is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } hat
            ? Expression.Binary(BinaryOperator.Subtract, total, Evaluate(hat.Operand).Value)
            : Evaluate(index).Value;
    }

    /// <summary>A span's range is a slice of it, an array's or a string's a copy.</summary>
    private Operand EvaluateRange(IOperation operation, IOperation instance, IOperation argument)
    {
        Operand whole = Evaluate(instance);
        Expression total = _code.Keep(instance.Type is IArrayTypeSymbol ? LengthOfArray(whole.Value) : whole.LengthOrUnknown);
        if (RangeOf(argument, total) is not { } range)
            return Read(OfElement(whole.Value, IndexOf(argument, total), operation.Type), operation.Type);
        return SliceOf(operation, whole, instance.Type, range.Start, range.Length);
    }
}
