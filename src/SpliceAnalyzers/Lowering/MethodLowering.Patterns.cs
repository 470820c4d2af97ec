using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Patterns, tuples and deconstruction.</summary>
internal sealed partial class MethodLowering
{
    private Operand Matches(IIsPatternOperation test)
    {
        Operand value = Evaluate(test.Value);
        return new Operand(Matches(test.Pattern, new Operand(_code.Keep(value.Value), value.Length), test.Value.Type));
    }

    /// <summary>A condition that holds where the pattern matches; what the pattern declares is assigned on the way.</summary>
    private Expression Matches(IPatternOperation pattern, Operand value, ITypeSymbol? type)
    {
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
            Operand member = property.Member is IPropertyReferenceOperation { Property.Name: "Length" or "Count" } && (value.Length is not null || type is IArrayTypeSymbol)
                ? new Operand(value.Length ?? LengthOfArray(value.Value))
                : Operand.Unknown;
            matches = _code.Keep(Expression.Binary(BinaryOperator.And, matches, _code.Keep(Matches(property.Pattern, member, property.Member.Type))));
        }

        return pattern.DeconstructionSubpatterns.IsEmpty ? matches : Expression.Unknown;
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

        Operand[] parts = Parts(source, deconstruction, targets.Elements.Length);
        for (int i = 0; i < parts.Length; i++)
            AssignElement(targets.Elements[i], parts[i], deconstruction);
        return Operand.Unknown;
    }

    /// <summary>What a value comes apart into: the elements of a tuple, the properties of a record, or what the type's own Deconstruct says.</summary>
    private Operand[] Parts(IOperation source, IDeconstructionAssignmentOperation deconstruction, int count)
    {
        Expression address = _code.Keep(Evaluate(source).Value);
        Operand At(IFieldSymbol? field) => field is null ? Operand.Unknown : Read(Place.In(Expression.Add(address, Expression.Constant(TypeShape.OffsetOf(field))), silent: true), field.Type);
        if (source.Type is INamedTypeSymbol { IsTupleType: true } tuple)
            return [.. Enumerable.Range(0, count).Select(i => At(tuple.TupleElements.ElementAtOrDefault(i)))];
        if (DeconstructorOf(deconstruction) is not { } method)
            return [.. Enumerable.Repeat(Operand.Unknown, count)];
        if (method.IsImplicitlyDeclared)
            return [.. method.Parameters.Select(p => At(BackingField(method.ContainingType.GetMembers(p.Name).OfType<IPropertySymbol>().FirstOrDefault())))];

        // The receiver, which for an extension method is the first parameter; then a place for each part.
        IParameterSymbol[] outs = [.. (method.ReducedFrom ?? method).Parameters.Where(static p => p.RefKind == RefKind.Out)];
        Expression[] places = [.. outs.Select(p => AllocateMemory(deconstruction, RegionKind.Object, Expression.Constant(16 + TypeShape.SizeOf(p.Type))).Value)];
        IMethodSymbol called = method.ReducedFrom ?? method;
        int procedure = program.ProcedureOf(called);
        if (procedure < 0)
            return [.. Enumerable.Repeat(Operand.Unknown, count)];
        var values = new List<Expression> { address };
        if (called.IsStatic)
            values.Add(Expression.Unknown);
        values.AddRange(places.SelectMany(static place => new[] { place, Expression.Unknown }));
        Call(deconstruction, procedure, values, [-1, -1], []);
        return [.. outs.Zip(places, (p, place) => Read(Place.In(place, silent: true), p.Type))];
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
