using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Buffers;
using SpliceAnalyzers.Interop;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>Expressions: constants, operators, assignments, creations, conversions.</summary>
internal sealed partial class MethodLowering
{
    private Operand Evaluate(IOperation operation)
    {
        if (ConstantOf(operation) is { } constant)
            return TypeShape.IsStruct(operation.Type) ? Default(operation.Type) : new Operand(constant);
        switch (operation)
        {
            case { Type.SpecialType: SpecialType.System_String } when TextOf(operation) is { } text:
                return text;
            case IInvocationOperation { TargetMethod.Name: "MoveNext", Instance: IFlowCaptureReferenceOperation reference } when _enumerated.TryGetValue(reference.Id, out ITypeSymbol? element):
                return Advance(reference.Id, element);
            case IPropertyReferenceOperation property when CurrentOf(property) is { } element:
                return Read(PlaceOf(property), element);
            case IInlineArrayAccessOperation:
            case IInvocationOperation { TargetMethod: { ReturnsByRef: true } or { ReturnsByRefReadonly: true } }:
            case IPropertyReferenceOperation reference when IsReference(reference):
                return Read(PlaceOf(operation), operation.Type);
            case IExpressionStatementOperation statement:
                return Evaluate(statement.Operation);
            case IInstanceReferenceOperation:
                return new Operand(Receiver());
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment);
            case ICompoundAssignmentOperation compound:
                return AssignCompound(compound);
            case IIncrementOrDecrementOperation increment:
                return Increment(increment);
            case IFlowCaptureOperation capture:
                return Capture(capture);
            case IFlowCaptureReferenceOperation reference:
                return _captures.TryGetValue(reference.Id, out Place place) ? Read(place, reference.Type) : Operand.Unknown;
            case IAddressOfOperation address:
                return new Operand(AddressOf(address.Reference));
            case IConversionOperation conversion:
                return Convert(conversion);
            case IBinaryOperation binary:
                return Binary(binary);
            case IUnaryOperation unary:
                return Unary(unary);
            case IIsNullOperation { Operand: var nullable } when TypeShape.InNullable(nullable.Type) is { } inner:
                return new Operand(Expression.Binary(BinaryOperator.Equal, IsThere(Evaluate(nullable).Value, inner), Expression.Zero));
            case IIsNullOperation isNull:
                return new Operand(Expression.Binary(BinaryOperator.Equal, Evaluate(isNull.Operand).Value, Expression.Zero));
            case IDefaultValueOperation:
                return Default(operation.Type);
            case IObjectCreationOperation creation:
                return Create(creation);
            case IArrayCreationOperation array:
                return CreateArray(array);
            case IReturnOperation { Kind: OperationKind.YieldReturn } yielded:
                return Yield(yielded);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IInvocationOperation invocation:
                return Invoke(invocation);
            case IFunctionPointerInvocationOperation when program.Natives.Resolve(operation) is { } native:
                return CallNative(native);
            case IFunctionPointerInvocationOperation { Target.Type: IFunctionPointerTypeSymbol pointer } call:
                return CallPointer(call, pointer.Signature);
            case ITupleOperation tuple:
                return CreateTuple(tuple);
            case IDeconstructionAssignmentOperation deconstruction:
                return Deconstruct(deconstruction);
            case IIsPatternOperation test:
                return Matches(test);
            case ISizeOfOperation size:
                return new Operand(Expression.Constant(TypeShape.SizeOf(size.TypeOperand)));
            case IAwaitOperation await:
                return Finish(await, Kept(Evaluate(await.Operation)));
            case IDelegateCreationOperation creation:
                return CreateDelegate(creation.Target, creation.Type);
            case IFlowAnonymousFunctionOperation or IMethodReferenceOperation:
                return CreateDelegate(operation, operation.Type);
            case IEventAssignmentOperation assignment:
                return Subscribe(assignment);
            case IEventReferenceOperation reference:
                return Read(OfEvent(reference), reference.Type);
            case IImplicitIndexerReferenceOperation indexer:
                return EvaluateRange(indexer, indexer.Instance, indexer.Argument);
            case IArrayElementReferenceOperation { Indices: [var index] } element when index.Type is { Name: "Range" }:
                return EvaluateRange(element, element.ArrayReference, index);
            case IFieldReferenceOperation { Field.IsFixedSizeBuffer: true }:
                return new Operand(AddressOf(operation));
            case { Syntax: CollectionExpressionSyntax } or { Kind: CollectionExpressionKind }:
                return CreateCollection(operation, operation.Type);
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand);
            case IUtf8StringOperation utf8:
                return ReadOnlyBytes(utf8, System.Text.Encoding.UTF8.GetByteCount(utf8.Value ?? ""));
            case { Kind: OperationKind.None }:
                return EvaluateUnmodelled(operation);
            case ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IArrayElementReferenceOperation:
                return Read(PlaceOf(operation), operation.Type);
            default:
                foreach (IOperation child in operation.ChildOperations)
                    Evaluate(child);
                return Operand.Unknown;
        }
    }

    private static Expression? ConstantOf(IOperation operation)
    {
        if (!operation.ConstantValue.HasValue)
            return operation is IMemberReferenceOperation { Member.IsStatic: true } && NativeConstant.Of(operation) is { } named ? Expression.Constant(named) : null;
        return operation.ConstantValue.Value switch
        {
            null => Expression.Zero,
            bool b => Expression.Constant(b ? 1 : 0),
            char c => Expression.Constant(c),
            ulong u => Expression.Constant(unchecked((long)u)),
            string => null,
            float or double or decimal => Expression.Unknown,
            IConvertible number => Expression.Constant(number.ToInt64(null)),
            _ => Expression.Unknown,
        };
    }

    /// <summary>Constant text lies in memory that never moves; all other text is a new object.</summary>
    private Operand? TextOf(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: string text })
            return ReadOnlyBytes(operation, 2L * text.Length + 2);
        if (operation is not (IInterpolatedStringOperation or IBinaryOperation))
            return null;
        foreach (IOperation child in operation.ChildOperations)
            Evaluate(child);
        return AllocateMemory(operation, RegionKind.Managed, Expression.Unknown);
    }

    private Operand Default(ITypeSymbol? type)
    {
        if (!TypeShape.IsStruct(type))
            return new Operand(Expression.Zero, TypeShape.IsSpanLike(type) ? Expression.Zero : null);
        int register = _code.NewRegister();
        _code.Add(new Allocate(-1, register, RegionKind.Object, Expression.Constant(TypeShape.SizeOf(type))));
        return new Operand(Expression.Register(register));
    }

    private int SiteOf(IOperation operation, IOperation? named = null) => Sites.Add(operation.Syntax, NameOf((named ?? operation).Syntax));

    /// <summary>The variable that a piece of syntax is about: of `buffer[0] = 1` and `buffer.AsSpan().Clear()` it is `buffer`.</summary>
    private static string NameOf(SyntaxNode syntax)
    {
        while (true)
        {
            switch (syntax)
            {
                case AssignmentExpressionSyntax assignment: syntax = assignment.Left; continue;
                case ElementAccessExpressionSyntax element: syntax = element.Expression; continue;
                case PrefixUnaryExpressionSyntax prefix: syntax = prefix.Operand; continue;
                case PostfixUnaryExpressionSyntax postfix: syntax = postfix.Operand; continue;
                case ParenthesizedExpressionSyntax parenthesized: syntax = parenthesized.Expression; continue;
                case CastExpressionSyntax cast: syntax = cast.Expression; continue;
                case BinaryExpressionSyntax binary: syntax = binary.Left; continue;
                case ArgumentSyntax argument: syntax = argument.Expression; continue;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member }: syntax = member.Expression; continue;
                case MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member: return member.Name.Identifier.Text;
                case MemberAccessExpressionSyntax member: syntax = member.Expression; continue;
                case BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [var first, ..] }: syntax = first; continue;
                case IdentifierNameSyntax name: return name.Identifier.Text;
                default: return "";
            }
        }
    }

    private Operand Assign(ISimpleAssignmentOperation assignment)
    {
        // The variable of `foreach (ref var item in items)` is assigned like any other.
        if (assignment.Target is ILocalReferenceOperation { Local: { RefKind: not RefKind.None } alias } && (assignment.IsRef || assignment.Syntax is TypeSyntax))
        {
            if (_variables.TryGetValue(alias, out Place reference))
                _code.Add(new Assign(-1, reference.Register, AddressOf(assignment.Value)));
            return Operand.Unknown;
        }

        if (assignment is { IsRef: true, Target: IFieldReferenceOperation referring })
        {
            if (SlotOf(referring).Address is { } slot)
                _code.Add(new StoreValue(-1, slot, AddressOf(assignment.Value), 8, silent: true));
            return Operand.Unknown;
        }

        IOperation target = assignment.Target is IFlowCaptureReferenceOperation captured && _capturedProperties.TryGetValue(captured.Id, out IPropertyReferenceOperation spilled) ? spilled : assignment.Target;
        if (target is IPropertyReferenceOperation property && !IsReference(property) && !(property.Instance is { } span && TypeShape.IsSpanLike(span.Type)))
            return WriteProperty(property, assignment);

        Place place = PlaceOf(assignment.Target);
        if (place.Address is { } address && place.Register < 0)
            place = Place.In(_code.Keep(address), place.Silent);
        Operand value = Evaluate(assignment.Value);
        if (assignment.Target is ILocalReferenceOperation { Local: { IsFixed: true } pinned } && place.Register >= 0)
        {
            _pins[pinned] = _code.NewRegister();
            _code.Add(new Assign(-1, _pins[pinned], value.Value));
            _code.Add(new Pin(-1, value.Value));
        }

        Write(place, assignment.Target.Type, value, SiteOf(assignment, assignment.Target));
        return value;
    }

    /// <summary>A property of the source that returns a reference: assigning to it stores where that leads.</summary>
    private bool IsReference(IPropertyReferenceOperation property) =>
        property.Property is { ReturnsByRef: true } or { ReturnsByRefReadonly: true } && property.Property.GetMethod is { } getter && program.ProcedureOf(getter) >= 0;

    private Operand WriteProperty(IPropertyReferenceOperation property, ISimpleAssignmentOperation assignment)
    {
        Operand value = Evaluate(assignment.Value);
        // An initialiser, which is no method's, assigns the field itself.
        if ((method is null || IsAutomatic(property.Property.SetMethod)) && BackingField(property) is { } place)
            Write(place, property.Type, value, SiteOf(assignment, property));
        else if (property is { Instance: { } owner, Arguments.Length: > 0 } && CollectionCatalogue.IsCollection(owner.Type))
            Replace(PlaceOf(property), property.Type, value);
        else if (property.Property.SetMethod is { } setter)
            CallSetter(assignment, property, setter, value);
        return value;
    }

    private void CallSetter(IOperation assignment, IPropertyReferenceOperation property, IMethodSymbol setter, Operand value)
    {
        if (property.Instance is { } library && BufferCatalogue.OfLibrary(setter, WithoutConversions(library)!.Type) is { } effect)
        {
            Apply(effect, assignment, setter, [new Operand(ReceiverOf(library)), value], [], library);
            return;
        }

        if (IsVirtual(setter, property.Instance, out IMethodSymbol exact) || program.ProcedureOf(exact) is not (>= 0 and var number))
            return;
        var values = new System.Collections.Generic.List<Expression>();
        if (property.Instance is { } instance)
            values.AddRange(Before(exact, ReceiverOf(instance), instance).Select(_code.Keep));
        foreach (Operand argument in property.Arguments.Select(Pass).Append(value))
            values.AddRange([_code.Keep(argument.Value), _code.Keep(argument.LengthOrUnknown)]);
        Call(assignment, number, values, [], []);
    }

    /// <summary>False for an accessor with code, which may use `field` while the other one has none.</summary>
    private bool IsAutomatic(IMethodSymbol? accessor) => accessor is null || program.ProcedureOf(accessor) < 0;

    /// <summary>An auto-property is its field.</summary>
    private Place? BackingField(IPropertyReferenceOperation property)
    {
        if (BackingField(property.Property) is not { } field)
            return null;
        if (field.IsStatic)
            return OfStatic(field, property.Property.Type);
        if (property.Instance is not { } instance)
            return null;
        bool inObject = instance.Type is { IsReferenceType: true };
        Place owner = inObject ? Place.In(Evaluate(instance).Value, silent: true) : PlaceOf(instance);
        return owner.Address is { } address ? Place.In(Expression.Add(address, Expression.Constant(TypeShape.OffsetOf(field))), inObject ? TypeShape.HoldsReferences(field.Type) : owner.Silent) : null;
    }

    private static IFieldSymbol? BackingField(IPropertySymbol? property) =>
        property?.ContainingType.OriginalDefinition.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f =>
            SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property.OriginalDefinition) || IsBackingField(f, property));

    /// <summary>In metadata the name tells, and of structs all fields are there.</summary>
    private static bool IsBackingField(IFieldSymbol field, IPropertySymbol property) =>
        field.Name.Length > property.Name.Length && field.Name == "<" + property.Name + ">k__BackingField" && TypeShape.IsStruct(field.ContainingType);

    private Operand AssignCompound(ICompoundAssignmentOperation compound)
    {
        if (compound.OperatorMethod is { IsStatic: false } changing)
            return CallChanging(compound, changing, compound.Target, Kept(Evaluate(compound.Value)));
        Place place = PlaceOf(compound.Target);
        Operand before = new(_code.Keep(Read(place, compound.Target.Type).Value));
        Operand value = Evaluate(compound.Value);
        Operand after = OperatorIn(compound.OperatorMethod) is { } number ? CallOperator(compound, number, before, value)
            : IsDelegate(compound.Target.Type) ? CombineDelegates(compound.OperatorKind, before.Value, value.Value)
            : new Operand(_code.Keep(Combine(compound.OperatorKind, before.Value, value.Value, compound.Target.Type, compound.Value.Type)));
        Write(place, compound.Target.Type, after, SiteOf(compound, compound.Target));
        return after;
    }

    /// <summary>`void operator +=(T other)` changes the object that it is called on.</summary>
    private Operand CallChanging(IOperation operation, IMethodSymbol method, IOperation target, params Operand[] operands)
    {
        Expression receiver = _code.Keep(ReceiverOf(target));
        if (OperatorIn(method) is { } number)
            Call(operation, number, Before(method, receiver, target).Concat(operands.SelectMany(static o => new[] { o.Value, o.LengthOrUnknown })), [-1, -1], []);
        return new Operand(receiver);
    }

    private Operand Increment(IIncrementOrDecrementOperation increment)
    {
        if (increment.OperatorMethod is { IsStatic: false } changing)
            return CallChanging(increment, changing, increment.Target);
        Place place = PlaceOf(increment.Target);
        Operand before = Kept(Read(place, increment.Target.Type));
        if (TypeShape.IsStruct(increment.Target.Type))
            before = new Operand(CopyOut(before.Value, increment.Target.Type!));
        BinaryOperatorKind kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        Operand after = OperatorIn(increment.OperatorMethod) is { } number ? CallOperator(increment, number, before)
            : new Operand(_code.Keep(Combine(kind, before.Value, Expression.Constant(1), increment.Target.Type, null)));
        Write(place, increment.Target.Type, after, SiteOf(increment, increment.Target));
        return increment.IsPostfix ? before : after;
    }

    private Operand Capture(IFlowCaptureOperation capture)
    {
        Operand value;
        if (capture.Value is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IArrayElementReferenceOperation
            || capture.Value.Kind == OperationKind.None && capture.Value.Syntax is ElementAccessExpressionSyntax or PrefixUnaryExpressionSyntax)
        {
            Place captured = PlaceOf(capture.Value);
            if (captured.Address is { } address)
                captured = CapturedAt(capture.Id, address, captured.Silent);
            _capturedPlaces[capture.Id] = captured;
            value = Read(captured, capture.Value.Type);
        }
        else
        {
            if (ElementsOf(capture.Value) is { } element)
                _enumerated[capture.Id] = element;
            // Where the value to be assigned is made in several steps, what it is assigned to is captured first.
            if (capture.Value is IPropertyReferenceOperation property)
                _capturedProperties[capture.Id] = property;
            value = _enumerated.TryGetValue(capture.Id, out ITypeSymbol elements) ? Enumerate((IInvocationOperation)capture.Value, elements) : Evaluate(capture.Value);
        }

        if (!_captures.TryGetValue(capture.Id, out Place place))
        {
            place = new Place(_code.NewRegister(), _code.NewRegister(), null, true);
            if (TypeShape.IsStruct(capture.Value.Type) && !_capturedPlaces.ContainsKey(capture.Id))
                _capturedPlaces[capture.Id] = Place.In(Expression.Register(place.Register), silent: true);
            _captures[capture.Id] = place;
        }

        _code.Add(new Assign(-1, place.Register, value.Value));
        if (value.Length is not null)
            _code.Add(new Assign(-1, place.LengthRegister, value.Length));
        return value;
    }

    /// <summary>A place that may be captured in several branches, of which the last one that was taken counts.</summary>
    private Place CapturedAt(CaptureId id, Expression address, bool silent)
    {
        int register = _capturedPlaces.TryGetValue(id, out Place known) && known.Address is RegisterExpression { Index: var same } ? same : _code.NewRegister();
        _code.Add(new Assign(-1, register, address));
        return Place.In(Expression.Register(register), silent);
    }

    private Operand Convert(IConversionOperation conversion)
    {
        if (conversion.Operand.Syntax is CollectionExpressionSyntax && conversion.Operand.Type is null)
            return CreateCollection(conversion.Operand, conversion.Type);
        if (OperatorIn(conversion.OperatorMethod) is { } number)
            return CallOperator(conversion, number, Evaluate(conversion.Operand));
        if (TypeShape.InNullable(conversion.Type) is { } inner && TypeShape.InNullable(conversion.Operand.Type) is null)
            return MakeNullable(Evaluate(conversion.Operand), conversion.Type!, inner);
        if (IsReadOnlyData(conversion))
            return ReadOnlyBytes(conversion, ((IArrayCreationOperation)conversion.Operand).Initializer!.ElementValues.Length * TypeShape.SizeOf(TypeShape.ElementOf(conversion.Type)));
        Operand operand = Evaluate(conversion.Operand);
        if (TypeShape.IsSpanLike(conversion.Type) && conversion.Operand.Type?.SpecialType == SpecialType.System_String)
            return new Operand(operand.Value);
        if (TypeShape.IsSpanLike(conversion.Type))
            return conversion.Operand.Type is IArrayTypeSymbol ? new Operand(operand.Value, LengthOfArray(operand.Value)) : operand;
        if (conversion.OperatorMethod is null && TypeShape.IsStruct(conversion.Operand.Type) && conversion.Type is { IsReferenceType: true })
            return Box(operand.Value, (INamedTypeSymbol)conversion.Operand.Type!);
        if (conversion.OperatorMethod is null && TypeShape.IsStruct(conversion.Type) && conversion.Operand.Type is { IsReferenceType: true })
            return new Operand(operand.Value);
        if (TypeShape.IsStruct(conversion.Type) != TypeShape.IsStruct(conversion.Operand.Type))
            return TypeShape.IsStruct(conversion.Type) ? Default(conversion.Type) : Operand.Unknown;
        bool toUnsigned = conversion.Type?.SpecialType == SpecialType.System_UInt32 && IsSigned(conversion.Operand.Type);
        return toUnsigned ? new Operand(Expression.Binary(BinaryOperator.And, operand.Value, Expression.Constant(0xFFFF_FFFF))) : operand;
    }

    /// <summary>A struct as an object: a copy of it, with its type.</summary>
    private Operand Box(Expression value, INamedTypeSymbol type)
    {
        Expression box = CopyOut(value, type);
        _code.Add(new StoreValue(-1, Expression.Add(box, Expression.Constant(Dispatch.TypeIdOffset)), Expression.Constant(program.TypeId(type)), 8, silent: true));
        return new Operand(box);
    }

    /// <summary>The compiler keeps constant elements of a read-only span in the image.</summary>
    private static bool IsReadOnlyData(IConversionOperation conversion) =>
        conversion is { Type: { Name: "ReadOnlySpan" } type, Operand: IArrayCreationOperation { Initializer.ElementValues: var elements } }
        && TypeShape.IsSpanLike(type) && TypeShape.ElementOf(type) is { } element && TypeShape.IsScalar(element) && elements.All(static e => e.ConstantValue.HasValue);

    /// <summary>The procedure of an operator that the source declares.</summary>
    private int? OperatorIn(IMethodSymbol? method) =>
        method is not null && method.ContainingType.Locations.Any(static l => l.IsInSource) && program.ProcedureOf(method) is >= 0 and var number ? number : null;

    private Operand CallOperator(IOperation operation, int procedure, params Operand[] operands)
    {
        var values = operands.Select(Kept).SelectMany(static o => new[] { o.Value, o.LengthOrUnknown }).ToList();
        (int main, int length) = (_code.NewRegister(), _code.NewRegister());
        Call(operation, procedure, values, [main, length], []);
        return new Operand(Expression.Register(main), Expression.Register(length));
    }

    private static bool IsSigned(ITypeSymbol? type) =>
        TypeShape.WithoutWrapping(type)?.SpecialType is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr;

    /// <summary>A condition that treats all lengths alike which callers usually pass makes them pass another.</summary>
    private void Watch(IOperation condition)
    {
        if (program.Guard.Missing(condition) is { } length)
            procedure.Lengths.Add(length);
    }

    private Operand Binary(IBinaryOperation binary)
    {
        if (binary.Type is { SpecialType: SpecialType.System_Boolean })
            Watch(binary);
        if (ComparedWithNull(binary) is { } compared && TypeShape.InNullable(compared.Type) is { } inner)
        {
            Expression isThere = IsThere(Evaluate(compared).Value, inner);
            return new Operand(binary.OperatorKind == BinaryOperatorKind.NotEquals ? isThere : Expression.Binary(BinaryOperator.Equal, isThere, Expression.Zero));
        }

        Operand left = Kept(Evaluate(binary.LeftOperand));
        Operand right = Evaluate(binary.RightOperand);
        return OperatorIn(binary.OperatorMethod) is { } number ? CallOperator(binary, number, left, right)
            : IsDelegate(binary.Type) ? CombineDelegates(binary.OperatorKind, left.Value, right.Value)
            : new Operand(Combine(binary.OperatorKind, left.Value, right.Value, binary.LeftOperand.Type, binary.RightOperand.Type));
    }

    private static bool IsDelegate(ITypeSymbol? type) => type is { TypeKind: TypeKind.Delegate };

    /// <summary>Of delegates that are combined, one is followed, either; of one that another is taken from, what it was.</summary>
    private Operand CombineDelegates(BinaryOperatorKind kind, Expression left, Expression right)
    {
        if (kind != BinaryOperatorKind.Add)
            return new Operand(left);
        (int one, int only, int both, int after) = (_code.NewRegister(), _code.NewLabel(), _code.NewLabel(), _code.NewLabel());
        right = _code.Keep(right);
        _code.Add(new Assign(-1, one, right));
        _code.Add(new Branch(-1, Expression.Binary(BinaryOperator.Equal, left, Expression.Zero), after, both));
        _code.Mark(both);
        _code.Add(new Branch(-1, Expression.Unknown, only, after));
        _code.Mark(only);
        _code.Add(new Assign(-1, one, left));
        _code.Mark(after);
        return new Operand(Expression.Register(one));
    }

    private static Expression Combine(BinaryOperatorKind kind, Expression left, Expression right, ITypeSymbol? leftType, ITypeSymbol? rightType)
    {
        // Operators of a struct that is known by its fields, and not by its code.
        if (TypeShape.IsStruct(leftType) || TypeShape.IsStruct(rightType))
            return Expression.Unknown;
        if (leftType is IPointerTypeSymbol pointer && rightType is not IPointerTypeSymbol)
            right = Expression.Multiply(right, Expression.Constant(TypeShape.SizeOf(pointer.PointedAtType)));
        else if (rightType is IPointerTypeSymbol other && leftType is not IPointerTypeSymbol)
            left = Expression.Multiply(left, Expression.Constant(TypeShape.SizeOf(other.PointedAtType)));
        bool signed = IsSigned(leftType) || leftType is null or { TypeKind: TypeKind.Enum };
        Expression Of(BinaryOperator op) => Expression.Binary(op, left, right);
        Expression Swapped(BinaryOperator op) => Expression.Binary(op, right, left);
        return kind switch
        {
            BinaryOperatorKind.Add => Expression.Add(left, right),
            BinaryOperatorKind.Subtract when leftType is IPointerTypeSymbol && rightType is IPointerTypeSymbol =>
                Expression.Binary(BinaryOperator.Divide, Of(BinaryOperator.Subtract), Expression.Constant(TypeShape.SizeOf(TypeShape.ElementOf(leftType)))),
            BinaryOperatorKind.Subtract => Of(BinaryOperator.Subtract),
            BinaryOperatorKind.Multiply => Expression.Multiply(left, right),
            BinaryOperatorKind.Divide => Of(BinaryOperator.Divide),
            BinaryOperatorKind.Remainder => Of(BinaryOperator.Remainder),
            BinaryOperatorKind.And or BinaryOperatorKind.ConditionalAnd => Of(BinaryOperator.And),
            BinaryOperatorKind.Or or BinaryOperatorKind.ConditionalOr => Of(BinaryOperator.Or),
            BinaryOperatorKind.ExclusiveOr => Of(BinaryOperator.Xor),
            BinaryOperatorKind.LeftShift => Of(BinaryOperator.ShiftLeft),
            BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift => Of(BinaryOperator.ShiftRight),
            BinaryOperatorKind.Equals => Of(BinaryOperator.Equal),
            BinaryOperatorKind.NotEquals => Of(BinaryOperator.NotEqual),
            BinaryOperatorKind.LessThan => Of(signed ? BinaryOperator.Less : BinaryOperator.UnsignedLess),
            BinaryOperatorKind.LessThanOrEqual => Of(signed ? BinaryOperator.LessOrEqual : BinaryOperator.UnsignedLessOrEqual),
            BinaryOperatorKind.GreaterThan => Swapped(signed ? BinaryOperator.Less : BinaryOperator.UnsignedLess),
            BinaryOperatorKind.GreaterThanOrEqual => Swapped(signed ? BinaryOperator.LessOrEqual : BinaryOperator.UnsignedLessOrEqual),
            _ => Expression.Unknown,
        };
    }

    private Operand Unary(IUnaryOperation unary)
    {
        Operand operand = Evaluate(unary.Operand);
        if (OperatorIn(unary.OperatorMethod) is { } number)
            return CallOperator(unary, number, operand);
        Expression value = operand.Value;
        return new Operand(unary.OperatorKind switch
        {
            _ when TypeShape.IsStruct(unary.Operand.Type) => Expression.Unknown,
            UnaryOperatorKind.Not => Expression.Binary(BinaryOperator.Equal, value, Expression.Zero),
            UnaryOperatorKind.Minus => Expression.Binary(BinaryOperator.Subtract, Expression.Zero, value),
            UnaryOperatorKind.BitwiseNegation => Expression.Binary(BinaryOperator.Xor, value, Expression.Constant(-1)),
            UnaryOperatorKind.Plus => value,
            _ => Expression.Unknown,
        });
    }

    private Operand Create(IObjectCreationOperation creation)
    {
        if (TypeShape.IsSpanLike(creation.Type))
            return CreateSpan(creation);
        if (creation.Type is { SpecialType: SpecialType.System_String })
        {
            foreach (IArgumentOperation argument in creation.Arguments)
                Evaluate(argument.Value);
            return AllocateMemory(creation, RegionKind.Managed, Expression.Unknown);
        }

        if (creation.Type is { TypeKind: TypeKind.Class } && CollectionCatalogue.IsCollection(creation.Type))
            return NewCollection(creation);
        if (creation.Constructor is { } thread && ThreadCatalogue.Find(thread) is { } role)
            return UseThread(creation, role, thread, null, creation.Arguments);
        if (creation.Constructor is { } library && BufferCatalogue.OfLibrary(library, null) is not null)
            return CallMethod(creation, library, null, creation.Arguments);
        if (TypeShape.ValueInPair(creation.Type) is not null && creation.Arguments.Length == 2)
            return Evaluate(creation.Arguments.First(static a => a.Parameter?.Ordinal == 1).Value);
        if (TypeShape.IsWrapped(creation.Type))
            return creation.Arguments is [var number] && TypeShape.IsScalar(number.Value.Type!) ? Evaluate(number.Value) : creation.Arguments.IsEmpty ? new Operand(Expression.Zero) : Operand.Unknown;
        Operand result = creation.Type is { TypeKind: TypeKind.Class } && creation.Type.Locations.Any(l => l.IsInSource)
            ? NewObject(creation.Type)
            : TypeShape.IsStruct(creation.Type) ? Default(creation.Type) : Operand.Unknown;
        if (creation.Constructor is { } constructor && (creation.Arguments.Length > 0 || creation.Type is { TypeKind: TypeKind.Class }))
            CallMethod(creation, constructor, result.Value, creation.Arguments);
        return result;
    }

    private Operand NewObject(ITypeSymbol? type)
    {
        int register = _code.NewRegister();
        // Objects with numbers in them can be pinned and handed off like arrays.
        bool hasBytes = type is INamedTypeSymbol { IsRecord: false } made && TypeShape.HasBytes(made);
        _code.Add(new Allocate(-1, register, hasBytes ? RegionKind.Managed : RegionKind.Object, Expression.Unknown));
        if (type is INamedTypeSymbol named)
            _code.Add(new StoreValue(-1, Expression.Add(Expression.Register(register), Expression.Constant(Dispatch.TypeIdOffset)), Expression.Constant(program.TypeId(named)), 8, silent: true));
        return new Operand(Expression.Register(register));
    }

    private Operand CreateSpan(IObjectCreationOperation creation)
    {
        Operand[] arguments = [.. creation.Arguments.Select(a => Evaluate(a.Value))];
        if (arguments.Length == 0)
            return new Operand(Expression.Zero, Expression.Zero);
        if (creation.Arguments[0].Value.Type is IPointerTypeSymbol)
            return new Operand(arguments[0].Value, arguments.Length > 1 ? arguments[1].Value : null);
        ITypeSymbol? element = TypeShape.ElementOf(creation.Type);
        if (creation.Arguments[0].Parameter is { RefKind: not RefKind.None })
            return new Operand(AddressOf(creation.Arguments[0].Value), Expression.Constant(1));
        return arguments.Length == 3
            ? new Operand(Scaled(arguments[0].Value, arguments[1].Value, element), arguments[2].Value)
            : new Operand(arguments[0].Value, LengthOfArray(arguments[0].Value));
    }

    private static Expression Scaled(Expression start, Expression index, ITypeSymbol? element) =>
        Expression.Add(start, Expression.Multiply(index, Expression.Constant(TypeShape.SizeOf(element))));

    private Expression LengthOfArray(Expression array)
    {
        int length = _code.NewRegister();
        _code.Add(new Load(-1, length, LengthAddress(array), 8, Missing.OneOf(Expression.Constant(TypicalLength))));
        return Expression.Register(length);
    }

    /// <summary>A new array of so many elements, its length kept in front of it.</summary>
    private Operand NewArray(IOperation operation, RegionKind kind, Expression length, ITypeSymbol? element)
    {
        length = _code.Keep(length);
        int register = _code.NewRegister();
        int site = Sites.Add(operation.Syntax, DeclaredName(operation.Syntax));
        _code.Add(new Allocate(site, register, kind, Expression.Multiply(length, Expression.Constant(TypeShape.SizeOf(element)))));
        _code.Add(new StoreValue(-1, LengthAddress(Expression.Register(register)), length, 8, silent: true));
        return new Operand(Expression.Register(register));
    }

    /// <summary>The variable that the value of an expression is first kept in.</summary>
    private static string DeclaredName(SyntaxNode syntax)
    {
        SyntaxNode? at = syntax;
        while (at is ExpressionSyntax && at.Parent is not AssignmentExpressionSyntax)
            at = at.Parent;
        return at switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.Text,
            ExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } => NameOf(assignment.Left),
            _ => "",
        };
    }

    private Operand CreateArray(IArrayCreationOperation creation)
    {
        ITypeSymbol? element = TypeShape.ElementOf(creation.Type);
        Expression count = Expression.Constant(1);
        foreach (IOperation size in creation.DimensionSizes)
            count = Expression.Multiply(count, _code.Keep(Evaluate(size).Value));
        Operand array = NewArray(creation, RegionKind.Managed, count, element);
        FillElements(array.Value, creation.Initializer?.ElementValues, element);
        return array;
    }

    private void FillElements(Expression start, System.Collections.Generic.IEnumerable<IOperation>? values, ITypeSymbol? element)
    {
        long index = 0;
        foreach (IOperation value in values ?? [])
        {
            if (index >= 64)
                break;
            Write(OfElement(start, Expression.Constant(index++), element), element, Evaluate(value), -1);
        }
    }

    private Operand ReadOnlyBytes(IOperation operation, long length)
    {
        int register = _code.NewRegister();
        _code.Add(new Allocate(Sites.Add(operation.Syntax), register, RegionKind.ReadOnly, Expression.Constant(length)));
        return new Operand(Expression.Register(register), Expression.Constant(length));
    }

    private Operand EvaluateUnmodelled(IOperation operation)
    {
        IOperation[] children = [.. operation.ChildOperations];
        switch (operation.Syntax)
        {
            case StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax when children.Length > 0:
                ITypeSymbol? element = TypeShape.ElementOf(operation.Type);
                Operand block = NewStackMemory(operation, _code.Keep(Evaluate(children[0]).Value), element);
                FillElements(block.Value, children.Skip(1), element);
                return block;
            case ElementAccessExpressionSyntax when children.Length == 2:
            case PrefixUnaryExpressionSyntax { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.PointerIndirectionExpression }:
                return Read(OfUnmodelled(operation), operation.Type);
        }

        if (children.Length == 1 && operation.Type is IPointerTypeSymbol)
        {
            // The initialiser of `fixed`: the first element of an array or span, or an address.
            Operand inner = Evaluate(children[0]);
            return new Operand(inner.Value);
        }

        if (children.Length == 1 && children[0].Type is IPointerTypeSymbol)
            return Read(OfUnmodelled(operation), operation.Type);
        foreach (IOperation child in children)
            Evaluate(child);
        return Operand.Unknown;
    }

    private Operand ReadProperty(IPropertyReferenceOperation property)
    {
        if (property.Instance is { } instance)
        {
            if (TypeShape.IsSpanLike(instance.Type) && property.Arguments.Length == 1)
                return Read(PlaceOf(property), property.Type);
            if (TypeShape.IsSpanLike(instance.Type))
            {
                Operand span = Evaluate(instance);
                return property.Property.Name switch
                {
                    "Length" or "Count" => new Operand(span.LengthOrUnknown),
                    "Span" or "Array" => span,
                    "IsEmpty" => new Operand(Expression.Binary(BinaryOperator.Equal, span.LengthOrUnknown, Expression.Zero)),
                    _ => Operand.Unknown,
                };
            }

            if (CollectionCatalogue.IsList(instance.Type) && property.Property.Name is "Count" || instance.Type is IArrayTypeSymbol && property.Property.Name is "Length" or "LongLength")
                return new Operand(LengthOfArray(Evaluate(instance).Value));
            if (IsAutomatic(property.Property.GetMethod) && BackingField(property) is { } place)
                return Read(place, property.Type);
        }

        if (property.Instance is not null && property.Arguments.Length == 1 && CollectionCatalogue.IsList(property.Instance.Type))
            return Read(PlaceOf(property), property.Type);
        if (property.Property.GetMethod is { } completed && ThreadCatalogue.Find(completed) is { } role)
            return UseThread(property, role, completed, property.Instance, property.Arguments);
        return property.Property.GetMethod is { } getter
            ? CallMethod(property, getter, property.Instance is { } i ? ReceiverOf(i) : null, property.Arguments, property.Instance)
            : Operand.Unknown;
    }
}
